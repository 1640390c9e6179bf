"""Flip points: the values of the next release at which the status would change, known in advance.

Published before the value is, so that nobody can say afterwards that the bar was moved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from loaders.domain.method.case import Case
from loaders.domain.method.comparison import direction_of
from loaders.domain.method.judgement import Judgement
from loaders.domain.method.kinds.table import KINDS
from loaders.domain.method.outcome import Verdict
from loaders.domain.method.scan import Flip, scan
from loaders.domain.method.status import Reason, Status
from loaders.domain.method.trajectory import TOLERANCE
from loaders.domain.model import Kind, Method, Target
from loaders.domain.period import FREQUENCY_MONTHS, decimal_year, next_period_end
from loaders.domain.vintage import Bounds, Evidence, Issued

CLOSED = frozenset({Verdict.KEPT, Verdict.KEPT_LATE, Verdict.DATE_UNPROVEN, Verdict.WITHDRAWN})
"""Verdicts that no further release changes."""


@dataclass(frozen=True, slots=True)
class FlipPoints:
    """What the next release would mean."""

    tau: float
    """End of the next reference period as a decimal year."""
    flips: tuple[Flip, ...]


def flip_points(
    target: Target,
    issued: Sequence[Issued],
    found: Evidence,
    now: Judgement,
    as_of: date,
    method: Method,
    bounds: Bounds = (None, None),
    *,
    year_starts: int = 1,
) -> FlipPoints | None:
    """Flip points for the release after the newest value; None where no next release or no status is defined.

    ``bounds`` are the natural bounds of the unit: a status that only values beyond them would have is
    left out, because such a value cannot be published (there are no fewer than 0 companies).
    """
    case = Case(target, tuple(issued), found, as_of, method, year_starts)
    series, latest = target.series, found.latest
    if series is None or latest is None or issued[-1].version.target is None or not _open(now):
        return None
    months = FREQUENCY_MONTHS.get(series.frequency)
    if months is None:
        return None
    newest = now.observation if target.kind is Kind.CUMULATIVE and now.observation is not None else latest
    end = next_period_end(newest.period.end, months)
    tau = decimal_year(end)
    due = case.due
    flips = KINDS[target.kind].flips(case, tau) if due is None or end < due else _ending(case, end, due, now)
    if not flips:
        return None
    direction = direction_of(target, case.version) or 1
    worst = bounds[0] if direction > 0 else bounds[1]
    return FlipPoints(tau, flips if worst is None else _possible(flips, worst, direction))


def _open(now: Judgement) -> bool:
    """True where a next value may still change something."""
    if now.outcome is not None and now.outcome.verdict in CLOSED:
        return False
    return now.status is not Status.NOT_ASSESSABLE or now.reason is Reason.OUTCOME_UNKNOWN


def _ending(case: Case, end: date, due: date, now: Judgement) -> tuple[Flip, ...]:
    """The value of the due date or a later one decides the outcome: kept from the target on, else not."""
    promise, value = case.promise, case.goal.value
    if promise is None or case.target.kind in (Kind.RANGE, Kind.RECURRING):
        return ()
    if case.target.kind in (Kind.BINARY, Kind.LADDER):
        value = 1.0
    if value is None or (end > due and case.target.kind in (Kind.LIMIT, Kind.MAINTAIN, Kind.CUMULATIVE)):
        return ()
    is_limit = case.target.kind is Kind.LIMIT or (case.target.kind is Kind.CUMULATIVE and promise.low is None)
    kept, broken = (Status.WITHIN_LIMIT, Status.EXCEEDED) if is_limit else (Status.ACHIEVED, Status.MISSED)
    edges = [edge for edge in (promise.low, promise.high) if edge is not None]
    whole = case.target.integer or case.target.kind is Kind.RANK
    direction = -1 if promise.low is None else direction_of(case.target, case.version) or 1
    return scan(lambda one: kept if promise.met(one) else broken, edges, direction, whole=whole)


def _possible(flips: tuple[Flip, ...], worst: float, direction: int) -> tuple[Flip, ...]:
    """The flips that values from ``worst`` on can reach; the first of them begins there."""
    reached = [one for one in flips if one.value is None or direction * (one.value - worst) <= TOLERANCE]
    return (replace(reached[-1], value=worst, beyond=False), *flips[len(reached) :]) if len(reached) > 1 else flips
