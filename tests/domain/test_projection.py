"""The projection: METHOD's example 8, where there is none, and a simulation that shows what its interval covers."""

import math
import random

import pytest

from loaders.domain.method.projection import Unprojected, drift, project, t_90
from loaders.domain.method.trajectory import Node

POINTS = [(2023.0, 28), (2024.0, 31), (2025.0, 35), (2026.0, 38)]
GOAL = Node(2031.0, 70)


def test_example_8():
    found = project(POINTS, GOAL, 1, 0.9)
    assert found.centre == pytest.approx(50.29, abs=0.005)
    assert (found.high - found.low) / 2 == pytest.approx(3.36, abs=0.005)
    assert found.verdict == "above"
    assert found.arrival is None, "not reached on the present trend"


def test_without_damping_the_trend_runs_on():
    assert project(POINTS, GOAL, 1, 1.0).centre == pytest.approx(38 + 5 * 10 / 3)


@pytest.mark.parametrize(
    ("points", "goal", "why"),
    [
        ([], GOAL, Unprojected.NO_VALUE),
        (POINTS[:3], GOAL, Unprojected.TOO_FEW_POINTS),
        ([*POINTS[:3], POINTS[2]], GOAL, Unprojected.TOO_FEW_POINTS),
        (POINTS, Node(2026.0, 70), Unprojected.DATE_PASSED),
    ],
)
def test_no_projection_says_why(points, goal, why):
    assert project(points, goal, 1, 0.9) is why


def test_bounds_verdicts_and_arrival():
    steep = [(2023.0, 50), (2024.0, 62), (2025.0, 71), (2026.0, 84)]
    found = project(steep, Node(2031.0, 90), 1, 0.9, (0, 100))
    assert found.high == 100, "clipped to the natural bound"
    assert found.verdict == "inside" if found.low <= 90 else "below"
    first, last = found.arrival
    assert 2026.0 < first < last < 2029.0
    falling = [(tau, 100 - value) for tau, value in steep]
    mirrored = project(falling, Node(2031.0, 10), -1, 0.9, (0, 100))
    assert mirrored.low == 0
    assert mirrored.arrival == pytest.approx((first, last))


def test_quantiles_of_student():
    assert t_90(1) == pytest.approx(3.0777, abs=1e-4)
    assert t_90(2) == pytest.approx(1.8856, abs=1e-4)
    assert t_90(20) == pytest.approx(1.3253, abs=1e-4)
    assert t_90(21) == pytest.approx(1.3232, abs=5e-4), "the expansion goes on where the table ends"
    assert t_90(1000) == pytest.approx(1.2824, abs=5e-4)


def covered(damping: float, width: float = 1.0) -> float:
    """Share of random walks with drift whose value five years ahead lies in the 80 % interval (n = 5)."""
    dice, hits, runs = random.Random(20261123), 0, 3000
    for _ in range(runs):
        slope, value, walk = dice.gauss(1, 0.5), 0.0, []
        for year in range(10):
            value += slope + dice.gauss(0, 1)
            walk.append((2020.0 + year, value))
        fitted = drift(walk[:5], damping)
        end = walk[-1][0]
        hits += abs(walk[-1][1] - fitted.centre(end)) <= width * fitted.half_width(end)
    return hits / runs


def test_the_interval_covers_what_it_is_meant_to():
    assert 0.70 <= covered(0.9) <= 0.95


def test_control_half_the_interval_does_not():
    assert covered(0.9, 0.4) < 0.70
    assert math.isclose(covered(0.9), covered(0.9)), "seeded: the same every time"
