"""Who answers for a goal on a day, through renamings, splits and mergers; and who owes its statistic."""

from datetime import date

import pytest
from builders import HEAD, a_registry, a_target, a_version, observed, row

from loaders import responsibility
from loaders.agenda import Occasion, due_next, events
from loaders.assessment import assess
from loaders.domain.model import Registry
from loaders.registry import parse_registry
from loaders.responsibility import answering, answering_on, may_enter, of_the_day, owes, publisher, responsible

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


CHAIN = """\
  - {id: first, name: {ko: 첫부, en: First}, until: 2017-12-31, successors: [motie]}
  - {id: motie, name: {ko: 산업통상자원부, en: MOTIE}, short: {ko: 산업부, en: MOTIE}, from: 2018-01-01, until: 2025-09-30, successors: [motir]}
  - {id: motir, name: {ko: 산업통상부, en: MOTIR}, short: {ko: 산업부, en: MOTIR}, from: 2025-10-01}
"""


def chained(*targets) -> Registry:
    text = HEAD.replace("pillars:\n", MINISTRIES + CHAIN + "pillars:\n") + "".join(targets)
    registry, report = parse_registry(text, "t.yaml")
    assert list(report) == []
    return registry


@pytest.mark.parametrize(
    ("lead", "ministry", "day", "allowed"),
    [
        ("motie", "motir", date(2025, 9, 30), False),  # not there yet
        ("motie", "motir", date(2025, 10, 1), True),
        ("motie", "motie", date(2025, 10, 1), True),  # an account of the old one works until it is changed
        ("first", "motir", date(2026, 1, 1), True),  # through both renamings
        ("first", "motie", date(2026, 1, 1), True),
        ("motir", "motie", date(2026, 1, 1), False),  # what was given to the new one is not the old one's
        ("moef", "mofe", AFTER, True),  # after a split both
        ("moef", "mpb", AFTER, True),
        ("moef", "mpb", BEFORE, False),
        ("mofe", "mpb", AFTER, False),
        ("mofe", "moef", BEFORE, True),
        ("moef", "motir", AFTER, False),
        ("moef", None, AFTER, False),
    ],
)
def test_who_may_enter_follows_the_successors(lead, ministry, day, allowed):
    registry = chained(a_target("goal", lead=lead))
    assert may_enter(registry, registry.target["goal"], ministry, day) is allowed


def test_without_the_successors_the_new_ministry_is_locked_out(monkeypatch):
    """The control: rights that look at the lead alone."""
    registry = chained(a_target("goal", lead="motie"))
    monkeypatch.setattr(responsibility, "responsible", lambda registry, target, day: {target.lead, *target.with_})
    assert not may_enter(registry, registry.target["goal"], "motir", AFTER)


def test_ministries_that_take_part_and_those_that_answer_may_enter_too():
    registry = chained(
        a_target("shared", lead="msit", **{"with": "[motie]"}),
        a_target("named", answers="{ministry: moef, note: 총괄}"),
    )
    assert may_enter(registry, registry.target["shared"], "motir", AFTER)
    assert may_enter(registry, registry.target["named"], "mpb", AFTER)
    assert not may_enter(registry, registry.target["named"], "msit", AFTER)


def test_who_owes_a_statistic():
    def series(name, producer):
        return f"{{indicator: {name}, producer: {{ko: {producer}, en: x}}}}"

    registry = chained(
        a_target("index", lead="msit", series=series("index", "IMD")),
        a_target("agency", lead="motie", series=series("agency", '"산업통상부, 업무계획"')),
        a_target("both", lead="motie", series=series("both", "과기정통부·산업통상부")),
        a_target("silent", lead="motie"),
        a_target("nobody"),
    )
    owing = {name: [one.id for one in owes(registry, target, AFTER)] for name, target in registry.target.items()}
    assert owing == {"index": [], "agency": ["motir"], "both": ["motir"], "silent": ["motir"], "nobody": []}
    assert [one.id for one in answering_on(registry, registry.target["index"], AFTER)] == ["msit"]
