"""A value to be brought into a range and kept there (METHOD, "range").

Judged on the distance to the range, folded onto the path from the baseline to its nearer edge, so
that every number of a level keeps its meaning: P = 1 − δ(y) / δ(B).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from loaders.domain.method.trajectory import TOLERANCE, Node, Trajectory
from loaders.domain.model import Version
from loaders.domain.period import parse_period
from loaders.method1.case import Case, Result, path_numbers
from loaders.method1.status import Status, level_status


def distance_to_range(value: float, low: float, high: float) -> float:
    """δ(y) = max(L − y, 0, y − U): 0 inside the range."""
    return max(low - value, 0.0, value - high)


def range_path(version: Version) -> Trajectory | None:
    """From the baseline to the nearer edge of the range; None where it starts inside or has no date."""
    goal, start = version.target, version.baseline
    if goal is None or goal.low is None or goal.high is None or goal.due is None or start is None:
        return None
    edge = goal.low if start.value < goal.low else goal.high
    if distance_to_range(start.value, goal.low, goal.high) <= 0:
        return None
    nodes = Node(parse_period(start.period).tau, start.value), Node(parse_period(goal.due).tau, edge)
    return Trajectory(nodes, version.path)


def judge_range(case: Case) -> Result:
    """Numbers and status of a range; one that starts inside is regressing outside."""
    goal, value = case.goal, case.latest.number
    if goal.low is None or goal.high is None:
        return case.working(), Status.NOT_ASSESSABLE
    low, high = goal.low, goal.high
    away = distance_to_range(value, low, high)
    path = range_path(case.version)
    base = case.working(gap_to_target=away, trajectory=path, direction=path.direction if path else None)
    if away <= TOLERANCE:
        inside = {} if path is None else path_numbers(case, path, path.target.value, _fold(path, low, high))
        return replace(base, **inside), Status.ACHIEVED
    if path is None:
        started_inside = case.version.baseline is not None and goal.due is not None
        return base, Status.REGRESSING if started_inside else Status.NOT_ASSESSABLE
    fold = _fold(path, low, high)
    final = case.final_value(goal.due)
    missed = final is not None and distance_to_range(final, low, high) > TOLERANCE
    status = level_status(path, fold(value), case.latest.tau, case.latest.epsilon, case.method, missed=missed)
    return replace(base, **path_numbers(case, path, fold(value), fold)), status


def _fold(path: Trajectory, low: float, high: float) -> Callable[[float], float]:
    """Take a value to the path: as far from its end as the value is from the range, P = 1 − δ(y) / δ(B)."""
    return lambda value: path.target.value - path.direction * distance_to_range(value, low, high)
