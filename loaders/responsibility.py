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


def answering_on(registry: Registry, target: Target, day: date) -> list[Ministry]:
    """The ministries that answer for a goal on ``day``: after a split both; none where nobody is named."""
    name = answering(target)
    return of_the_day(registry, name, day) if name is not None else []


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
    """Ids of the ministries to which a goal's duties belong on ``day``: who answers for it and who takes part.

    Those that came before keep them beside their successors, so that an account of a ministry that
    has ended works until somebody changes it; one that does not exist yet has none.
    """
    named = [name for name in (answering(target), *target.with_) if name is not None]
    return {one for name in named for one in _line(registry, name, day)}


def may_enter(registry: Registry, target: Target, ministry: str | None, day: date) -> bool:
    """True where people of ``ministry`` may hand in values for a goal on ``day``: the desk's one rule."""
    return ministry is not None and ministry in responsible(registry, target, day)


def owes(registry: Registry, target: Target, day: date) -> list[Ministry]:
    """The ministries that owe a goal's statistic on ``day``.

    Those that answer for it and that the registry names as its producer, or that answer where it names
    no producer; nobody for an index that an institute publishes.
    """
    found, producer = answering_on(registry, target, day), publisher(target)
    if producer is None:
        return found
    return [one for one in found if _names(one) & _words(producer.ko)]


def _names(one: Ministry) -> set[str]:
    return {text.ko for text in (one.name, one.short) if text is not None}


def _words(text: str) -> set[str]:
    """The words of a producer's name, which separates several agencies by a dot or a comma."""
    return set(text.replace("·", " ").replace(",", " ").replace(":", " ").split())


def _line(registry: Registry, name: str, day: date) -> set[str]:
    """``name`` with all that took its duties over by ``day``, and where it was not there yet those before it."""
    found, line, ahead = registry.ministry.get(name), {name}, []
    if found is None:
        return line
    ahead = [found]
    while ahead:
        one = ahead.pop()
        line.add(one.id)
        if one.until is not None and day > parse_period(one.until).end:
            ahead += [other for other in _after(registry, one) if other.id not in line]
    begun = {one for one in line if not _not_yet(registry.ministry.get(one), day)}
    return begun or {one.id for one in of_the_day(registry, name, day)}


def _not_yet(one: Ministry | None, day: date) -> bool:
    return one is not None and one.from_ is not None and day < parse_period(one.from_).start
