"""Totals over a period: flows add up, stocks never do (METHOD, "cumulative")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from loaders.domain.method.trajectory import TOLERANCE, Node, Trajectory
from loaders.domain.model import Version
from loaders.domain.observation import Observation
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
    value = epsilon = 0.0
    tau, used = None, []
    reached = path.baseline.tau
    for flow in sorted(whole, key=lambda one: one.period.start):
        begins = flow.period.begins
        if begins < path.baseline.tau - 2 * DAY:
            continue
        if begins > reached + 2 * DAY:
            break
        value, epsilon, tau, reached = value + flow.number, epsilon + flow.epsilon, flow.tau, flow.tau
        used.append(flow)
    rate = None
    if used:
        last = used[-1]
        rate = last.number / max(last.tau - last.period.begins, DAY)
    return Accumulation(
        path,
        _with_total(path, goal.value),
        tau,
        value,
        epsilon,
        rate,
        len(used),
        used[-1] if used else None,
        any(flow.preliminary for flow in used),
    )


def _inside(one: Observation, other: Observation) -> bool:
    longer = (other.period.end - other.period.start) > (one.period.end - one.period.start)
    return longer and other.period.covers(one.period)


def _with_total(path: Trajectory, total: float) -> Trajectory:
    if abs(path.target.value - total) <= TOLERANCE:
        return path
    return Trajectory((*path.nodes[:-1], Node(path.target.tau, total)))
