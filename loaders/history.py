"""How one target stood on every day on which something could change it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from loaders.assessment import Assessment, assess
from loaders.domain.method.case import due_date
from loaders.domain.method.outcome import result_due
from loaders.domain.model import Registry, Target, Version
from loaders.domain.observation import Observation
from loaders.domain.period import parse_period, release_due

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time during which the status and its reason stayed the same."""

    since: date
    item: Assessment
    """As judged on its first day."""


def history(registry: Registry, observations: Iterable[Observation], target: Target, until: date) -> list[Stretch]:
    """Stretches of one status each up to ``until``, oldest first, as they were known at the time."""
    small = _around(registry, target)
    names = {one.indicator for one in small.targets}
    rows = [row for row in observations if row.indicator in names]
    found: list[Stretch] = []
    for day in sorted(_days(registry, target, rows)):
        if day > until:
            break
        item = next((one for one in assess(small, rows, day) if one.id == target.id), None)
        if item is None:
            continue
        last = found[-1].item.current if found else None
        if last is None or (last.status, last.reason) != (item.current.status, item.current.reason):
            found.append(Stretch(day, item))
    return found


def _around(registry: Registry, target: Target) -> Registry:
    """The registry with only the target, its parts and the one that replaced it."""
    names = {target.id, *target.superseded_by}
    names |= {child.target for child in target.breakdown.children} if target.breakdown else set()
    return registry.model_copy(update={"targets": [one for one in registry.targets if one.id in names]})


def _days(registry: Registry, target: Target, rows: Iterable[Observation]) -> set[date]:
    """Days on which something became known, fell due or went stale."""
    days = {registry.document[version.document].issued_period.end for version in target.versions}
    for name in target.superseded_by:
        successor = registry.target.get(name)
        versions = successor.versions if successor else []
        days |= {registry.document[version.document].issued_period.end for version in versions}
    for version in target.versions:
        days |= _days_of(registry, target, version, rows)
    series = target.series
    for row in rows:
        days.add(row.opens)
        if series is not None:
            expected = [
                release_due(row.period.end, series.frequency, series.release_lag_days, series.grace_days, nth)
                for nth in (1, 2)
            ]
            days |= {due + DAY for due in expected if due is not None}
    return days


def _days_of(registry: Registry, target: Target, version: Version, rows: Iterable[Observation]) -> set[date]:
    """Days on which a version comes into force, falls due, and on which its result was expected."""
    days = {parse_period(version.start).start} if version.start else set()
    due = due_date(version)
    if due is None:
        return days
    ends = [None, *(row.period.end for row in rows)]
    results = {result_due(due, target.series, end, registry.site.year_starts) for end in ends}
    return days | {due + DAY} | {day + DAY for day in results}
