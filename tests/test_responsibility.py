"""Who answers for a goal on a day, through renamings, splits and mergers; and who owes its statistic."""

from datetime import date

import pytest
from builders import HEAD, a_registry, a_target, a_version, observed, row

from loaders.agenda import Occasion, due_next, events
from loaders.assessment import assess
from loaders.domain.model import Registry
from loaders.registry import parse_registry
from loaders.responsibility import answering, of_the_day, publisher, responsible

MINISTRIES = """\
  - {id: moef, name: {ko: 기획재정부, en: MOEF}, from: 2008-02-29, until: 2026-01-01, successors: [mofe, mpb]}
  - {id: mofe, name: {ko: 재정경제부, en: MOFE}, from: 2026-01-02}
  - {id: mpb, name: {ko: 기획예산처, en: MPB}, from: 2026-01-02}
"""


def registry_with(*targets) -> Registry:
    text = HEAD.replace("pillars:\n", MINISTRIES + "pillars:\n") + "".join(targets)
    registry, report = parse_registry(text, "t.yaml")
    assert list(report) == []
    return registry


BEFORE, AFTER = date(2026, 1, 1), date(2026, 1, 2)


@pytest.mark.parametrize(
    ("name", "day", "names"),
    [
        ("moef", BEFORE, ["moef"]),
        ("moef", AFTER, ["mofe", "mpb"]),
        ("mofe", AFTER, ["mofe"]),
        ("mofe", BEFORE, ["moef"]),
        ("mpb", date(2008, 2, 28), ["mpb"]),
        ("msit", BEFORE, ["msit"]),
        ("nobody", BEFORE, []),
    ],
)
def test_the_ministry_of_the_day(name, day, names):
    assert [one.id for one in of_the_day(registry_with(a_target()), name, day)] == names


def test_duties_go_to_the_successors_and_the_old_account_keeps_its_own():
    registry = registry_with(a_target("goal", lead="moef"))
    target = registry.target["goal"]
    assert responsible(registry, target, BEFORE) == {"moef"}
    assert responsible(registry, target, AFTER) == {"moef", "mofe", "mpb"}


def test_who_answers_where_the_document_names_nobody():
    registry = registry_with(a_target("goal", answers="{ministry: mofe, note: 총괄}"), a_target("other"))
    assert answering(registry.target["goal"]) == "mofe"
    assert answering(registry.target["other"]) is None


def test_an_overdue_index_is_owed_by_its_publisher_and_never_by_the_lead():
    series = "{indicator: index, frequency: annual, release_lag_days: 30, grace_days: 10, producer: {ko: 연구소, en: Institute}}"
    registry = a_registry(a_target("index", lead="msit", series=series))
    day = date(2026, 6, 1)
    found = events(assess(registry, observed(row("index", "2024", "3")), day), registry, day)
    (late,) = due_next(found, day).overdue
    assert late.owed_by.en == "Institute"
    assert publisher(a_registry(a_target("plain", lead="msit")).target["plain"]) is None


def test_the_day_of_a_result_stands_in_the_calendar_until_the_result_is_known():
    series = "{indicator: goal, frequency: annual, release_lag_days: 60, grace_days: 30}"
    registry = a_registry(
        a_target("goal", a_version(target="{value: 10, due: 2025, comparator: at_least}"), series=series)
    )
    before = row("goal", "2024", "3", published="2025-02")

    def days(*rows, day=date(2026, 2, 1)):
        found = events(assess(registry, observed(*rows), day), registry, day)
        return [
            (one.occasion, one.on)
            for one in found
            if one.occasion in (Occasion.RESULT, Occasion.OVERDUE, Occasion.EXPECTED)
        ]

    assert days(before) == [(Occasion.RESULT, date(2026, 3, 31))]
    assert days(before, row("goal", "2025", "9", published="2026-01-20")) == []
