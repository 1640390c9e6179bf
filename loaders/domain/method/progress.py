"""The numbers behind a status: METHOD's table "Numbers for a `level` target", one function each."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from statistics import median

from loaders.domain.method.trajectory import TOLERANCE, Node, Trajectory

PACE_POINTS = 5
"""Most points that the recent pace looks at."""
PACE_YEARS = 5.0
"""Years that the recent pace looks back."""


def progress(value: float, baseline: float, target: float) -> float | None:
    """P = (y − B) / (T − B): 0 at the baseline, 1 at the target, never clipped; None where T = B."""
    return None if target == baseline else (value - baseline) / (target - baseline)


def delivery_ratio(value: float, expected: float, baseline: float) -> float | None:
    """ρ = (y − B) / (E − B): 1 exactly on the path; None where nothing was expected yet."""
    way_due = expected - baseline
    return None if abs(way_due) <= TOLERANCE else (value - baseline) / way_due


def gap_to_target(value: float, target: float, direction: int) -> float:
    """d (T − y) in the indicator's unit; positive: still to go."""
    return direction * (target - value)


def deviation(value: float, expected: float, direction: int) -> float:
    """d (y − E) in the indicator's unit; positive: ahead of the path."""
    return direction * (value - expected)


def required_pace(value: float, tau: float, node: Node | None, today: float) -> float | None:
    """(M − y) / (t − τ) per year, signed; None without a node or once its date has passed."""
    if node is None or node.tau <= tau + TOLERANCE or node.tau < today - TOLERANCE:
        return None
    return (node.value - value) / (node.tau - tau)


def recent_pace(points: Sequence[tuple[float, float]]) -> tuple[float, int] | None:
    """Theil–Sen slope V per year of the last ≤ 5 points within 5 years, and how many it used.

    ``points`` are comparable (τ, y) in time order. With two points it is their difference per year,
    which the count of 2 flags; None with fewer.
    """
    if not points:
        return None
    last = points[-1][0]
    recent = [point for point in points if last - point[0] <= PACE_YEARS + TOLERANCE][-PACE_POINTS:]
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in combinations(recent, 2) if b[0] - a[0] > TOLERANCE]
    return (median(slopes), len(recent)) if slopes else None


def acceleration(required: float | None, pace: float | None) -> float | None:
    """κ = required pace / V; None where V is missing, 0 or points away from the target."""
    if required is None or pace is None or pace == 0 or required * pace < 0:
        return None
    return required / pace


def next_pace(trajectory: Trajectory, value: float, tau: float, today: float) -> float | None:
    """Required pace to the first node that lies ahead both of the observation and of today."""
    return required_pace(value, tau, trajectory.next_node(max(tau, today)), today)
