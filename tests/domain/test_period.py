"""Reference periods: their first and last day, their place in time, and the way back."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.domain.period import add_months, date_of, decimal_year, next_period_end, parse_period, release_due


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2023", date(2023, 1, 1), date(2023, 12, 31)),
        ("2023-H1", date(2023, 1, 1), date(2023, 6, 30)),
        ("2023-H2", date(2023, 7, 1), date(2023, 12, 31)),
        ("2023-Q1", date(2023, 1, 1), date(2023, 3, 31)),
        ("2023-Q4", date(2023, 10, 1), date(2023, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-06-30", date(2023, 6, 30), date(2023, 6, 30)),
    ],
)
def test_first_and_last_day(text, start, end):
    period = parse_period(text)
    assert (period.start, period.end, period.text) == (start, end, text)
    assert period.tau == decimal_year(end)


def test_method_prints_30_june_2024_as_2024_4973():
    assert round(decimal_year(date(2024, 6, 30)), 4) == 2024.4973
    assert decimal_year(date(2026, 6, 30)) == 2026 + 181 / 365


def test_the_forms_of_one_moment_agree():
    assert parse_period("2023").tau == parse_period("2023-H2").tau == parse_period("2023-12-31").tau == 2024.0
    assert parse_period("2023-H1").tau == parse_period("2023-Q2").tau == parse_period("2023-06").tau


def test_a_period_covers_what_lies_inside_it():
    year, half = parse_period("2024"), parse_period("2024-H1")
    assert year.covers(half)
    assert not half.covers(year)
    assert not parse_period("2023").covers(half)


@pytest.mark.parametrize(
    "text",
    [
        "2023-H3",
        "2023-Q0",
        "2023-q1",
        "2023-1",
        "２０２３",
        "2023-00-01",
        "2023-02-29",
        " 2023",
        "2023\n",
        "2026-12-00",
    ],
)
def test_other_texts_are_refused(text):
    with pytest.raises(ValueError, match=r"is not|must lie"):
        parse_period(text)


@given(st.dates(date(1901, 1, 1), date(2199, 12, 31)))
def test_every_day_comes_back(day):
    assert date_of(decimal_year(day)) == day


@given(st.dates(date(1901, 1, 1), date(2199, 12, 31)), st.dates(date(1901, 1, 1), date(2199, 12, 31)))
def test_time_keeps_its_order(one, other):
    assert (decimal_year(one) < decimal_year(other)) == (one < other)


def test_a_day_keeps_its_place_in_the_month():
    assert add_months(date(2026, 11, 28), -12) == date(2025, 11, 28)
    assert add_months(date(2024, 2, 29), -12) == date(2023, 2, 28)
    assert add_months(date(2024, 2, 28), 12) == date(2025, 2, 28)
    assert add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert add_months(date(2024, 12, 31), 1) == date(2025, 1, 31)
    assert add_months(date(2024, 6, 30), 6) == date(2024, 12, 30)


def test_a_period_that_ends_with_its_month_is_followed_by_one_that_does():
    assert next_period_end(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert next_period_end(date(2023, 12, 31), 12) == date(2024, 12, 31)
    assert next_period_end(date(2024, 6, 30), 6) == date(2024, 12, 31)
    assert next_period_end(date(2023, 2, 28), 12) == date(2024, 2, 29)
    assert next_period_end(date(2024, 5, 15), 12) == date(2025, 5, 15)


DAYS, MONTHS = st.dates(date(1901, 1, 1), date(2199, 12, 31)), st.integers(-600, 600)


@given(DAYS, MONTHS)
def test_months_move_the_month_and_keep_the_day_where_there_is_one(day, months):
    moved = add_months(day, months)
    assert (moved.year - day.year) * 12 + moved.month - day.month == months
    assert moved.day == day.day or (moved.day < day.day and (moved + timedelta(days=1)).day == 1)
    assert add_months(day, 0) == day


@given(DAYS, DAYS, MONTHS)
def test_months_keep_the_order_of_days(one, other, months):
    if one <= other:
        assert add_months(one, months) <= add_months(other, months)


@given(DAYS, MONTHS)
def test_the_end_of_a_month_stays_one(day, months):
    if (day + timedelta(days=1)).day == 1:
        assert (next_period_end(day, months) + timedelta(days=1)).day == 1
        assert next_period_end(next_period_end(day, months), -months) == day
    else:
        assert next_period_end(day, months) == add_months(day, months)


def test_the_second_release_is_one_cycle_later():
    assert release_due(date(2024, 12, 31), "annual", 120, 30, nth=1) == date(2026, 5, 30)
    assert release_due(date(2024, 12, 31), "annual", 120, 30, nth=2) == date(2027, 5, 30)
    assert release_due(date(2024, 3, 31), "quarterly", 10, 0) == date(2024, 7, 10)
    assert release_due(date(2024, 3, 31), "once", 10, 0) is None
