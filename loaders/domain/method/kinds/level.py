"""A value to be reached on a path from a baseline (METHOD, "Status of a `level` target")."""

from __future__ import annotations

import math
from dataclasses import replace

from loaders.domain.method import progress as number
from loaders.domain.method.case import Case, Result, achieved_if, path_numbers, trajectory_of
from loaders.domain.method.comparison import BANDED, comparator_of, direction_of, tolerance_of
from loaders.domain.method.kinds.rule import KindRule
from loaders.domain.method.outcome import Outcome, of_a_way, points_of
from loaders.domain.method.scan import Flip, scan
from loaders.domain.method.status import Status, level_status
from loaders.domain.method.trajectory import TOLERANCE, Trajectory
from loaders.domain.model import Comparator
from loaders.domain.observation import Observation
from loaders.domain.period import parse_period


def judge(case: Case) -> Result:
    """Numbers and status before the due date; a value beyond the band of `about` or `equal` is off track."""
    goal, value, promise = case.goal, case.latest.number, case.promise
    path, direction = trajectory_of(case.target, case.version), direction_of(case.target, case.version)
    if goal.value is None or direction is None or promise is None:
        return case.working(), Status.NOT_ASSESSABLE
    base = case.working(gap_to_target=number.gap_to_target(value, goal.value, direction))
    if path is None:
        start = case.version.baseline
        share = number.progress(value, start.value, goal.value) if start else None
        return replace(base, progress=share), achieved_if(promise.met(value))
    return replace(base, **path_numbers(case, path, value)), status_at(case, path, value, case.latest.tau)


def status_at(case: Case, path: Trajectory, value: float, tau: float) -> Status:
    """Status of ``value`` at ``tau`` before the due date."""
    promise = case.promise
    assert promise is not None, "a path ends at a value"
    if promise.met(value):
        return Status.ACHIEVED
    comparator = comparator_of(case.target, case.version)
    beyond = path.direction * (value - path.target.value) > tolerance_of(case.version, comparator)
    if comparator in BANDED and beyond:
        return Status.OFF_TRACK
    return level_status(path, value, tau, case.latest.epsilon, case.method)


def outcome(case: Case) -> Outcome | None:
    """Reached in time, late or not at all."""
    due = case.due
    if due is None:
        return None
    points = points_of(case.found.points)
    return of_a_way(points, case.meets(), due, case.result_due(due), case.as_of, rule=case.is_rule)


def after_baseline(case: Case) -> tuple[Observation, ...]:
    """Values of later periods than the baseline's: the baseline itself proves nothing."""
    start = case.version.baseline
    if start is None:
        return case.found.points
    begins = parse_period(start.period).tau
    return tuple(one for one in case.found.points if one.tau > begins + TOLERANCE)


def flips(case: Case, tau: float) -> tuple[Flip, ...]:
    """Values of the next release at which the status would change."""
    path = trajectory_of(case.target, case.version)
    if path is None:
        return ()
    start, way_due = path.baseline.value, path.expected(tau) - path.baseline.value
    margin = 0.0
    comparator = comparator_of(case.target, case.version)
    if comparator in BANDED:
        margin = tolerance_of(case.version, comparator)
    edges = [start - path.direction * case.latest.epsilon]
    edges += [path.target.value - path.direction * margin, path.target.value + path.direction * margin]
    edges += [start + share * way_due for share in (case.method.needs_acceleration, case.method.on_track)]
    if path.integer:
        edges = [_whole(edge, path.direction) for edge in edges]
    return scan(lambda value: status_at(case, path, value, tau), edges, path.direction, whole=path.integer)


def _whole(value: float, direction: int) -> float:
    """The nearest whole number on the good side."""
    return float(math.ceil(value - TOLERANCE) if direction > 0 else math.floor(value + TOLERANCE))


RULE = KindRule(
    comparators=(
        Comparator.AT_LEAST,
        Comparator.AT_MOST,
        Comparator.MORE_THAN,
        Comparator.LESS_THAN,
        Comparator.ABOUT,
        Comparator.EQUAL,
    ),
    judge=judge,
    outcome=outcome,
    fields=frozenset({"baseline", "milestones", "path"}),
    goal_fields=frozenset({"ambition", "tolerance"}),
    path=trajectory_of,
    flips=flips,
    needs_baseline=True,
    needs_due=True,
)
