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
)
"""Statuses that rest on a judgement of a value, in the order of the tally."""

LATENESS = (
    Status.MISSED,
    Status.REGRESSING,
    Status.OFF_TRACK,
    Status.NEEDS_ACCELERATION,
    Status.ON_TRACK,
    Status.ACHIEVED,
    Status.TOO_EARLY,
    Status.NOT_ASSESSABLE,
    Status.SUPERSEDED,
    Status.DROPPED,
)
"""Late ones first: the order of cards and lists."""


class Reason(StrEnum):
    """Why a target is not assessable, in the order in which the gate asks."""

    NO_OBSERVATION = "no_observation"
    NO_BASELINE = "no_baseline"
    NO_DUE_DATE = "no_due_date"
    UNIT_MISMATCH = "unit_mismatch"
    SCOPE_MISMATCH = "scope_mismatch"
    SERIES_BREAK = "series_break"
    SINGLE_POINT = "single_point"
    STALE = "stale"
    CHILD_NOT_ASSESSABLE = "child_not_assessable"


class Overlay(StrEnum):
    """Shown beside the status; never changes it."""

    PROVISIONAL = "provisional"
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


def level_status(
    trajectory: Trajectory, value: float, tau: float, epsilon: float, method: Method, *, missed: bool = False
) -> Status:
    """Status of a `level` target whose data gate is open; first rule that holds, top to bottom.

    ``missed`` says that the due date, release lag and grace have passed and the final value for the
    due period falls short.
    """
    start, goal, direction = trajectory.baseline.value, trajectory.target.value, trajectory.direction
    if direction * (value - goal) >= -TOLERANCE:
        return Status.ACHIEVED
    if missed:
        return Status.MISSED
    if too_early(trajectory, value, tau, epsilon, method):
        return Status.TOO_EARLY
    if direction * (value - start) < -epsilon - TOLERANCE:
        return Status.REGRESSING
    return by_ratio((value - start) / (trajectory.expected(tau) - start), method)


def cumulative_status(
    total: float, planned: float, promised: float, epsilon: float, method: Method, *, missed: bool = False
) -> Status:
    """Status of a `cumulative` target: ρ = C / E on the planned flows, achieved by the total C ≥ T."""
    if total >= promised - TOLERANCE:
        return Status.ACHIEVED
    if missed:
        return Status.MISSED
    if planned < max(epsilon, method.too_early_share * promised) - TOLERANCE:
        return Status.TOO_EARLY
    return by_ratio(total / planned, method)


def rank_status(trajectory: Trajectory, place: float, tau: float, *, missed: bool = False) -> Status:
    """Status of a `rank` target (lower is better, ordinal: places count, ratios do not)."""
    if place <= trajectory.target.value:
        return Status.ACHIEVED
    if missed:
        return Status.MISSED
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


def limit_status(margin: float) -> Status:
    """Status of a ceiling or floor: inside → achieved so far, outside → regressing."""
    return Status.ACHIEVED if margin >= -TOLERANCE else Status.REGRESSING
