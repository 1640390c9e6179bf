"""Wholes that follow from their parts once a date has passed: as late and as certain as the last part."""

import pytest
from builders import a_version
from telling import goal, value

from loaders import breakdown

HALVES = "[{target: first, weight: 0.5}, {target: second, weight: 0.5}]"
GONE = a_version("plan-2025", baseline=None, target=None, reason="dropped")


def whole(rule, due="2022"):
    parts = f"{{rule: {rule}, children: {HALVES}}}"
    return goal(
        "one",
        f"{{value: 100, due: {due}, comparator: at_least}}",
        None,
        kind="breakdown",
        breakdown=parts,
        series=None,
    )


def part(id, due="2022", later=(), **fields):
    start = "{value: 0, period: 2019}"
    return goal(id, f"{{value: 100, due: {due}, comparator: at_least}}", start, later, **fields)


def first(period, number):
    return value("first", period, number)


def second(period, number):
    return value("second", period, number)


FIRST_KEPT, SECOND_MISSED = first("2022", "100"), second("2022", "90")
SLOW = "{indicator: second, frequency: annual, release_lag_days: 2000, grace_days: 30}"
LIMIT = goal("second", "{value: 5, comparator: at_most}", None, kind="limit", unit="krw_trillion")


@pytest.mark.parametrize(
    ("rule", "other", "rows", "expected"),
    [
        ("all", part("second"), (FIRST_KEPT, second("2022", "100")), "achieved kept"),
        ("all", part("second"), (FIRST_KEPT, SECOND_MISSED), "missed broken"),
        ("all", part("second"), (FIRST_KEPT, SECOND_MISSED, second("2024", "100")), "achieved kept_late late"),
        ("worst", part("second"), (FIRST_KEPT, SECOND_MISSED, second("2024", "100")), "achieved kept_late late"),
        ("weighted", part("second"), (FIRST_KEPT, SECOND_MISSED, second("2024", "100")), "achieved kept_late late"),
        ("weighted", part("second"), (FIRST_KEPT, SECOND_MISSED), "missed broken"),
        ("weighted", part("second"), (first("2022", "100"), second("2024", "100")), "achieved date_unproven"),
        ("all", part("second"), (FIRST_KEPT, second("2024", "100")), "achieved date_unproven"),
        ("all", part("second"), (FIRST_KEPT, second("2022", "100"), second("2024", "90")), "achieved kept lost"),
        ("all", part("second", "2020"), (FIRST_KEPT, second("2020", "90"), second("2021", "100")), "achieved kept"),
        # Missed comes before unknown, unknown before awaiting.
        ("all", part("second"), (first("2022", "90"),), "missed broken"),
        ("worst", part("second"), (first("2022", "90"),), "missed broken"),
        ("worst", part("second"), (FIRST_KEPT,), "outcome_unknown unknown"),
        ("all", part("second", series=SLOW), (), "outcome_unknown unknown"),
        ("all", part("second", series=SLOW), (FIRST_KEPT,), "awaiting_outcome awaiting"),
        # A part on its way to a later date answers nothing about the date of the whole, however good its pace.
        ("all", part("second", "2030"), (FIRST_KEPT, second("2025", "80")), "outcome_unknown unknown"),
        ("worst", part("second", "2030"), (FIRST_KEPT, second("2025", "10")), "outcome_unknown unknown"),
        ("all", part("second", "2030"), (FIRST_KEPT, second("2022", "100")), "achieved kept"),
        # A limit is kept or broken; what is to be reached names the status.
        ("all", LIMIT, (FIRST_KEPT, second("2022", "4")), "achieved kept"),
        ("all", LIMIT, (FIRST_KEPT, second("2022", "6")), "exceeded broken"),
    ],
)
def test_after_the_due_date(told, rule, other, rows, expected):
    found = told(whole(rule), part("first"), other, rows=rows, issued="2019-06-30")
    said = found.ended("2023-06-01" if other is LIMIT else "2026-06-01").split()
    assert sorted(set(said)) == sorted(set(expected.split()))


def test_how_late_a_whole_is(told):
    rows = FIRST_KEPT, SECOND_MISSED, second("2024", "100")
    found = told(whole("all"), part("first"), part("second"), rows=rows, issued="2019-06-30").status()["one"]
    assert (found["outcome"]["months_late"], found["outcome"]["at"]) == (24, "2024-12-31")


@pytest.mark.parametrize(
    ("due", "rows", "expected"),
    [
        ("2024", (first("2025", "60"), second("2024", "90")), "missed"),
        ("2030", (first("2025", "60"), second("2024", "90")), "on_track"),
    ],
)
def test_a_part_leaves_with_its_goal_and_not_with_a_known_outcome(told, due, rows, expected):
    parts = part("first", "2030"), part("second", due, (GONE,))
    assert told(whole("all", "2030"), *parts, rows=rows).ended("2026-06-01") == expected


def test_control_a_whole_that_is_always_kept_in_time_is_caught(told, monkeypatch):
    monkeypatch.setattr(breakdown, "_reached_by", lambda part: None)
    with pytest.raises(AssertionError):
        test_how_late_a_whole_is(told)
