"""The rule of each kind: numbers and status of a version whose latest value is known (METHOD).

Each rule gives the working and the status; `loaders.method1.judge` applies the gate and the overlays.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from loaders.domain.method import progress as number
from loaders.domain.method.trajectory import TOLERANCE, Trajectory
from loaders.domain.model import Kind, Target, Version
from loaders.domain.period import parse_period
from loaders.method1.case import Case, Result, met, path_numbers, preliminary
from loaders.method1.cumulative import Accumulation, accumulate
from loaders.method1.judgement import direction_of, trajectory_of
from loaders.method1.obligations import deliveries, judge_deliverables, judge_recurring
from loaders.method1.ranges import judge_range, range_path
from loaders.method1.status import (
    Reason,
    Status,
    cumulative_status,
    level_status,
    limit_status,
    maintain_status,
    rank_status,
)


def _level(case: Case) -> Result:
    goal, value = case.goal, case.latest.number
    path, direction = trajectory_of(case.target, case.version), direction_of(case.target, case.version)
    if goal.value is None or direction is None:
        return case.working(), Status.NOT_ASSESSABLE
    base = case.working(gap_to_target=number.gap_to_target(value, goal.value, direction))
    if path is None:
        start = case.version.baseline
        share = number.progress(value, start.value, goal.value) if start else None
        return replace(base, progress=share), met(direction * (value - goal.value))
    final = case.final_value(goal.due)
    missed = final is not None and direction * (final - goal.value) < -TOLERANCE
    return (
        replace(base, **path_numbers(case, path, value)),
        level_status(path, value, case.latest.tau, case.latest.epsilon, case.method, missed=missed),
    )


def _rank(case: Case) -> Result:
    goal, place, tau = case.goal, case.latest.number, case.latest.tau
    path = trajectory_of(case.target, case.version)
    if goal.value is None:
        return case.working(), Status.NOT_ASSESSABLE
    base = case.working(gap_to_target=number.gap_to_target(place, goal.value, -1))
    if path is None:
        return base, met(goal.value - place)
    final = case.final_value(goal.due)
    rung = path.rung(tau).value
    working = replace(
        base,
        expected=rung,
        deviation=number.deviation(place, rung, -1),
        next_node=path.next_node(max(tau, case.today)),
    )
    return working, rank_status(path, place, tau, missed=final is not None and final > goal.value)


def _keep(case: Case) -> Result:
    """A value to be kept, a ceiling or a floor."""
    direction = direction_of(case.target, case.version)
    if case.goal.value is None or direction is None:
        return case.working(), Status.NOT_ASSESSABLE
    gap = number.gap_to_target(case.latest.number, case.goal.value, direction)
    is_limit = case.target.kind is Kind.LIMIT
    return case.working(gap_to_target=gap), limit_status(-gap) if is_limit else maintain_status(
        -gap, case.version.buffer
    )


def _cumulative(case: Case) -> Result:
    total: Accumulation | None = accumulate(case.version, case.found.points)
    if total is None or total.tau is None:
        # Without a start nothing is planned; without the first flow no run begins.
        reason = Reason.NO_BASELINE if total is None else Reason.NO_OBSERVATION
        path = total.trajectory if total else None
        return case.working(reason=reason, trajectory=path, direction=1, value=None), Status.NOT_ASSESSABLE
    path = total.trajectory
    planned, promised = total.planned.at(total.tau), path.target.value
    due = case.goal.due
    whole = due is not None and total.tau >= parse_period(due).tau - TOLERANCE
    missed = whole and not total.preliminary and case.is_over(due)
    final = number.required_pace(total.value, total.tau, path.target, case.today)
    working = case.working(
        overlays=preliminary(total.preliminary),
        observation=total.last,
        trajectory=path,
        direction=1,
        value=total.value,
        expected=planned,
        progress=total.value / promised,
        expected_progress=planned / promised,
        delivery_ratio=number.delivery_ratio(total.value, planned, 0.0),
        gap_to_target=promised - total.value,
        deviation=total.value - planned,
        months=path.months_ahead(total.value, total.tau),
        next_node=path.next_node(max(total.tau, case.today)),
        required_pace_next=number.next_pace(path, total.value, total.tau, case.today),
        required_pace_final=final,
        recent_pace=total.last_flow_per_year,
        recent_pace_points=total.flows,
        acceleration=number.acceleration(final, total.last_flow_per_year),
    )
    return working, cumulative_status(total.value, planned, promised, total.epsilon, case.method, missed=missed)


RULES: dict[Kind, Callable[[Case], Result]] = {
    Kind.LEVEL: _level,
    Kind.BREAKDOWN: _level,
    Kind.RANK: _rank,
    Kind.MAINTAIN: _keep,
    Kind.LIMIT: _keep,
    Kind.RANGE: judge_range,
    Kind.CUMULATIVE: _cumulative,
    Kind.RECURRING: judge_recurring,
    Kind.BINARY: judge_deliverables,
    Kind.LADDER: judge_deliverables,
}
"""The rule of each kind; a breakdown's own series is judged as a level."""


def promised_path(target: Target, version: Version) -> Trajectory | None:
    """The path that a version of any kind promises, for drawing; None where it promises none."""
    if target.kind is Kind.CUMULATIVE:
        total = accumulate(version, ())
        return total.trajectory if total else None
    if target.kind is Kind.RANGE:
        return range_path(version)
    if target.kind in (Kind.BINARY, Kind.LADDER):
        return deliveries(version)
    return None if target.kind is Kind.RECURRING else trajectory_of(target, version)
