"""The record of one judgement: status and working, whole, so that every surface prints the same."""

from __future__ import annotations

from dataclasses import dataclass, field

from loaders.domain.method.crosscheck import CrossCheck
from loaders.domain.method.trajectory import Node, Trajectory
from loaders.domain.model import Comparator, Kind, Target, Version
from loaders.domain.observation import Observation
from loaders.domain.period import parse_period
from loaders.method1.status import Overlay, Reason, Status


@dataclass(frozen=True, slots=True)
class Judgement:
    """Status and working; a number that is not defined is None."""

    status: Status
    reason: Reason | None = None
    overlays: tuple[Overlay, ...] = ()
    observation: Observation | None = None
    """The value that was judged; of another scope where the reason is a scope mismatch."""
    trajectory: Trajectory | None = None
    """The promised path; None without baseline or due date."""
    direction: int | None = None
    """+1 where more is better, −1 where less is."""
    value: float | None = None
    """The judged value: the observation's, or the accumulated total."""
    expected: float | None = None
    progress: float | None = None
    expected_progress: float | None = None
    delivery_ratio: float | None = None
    gap_to_target: float | None = None
    """In the indicator's unit; positive: still to go."""
    deviation: float | None = None
    """In the indicator's unit; positive: ahead of the path."""
    months: float | None = None
    """Time gap; positive: ahead of the path."""
    next_node: Node | None = None
    """First milestone (or the target) ahead of the observation and of today."""
    required_pace_next: float | None = None
    required_pace_final: float | None = None
    recent_pace: float | None = None
    recent_pace_points: int = 0
    """2 flags a pace that is only a difference."""
    acceleration: float | None = None
    crosscheck: CrossCheck = field(default_factory=CrossCheck)
    periods_met: int | None = None
    """`recurring`: periods in which the quota was met ..."""
    periods_due: int | None = None
    """... out of those that are over since the start ..."""
    periods_unknown: int = 0
    """... of which so many have no value."""


def direction_of(target: Target, version: Version) -> int | None:
    """+1 where more is better, −1 where less is; None where neither values nor comparator tell."""
    goal = version.target
    if target.kind is Kind.RANK or (target.kind is Kind.MAINTAIN and target.measure == "rank"):
        return -1
    if goal is None or goal.value is None:
        return None
    if version.baseline is not None and version.baseline.value != goal.value and target.kind is Kind.LEVEL:
        return 1 if goal.value > version.baseline.value else -1
    if goal.comparator in (Comparator.AT_MOST, Comparator.LESS_THAN, Comparator.WITHIN):
        return -1
    if goal.comparator is Comparator.UP_TO:
        return -1 if target.kind is Kind.LIMIT else 1
    return 1


def trajectory_of(target: Target, version: Version) -> Trajectory | None:
    """The promised path of a version; None without baseline, value or due date."""
    goal, start = version.target, version.baseline
    if goal is None or goal.value is None or goal.due is None or start is None:
        return None
    nodes = [Node(parse_period(start.period).tau, start.value)]
    nodes += [Node(parse_period(item.due).tau, item.value) for item in version.milestones]
    nodes.append(Node(parse_period(goal.due).tau, goal.value))
    return Trajectory(tuple(nodes), version.path, target.integer)
