"""After the due date: was the promise kept? (METHOD, "After the due date: the outcome")

An outcome needs values and the target only: no baseline, no path, and it never goes stale. Each
kind asks one of the two tables here, over the values that may decide: `of_a_way` for goals that
are reached on a way (a level, a rank, a total of at least, deliveries) and `of_the_day` for those
that only the value of the due date decides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from loaders.domain.method.status import Overlay, Reason, Status
from loaders.domain.model import Series
from loaders.domain.observation import DECISIVE, Observation
from loaders.domain.period import FREQUENCY_MONTHS, first_end, month_end

UNSTATED_WAIT = timedelta(days=365)
"""Without a statistic or a stated lag, the result is due a year after the due date."""


class Verdict(StrEnum):
    """How a promise ended."""

    KEPT = "kept"
    KEPT_LATE = "kept_late"
    DATE_UNPROVEN = "date_unproven"
    """Reached, but no value for the due date itself was found."""
    BROKEN = "broken"
    AWAITING = "awaiting"
    UNKNOWN = "unknown"
    WITHDRAWN = "withdrawn"
    """Dropped, replaced by another target or redefined before a result was known."""


KNOWN = frozenset({Verdict.KEPT, Verdict.KEPT_LATE, Verdict.DATE_UNPROVEN, Verdict.BROKEN})
"""Verdicts that rest on a value: no later document erases them."""


@dataclass(frozen=True, slots=True)
class Point:
    """A value that may decide, at the end of its period; for a total, what has been added up by then."""

    end: date
    start: date
    value: float
    epsilon: float
    source: Observation
    """The observation that is shown for it."""
    preliminary: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a version ended, what decided it and what happened since."""

    verdict: Verdict
    status: Status
    due: date | None
    result_due: date | None
    """R: the day by which the deciding value is expected."""
    reason: Reason | None = None
    overlays: tuple[Overlay, ...] = ()
    at: date | None = None
    """Reached by (the start of the last unbroken run that meets), or the period of the value that fell short."""
    early: bool = False
    """Reached by a period that ended before the due date."""
    months_late: int | None = None
    """At most so many calendar months after the due date."""
    lost: date | None = None
    """End of the last period that fell short again after one that met the target."""
    decided_by: Point | None = None
    """The value that the verdict rests on; the last one before the due date where nothing decides."""
    withdrawn: date | None = None
    """Day on which a document took the goal back before its result was known."""

    @property
    def event(self) -> str | None:
        """What happened to it besides, with its date: "lost 2022-12-31"."""
        if self.withdrawn is not None:
            return f"withdrawn {self.withdrawn}"
        return f"lost {self.lost}" if self.lost is not None else None


Meets = Callable[[Point], bool]


def points_of(observations: Sequence[Observation]) -> list[Point]:
    """The observations that may decide: values of status A, B or P, in time order."""
    return [
        Point(one.period.end, one.period.start, one.number, one.epsilon, one, one.preliminary)
        for one in observations
        if one.status in DECISIVE
    ]


def result_due(due: date, series: Series | None, anchor: date | None, year_starts: int = 1) -> date:
    """R: end of the first reference period that ends on or after ``due``, plus release lag and grace.

    Without a statistic or a stated lag it is the due date + 365 days. ``anchor`` is the end of any
    known period: it says in which years a survey of several years falls.
    """
    if series is None or "release_lag_days" not in series.model_fields_set:
        return due + UNSTATED_WAIT
    months = FREQUENCY_MONTHS.get(series.frequency)
    end = due if months is None else first_end(due, months, anchor, series.year_starts or year_starts)
    return end + timedelta(days=series.release_lag_days + series.grace_days)


def value_of_the_day(points: Sequence[Point], due: date, *, rule: bool = False) -> Point | None:
    """y_D: the value for the period that ends on the due date or contains it; a rule's is the one in force."""
    if rule:
        in_force = [one for one in points if one.start <= due]
        return max(in_force, key=lambda one: (one.start, one.end), default=None)
    holding = [one for one in points if one.start <= due <= one.end]
    return min(holding, key=lambda one: (one.end, one.start), default=None)


def of_a_way(
    points: Sequence[Point], meets: Meets, due: date, result: date, as_of: date, *, rule: bool = False
) -> Outcome:
    """METHOD's table, read from the top: the outcome of a goal that may be reached before or after its date."""
    y_d = value_of_the_day(points, due, rule=rule)
    before = [one for one in points if one.end <= due or one is y_d]
    after = [one for one in points if one not in before and one.end > due]
    base = Outcome(Verdict.UNKNOWN, Status.NOT_ASSESSABLE, due, result, lost=lost_on(points, meets))
    if y_d is not None and y_d.end > due and not rule and meets(y_d) and not _run(before[:-1], meets):
        return _unproven(base, y_d)
    reached = _run(before, meets)
    if reached:
        overlays = (Overlay.PROVISIONAL,) if before[-1].preliminary else ()
        since = reached[0].start if rule else min(reached[0].end, due)
        return replace(
            base,
            verdict=Verdict.KEPT,
            status=Status.ACHIEVED,
            overlays=overlays,
            at=since,
            early=since < due,
            decided_by=before[-1],
        )
    met = next((one for one in after if meets(one)), None)
    short = [one for one in after if not meets(one)]
    if met is not None and (y_d is not None or any(one.end < met.end for one in short)):
        return replace(
            base,
            verdict=Verdict.KEPT_LATE,
            status=Status.ACHIEVED,
            overlays=(Overlay.LATE, *((Overlay.PROVISIONAL,) if met.preliminary else ())),
            at=met.end,
            months_late=months_between(due, met.end),
            decided_by=met,
        )
    if y_d is not None:
        overlays = (Overlay.PROVISIONAL,) if y_d.preliminary else ()
        return replace(
            base, verdict=Verdict.BROKEN, status=Status.MISSED, overlays=overlays, at=y_d.end, decided_by=y_d
        )
    if met is not None and not short:
        return _unproven(base, met)
    if short and met is None and as_of > result:
        last = short[-1]
        overlays = (Overlay.DATE_UNPROVEN, *((Overlay.PROVISIONAL,) if last.preliminary else ()))
        return replace(
            base, verdict=Verdict.BROKEN, status=Status.MISSED, overlays=overlays, at=last.end, decided_by=last
        )
    return open_or_unknown(base, before, as_of)


def of_the_day(
    points: Sequence[Point],
    meets: Meets,
    due: date,
    result: date,
    as_of: date,
    kept: Status,
    broken: Status,
    *,
    rule: bool = False,
) -> Outcome:
    """The outcome where the value of the due date alone decides: a limit, a value to be kept, a range, a ceiling."""
    y_d = value_of_the_day(points, due, rule=rule)
    base = Outcome(Verdict.UNKNOWN, Status.NOT_ASSESSABLE, due, result, lost=lost_on(points, meets))
    if y_d is None:
        return open_or_unknown(base, [one for one in points if one.end <= due], as_of)
    overlays = (Overlay.PROVISIONAL,) if y_d.preliminary else ()
    found = replace(base, overlays=overlays, at=min(y_d.end, due), decided_by=y_d)
    if not meets(y_d):
        return replace(found, verdict=Verdict.BROKEN, status=broken, at=y_d.end)
    if y_d.end > due and not rule:
        return replace(_unproven(found, y_d), status=kept)
    return replace(found, verdict=Verdict.KEPT, status=kept)


def open_or_unknown(base: Outcome, before: Sequence[Point], as_of: date) -> Outcome:
    """Rows 6 and 7: waiting for the result until its day, unknown after it."""
    last = before[-1] if before else None
    if base.result_due is not None and as_of <= base.result_due:
        return replace(base, verdict=Verdict.AWAITING, status=Status.AWAITING_OUTCOME, decided_by=last)
    return replace(
        base,
        verdict=Verdict.UNKNOWN,
        status=Status.NOT_ASSESSABLE,
        reason=Reason.OUTCOME_UNKNOWN,
        decided_by=last,
    )


def lost_on(points: Sequence[Point], meets: Meets) -> date | None:
    """End of the last period that fell short after one that met the target; None where none did."""
    falls = [late.end for early, late in pairwise(points) if meets(early) and not meets(late)]
    return falls[-1] if falls else None


def months_between(due: date, end: date) -> int:
    """Calendar months from the due date to ``end``, a begun one counted whole."""
    months = (end.year - due.year) * 12 + end.month - due.month
    whole = month_end(due) == due and month_end(end) == end
    return months + (not whole and end.day > due.day)


def _run(before: Sequence[Point], meets: Meets) -> list[Point]:
    """The last unbroken run that meets, up to the last of these values; empty where that one falls short."""
    run: list[Point] = []
    for one in reversed(before):
        if not meets(one):
            break
        run.insert(0, one)
    return run


def _unproven(base: Outcome, point: Point) -> Outcome:
    overlays = (Overlay.DATE_UNPROVEN, *((Overlay.PROVISIONAL,) if point.preliminary else ()))
    return replace(
        base,
        verdict=Verdict.DATE_UNPROVEN,
        status=Status.ACHIEVED,
        overlays=overlays,
        at=point.end,
        decided_by=point,
    )
