"""The data gate: may this target be judged at all, and if not, why (METHOD, "Data gate")."""

from __future__ import annotations

from datetime import date
from typing import Literal

from loaders.domain.method.trajectory import TOLERANCE
from loaders.domain.model import Kind, Series, Target, Version
from loaders.domain.observation import Observation
from loaders.domain.period import parse_period, release_due
from loaders.method1.cumulative import planned_path
from loaders.method1.status import Reason
from loaders.method1.vintage import Evidence

NEEDS_BASELINE = frozenset({Kind.LEVEL, Kind.BREAKDOWN, Kind.RANK, Kind.RANGE})
"""Kinds whose path starts at a baseline; the others need none."""
NEEDS_DUE = NEEDS_BASELINE | {Kind.CUMULATIVE}
DELIVERED = frozenset({Kind.BINARY, Kind.LADDER})
"""Kinds whose deliverables carry the dates."""

NOT_ABOUT_THE_VALUE = frozenset({Reason.NO_BASELINE, Reason.NO_DUE_DATE, Reason.SINGLE_POINT, Reason.STALE})
"""Reasons that a value which already meets the target overrules.

METHOD lets any reason be overruled. A value of another unit or scope, or from the far side of a
break, is not a value of the target, so it cannot meet it: those reasons stand.
"""


def gate(target: Target, version: Version, found: Evidence, as_of: date) -> Reason | None:
    """First reason that forbids a judgement, or None where the gate is open."""
    if not found.points and not found.others:
        return Reason.NO_OBSERVATION
    if version.baseline is None and target.kind in NEEDS_BASELINE:
        return Reason.NO_BASELINE
    if _undated(target, version):
        return Reason.NO_DUE_DATE
    series = target.series
    if series is not None and series.unit not in (None, target.unit):
        return Reason.UNIT_MISMATCH
    start = _start(target, version)
    broken = start is not None and _broken(start, found)
    latest, begins = found.latest, start or 0.0
    if (latest is None or latest.tau <= begins + TOLERANCE) and not broken and _later_other(begins, found):
        return Reason.SCOPE_MISMATCH
    if broken:
        return Reason.SERIES_BREAK
    if latest is None:
        return Reason.SCOPE_MISMATCH
    if target.kind in NEEDS_BASELINE and latest.tau <= begins + TOLERANCE:
        return Reason.SINGLE_POINT
    if series is not None and missed_releases(latest, series, as_of) >= 2:
        return Reason.STALE
    return None


def _undated(target: Target, version: Version) -> bool:
    dated = version.target is not None and version.target.due is not None
    if target.kind in DELIVERED:
        return not dated and not any(step.due for step in version.steps)
    return not dated and target.kind in NEEDS_DUE


def _start(target: Target, version: Version) -> float | None:
    """From when on values must be comparable: the baseline, or the start of a total; None with neither."""
    if target.kind is Kind.CUMULATIVE:
        path = planned_path(version)
        return path.baseline.tau if path else None
    return parse_period(version.baseline.period).tau if version.baseline else None


def _later_other(start: float, found: Evidence) -> bool:
    return any(item.tau > start + TOLERANCE for item in found.others)


def _broken(start: float, found: Evidence) -> bool:
    """True where a break lies between ``start`` and the newest value of the statistic.

    The newest value may be one of another scope: an index that stops ranking leaves its last rank
    behind, and that rank says nothing about today.
    """
    newest = max((item.tau for item in (*found.points, *found.others)), default=0.0)
    return any(start - TOLERANCE <= begins < newest - TOLERANCE for begins in found.breaks)


def missed_releases(latest: Observation, series: Series, as_of: date) -> int:
    """Number of expected releases after ``latest`` whose day has passed without a value (0, 1, 2 at most)."""
    count = 0
    for nth in (1, 2):
        due = release_due(latest.period.end, series.frequency, series.release_lag_days, series.grace_days, nth)
        if due is None or as_of <= due:
            break
        count = nth
    return count


Freshness = Literal["fresh", "due", "overdue", "stale", "unscheduled"]
DUE_SOON_DAYS = 30


def freshness(latest: Observation, series: Series, as_of: date) -> tuple[Freshness, date | None]:
    """How current the series is, and the day by which its next release is expected.

    fresh / due (within 30 days) / overdue (one cycle missed) / stale (two); ``unscheduled`` for a
    series without a rhythm.
    """
    due = release_due(latest.period.end, series.frequency, series.release_lag_days, series.grace_days)
    if due is None:
        return "unscheduled", None
    missed = missed_releases(latest, series, as_of)
    if missed:
        return ("stale" if missed > 1 else "overdue"), due
    return ("due" if (due - as_of).days <= DUE_SOON_DAYS else "fresh"), due
