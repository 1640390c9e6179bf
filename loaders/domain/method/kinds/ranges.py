"""A value to be brought into a range and kept there (METHOD, "range").

Judged on the distance to the range, folded onto the path from the baseline to its nearer edge, so
that every number of a level keeps its meaning: P = 1 − δ(y) / δ(B).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from loaders.domain.method.case import Case, Result, path_numbers
from loaders.domain.method.kinds.rule import KindRule
from loaders.domain.method.outcome import Outcome, Point, of_the_day, points_of
from loaders.domain.method.status import Status, level_status
from loaders.domain.method.trajectory import TOLERANCE, Node, Trajectory
from loaders.domain.model import Comparator, Target, Version
from loaders.domain.period import parse_period


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


def path_of(target: Target, version: Version) -> Trajectory | None:
    """The path of a range."""
    return range_path(version)


def judge_range(case: Case) -> Result:
    """Numbers and status of a range before the due date; one that starts inside is regressing outside."""
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
    status = level_status(path, fold(value), case.latest.tau, case.latest.epsilon, case.method)
    return replace(base, **path_numbers(case, path, fold(value), fold)), status


def outcome(case: Case) -> Outcome | None:
    """Inside or outside on the due date."""
    due = case.due
    if due is None:
        return None
    points = points_of(case.found.points)
    kept, broken = Status.ACHIEVED, Status.MISSED
    return of_the_day(points, case.meets(), due, case.result_due(due), case.as_of, kept, broken, rule=case.is_rule)


def _ending(case: Case, point: Point) -> dict:
    goal = case.goal
    if goal.low is None or goal.high is None:
        return {}
    return {"gap_to_target": distance_to_range(point.value, goal.low, goal.high)}


def _fold(path: Trajectory, low: float, high: float) -> Callable[[float], float]:
    """Take a value to the path: as far from its end as the value is from the range, P = 1 − δ(y) / δ(B)."""
    return lambda value: path.target.value - path.direction * distance_to_range(value, low, high)


RULE = KindRule(
    comparators=(Comparator.WITHIN,),
    judge=judge_range,
    outcome=outcome,
    fields=frozenset({"baseline", "path"}),
    goal_fields=frozenset({"low", "high"}),
    path=path_of,
    ending=_ending,
    needs_baseline=True,
    needs_due=True,
)
