"""Limits, kept values, ranges, totals, quotas, ranks, deliverables and rules, before and after their last day."""

import pytest
from builders import row
from telling import goal, value

SERIES = "{indicator: one, frequency: annual, release_lag_days: 60, grace_days: 30}"
RULE = "{indicator: one, nature: rule}"


def one(kind, target, baseline=None, series=SERIES, unit="krw_trillion", **fields):
    return goal("one", target, baseline, kind=kind, series=series, unit=unit, **fields)


def years(**numbers):
    return tuple(
        value("one", year.lstrip("y"), number, f"{int(year.lstrip('y')) + 1}-02-10") for year, number in numbers.items()
    )


def rules(**numbers):
    """Rules by the day from which they hold, announced a month before."""
    days = {"a2019": ("2019-01-01", "2018-12-01"), "a2020": ("2020-01-01", "2019-12-01")}
    days |= {"a2021": ("2021-07-01", "2021-06-01"), "a2025": ("2025-07-01", "2025-06-01")}
    return tuple(row("one", days[name][0], number, published=days[name][1]) for name, number in numbers.items())


AT_MOST_50, DUE_50 = "{value: 50, comparator: at_most}", "{value: 50, due: 2022, comparator: at_most}"
BEGINS = "{value: 50, due: 2023-12-31, comparator: at_most}"
KEEP, FROM_90 = "{value: 90, due: 2022, comparator: at_least}", "{value: 90, period: 2019}"
WITHIN, FROM_20 = "{low: 40, high: 50, due: 2022, comparator: within}", "{value: 20, period: 2019}"
TOTAL = {"measure": "flow", "start": "2021"}
QUOTA, QUOTAS = "{value: 100, due: 2024, comparator: at_least}", {"measure": "flow", "start": "2021", "unit": "company"}
THIRD, FROM_6TH = "{value: 3, due: 2022, comparator: at_most}", "{value: 6, period: 2019}"
STEPS = "[{name: {ko: ㄱ, en: a}, weight: 0.5, due: 2021}, {name: {ko: ㄴ, en: b}, weight: 0.5, due: 2022}]"
FIVE = "{value: 5, due: 2020, comparator: at_least}"


def total(comparator, value=10):
    return one("cumulative", f"{{value: {value}, due: 2022, comparator: {comparator}}}", **TOTAL)


def limit(target=DUE_50, **fields):
    return one("limit", target, **fields)


def keep(**fields):
    return one("maintain", KEEP, FROM_90, unit="percent", **fields)


def places(due="2022", **fields):
    return one("rank", THIRD.replace("2022", due), FROM_6TH, unit="rank", measure="rank", **fields)


CASES = [
    # A limit whose first day is its last; the day before, the day itself, and after it.
    (limit(BEGINS, start="2023-12-31"), years(y2022="60"), "2023-12-30", "not_in_force"),
    (limit(BEGINS, start="2023-12-31"), years(y2022="60"), "2023-12-31", "no_observation"),
    (limit(BEGINS, start="2023-12-31"), years(y2022="60", y2023="60"), "2024-03-01", "exceeded broken"),
    (limit(start="2019"), years(y2021="60"), "2023-03-31", "awaiting_outcome awaiting"),
    (limit(start="2019"), years(y2021="60"), "2023-04-01", "outcome_unknown unknown"),
    (limit(start="2019"), years(y2022="50", y2023="60"), "2024-04-01", "within_limit kept lost"),
    (limit("{value: 50, comparator: more_than}"), years(y2022="50"), "2023-04-01", "exceeded"),
    (limit("{value: 50, comparator: up_to}"), years(y2022="50"), "2023-04-01", "within_limit"),
    # A rule replaces the one in force on its first day, not when it is announced.
    (limit(AT_MOST_50, series=RULE), rules(a2020="40", a2025="55"), "2025-06-30", "within_limit"),
    (limit(AT_MOST_50, series=RULE), rules(a2020="40", a2025="55"), "2025-07-01", "exceeded"),
    (one("level", FIVE, series=RULE), rules(a2020="5"), "2026-11-27", "achieved kept"),
    (one("level", FIVE, series=RULE), rules(a2019="4", a2021="5"), "2021-06-30", "missed broken"),
    (one("level", FIVE, series=RULE), rules(a2019="4", a2021="5"), "2021-07-01", "achieved kept_late late"),
    (one("level", FIVE, series=RULE), rules(a2020="5", a2025="4"), "2026-11-27", "achieved kept lost"),
    (one("level", FIVE, series=RULE), rules(a2021="4"), "2026-11-27", "missed broken date_unproven"),
    # Kept: the buffer warns before the due date and decides nothing after it; nothing mends a loss.
    (keep(buffer="2"), years(y2021="91"), "2022-06-01", "needs_acceleration"),
    (keep(buffer="2"), years(y2021="92"), "2022-06-01", "achieved"),
    (keep(buffer="2"), years(y2022="91"), "2023-06-01", "achieved kept"),
    (keep(), years(y2019="90"), "2020-06-01", "single_point"),
    (keep(), years(y2021="95", y2022="89"), "2023-06-01", "missed broken lost"),
    (keep(), years(y2022="89", y2023="95"), "2024-06-01", "missed broken"),
    (keep(), years(y2021="95"), "2024-06-01", "outcome_unknown unknown"),
    # A range has two sides, and no later year mends it.
    (one("range", WITHIN, FROM_20, unit="percent"), years(y2022="39.9"), "2023-06-01", "missed broken"),
    (one("range", WITHIN, FROM_20, unit="percent"), years(y2022="40"), "2023-06-01", "achieved kept"),
    (one("range", WITHIN, FROM_20, unit="percent"), years(y2022="50.0"), "2023-06-01", "achieved kept"),
    (one("range", WITHIN, FROM_20, unit="percent"), years(y2022="50.1"), "2023-06-01", "missed broken"),
    (one("range", WITHIN, FROM_20, unit="percent"), years(y2022="60", y2023="45"), "2024-06-01", "missed broken"),
    (one("range", WITHIN, unit="percent"), years(y2022="45"), "2023-06-01", "achieved kept"),
    # Totals: a missing part, the whole published at once, part of what must come out, ceilings.
    (total("at_least"), years(y2022="11"), "2026-11-27", "outcome_unknown unknown"),
    (total("at_least"), (row("one", "2021..2022", "9.5", published="2023-02-01"),), "2023-03-01", "missed broken"),
    (total("at_least"), years(y2021="11"), "2026-11-27", "achieved kept"),
    (total("at_least"), years(y2021="4", y2022="5", y2023="2"), "2026-11-27", "achieved kept_late late"),
    (total("at_least"), years(y2021="4", y2022="6"), "2026-11-27", "achieved kept"),
    (total("at_most"), years(y2021="5", y2022="5"), "2026-11-27", "within_limit kept"),
    (total("at_most"), years(y2021="5", y2022="5.1"), "2026-11-27", "exceeded broken"),
    (total("at_most"), years(y2021="4"), "2022-11-27", "within_limit"),
    (total("at_most"), years(y2021="4"), "2023-03-31", "awaiting_outcome awaiting"),
    (total("at_most"), years(y2021="4"), "2023-04-01", "outcome_unknown unknown"),
    (total("exact"), years(y2021="10"), "2022-11-27", "on_track"),
    (total("exact"), years(y2021="10"), "2026-11-27", "outcome_unknown unknown"),
    (total("exact"), years(y2021="5", y2022="5.1"), "2026-11-27", "achieved kept"),
    (total("exact"), years(y2021="5", y2022="5.2"), "2026-11-27", "missed broken"),
    (total("exact"), years(y2021="5", y2022="4.8"), "2026-11-27", "missed broken"),
    (total("about"), years(y2021="5", y2022="5.5"), "2026-11-27", "achieved kept"),
    # Quotas: broken comes before unknown, unknown after R.
    (one("recurring", QUOTA, **QUOTAS), years(y2021="110", y2023="110", y2024="110"), "2025-11-27", "outcome_unknown unknown"),
    (one("recurring", QUOTA, **QUOTAS), years(y2021="90", y2023="110", y2024="110"), "2025-11-27", "missed broken"),
    (one("recurring", QUOTA, **QUOTAS), years(y2021="110", y2022="110", y2023="110"), "2025-03-31", "awaiting_outcome awaiting"),
    (one("recurring", QUOTA, **QUOTAS), years(y2021="100", y2022="100", y2023="100", y2024="100"), "2025-11-27", "achieved kept"),
    # Ranks: a tie keeps the place, places count.
    (places(), years(y2022="3"), "2023-06-01", "achieved kept"),
    (places(), years(y2022="4"), "2023-06-01", "missed broken"),
    (places(), years(y2022="4", y2023="2"), "2024-06-01", "achieved kept_late late"),
    (places("2030", milestones="[{value: 5, due: 2022}]"), years(y2022="6"), "2023-06-01", "needs_acceleration milestone_missed"),
    # Deliverables.
    (one("binary", "{due: 2022, comparator: at_least}"), years(y2022="0", y2023="1"), "2024-06-01", "achieved kept_late late"),
    (one("ladder", "{comparator: at_least}", steps=STEPS), years(y2021="0.5"), "2022-06-01", "on_track"),
    (one("ladder", "{comparator: at_least}", steps=STEPS), years(y2022="0.5"), "2023-06-01", "missed broken"),
]  # fmt: skip


@pytest.mark.parametrize(("target", "rows", "as_of", "expected"), CASES)
def test_what_became_of_it(told, target, rows, as_of, expected):
    found = told(target, rows=rows, issued="2019-06-30", method=2)
    assert found.check() == (0, [])
    assert sorted(found.ended(as_of).split()) == sorted(expected.split())


@pytest.mark.parametrize(
    ("target", "code"),
    [
        (limit("{value: 50, due: 2028, comparator: at_most}", start="2030"), "rule.period"),
        (limit("{value: 50, comparator: equal}"), "rule.comparator"),
        (limit("{value: 50, comparator: within}"), "rule.comparator"),
        (total("more_than"), "rule.comparator"),
        (total("within"), "rule.comparator"),
        (one("rank", THIRD.replace("at_most", "within"), FROM_6TH, unit="rank"), "rule.comparator"),
        (one("maintain", KEEP.replace("at_least", "more_than"), FROM_90, unit="percent"), "rule.comparator"),
        (one("recurring", QUOTA.replace("at_least", "exact"), **QUOTAS), "rule.comparator"),
        (one("range", WITHIN.replace("within", "about"), FROM_20, unit="percent"), "rule.comparator"),
        (one("level", FIVE.replace("at_least", "up_to")), "rule.comparator"),
        (keep(milestones="[{value: 90, due: 2021}]"), "rule.unread"),
        (one("level", FIVE.replace("value: 5", "value: 5, low: 3")), "rule.unread"),
        (one("level", FIVE.replace("value: 5", "value: 5, ambition: 4")), "rule.ambition"),
        (one("level", FIVE.replace("value: 5", "value: 5, tolerance: 1")), "rule.unread"),
    ],
)
def test_what_a_kind_does_not_read_is_an_error(told, target, code):
    exit_code, codes = told(target, issued="2019-06-30", method=2).check()
    assert (exit_code, set(codes[:1])) == (1, {code})


def test_a_year_with_a_quota_of_its_own(told):
    quotas = "[{value: 50, period: 2021}, {value: 100, period: 2023}]"
    found = told(
        one("recurring", QUOTA, quotas=quotas, **QUOTAS),
        rows=years(y2021="50", y2022="60", y2023="100", y2024="99"),
        issued="2019-06-30",
    ).status()["one"]
    assert (found["status"], found["progress"]) == ("missed", 0.75)
