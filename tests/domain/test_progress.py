"""METHOD's table of numbers, one formula at a time, with signs for both directions."""

import pytest

from loaders.domain.method import progress
from loaders.domain.method.trajectory import Node, Trajectory


def test_progress_is_never_clipped():
    assert progress.progress(12, 0, 10) == 1.2
    assert progress.progress(-2, 0, 10) == -0.2
    assert progress.progress(1.4, 1.3, 0.5) == pytest.approx(-0.125)
    assert progress.progress(5, 5, 5) is None


def test_ratio_needs_something_expected():
    assert progress.delivery_ratio(3, 4, 2) == 0.5
    assert progress.delivery_ratio(3, 2, 2) is None
    assert progress.delivery_ratio(1.2, 1.18, 1.3) == pytest.approx(0.8333, abs=5e-5)


@pytest.mark.parametrize(("value", "goal", "direction", "gap"), [(7, 10, 1, 3), (12, 10, 1, -2), (7, 5, -1, 2)])
def test_a_positive_gap_is_still_to_go(value, goal, direction, gap):
    assert progress.gap_to_target(value, goal, direction) == gap


@pytest.mark.parametrize(("value", "expected", "direction", "ahead"), [(7, 5, 1, 2), (4, 5, 1, -1), (4, 5, -1, 1)])
def test_a_positive_deviation_is_ahead(value, expected, direction, ahead):
    assert progress.deviation(value, expected, direction) == ahead


def test_required_pace_is_signed_and_ends_with_its_date():
    assert progress.required_pace(1.2, 2025.0, Node(2031.0, 0.5), 2025.2) == pytest.approx(-0.7 / 6)
    assert progress.required_pace(1.2, 2025.0, Node(2031.0, 0.5), 2031.0) is not None
    assert progress.required_pace(1.2, 2025.0, Node(2031.0, 0.5), 2031.1) is None
    assert progress.required_pace(1.2, 2025.0, None, 2025.2) is None


def test_the_next_milestone_lies_ahead_of_value_and_of_today():
    path = Trajectory((Node(2024.0, 0), Node(2028.0, 5), Node(2031.0, 10)))
    assert progress.next_pace(path, 2, 2026.0, 2026.5) == 1.5
    assert progress.next_pace(path, 2, 2026.0, 2028.5) == pytest.approx(8 / 5)
    assert progress.next_pace(path, 2, 2026.0, 2031.5) is None


def test_recent_pace_is_the_median_of_all_slopes():
    assert progress.recent_pace([(2023.0, 28), (2024.0, 31), (2025.0, 35), (2026.0, 38)]) == (
        pytest.approx(3.4167, abs=5e-5),
        4,
    )
    spike = [(2022.0, 10), (2023.0, 11), (2024.0, 99), (2025.0, 13), (2026.0, 14)]
    assert progress.recent_pace(spike) == (1.0, 5)
    assert progress.recent_pace([*spike[:2], (2024.0, 12), *spike[3:]]) == (1.0, 5)


def test_recent_pace_sees_five_points_within_five_years():
    six = [(2020.0 + year, 100 if year == 0 else year) for year in range(6)]
    assert progress.recent_pace(six) == (1.0, 5)
    sparse = [(2015.0, 0), (2020.9, 10), (2026.0, 30)]
    assert progress.recent_pace(sparse) is None
    assert progress.recent_pace([(2021.0, 10), (2026.0, 30)]) == (4.0, 2)
    assert progress.recent_pace([]) is None


@pytest.mark.parametrize(
    ("required", "pace", "factor"),
    [(6.4, 3.2, 2.0), (-6.4, -3.2, 2.0), (6.4, -3.2, None), (6.4, 0.0, None), (None, 1.0, None), (6.4, None, None)],
)
def test_acceleration_is_undefined_where_the_pace_must_turn_round(required, pace, factor):
    assert progress.acceleration(required, pace) == factor
