"""Fiscal and school years, periods of several years, and the period that follows."""

from datetime import date

import pytest

from dashboard.wording.format import period_text
from loaders.domain.own_years import following, last_whole_year, tell_target, told
from loaders.domain.period import parse_day, parse_period


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2024-FY", date(2024, 1, 1), date(2024, 12, 31)),
        ("2023-FY03", date(2023, 3, 1), date(2024, 2, 29)),
        ("2024-FY04", date(2024, 4, 1), date(2025, 3, 31)),
        ("2024-FY12", date(2024, 12, 1), date(2025, 11, 30)),
        ("2020..2024", date(2020, 1, 1), date(2024, 12, 31)),
        ("2022-FY03..2024-FY03", date(2022, 3, 1), date(2025, 2, 28)),
        ("2023-03..2024-02", date(2023, 3, 1), date(2024, 2, 29)),
        ("2023-H2..2024-H1", date(2023, 7, 1), date(2024, 6, 30)),
    ],
)
def test_first_and_last_day(text, start, end):
    assert (parse_period(text).start, parse_period(text).end, parse_period(text).text) == (start, end, text)


@pytest.mark.parametrize(
    "text",
    [
        *("2024-FY13", "2024-FY00", "2024-FY01", "2024-FY3", "2024-fy", "FY2024", "2024..2020", "2024..2024"),
        *("2024..", "..2024", "2020..2021..2022", "2020..2024-Q1", "2020-01-01..2020-12-31", "2020-FY..2022"),
    ],
)
def test_what_is_no_period(text):
    with pytest.raises(ValueError, match=r"2023, 2023-H1|written alike|run forward|between 02 and 12"):
        parse_period(text)


@pytest.mark.parametrize("text", ["2024-FY", "2024-FY03", "2020..2024"])
def test_a_longer_period_is_no_date(text):
    with pytest.raises(ValueError, match="is not a date"):
        parse_day(text)
    assert parse_day("2024-06").end == date(2024, 6, 30)


def test_the_month_is_put_where_it_is_declared_and_left_out_where_people_read():
    assert [told("2024-FY", 3), told("2024-FY", 1), told("2022-FY..2024-FY", 4), told("2024", 3)] == [
        "2024-FY03",
        "2024-FY",
        "2022-FY04..2024-FY04",
        "2024",
    ]
    assert parse_period("2022-FY04..2024-FY04").written == "2022-FY..2024-FY"
    assert told("2024-FY03", 4) == "2024-FY03"


def test_a_series_declares_its_own_years_before_the_site():
    entry = {"versions": [{"as_printed": "2024-FY", "target": {"due": "2026-FY"}}], "series": {"year_starts": 4}}
    found = tell_target(entry, 3)
    assert found["versions"][0] == {"as_printed": "2024-FY", "target": {"due": "2026-FY04"}}
    found = tell_target({"start": "2024-FY", "series": {"indicator": "a"}}, 3)
    assert found == {"start": "2024-FY03", "series": {"indicator": "a", "year_starts": 3}}
    assert tell_target({"start": "2024-FY", "series": {"year_starts": 13}}, 3)["start"] == "2024-FY"


@pytest.mark.parametrize(
    ("text", "months", "then"),
    [
        ("2024", 12, "2025"),
        ("2024", 24, "2026"),
        ("2024-Q4", 3, "2025-Q1"),
        ("2024-H1", 6, "2024-H2"),
        ("2024-12", 1, "2025-01"),
        ("2024-FY03", 12, "2025-FY03"),
        ("2022..2024", 12, "2023..2025"),
        ("2022..2024", 36, "2025..2027"),
        ("2022-FY03..2024-FY03", 12, "2023-FY03..2025-FY03"),
        ("2024-Q1..2024-Q3", 3, "2024-Q2..2024-Q4"),
    ],
)
def test_the_next_period_is_asked_for_in_the_same_form(text, months, then):
    assert following(parse_period(text), months) == then


def test_the_last_whole_year():
    assert last_whole_year(date(2026, 11, 27), 1) == "2025"
    assert last_whole_year(date(2026, 2, 28), 3) == "2024-FY03"
    assert last_whole_year(date(2026, 3, 1), 3) == "2025-FY03"


@pytest.mark.parametrize(
    ("text", "ko", "en"),
    [
        ("2024-FY03", "2024학년도", "school year 2024/25"),
        ("2024-FY", "2024회계연도", "fiscal year 2024"),
        ("2099-FY04", "2099회계연도", "fiscal year 2099/00"),
        ("2020..2024", "2020~2024년", "2020–2024"),
        ("2022-FY03..2024-FY03", "2022~2024학년도", "school years 2022/23–2024/25"),
        ("2023-03..2024-02", "2023년 3월~2024년 2월", "March 2023–February 2024"),
    ],
)
def test_longer_periods_in_words(text, ko, en):
    assert (period_text(text, "ko"), period_text(text, "en")) == (ko, en)
