"""How goals moved from one document to the next: both ways, from a document and from a target.

A goal lives on in two ways. The same goal in a later document is a later version of its target; a
different measure of a similar aim is another target, joined by a relation that says what changed.
Everything here is built on assessments, so only what had been issued by their day is seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from loaders.assessment import Assessment
from loaders.domain.model import Document, Registry, Relation, Version


@dataclass(frozen=True, slots=True)
class Link:
    """A target that measures a similar aim, and the sentence on how it differs."""

    item: Assessment
    relation: Relation | None
    """None where the one replaced the other: the aim itself lives on."""


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal of one document and what became of it."""

    item: Assessment
    version: Version
    """As this document states it."""
    later: tuple[Version, ...]
    """The same goal in later documents, oldest first."""
    successors: tuple[Link, ...]
    """Similar aims that later documents measure differently."""


def neighbours(item: Assessment, found: Mapping[str, Assessment]) -> list[Link]:
    """Related targets in both directions, and what replaced or was replaced by it, split or merged.

    A relation is stated once and holds both ways.
    """
    links = [Link(found[one.target], one) for one in item.target.related if one.target in found]
    handed = [found[name] for name in item.target.superseded_by if name in found]
    handed += [other for other in found.values() if item.id in other.target.superseded_by]
    related = {link.item.id for link in links}
    links += [Link(other, None) for other in handed if other.id not in related]
    named = {link.item.id for link in links}
    links += [
        Link(other, one)
        for other in found.values()
        for one in other.target.related
        if one.target == item.id and other.id not in named
    ]
    return links


def goals_of(document: Document, registry: Registry, assessments: Sequence[Assessment]) -> list[Goal]:
    """Goals that ``document`` states, in the order of its lines."""
    found = {item.id: item for item in assessments}
    issued = {one.id: one.issued_period.end for one in registry.documents}

    def successors(item: Assessment) -> tuple[Link, ...]:
        later = [one for one in neighbours(item, found) if issued[one.item.versions[0].document] > issued[document.id]]
        return tuple(sorted(later, key=lambda one: issued[one.item.versions[0].document]))

    goals = [
        Goal(item, version, item.versions[number + 1 :], successors(item))
        for item in assessments
        for number, version in enumerate(item.versions)
        if version.document == document.id
    ]
    return sorted(goals, key=lambda goal: goal.version.lines)


def issued_documents(registry: Registry, assessments: Iterable[Assessment]) -> list[Document]:
    """Documents that state a goal in force, oldest first."""
    used = {version.document for item in assessments for version in item.versions}
    return sorted((one for one in registry.documents if one.id in used), key=lambda one: one.issued_period.end)


def moved(assessments: Iterable[Assessment]) -> list[Assessment]:
    """Targets whose goalposts stood somewhere else before: another value, due date or scope."""
    return [item for item in assessments if len(_goals(item)) > 1]


def confirmed(assessments: Iterable[Assessment]) -> list[Assessment]:
    """Targets that a later document repeated without moving them."""
    return [item for item in assessments if len(item.versions) > 1 and len(_goals(item)) == 1]


def _goals(item: Assessment) -> set[tuple[object, ...]]:
    """The distinct goals that the versions of ``item`` set."""
    return {
        (
            goal and (goal.value, goal.low, goal.high, goal.due, goal.comparator),
            (version.scope or item.target.scope).id,
        )
        for version in item.versions
        for goal in (version.target,)
    }


def threads(registry: Registry, assessments: Sequence[Assessment]) -> list[tuple[Assessment, ...]]:
    """Groups of targets that relations join across documents, each by the day of its first document."""
    found = {item.id: item for item in assessments}
    issued = {one.id: one.issued_period.end for one in registry.documents}
    joined: dict[str, set[str]] = {}
    for item in assessments:
        for one in neighbours(item, found):
            if one.item.versions[0].document != item.versions[0].document:
                joined.setdefault(item.id, set()).add(one.item.id)
    groups, seen = [], set()
    for start in joined:
        if start in seen:
            continue
        group, waiting = [], [start]
        while waiting:
            name = waiting.pop()
            if name not in seen:
                seen.add(name)
                group.append(found[name])
                waiting += joined[name]
        groups.append(tuple(sorted(group, key=lambda item: (issued[item.versions[0].document], item.id))))
    return groups


def unfollowed(registry: Registry, assessments: Sequence[Assessment]) -> dict[str, list[Assessment]]:
    """Goals by document that no later one takes up, in the same words or in others; the latest document has none.

    Announcements carry out a strategy and follow no other; they are left out.
    """
    texts = [one for one in issued_documents(registry, assessments) if one.type != "announcement"]
    return {
        document.id: [
            goal.item for goal in goals_of(document, registry, assessments) if not goal.later and not goal.successors
        ]
        for document in texts[:-1]
    }
