"""So many each year: every year by its own quota (METHOD, "recurring")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from loaders.domain.method import progress as number
from loaders.domain.method.case import Case, Result, preliminary
from loaders.domain.method.comparison import Promise, direction_of, promise_of
from loaders.domain.method.kinds.rule import KindRule
from loaders.domain.method.outcome import Outcome, Point, Verdict, open_or_unknown, points_of
from loaders.domain.method.status import Overlay, Reason, Status, by_ratio
from loaders.domain.model import Comparator, Version
from loaders.domain.observation import DECISIVE, Observation
from loaders.domain.period import parse_period

WHOLE_YEAR_DAYS = 360
"""A recurring quota is judged on periods of at least this length."""
A_YEAR = timedelta(days=364)


class Quota(NamedTuple):
    """What one year asked for."""

    value: float
    promise: Promise


def quota_of(case: Case, year: int) -> Quota | None:
    """The quota in force in ``year``: of the version issued by then, so that a raise never rewrites the past."""
    stated = [one for one in case.issued if one.version.target is not None and one.version.target.value is not None]
    ours = [one for one in stated if one.on.year <= year and (_first_year(one.version) or year) <= year]
    for issued in (*ours[-1:], *stated[:1]):
        version = issued.version
        value = version.target.value if version.target else None
        for part in version.quotas:
            if parse_period(part.period).start.year <= year:
                value = part.value
        promise = promise_of(case.target, version, value)
        if value is not None and promise is not None:
            return Quota(value, promise)
    return None


def _first_year(version: Version) -> int | None:
    return parse_period(version.start).start.year if version.start else None


def first_year(case: Case) -> int | None:
    """Year of the first quota, of whichever version counts from furthest back; None where none says."""
    return min((year for one in case.issued if (year := _first_year(one.version)) is not None), default=None)


def complete_years(case: Case, *, decisive: bool = False) -> Mapping[int, Observation]:
    """The value of each year that was over on ``as_of``, by the year in which it began."""
    start = first_year(case)
    return {
        one.period.start.year: one
        for one in case.found.points
        if (one.period.end - one.period.start).days >= WHOLE_YEAR_DAYS
        and one.period.end < case.as_of
        and (start is None or one.period.start.year >= start)
        and (not decisive or one.status in DECISIVE)
    }


def judge(case: Case) -> Result:
    """Judged on the last complete year; a short year may be made good next year until the last one is over."""
    direction = direction_of(case.target, case.version)
    years = complete_years(case)
    if case.goal.value is None or direction is None:
        return case.working(), Status.NOT_ASSESSABLE
    if not years:
        return case.working(reason=Reason.NO_OBSERVATION, value=None), Status.NOT_ASSESSABLE
    year, last = max(years.items())
    quota = quota_of(case, year)
    assert quota is not None, "the goal's own value is a quota"
    first = first_year(case)
    first = min(years) if first is None else first
    met = sum(_met(case, one, value) for one, value in years.items())
    ratio = last.number / quota.value if quota.value else None
    working = case.working(
        overlays=preliminary(last.preliminary),
        observation=last,
        value=last.number,
        trajectory=None,
        expected=quota.value,
        progress=met / (year - first + 1),
        expected_progress=1.0,
        delivery_ratio=ratio,
        gap_to_target=number.gap_to_target(last.number, quota.value, direction),
        deviation=number.deviation(last.number, quota.value, direction),
        periods_met=met,
        periods_due=year - first + 1,
        periods_unknown=year - first + 1 - len(years),
    )
    if _met(case, year, last):
        return working, Status.ACHIEVED
    return working, by_ratio(ratio, case.method) if ratio is not None and direction > 0 else Status.OFF_TRACK


def _met(case: Case, year: int, one: Observation) -> bool:
    quota = quota_of(case, year)
    return quota is not None and quota.promise.met(one.number)


def outcome(case: Case) -> Outcome | None:
    """All years kept: achieved; one broken: missed, and no later year mends it; else one unknown: unknown."""
    due = case.due
    if due is None:
        return None
    years = complete_years(case, decisive=True)
    last, first = last_year(due), first_year(case)
    first = min(years, default=last) if first is None else first
    base = Outcome(Verdict.UNKNOWN, Status.NOT_ASSESSABLE, due, case.result_due(due))
    known = {year: one for year, one in years.items() if first <= year <= last}
    broken = [year for year, one in sorted(known.items()) if not _met(case, year, one)]
    points = points_of([one for _, one in sorted(known.items())])
    overlays = (Overlay.PROVISIONAL,) if any(one.preliminary for one in known.values()) else ()
    if broken:
        point = points_of([known[broken[0]]])[0]
        return _ended(base, Verdict.BROKEN, Status.MISSED, point, overlays)
    if len(known) == last - first + 1:
        return _ended(base, Verdict.KEPT, Status.ACHIEVED, points[-1], overlays)
    return open_or_unknown(base, points, case.as_of)


def last_year(due: date) -> int:
    """The year of the last quota, by the day on which it begins: due 2027-02-28 is the year from March 2026."""
    return (due - A_YEAR).year


def _ended(base: Outcome, verdict: Verdict, status: Status, point: Point, overlays: tuple[Overlay, ...]) -> Outcome:
    return replace(base, verdict=verdict, status=status, overlays=overlays, at=point.end, decided_by=point)


def _ending(case: Case, point: Point) -> dict:
    """Years kept out of all years, and how far the deciding one was from its quota."""
    due, direction = case.due, direction_of(case.target, case.version)
    if due is None or direction is None:
        return {}
    years = complete_years(case, decisive=True)
    first, last = first_year(case), last_year(due)
    first = min(years, default=last) if first is None else first
    known = {year: one for year, one in years.items() if first <= year <= last}
    met, of = sum(_met(case, year, one) for year, one in known.items()), last - first + 1
    quota = quota_of(case, point.source.period.start.year)
    gap = number.gap_to_target(point.value, quota.value, direction) if quota else None
    return {
        "progress": met / of,
        "gap_to_target": gap,
        "periods_met": met,
        "periods_due": of,
        "periods_unknown": of - len(known),
        "trajectory": None,
    }


RULE = KindRule(
    comparators=(Comparator.AT_LEAST, Comparator.AT_MOST),
    judge=judge,
    outcome=outcome,
    fields=frozenset({"start", "quotas"}),
    ending=_ending,
    follows_baseline=False,
)
