"""The record of one judgement: status and working, whole, so that every surface prints the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from loaders.domain.method.crosscheck import CrossCheck
from loaders.domain.method.outcome import Outcome
from loaders.domain.method.status import Group, Overlay, Reason, Status, group_of
from loaders.domain.method.trajectory import Node, Trajectory
from loaders.domain.observation import Observation


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
    above: bool = False
    """True after the due date where the deciding value lies above all that keep the promise; never of a rank."""
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
    held: int | None = None
    """`maintain`: latest values in a row, after the baseline, that kept it."""
    outcome: Outcome | None = None
    """How it ended; None before the due date."""
    lost: date | None = None
    """End of the last period that fell short again after one that met the target."""
    restated: Observation | None = None
    """What is now published for the baseline's own period, where it differs from the printed baseline."""

    @property
    def group(self) -> Group:
        """The group of counts that this status is in."""
        return group_of(self.status, self.reason)
