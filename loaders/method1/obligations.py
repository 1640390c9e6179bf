"""Yearly quotas and dated deliverables (METHOD, "recurring", "binary" and "ladder")."""

from __future__ import annotations

from dataclasses import replace

from loaders.domain.method import progress as number
from loaders.domain.method.trajectory import TOLERANCE, Node, Trajectory
from loaders.domain.model import Version
from loaders.domain.period import parse_period
from loaders.method1.case import Case, Result, preliminary
from loaders.method1.judgement import direction_of
from loaders.method1.status import Reason, Status, by_ratio

WHOLE_YEAR_DAYS = 360
"""A recurring quota is judged on periods of at least this length."""


def judge_recurring(case: Case) -> Result:
    """So many each year: judged on the last complete year; a short year may be made good next year."""
    goal, direction = case.goal, direction_of(case.target, case.version)
    years = [one for one in case.found.points if (one.period.end - one.period.start).days >= WHOLE_YEAR_DAYS]
    years = [one for one in years if one.period.end < case.as_of]
    if goal.value is None or direction is None:
        return case.working(), Status.NOT_ASSESSABLE
    start = parse_period(case.version.start).end.year if case.version.start else None
    years = [one for one in years if start is None or one.period.end.year >= start]
    if not years:
        return case.working(reason=Reason.NO_OBSERVATION, value=None), Status.NOT_ASSESSABLE
    last = years[-1]
    first = start if start is not None else years[0].period.end.year
    met = sum(direction * (one.number - goal.value) >= -TOLERANCE for one in years)
    due = last.period.end.year - first + 1
    ratio = last.number / goal.value if goal.value else None
    working = case.working(
        overlays=preliminary(last.preliminary),
        observation=last,
        value=last.number,
        trajectory=None,
        expected=goal.value,
        progress=met / due,
        expected_progress=1.0,
        delivery_ratio=ratio,
        gap_to_target=number.gap_to_target(last.number, goal.value, direction),
        deviation=number.deviation(last.number, goal.value, direction),
        periods_met=met,
        periods_due=due,
        periods_unknown=due - len({one.period.end.year for one in years}),
    )
    if direction * (last.number - goal.value) >= -TOLERANCE:
        return working, Status.ACHIEVED
    return working, by_ratio(ratio, case.method) if ratio is not None and direction > 0 else Status.OFF_TRACK


def deliveries(version: Version) -> Trajectory | None:
    """Weight due over time, from 0 to 1 in steps; None where nothing has a date."""
    dated = sorted((parse_period(step.due).tau, step.weight) for step in version.steps if step.due)
    if not version.steps and version.target is not None and version.target.due:
        dated = [(parse_period(version.target.due).tau, 1.0)]
    if not dated:
        return None
    begins = parse_period(version.start).begins if version.start else dated[0][0] - 1
    nodes, due = [Node(begins, 0.0)], 0.0
    for tau, weight in dated:
        due += weight
        if nodes[-1].tau == tau:
            nodes.pop()
        nodes.append(Node(tau, due))
    return Trajectory(tuple(nodes), "step")


def judge_deliverables(case: Case) -> Result:
    """Dated deliverables, one or a ladder of them: P = weight done, P* = weight due, ρ = P / P*."""
    done, tau = case.latest.number, case.latest.tau
    path = deliveries(case.version)
    base = case.working(trajectory=path, direction=1, progress=done, gap_to_target=1 - done)
    if done >= 1 - TOLERANCE:
        return base, Status.ACHIEVED
    if path is None:
        return base, Status.NOT_ASSESSABLE
    due = path.at(tau)
    last = case.goal.due or max(
        (step.due for step in case.version.steps if step.due), key=lambda d: parse_period(d).tau
    )
    final = case.final_value(last)
    working = replace(
        base,
        expected=due,
        expected_progress=due,
        delivery_ratio=number.delivery_ratio(done, due, 0.0),
        deviation=done - due,
        next_node=path.next_node(max(tau, case.today)),
    )
    if final is not None and final < 1 - TOLERANCE:
        return working, Status.MISSED
    return working, Status.TOO_EARLY if due <= TOLERANCE else by_ratio(done / due, case.method)
