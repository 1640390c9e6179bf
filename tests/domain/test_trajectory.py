"""The promised path: expected value, its inverse, rungs and the next node."""

import pytest

from loaders.domain.method.trajectory import Node, Trajectory

NODES = (Node(2024.0, 0), Node(2028.0, 5), Node(2031.0, 10))


def a_path(*nodes, path="linear", integer=False):
    return Trajectory(tuple(Node(*node) for node in nodes), path, integer)


def test_direction_follows_baseline_and_target():
    assert a_path((2024.0, 0), (2031.0, 10)).direction == 1
    assert a_path((2024.0, 10), (2031.0, 0)).direction == -1


def test_a_step_holds_until_the_next_date_has_come():
    steps = Trajectory(NODES, "step")
    assert [steps.at(tau) for tau in (2023.0, 2027.999, 2028.0, 2030.999, 2031.0, 2040.0)] == [0, 0, 5, 5, 10, 10]
    assert [steps.expected(2027.0), steps.expected(2028.0)] == [0, 5]


def test_constant_growth_between_nodes_of_one_sign():
    doubling = a_path((2024.0, 1), (2028.0, 16), path="geometric")
    assert [doubling.at(tau) for tau in (2025.0, 2026.0, 2027.0)] == pytest.approx([2, 4, 8])
    negative = a_path((2024.0, -1), (2028.0, -16), path="geometric")
    assert negative.at(2026.0) == pytest.approx(-4)
    assert negative.reached_at(-8) == pytest.approx(2027.0)


def test_whole_numbers_round_against_the_target():
    rising, falling = a_path((2024.0, 0), (2034.0, 10), integer=True), a_path((2024.0, 10), (2034.0, 0), integer=True)
    assert [rising.expected(tau) for tau in (2024.9, 2025.0, 2025.9)] == [0, 1, 1]
    assert [falling.expected(tau) for tau in (2024.9, 2025.0, 2025.9)] == [10, 9, 9]
    assert rising.at(2025.9) == pytest.approx(1.9)


def test_rounding_does_not_trip_over_binary_fractions():
    tenths = a_path((2024.0, 0), (2034.0, 3), integer=True)
    assert tenths.at(2034.0 - 10 / 3) == pytest.approx(2)
    assert tenths.expected(2034.0 - 10 / 3) == 2


def test_the_window_of_a_whole_number():
    whole = Trajectory(NODES, integer=True)  # the path reaches 2 at 2025.6 and 3 at 2026.4
    assert whole.months_ahead(2, 2025.6) == pytest.approx(0, abs=1e-6)
    assert whole.months_ahead(2, 2026.3) == 0
    assert whole.months_ahead(2, 2026.5) == pytest.approx(-1.2)
    assert whole.months_ahead(2, 2025.5) == pytest.approx(1.2)
    assert whole.months_ahead(10, 2035.0) == 0
    assert whole.months_ahead(11, 2030.0) is None


def test_the_window_of_a_falling_whole_number():
    falling = a_path((2024.0, 10), (2034.0, 0), integer=True)
    assert falling.months_ahead(8, 2026.5) == 0
    assert falling.months_ahead(9, 2026.5) == pytest.approx(-6)
    assert falling.months_ahead(7, 2026.5) == pytest.approx(6)


def test_the_window_of_a_step():
    steps = Trajectory(NODES, "step")
    assert steps.months_ahead(0, 2027.0) == 0
    assert steps.months_ahead(0, 2029.0) == pytest.approx(-12)
    assert steps.months_ahead(5, 2027.0) == pytest.approx(12)
    assert steps.months_ahead(-1, 2027.0) is None


@pytest.mark.parametrize("tau", [2026.0, 2029.0, 2032.0])
def test_between_two_lots_no_months_are_counted(tau):
    assert Trajectory(NODES, "step").months_ahead(7, tau) is None
    assert Trajectory(NODES).months_ahead(7, tau) is not None, "a line passes every value in between"


def test_time_gap_over_a_kink():
    path = Trajectory(NODES)
    assert path.months_ahead(7.5, 2026.0) == pytest.approx(12 * 3.5)
    assert path.months_ahead(2.5, 2029.5) == pytest.approx(-12 * 3.5)


@pytest.mark.parametrize("tau", [2026.0, 2027.0, 2028.0, 2029.0])
def test_on_a_flat_stretch_the_path_is_kept_and_nobody_is_late(tau):
    flat = a_path((2024.0, 0), (2026.0, 5), (2029.0, 5), (2031.0, 10))
    assert flat.at(tau) == 5
    assert flat.months_ahead(5, tau) == pytest.approx(0)


def test_a_flat_start_is_no_delay():
    late_start = a_path((2024.0, 0), (2028.0, 0), (2031.0, 10))
    assert late_start.months_ahead(0, 2026.0) == pytest.approx(0)


def test_next_node_and_rung():
    path = Trajectory(NODES)
    assert path.next_node(2024.0) == Node(2028.0, 5)
    assert path.next_node(2028.0) == Node(2031.0, 10)
    assert path.next_node(2031.0) is None
    assert [path.rung(tau).value for tau in (2020.0, 2027.9, 2028.0, 2031.0)] == [0, 0, 5, 10]
