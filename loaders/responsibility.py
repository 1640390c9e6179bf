"""Who answers for a goal and who publishes its statistic, on a given day.

The two are never the same by default: an index of a foreign institute is owed by that institute and
by no ministry. Ministries are renamed, split and merged; a goal keeps the one that its entry names,
and the day decides who that is.
"""

from __future__ import annotations

from datetime import date

from loaders.domain.model import Ministry, Registry, Target, Text
from loaders.domain.period import parse_period


def publisher(target: Target) -> Text | None:
    """Who publishes the statistic; None where the registry does not say."""
    return target.series.producer if target.series else None


def answering(target: Target) -> str | None:
    """The ministry that answers for a goal: its lead, else the one named where the document names none."""
    if target.lead is not None:
        return target.lead
    return target.answers.ministry if target.answers else None


def of_the_day(registry: Registry, name: str, day: date) -> list[Ministry]:
    """Who ``name`` was on ``day``: itself, those it came from, or those that took its duties over."""
    found = registry.ministry.get(name)
    if found is None:
        return []
    if found.from_ is not None and day < parse_period(found.from_).start:
        return _walk(registry, found, day, [one for one in registry.ministries if found.id in one.successors])
    if found.until is not None and day > parse_period(found.until).end:
        return _walk(
            registry, found, day, [registry.ministry[one] for one in found.successors if one in registry.ministry]
        )
    return [found]


def _after(registry: Registry, found: Ministry) -> list[Ministry]:
    return [registry.ministry[name] for name in found.successors if name in registry.ministry]


def _walk(registry: Registry, found: Ministry, day: date, ahead: list[Ministry]) -> list[Ministry]:
    """The ministries of ``day`` among ``ahead`` or beyond them in the same direction; itself where none is known."""
    seen, there = {found.id}, []
    while ahead:
        one = ahead.pop(0)
        if one.id in seen:
            continue
        seen.add(one.id)
        before = one.from_ is not None and day < parse_period(one.from_).start
        after = one.until is not None and day > parse_period(one.until).end
        if not before and not after:
            there.append(one)
        elif after:
            ahead += _after(registry, one)
        else:
            ahead += [other for other in registry.ministries if one.id in other.successors]
    return there or [found]


def responsible(registry: Registry, target: Target, day: date) -> set[str]:
    """Ids of the ministries to which a goal's duties belong on ``day``: who answers for it and who takes part."""
    named = [name for name in (answering(target), *target.with_) if name is not None]
    return {one.id for name in named for one in of_the_day(registry, name, day)} | set(named)
