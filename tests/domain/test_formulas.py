"""Periods, paths, numbers and cross-checks, one value at a time."""

from datetime import date

import pytest

from loaders.domain.method import progress
from loaders.domain.method.crosscheck import cross_check
from loaders.domain.method.trajectory import Node, Trajectory
from loaders.domain.period import date_of, decimal_year, parse_period, release_due

PATH = Trajectory((Node(2024.0, 0), Node(2028.0, 5), Node(2031.0, 10)))
WHOLE = Trajectory(PATH.nodes, integer=True)
FALLING = Trajectory((Node(2024.0, 10), Node(2034.0, 0)), integer=True)


@pytest.mark.parametrize(
    ("text", "tau"),
    [("2023", 2024.0), ("2024-06-30", 2024.4973), ("2023-06", 2023.4959), ("2023-Q2", 2023.4959), ("2023-H2", 2024.0)],
)
def test_an_observation_stands_at_the_end_of_its_period(text, tau):
    assert parse_period(text).tau == pytest.approx(tau, abs=5e-5)


@pytest.mark.parametrize(
    "text", ["23", "2023-13", "2023-1-1", "2026-02-29", "2026Q5", "2023-00", "1812", "2023-Q5", ""]
)
def test_other_texts_are_refused_with_a_reason(text):
    with pytest.raises(ValueError, match=r"is not|must lie"):
        parse_period(text)


def test_decimal_years_and_back():
    assert decimal_year(date(2023, 12, 31)) == 2024.0
    for day in (date(2024, 2, 29), date(2023, 12, 31), date(2025, 1, 1)):
        assert date_of(decimal_year(day)) == day or decimal_year(day) % 1 == 0


def test_release_is_due_after_the_next_period_lag_and_grace():
    assert release_due(date(2024, 12, 31), "annual", 90, 30) == date(2026, 4, 30)
    assert release_due(date(2024, 6, 30), "annual", 0, 0, nth=2) == date(2026, 6, 30)
    assert release_due(date(2024, 12, 31), "irregular", 90, 30) is None


def test_expected_value_between_and_outside_the_nodes():
    assert [PATH.at(tau) for tau in (2020.0, 2024.0, 2026.0, 2028.0, 2029.5, 2040.0)] == [0, 0, 2.5, 5, 7.5, 10]
    assert Trajectory(PATH.nodes, "step").at(2029.5) == 5
    doubling = Trajectory((Node(2024.0, 1), Node(2028.0, 16)), "geometric")
    assert doubling.at(2026.0) == pytest.approx(4)
    assert doubling.months_ahead(8, 2026.0) == pytest.approx(12)


def test_whole_things_are_rounded_against_the_target():
    assert WHOLE.expected(2026.0) == 2
    assert FALLING.expected(2026.5) == 8
    assert WHOLE.months_ahead(4, 2026.0) == pytest.approx(14.4)
    assert WHOLE.months_ahead(2, 2026.0) == 0


def test_no_time_gap_outside_the_paths_values():
    assert PATH.months_ahead(-1, 2026.0) is None
    assert PATH.months_ahead(11, 2026.0) is None
    assert PATH.months_ahead(10, 2026.0) == pytest.approx(60)


def test_paces():
    node = Node(2031.0, 70)
    assert progress.required_pace(38, 2026.0, node, 2026.2) == pytest.approx(6.4)
    assert progress.required_pace(38, 2026.0, node, 2031.5) is None
    assert progress.required_pace(38, 2031.0, node, 2031.0) is None
    assert progress.recent_pace([(2023.0, 28), (2024.0, 31)]) == (3, 2)
    assert progress.recent_pace([(2023.0, 28)]) is None
    old = [(2010.0, 0), (2023.0, 28), (2024.0, 31)]
    assert progress.recent_pace(old) == (3, 2)
    assert progress.acceleration(6.4, -1.0) is None
    assert progress.acceleration(6.4, 3.2) == 2


def test_cross_checks_are_undefined_rather_than_bent():
    assert cross_check(Node(2024.0, 0), Node(2025.0, 1), Node(2031.0, 10)).eurostat_ratio is None
    assert cross_check(Node(2024.0, 5), Node(2025.0, -1), Node(2031.0, 10)).unsd_share is None
    assert cross_check(Node(2024.0, 5), Node(2025.0, 6), Node(2031.0, 5)).eurostat_band is None
    back = cross_check(Node(2023.0, 28), Node(2025.0, 26), Node(2031.0, 70))
    assert back.eurostat_band == "regressing"
    assert back.unsd_band == "off_track"
