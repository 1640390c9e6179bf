"""The data gate: may this target be judged at all, and if not, why (METHOD, "Data gate")."""

from __future__ import annotations

from datetime import date
from typing import Literal

from loaders.domain.method.case import Case
from loaders.domain.method.kinds.cumulative import planned_path
from loaders.domain.method.kinds.table import KINDS
from loaders.domain.method.status import Reason
from loaders.domain.method.trajectory import TOLERANCE
from loaders.domain.model import Kind, Series, Target
from loaders.domain.observation import Observation
from loaders.domain.period import parse_period, release_due
from loaders.domain.vintage import Evidence

NOT_ABOUT_THE_VALUE = frozenset({Reason.NO_BASELINE, Reason.NO_DUE_DATE, Reason.STALE})
"""Reasons that a value which already meets the target overrules.

METHOD lets any reason be overruled but those of a value that is none: of another unit or scope, from
the far side of a break, the baseline's own. A stale `maintain` is not overruled either: what was
held two editions ago says nothing of today.
"""


def gate(case: Case) -> Reason | None:
    """First reason that forbids a judgement before the due date, or None where the gate is open."""
    target, version, found, rule = case.target, case.version, case.found, KINDS[case.target.kind]
    if not found.points and not found.others and not found.faulty:
        return Reason.NO_STATISTIC if target.series is None and not found.aside else Reason.NO_OBSERVATION
    if (fault := newest_fault(found)) is not None:
        return fault
    if version.baseline is None and rule.needs_baseline:
        return Reason.NO_BASELINE
    if case.due is None and (rule.needs_due or target.kind in DELIVERED):
        return Reason.NO_DUE_DATE
    if unit_differs(target):
        return Reason.UNIT_MISMATCH
    start = _start(case)
    broken = start is not None and _broken(start, found)
    latest, begins = found.latest, start or 0.0
    if (latest is None or latest.tau <= begins + TOLERANCE) and not broken and _later_other(begins, found):
        return Reason.SCOPE_MISMATCH
    if broken:
        return Reason.SERIES_BREAK
    if latest is None:
        return Reason.SCOPE_MISMATCH
    if rule.follows_baseline and start is not None and latest.tau <= begins + TOLERANCE:
        return Reason.SINGLE_POINT
    series = target.series
    if series is not None and not case.is_rule and missed_releases(latest, series, case.as_of) >= 2:
        return Reason.STALE
    return None


def overruled(reason: Reason, target: Target) -> bool:
    """True where a value that meets the target needs no more than that."""
    return reason in NOT_ABOUT_THE_VALUE and not (reason is Reason.STALE and target.kind is Kind.MAINTAIN)


def newest_fault(found: Evidence) -> Reason | None:
    """Why the newest value must not decide; None where it is sound."""
    bad = max(found.faulty, key=lambda one: one.period.end, default=None)
    if bad is None or (found.latest is not None and found.latest.period.end > bad.period.end):
        return None
    return fault_of(bad, found)


def fault_of(bad: Observation, found: Evidence) -> Reason:
    """What is wrong with a value that a rule refuses."""
    return Reason.VALUE_CONFLICT if bad.period in found.conflicts else Reason.VALUE_ERROR


def unit_differs(target: Target) -> bool:
    """True where the statistic is published in another unit than the target's."""
    return target.series is not None and target.series.unit not in (None, target.unit)


DELIVERED = frozenset({Kind.BINARY, Kind.LADDER})
"""Kinds whose deliverables carry the dates."""


def _start(case: Case) -> float | None:
    """From when on values must be comparable: the baseline, or the start of a total; None with neither."""
    if case.target.kind is Kind.CUMULATIVE:
        path = planned_path(case.version)
        return path.baseline.tau if path else None
    return parse_period(case.version.baseline.period).tau if case.version.baseline else None


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
