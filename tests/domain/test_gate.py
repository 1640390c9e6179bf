"""The data gate: its order, what overrules it, and how current a series is."""

from datetime import date

import pytest
from builders import a_target, a_version, assessed, row

from loaders.domain.method.gate import freshness, missed_releases
from loaders.domain.method.status import Reason, Status
from loaders.domain.model import Series
from loaders.domain.observation import Observation
from loaders.domain.period import parse_period

NOTE = "{ko: 개편, en: revised}"
DAY = date(2026, 6, 1)


def broken_at(period, bridge=""):
    return f"{{indicator: unicorns, breaks: [{{period: {period}, note: {NOTE}{bridge}}}]}}"


def judged(version, *rows, as_of=DAY, **fields):
    item = assessed(a_target("unicorns", version, **fields), *rows, as_of=as_of)
    return item.status, item.current.reason


def a_value(period="2025", value="3", **changes):
    return row("unicorns", period, value, **changes)


def test_the_first_hit_wins():
    nothing = a_version(baseline=None, target="{value: 10, comparator: at_least}")
    assert judged(nothing) == (Status.NOT_ASSESSABLE, Reason.NO_OBSERVATION)
    assert judged(nothing, a_value()) == (Status.NOT_ASSESSABLE, Reason.NO_BASELINE)
    undated = a_version(target="{value: 10, comparator: at_least}")
    other_unit = {"series": "{indicator: unicorns, unit: percent}"}
    assert judged(undated, a_value(), **other_unit) == (Status.NOT_ASSESSABLE, Reason.NO_DUE_DATE)
    assert judged(a_version(), a_value(scope="world"), **other_unit) == (Status.NOT_ASSESSABLE, Reason.UNIT_MISMATCH)
    assert judged(a_version(), a_value(scope="world")) == (Status.NOT_ASSESSABLE, Reason.SCOPE_MISMATCH)
    assert judged(a_version(), a_value("2023")) == (Status.NOT_ASSESSABLE, Reason.SINGLE_POINT)


@pytest.mark.parametrize("status", ["F", "D", "M"])
def test_forecasts_and_other_definitions_are_never_judged(status):
    assert judged(a_version(), a_value(status=status))[0] is Status.NOT_ASSESSABLE
    assert judged(a_version(), a_value(status="A"))[0] is Status.ON_TRACK


@pytest.mark.parametrize(("period", "broken"), [("2023", False), ("2024", True), ("2025", True), ("2026", False)])
def test_a_break_counts_between_baseline_and_value(period, broken):
    reason = Reason.SERIES_BREAK if broken else None
    assert judged(a_version(), a_value(), series=broken_at(period))[1] is reason


def test_a_bridge_mends_a_break():
    assert judged(a_version(), a_value(), series=broken_at(2024, ", bridge: true")) == (Status.ON_TRACK, None)


def test_a_break_flagged_in_the_data_counts_too():
    assert judged(a_version(), a_value(status="B")) == (Status.NOT_ASSESSABLE, Reason.SERIES_BREAK)


def test_a_break_holds_from_the_first_day_of_its_period():
    assert judged(a_version(), a_value("2025-Q1", "2"), series=broken_at(2025)) == (
        Status.NOT_ASSESSABLE,
        Reason.SERIES_BREAK,
    )


def test_a_break_before_a_ceiling_was_set_concerns_nobody():
    ceiling = a_version(baseline=None, start="2024", target="{value: 17, due: 2027, comparator: at_most}")
    assert judged(ceiling, a_value(), kind="limit", series=broken_at(2015)) == (Status.WITHIN_LIMIT, None)


def test_a_break_before_a_total_begins_concerns_nobody():
    total = a_version(baseline=None, start="2024", target="{value: 10, due: 2027, comparator: at_least}")
    rows = a_value("2024", "3"), a_value("2025", "2")
    assert judged(total, *rows, kind="cumulative", series=broken_at(2015)) == (Status.ON_TRACK, None)


def test_reasons_that_a_met_target_overrules_and_those_that_stand():
    met = a_value(value="10")
    annual = "{indicator: unicorns, frequency: annual, grace_days: 0}"
    assert judged(a_version(baseline=None), met) == (Status.ACHIEVED, None)
    assert judged(a_version(target="{value: 10, comparator: at_least}"), met) == (Status.ACHIEVED, None)
    assert judged(a_version(), a_value("2023", "10"))[1] is Reason.SINGLE_POINT
    assert judged(a_version(), met, series=annual, as_of=date(2029, 1, 1)) == (Status.ACHIEVED, None)
    assert judged(a_version(), met, series=broken_at(2024)) == (Status.NOT_ASSESSABLE, Reason.SERIES_BREAK)
    assert judged(a_version(), a_value(value="10", scope="world"))[1] is Reason.SCOPE_MISMATCH


def test_control_one_short_of_the_target_overrules_nothing():
    assert judged(a_version(baseline=None), a_value(value="9")) == (Status.NOT_ASSESSABLE, Reason.NO_BASELINE)


def a_point(period: str) -> Observation:
    day = parse_period(period).end
    return Observation("unicorns", "kr", parse_period(period), 1, 0.5, "A", day, day, (("S", "https://s.kr"),))


def test_fresh_due_overdue_stale():
    series = Series(indicator="unicorns", frequency="annual", release_lag_days=90, grace_days=30)
    expected = date(2026, 4, 30)
    states = {
        date(2026, 3, 30): "fresh",
        date(2026, 3, 31): "due",
        date(2026, 4, 30): "due",
        date(2026, 5, 1): "overdue",
        date(2027, 4, 30): "overdue",
        date(2027, 5, 1): "stale",
    }
    assert {day: freshness(a_point("2024"), series, day) for day in states} == {
        day: (state, expected) for day, state in states.items()
    }
    assert [missed_releases(a_point("2024"), series, day) for day in states] == [0, 0, 0, 1, 1, 2]


def test_a_series_without_rhythm_is_never_late():
    series = Series(indicator="unicorns", frequency="irregular")
    assert freshness(a_point("2014"), series, DAY) == ("unscheduled", None)
    assert missed_releases(a_point("2014"), series, DAY) == 0


def test_stale_after_two_missed_releases():
    annual = "{indicator: unicorns, frequency: annual, release_lag_days: 90, grace_days: 30}"
    value = a_value("2024", "2")
    assert judged(a_version(), value, series=annual, as_of=date(2027, 4, 30)) == (Status.ON_TRACK, None)
    assert judged(a_version(), value, series=annual, as_of=date(2027, 5, 1)) == (
        Status.NOT_ASSESSABLE,
        Reason.STALE,
    )
