"""Paths and their names: a line of ours is nowhere called promised, and old values say what is asked by now."""

from datetime import date

import pytest
from builders import a_registry, a_target, a_version, assessed, row

import loaders.path_names
from dashboard.charts.from_assessment import chart_data
from dashboard.charts.path_chart import path_alt, path_figure
from dashboard.wording import sentences
from dashboard.wording.catalog import Words
from dashboard.wording.sentences import Speaker
from loaders.path_names import PathName, asked_on, asked_since, path_name

LEVEL = {"kind": "level"}
TOTAL = {"kind": "cumulative", "unit": "krw_trillion", "measure": "flow"}
RANKED = {"baseline": "{value: 6, period: 2023}", "target": "{value: 3, due: 2030, comparator: at_most}"}
SUM = "{value: 65, due: 2027, comparator: at_least}"


def the_target(fields: dict[str, str], **version: str | None):
    return a_registry(a_target("unicorns", a_version(**version), **fields)).target["unicorns"]


@pytest.mark.parametrize(
    ("fields", "version", "name"),
    [
        (LEVEL, {}, PathName.STRAIGHT),
        (LEVEL, {"milestones": "[{value: 5, due: 2028}]"}, PathName.DECLARED),
        (LEVEL, {"path": "step", "milestones": "[{value: 5, due: 2028}]"}, PathName.DECLARED),
        (LEVEL, {"path": "step"}, PathName.HELD),
        ({"kind": "rank", "unit": "rank"}, RANKED, PathName.HELD),
        ({"kind": "rank", "unit": "rank"}, RANKED | {"milestones": "[{value: 4, due: 2028}]"}, PathName.DECLARED),
        ({"kind": "maintain", "unit": "rank"}, RANKED, PathName.DECLARED),
        (LEVEL, {"path": "geometric", "baseline": "{value: 1, period: 2023}"}, PathName.GROWTH),
        (TOTAL, {"baseline": None, "start": "2024", "target": SUM}, PathName.STRAIGHT),
        (
            TOTAL,
            {"baseline": None, "plan": "[{value: 30, period: 2024}, {value: 35, period: 2025..2027}]", "target": SUM},
            PathName.DECLARED,
        ),
        (TOTAL, {"baseline": None, "plan": "[{value: 65, period: 2024..2027}]", "target": SUM}, PathName.STRAIGHT),
    ],
)
def test_a_path_is_declared_where_a_document_dates_what_lies_between(fields, version, name):
    target = the_target(fields, **version)
    assert path_name(target, target.versions[-1]) is name


@pytest.mark.parametrize(
    ("version", "day", "asked"),
    [
        ({}, date(2026, 12, 31), pytest.approx(30 / 7)),
        ({"milestones": "[{value: 5, due: 2026}]"}, date(2026, 12, 31), pytest.approx(5)),
        ({"path": "step", "milestones": "[{value: 5, due: 2026}]"}, date(2026, 12, 30), 0),
        ({"path": "step", "milestones": "[{value: 5, due: 2026}]"}, date(2026, 12, 31), 5),
        ({}, date(2030, 12, 31), pytest.approx(10)),
        ({}, date(2031, 1, 1), None),
        ({"baseline": None}, date(2026, 12, 31), None),
    ],
)
def test_what_a_path_asks_for_on_a_day(version, day, asked):
    target = the_target({"unit": "krw_trillion"}, **version)
    assert asked_on(target, target.versions[-1], day) == asked


def test_whole_things_are_asked_for_whole_and_a_ceiling_asks_for_nothing():
    whole = the_target({"integer": "true"})
    assert asked_on(whole, whole.versions[-1], date(2026, 12, 31)) == 4
    total = {"baseline": None, "start": "2024", "target": SUM}
    spent = the_target(TOTAL, **total)
    assert asked_on(spent, spent.versions[-1], date(2025, 12, 31)) == pytest.approx(32.5)
    ceiling = the_target(TOTAL, **(total | {"target": SUM.replace("at_least", "at_most")}))
    assert asked_on(ceiling, ceiling.versions[-1], date(2025, 12, 31)) is None


@pytest.mark.parametrize(
    ("frequency", "day", "told"),
    [
        ("annual", date(2026, 12, 31), False),
        ("annual", date(2027, 1, 1), True),
        ("quarterly", date(2026, 3, 31), False),
        ("quarterly", date(2026, 4, 1), True),
        ("irregular", date(2026, 12, 31), False),
        ("irregular", date(2027, 1, 1), True),
        ("annual", date(2031, 1, 1), False),
    ],
)
def test_a_value_older_than_one_cycle_says_what_is_asked_by_now(frequency, day, told):
    target = a_target(unit="krw_trillion", series=f"{{indicator: unicorns, frequency: {frequency}}}")
    item = assessed(target, row("unicorns", "2025", "2"), as_of=day)
    assert (asked_since(item) is not None) is told


def test_the_words_for_an_old_value():
    day = date(2027, 6, 30)
    target = a_target(unit="krw_trillion", series="{indicator: unicorns, frequency: annual}")
    item = assessed(target, row("unicorns", "2025", "2"), as_of=day)
    korean, english = (Speaker(a_registry(target), Words(name)) for name in ("ko", "en"))
    assert korean.told(item) == (
        "2025년 말 값은 목표까지 곧게 이은 선보다 약 7개월 늦음. 그 뒤 확인한 값 없음; 지금이면 4조 9,941억원이어야 함"
    )
    assert english.told(item) == (
        "the end-2025 value is about 7 months behind a straight line to the goal. "
        "No later value found; by now it would have to be KRW 4.99 trillion"
    )


def test_between_lots_the_difference_is_said_instead_of_months():
    target = a_target("unicorns", a_version(path="step", milestones="[{value: 5, due: 2025}]"))
    item = assessed(target, row("unicorns", "2025", "3"))
    assert item.current.months is None
    assert Speaker(a_registry(target), Words("ko")).lag(item) == "2025년 말 값은 약속한 길보다 2개 뒤짐"
    assert Speaker(a_registry(target), Words("en")).lag(item) == (
        "the end-2025 value is 2 companies behind the promised path"
    )


def test_nobody_is_on_the_path_who_is_judged_late():
    """Within a year, a month is much: half of the way done in the first month is late and is called so."""
    target = a_target(
        "unicorns",
        a_version(baseline="{value: 0, period: 2025}", target="{value: 12, due: 2026, comparator: at_least}"),
        unit="krw_trillion",
    )
    item = assessed(target, row("unicorns", "2026-01", "0.7"), as_of=date(2026, 3, 1))
    assert item.status == "needs_acceleration"
    assert -1 < item.current.months < 0
    assert Speaker(a_registry(target), Words("ko")).lag(item) == (
        "2026년 1월 값은 목표까지 곧게 이은 선보다 한 달 안쪽으로 늦음"
    )


def everything_said(language: str) -> str:
    """All words of a straight line: lag, headline, chart and its alternative text."""
    target = a_target()
    item = assessed(target, row("unicorns", "2025", "1"))
    say = Speaker(a_registry(target), Words(language))
    data = chart_data(item, date(2026, 6, 1), language=language)
    figure = path_figure(data, say.words, str, {}, False)
    drawn = [part for trace in figure.data for part in (trace.name, trace.hovertemplate) if part]
    return " ".join([say.lag(item), say.headline(item), path_alt(data, say.words, str), *drawn])


@pytest.mark.parametrize(
    ("language", "ours", "promised"),
    [("ko", "곧게 이은 선", "약속"), ("en", "traight line", "promised")],
)
def test_a_straight_line_is_nowhere_called_promised(language, ours, promised, monkeypatch):
    said = everything_said(language)
    assert said.count(ours) >= 4
    assert promised not in said.casefold()
    # The control: where every path counts as declared, the words above are caught.
    for module in (sentences, loaders.path_names):
        monkeypatch.setattr(module, "path_name", lambda target, version: PathName.DECLARED)
    assert promised in everything_said(language).casefold()
