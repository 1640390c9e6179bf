"""Totals over a period: flows add up, stocks never do (METHOD, "cumulative")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from loaders.domain.method import progress as number
from loaders.domain.method.case import Case, Result, preliminary
from loaders.domain.method.comparison import BANDED, comparator_of, tolerance_of
from loaders.domain.method.kinds.rule import KindRule
from loaders.domain.method.outcome import Outcome, Point, of_a_way, of_the_day
from loaders.domain.method.scan import Flip, scan
from loaders.domain.method.status import Reason, Status, cumulative_status, limit_status
from loaders.domain.method.trajectory import TOLERANCE, Node, Trajectory
from loaders.domain.model import Comparator, Target, Version
from loaders.domain.observation import DECISIVE, Observation
from loaders.domain.period import parse_period

DAY = 1 / 365


@dataclass(frozen=True, slots=True)
class Accumulation:
    """What has been added up so far, and the planned path of the total."""

    planned: Trajectory
    """Planned total from 0 at the start; a part-year counts linearly. E(τ) is read off here."""
    trajectory: Trajectory
    """The same path with the promised total at its end, where a plan leaves a small residual."""
    tau: float | None
    """End of the last flow of an unbroken run from the start; None without one."""
    value: float
    """C = Σ flows to τ."""
    epsilon: float
    """Sum of the flows' half last digits."""
    last_flow_per_year: float | None
    """The latest flow as a yearly rate."""
    flows: int
    last: Observation | None
    """The last flow of the run: the value that is shown."""
    preliminary: bool
    totals: tuple[Point, ...] = ()
    """The total after each flow."""


def planned_path(version: Version) -> Trajectory | None:
    """Planned total over time; None without a total, a due date or a start.

    A plan whose parts leave a residual to the total (64.9 against 65) is followed as planned.
    """
    goal = version.target
    if goal is None or goal.value is None or goal.due is None:
        return None
    end = parse_period(goal.due).tau
    if version.plan:
        periods = [(parse_period(part.period), part.value) for part in version.plan]
        nodes, total = [Node(periods[0][0].begins, 0.0)], 0.0
        for period, flow in periods:
            total += flow
            nodes.append(Node(period.tau, total))
        return Trajectory(tuple(nodes))
    if version.start is None:
        return None
    return Trajectory((Node(parse_period(version.start).begins, 0.0), Node(end, goal.value)))


def accumulate(version: Version, points: Sequence[Observation]) -> Accumulation | None:
    """Add up the flows that follow one another without a hole from the start.

    A flow for a longer period replaces the shorter ones inside it; a hole ends the run, because a
    total with a missing part is not a total.
    """
    path = planned_path(version)
    goal = version.target
    if path is None or goal is None or goal.value is None:
        return None
    whole = [one for one in points if not any(other is not one and _inside(one, other) for other in points)]
    used: list[Observation] = []
    totals: list[Point] = []
    value = epsilon = 0.0
    reached = path.baseline.tau
    for flow in sorted(whole, key=lambda one: one.period.start):
        begins = flow.period.begins
        if begins < path.baseline.tau - 2 * DAY:
            continue
        if begins > reached + 2 * DAY:
            break
        value, epsilon, reached = value + flow.number, epsilon + flow.epsilon, flow.tau
        used.append(flow)
        open_to_change = any(one.preliminary for one in used)
        totals.append(Point(flow.period.end, used[0].period.start, value, epsilon, flow, open_to_change))
    last = used[-1] if used else None
    return Accumulation(
        path,
        _with_total(path, goal.value),
        last.tau if last else None,
        value,
        epsilon,
        last.number / max(last.tau - last.period.begins, DAY) if last else None,
        len(used),
        last,
        any(flow.preliminary for flow in used),
        tuple(totals),
    )


def _inside(one: Observation, other: Observation) -> bool:
    longer = (other.period.end - other.period.start) > (one.period.end - one.period.start)
    return longer and other.period.covers(one.period)


def _with_total(path: Trajectory, total: float) -> Trajectory:
    if abs(path.target.value - total) <= TOLERANCE:
        return path
    return Trajectory((*path.nodes[:-1], Node(path.target.tau, total)))


def path_of(target: Target, version: Version) -> Trajectory | None:
    """The planned path to the promised total."""
    total = accumulate(version, ())
    return total.trajectory if total else None


def judge(case: Case) -> Result:
    """Numbers of the total so far and its status before the due date."""
    total = accumulate(case.version, case.found.points)
    if total is None or total.tau is None:
        # Without a start nothing is planned; without the first flow no run begins.
        reason = Reason.NO_BASELINE if total is None else Reason.NO_OBSERVATION
        path = total.trajectory if total else None
        return case.working(reason=reason, trajectory=path, direction=1, value=None), Status.NOT_ASSESSABLE
    path = total.trajectory
    planned, promised = total.planned.at(total.tau), path.target.value
    is_ceiling = comparator_of(case.target, case.version) is Comparator.AT_MOST
    final = number.required_pace(total.value, total.tau, path.target, case.today)
    # A ceiling asks for nothing: what is left of it is a room, and once it is passed no pace brings it back.
    asks = not is_ceiling
    working = case.working(
        overlays=preliminary(total.preliminary),
        observation=total.last,
        trajectory=path,
        direction=-1 if is_ceiling else 1,
        value=total.value,
        expected=planned,
        progress=number.progress(total.value, 0.0, promised),
        expected_progress=number.progress(planned, 0.0, promised),
        delivery_ratio=number.delivery_ratio(total.value, planned, 0.0),
        gap_to_target=promised - total.value,
        deviation=total.value - planned,
        months=path.months_ahead(total.value, total.tau) if asks else None,
        next_node=path.next_node(max(total.tau, case.today)),
        required_pace_next=number.next_pace(path, total.value, total.tau, case.today) if asks else None,
        required_pace_final=final if asks else None,
        recent_pace=total.last_flow_per_year,
        recent_pace_points=total.flows,
        acceleration=number.acceleration(final, total.last_flow_per_year) if asks else None,
    )
    return working, _status_at(case, total.planned, total.value, total.tau, total.epsilon)


def _status_at(case: Case, plan: Trajectory, value: float, tau: float, epsilon: float) -> Status:
    """Status of a total before the due date.

    At least: achieved as soon as it is reached. A ceiling is kept until it is passed. What must come
    out (`exact`, `about`) is never achieved by a part of the period; beyond its band it is off track.
    """
    promise, comparator = case.promise, comparator_of(case.target, case.version)
    promised = case.goal.value
    assert promise is not None and promised is not None, "a planned total has a value"
    if comparator is Comparator.AT_MOST:
        return limit_status(kept=promise.met(value))
    if comparator in BANDED:
        if value - promised > tolerance_of(case.version, comparator) + TOLERANCE:
            return Status.OFF_TRACK
    elif promise.met(value):
        return Status.ACHIEVED
    return cumulative_status(value, plan.at(tau), promised, epsilon, case.method)


def outcome(case: Case) -> Outcome | None:
    """A total of at least may be reached late; a ceiling and what must come out are decided by the whole period."""
    due = case.due
    total = accumulate(case.version, [one for one in case.found.points if one.status in DECISIVE])
    if due is None or total is None:
        return None
    result, comparator, meets = case.result_due(due), comparator_of(case.target, case.version), case.meets()
    if comparator is Comparator.AT_LEAST:
        return of_a_way(total.totals, meets, due, result, case.as_of)
    if comparator is Comparator.AT_MOST:
        # Passed is passed: what was spent too much is not made good by what is not known yet.
        spent = [one for one in total.totals if one.end <= due]
        passed = bool(spent) and not meets(spent[-1])
        points = [replace(spent[-1], end=due)] if passed else total.totals
        return of_the_day(points, meets, due, result, case.as_of, Status.WITHIN_LIMIT, Status.EXCEEDED)
    return of_the_day(total.totals, meets, due, result, case.as_of, Status.ACHIEVED, Status.MISSED)


def _ending(case: Case, point: Point) -> dict:
    promised = case.goal.value
    if promised is None:
        return {}
    return {
        "gap_to_target": promised - point.value,
        "progress": number.progress(point.value, 0.0, promised),
        "direction": -1 if comparator_of(case.target, case.version) is Comparator.AT_MOST else 1,
    }


def flips(case: Case, tau: float) -> tuple[Flip, ...]:
    """Totals at the next release at which the status would change."""
    plan, promised = planned_path(case.version), case.goal.value
    if plan is None or promised is None or tau > plan.target.tau + TOLERANCE:
        return ()
    comparator = comparator_of(case.target, case.version)
    if comparator is Comparator.AT_MOST:
        return scan(lambda total: _status_at(case, plan, total, tau, case.latest.epsilon), [promised], -1)
    planned = plan.at(tau)
    edges = [case.method.needs_acceleration * planned, case.method.on_track * planned, promised]
    if comparator in BANDED:
        edges.append(promised + tolerance_of(case.version, comparator))
    return scan(lambda total: _status_at(case, plan, total, tau, case.latest.epsilon), edges, 1)


RULE = KindRule(
    comparators=(Comparator.AT_LEAST, Comparator.AT_MOST, Comparator.ABOUT, Comparator.EXACT),
    judge=judge,
    outcome=outcome,
    fields=frozenset({"plan", "start"}),
    goal_fields=frozenset({"tolerance"}),
    path=path_of,
    flips=flips,
    ending=_ending,
    needs_due=True,
    follows_baseline=False,
)
