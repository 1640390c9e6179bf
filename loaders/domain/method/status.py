"""Statuses, reasons and overlays, and the rule tables that give them (METHOD, "Status")."""

from __future__ import annotations

from enum import StrEnum

from loaders.domain.method.trajectory import TOLERANCE, Trajectory
from loaders.domain.model import Method


class Status(StrEnum):
    """How a target stands."""

    ACHIEVED = "achieved"
    ON_TRACK = "on_track"
    NEEDS_ACCELERATION = "needs_acceleration"
    OFF_TRACK = "off_track"
    REGRESSING = "regressing"
    MISSED = "missed"
    WITHIN_LIMIT = "within_limit"
    """A ceiling or floor that is kept: nothing to be reached, so never counted as achieved."""
    EXCEEDED = "exceeded"
    """A ceiling or floor that is broken."""
    AWAITING_OUTCOME = "awaiting_outcome"
    """The due date has passed; the value that decides is not due yet."""
    TOO_EARLY = "too_early"
    NOT_ASSESSABLE = "not_assessable"
    DROPPED = "dropped"
    SUPERSEDED = "superseded"


ASSESSED = (
    Status.ACHIEVED,
    Status.ON_TRACK,
    Status.NEEDS_ACCELERATION,
    Status.OFF_TRACK,
    Status.REGRESSING,
    Status.MISSED,
    Status.WITHIN_LIMIT,
    Status.EXCEEDED,
)
"""Statuses that rest on a judgement of a value, in the order of the tally."""

LATENESS = (
    Status.MISSED,
    Status.EXCEEDED,
    Status.REGRESSING,
    Status.OFF_TRACK,
    Status.NEEDS_ACCELERATION,
    Status.ON_TRACK,
    Status.WITHIN_LIMIT,
    Status.ACHIEVED,
    Status.AWAITING_OUTCOME,
    Status.TOO_EARLY,
    Status.NOT_ASSESSABLE,
    Status.SUPERSEDED,
    Status.DROPPED,
)
"""Late ones first: the order of cards and lists."""


class Group(StrEnum):
    """The one group of counts that a target is in; the groups add up to all targets (METHOD, "Groups and counts")."""

    JUDGED = "judged"
    AWAITING = "awaiting"
    OUTCOME_UNKNOWN = "outcome_unknown"
    NO_STATISTIC = "no_statistic"
    NOT_ASSESSABLE = "not_assessable"
    """Every other reason, too early included."""
    CLOSED = "closed"
    """Dropped or superseded."""


class Reason(StrEnum):
    """Why a target is not assessable, in the order in which the gate asks."""

    NO_STATISTIC = "no_statistic"
    """No value is known and the registry names no statistic that could give one."""
    OUTCOME_UNKNOWN = "outcome_unknown"
    """The due date and the day of its result have passed, and no value tells how it ended."""
    VALUE_ERROR = "value_error"
    """The newest value breaks a rule of `kpi check`."""
    VALUE_CONFLICT = "value_conflict"
    """Several values for the newest period, and no decision which one counts."""
    NO_OBSERVATION = "no_observation"
    NO_BASELINE = "no_baseline"
    NO_DUE_DATE = "no_due_date"
    UNIT_MISMATCH = "unit_mismatch"
    SCOPE_MISMATCH = "scope_mismatch"
    SERIES_BREAK = "series_break"
    SINGLE_POINT = "single_point"
    STALE = "stale"
    NOT_IN_FORCE = "not_in_force"
    """A limit before its first day; the status is too early."""
    CHILD_NOT_ASSESSABLE = "child_not_assessable"


class Overlay(StrEnum):
    """Shown beside the status; never changes it."""

    PROVISIONAL = "provisional"
    LATE = "late"
    """Reached, but after the due date."""
    DATE_UNPROVEN = "date_unproven"
    """No value for the due date itself: when it was reached or missed is not proven."""
    LOST = "lost"
    """A value met the target and a later one falls short again."""
    BASELINE_RESTATED = "baseline_restated"
    """The baseline's own period is now published with another value than the document printed."""
    FULL_AMBITION = "full_ambition"
    """The further end of the band is reached."""
    STALE = "stale"
    BORDERLINE = "borderline"
    MILESTONE_MISSED = "milestone_missed"
    TARGET_REVISED = "target_revised"
    DECLARED_DIFFERS = "declared_differs"
    METHOD_DISAGREEMENT = "method_disagreement"
    ASSUMED_BASELINE = "assumed_baseline"


def by_ratio(ratio: float, method: Method) -> Status:
    """On track, needs acceleration or off track by the delivery ratio ρ."""
    if ratio >= method.on_track - TOLERANCE:
        return Status.ON_TRACK
    if ratio >= method.needs_acceleration - TOLERANCE:
        return Status.NEEDS_ACCELERATION
    return Status.OFF_TRACK


def too_early(trajectory: Trajectory, value: float, tau: float, epsilon: float, method: Method) -> bool:
    """True while the path has hardly left the baseline and the value has not fallen behind it.

    |E(τ) − B| < max(ε, share · |T − B|), or a whole-number path that has not reached the first
    whole step.
    """
    start, direction = trajectory.baseline.value, trajectory.direction
    if direction * (value - start) < -epsilon - TOLERANCE:
        return False
    way_due = abs(trajectory.expected(tau) - start)
    way = abs(trajectory.target.value - start)
    if trajectory.integer and way_due <= TOLERANCE:
        return True
    return way_due < max(epsilon, method.too_early_share * way) - TOLERANCE


def level_status(trajectory: Trajectory, value: float, tau: float, epsilon: float, method: Method) -> Status:
    """Status on the way to a level that is not reached yet; first rule that holds, top to bottom.

    Whether the value already keeps the promise is asked before (`comparison.meets`); after the due
    date the outcome decides and no path does.
    """
    start, direction, expected = trajectory.baseline.value, trajectory.direction, trajectory.expected(tau)
    if too_early(trajectory, value, tau, epsilon, method):
        return Status.TOO_EARLY
    # A plan that peaks first asks for less than the baseline for a while: behind is then behind the plan.
    peaks = direction * (expected - start) < -TOLERANCE
    if direction * (value - (expected if peaks else start)) < -epsilon - TOLERANCE:
        return Status.REGRESSING
    return Status.ON_TRACK if peaks else by_ratio((value - start) / (expected - start), method)


def cumulative_status(total: float, planned: float, promised: float, epsilon: float, method: Method) -> Status:
    """Status of a total that is not complete yet: ρ = C / E on the planned flows."""
    if planned < max(epsilon, method.too_early_share * promised) - TOLERANCE:
        return Status.TOO_EARLY
    return by_ratio(total / planned, method)


def rank_status(trajectory: Trajectory, place: float, tau: float) -> Status:
    """Status of a `rank` target (lower is better, ordinal: places count, ratios do not)."""
    if place <= trajectory.target.value:
        return Status.ACHIEVED
    if place > trajectory.baseline.value:
        return Status.REGRESSING
    short = place - trajectory.rung(tau).value
    if short <= 0:
        return Status.ON_TRACK
    return Status.NEEDS_ACCELERATION if short <= 1 else Status.OFF_TRACK


def maintain_status(margin: float, buffer: float) -> Status:
    """Status of a value to be kept.

    ``margin`` is the distance on the good side (negative: lost). Held → achieved; held by less than
    the declared buffer → needs acceleration; lost → regressing.
    """
    if margin < -TOLERANCE:
        return Status.REGRESSING
    return Status.NEEDS_ACCELERATION if margin < buffer - TOLERANCE else Status.ACHIEVED


def limit_status(*, kept: bool) -> Status:
    """Status of a ceiling or floor: never a goal to be reached, so never achieved."""
    return Status.WITHIN_LIMIT if kept else Status.EXCEEDED


def group_of(status: Status, reason: Reason | None) -> Group:
    """The group of counts for a status and its reason."""
    if status in (Status.DROPPED, Status.SUPERSEDED):
        return Group.CLOSED
    if status in ASSESSED:
        return Group.JUDGED
    if status is Status.AWAITING_OUTCOME:
        return Group.AWAITING
    if reason is Reason.OUTCOME_UNKNOWN:
        return Group.OUTCOME_UNKNOWN
    return Group.NO_STATISTIC if reason is Reason.NO_STATISTIC else Group.NOT_ASSESSABLE
