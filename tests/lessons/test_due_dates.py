"""The days around a due date, and values that come, go and change after it; expected by hand from METHOD."""

import pytest
from builders import row
from telling import goal, value

SERIES = "{indicator: one, frequency: annual, release_lag_days: 60, grace_days: 30}"
"""The result of a year is due on 31 March of the next but one quarter day: 31 December + 60 + 30 days."""
RISING = "{value: 1500, due: 2022, comparator: at_least}"
FALLING = "{value: 500, due: 2022, comparator: at_most}"
START = "{value: 775, period: 2019}"


def one(target=RISING, baseline=START, series=SERIES, unit="krw_trillion", **fields):
    return goal("one", target, baseline, series=series, unit=unit, **fields)


def final(period, number, published=None, **changes):
    return value("one", period, number, published or f"{int(period[:4]) + 1}-02-10", **changes)


def gone(period, published):
    return row("one", period, "", status="M", published=published)


V1100, V1600 = final("2021", "1100"), final("2022", "1600", "2023-03-20")
PRELIMINARY = final("2022", "1510", status="P"), final("2022", "1490", "2023-09-10")
TAKEN_BACK = final("2021", "1400"), final("2022", "1600"), gone("2022", "2023-06-30")
REVISED = final("2022", "1501", "2023-02-01"), row("one", "2022", "1499", published="2024-02-01")
QUARTERS = "{indicator: one, frequency: quarterly, release_lag_days: 30, grace_days: 10}"
MID_YEAR = "{value: 100, due: 2022-H1, comparator: at_least}"
JUNE = "{value: 100, due: 2022-06, comparator: at_least}"


def quarterly(*rows):
    return one(MID_YEAR, "{value: 10, period: 2019}", QUARTERS), rows


@pytest.mark.parametrize(
    ("target", "rows", "as_of", "expected"),
    [
        # The due date itself, the day after it, R and the day after R.
        (one(), (V1100,), "2022-12-31", "needs_acceleration"),
        (one(), (V1100,), "2023-01-01", "awaiting_outcome awaiting"),
        (one(), (V1100,), "2023-03-31", "awaiting_outcome awaiting"),
        (one(), (V1100,), "2023-04-01", "outcome_unknown unknown"),
        (one(series=SERIES.replace("release_lag_days: 60, ", "")), (), "2023-12-31", "awaiting_outcome awaiting"),
        (one(series=SERIES.replace("release_lag_days: 60, ", "")), (), "2024-01-01", "outcome_unknown unknown"),
        (one(series=None), (), "2022-12-31", "no_statistic"),
        (one(series=None), (), "2023-12-31", "awaiting_outcome awaiting"),
        (one(series=None), (), "2024-01-01", "outcome_unknown unknown"),
        # The day before and the day of publication, and of knowledge.
        (one(), (V1600,), "2023-03-19", "awaiting_outcome awaiting"),
        (one(), (V1600,), "2023-03-20", "achieved kept"),
        (one(), (final("2022", "1600", known="2023-05-01"),), "2023-04-30", "outcome_unknown unknown"),
        (one(), (final("2022", "1600", known="2023-05-01"),), "2023-05-01", "achieved kept"),
        # Provisional, then final; an estimate never decides.
        (one(), PRELIMINARY, "2023-06-01", "achieved kept provisional"),
        (one(), PRELIMINARY, "2023-10-01", "missed broken"),
        (one(), (final("2022", "1600", status="E"),), "2023-02-20", "awaiting_outcome awaiting"),
        (one(), (final("2022", "1600", status="E"),), "2024-02-20", "outcome_unknown unknown"),
        # The deciding value is taken back, redefined, given again or revised across the target.
        (one(), TAKEN_BACK, "2023-06-29", "achieved kept"),
        (one(), TAKEN_BACK, "2023-06-30", "outcome_unknown unknown"),
        (one(), (*TAKEN_BACK, row("one", "2022", "1550", published="2023-08-30")), "2023-09-30", "achieved kept"),
        (
            one(),
            (final("2022", "1600", "2023-02-01"), gone("2022", "2023-03-01")),
            "2023-03-15",
            "awaiting_outcome awaiting",
        ),
        (one(), REVISED, "2024-01-31", "achieved kept"),
        (one(), REVISED, "2024-02-01", "missed broken"),
        # A goal that falls, one below zero, one of zero.
        (one(FALLING), (final("2022", "600"), final("2024", "450")), "2024-03-15", "missed broken"),
        (one(FALLING), (final("2022", "600"), final("2024", "450")), "2026-11-27", "achieved kept_late late"),
        (
            one("{value: -1, due: 2022, comparator: at_least}", "{value: -5, period: 2019}"),
            (final("2022", "-2"),),
            "2023-06-01",
            "missed broken",
        ),
        (
            one("{value: -1, due: 2022, comparator: at_least}", "{value: -5, period: 2019}"),
            (final("2022", "-0.4"),),
            "2023-06-01",
            "achieved kept",
        ),
        (
            one("{value: 0, due: 2022, comparator: at_most}", None),
            (final("2022", "0.1"),),
            "2023-06-01",
            "missed broken",
        ),
        # Strict, banded.
        (
            one("{value: 5, due: 2022, comparator: less_than}", None),
            (final("2022", "5.0"),),
            "2023-06-01",
            "missed borderline broken",
        ),
        (
            one("{value: 5, due: 2022, comparator: less_than}", None),
            (final("2022", "4.9"),),
            "2023-06-01",
            "achieved kept",
        ),
        (
            one("{value: 5, due: 2022, comparator: more_than}", None),
            (final("2022", "5.0"), final("2023", "5.1")),
            "2024-06-01",
            "achieved kept_late late",
        ),
        (
            one("{value: 2.0, due: 2022, comparator: equal}", None, as_printed='"2.0"'),
            (final("2022", "2.05"),),
            "2023-06-01",
            "achieved borderline kept",
        ),
        (
            one("{value: 2.0, due: 2022, comparator: equal}", None, as_printed='"2.0"'),
            (final("2022", "2.3"),),
            "2023-06-01",
            "missed broken",
        ),
        (
            one("{value: 50, due: 2022, comparator: about}", None),
            (final("2022", "47.50"),),
            "2023-06-01",
            "achieved borderline kept",
        ),
        (one("{value: 50, due: 2022, comparator: about}", None), (final("2022", "60"),), "2023-06-01", "missed broken"),
        # Quarters, and a period that holds the due date but ends later.
        (*quarterly(row("one", "2022-Q1", "90", published="2022-04-20")), "2022-08-09", "awaiting_outcome awaiting"),
        (*quarterly(row("one", "2022-Q1", "90", published="2022-04-20")), "2022-08-10", "outcome_unknown unknown"),
        (*quarterly(row("one", "2022-Q1", "105", published="2022-04-20")), "2022-08-10", "achieved kept"),
        (one(JUNE, None), (final("2022", "105"),), "2023-06-10", "achieved date_unproven date_unproven"),
        (one(JUNE, None), (final("2022", "95"),), "2023-06-10", "missed broken"),
        (one(JUNE, None), (final("2021", "105"), final("2022", "105")), "2023-06-10", "achieved kept"),
        (one(JUNE, None), (final("2022", "95"), final("2023", "120")), "2024-06-10", "achieved kept_late late"),
        # No value for the day.
        (one(), (final("2023", "1400"), final("2024", "1600")), "2025-06-10", "achieved kept_late late"),
        (one(), (final("2021", "1600"), final("2023", "1400")), "2024-06-10", "achieved kept lost"),
        (one(), (final("2020", "1600"), final("2021", "1400")), "2024-06-10", "outcome_unknown lost unknown"),
        (
            one(),
            (final("2020", "1600"), final("2021", "1400"), final("2023", "1700")),
            "2024-06-10",
            "achieved date_unproven date_unproven lost",
        ),
        # Reached only after the date and lost again: no row of the table says when, and none calls it missed.
        (one(), (final("2023", "1600"), final("2024", "1400")), "2025-06-10", "outcome_unknown lost unknown"),
    ],
)
def test_what_became_of_it(told, target, rows, as_of, expected):
    assert sorted(told(target, rows=rows, issued="2019-06-30").ended(as_of).split()) == sorted(expected.split())


def test_a_yearly_survey_of_june_is_awaited_until_its_next_june(told):
    """Its first period that ends after 31 December 2022 ends in June 2023, not with the due date."""
    june = [row("one", f"{year}-06", "1100", published=f"{year}-08-01") for year in (2020, 2021, 2022)]
    found = told(one(), rows=june, issued="2019-06-30").status("2023-06-01")["one"]
    assert (found["status"], found["outcome"]["result_due"]) == ("awaiting_outcome", "2023-09-28")


@pytest.mark.parametrize("rows", [(), (V1100,), (row("one", "2019-10-29", "1100", published="2019-10-30"),)])
def test_any_other_yearly_statistic_follows_the_calendar(told, rows):
    found = told(one(), rows=rows, issued="2019-06-30").status("2023-03-31")["one"]
    assert found["outcome"]["result_due"] == "2023-03-31"
