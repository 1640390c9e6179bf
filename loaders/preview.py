"""What a value would mean if it were released today: the target before and after.

Nothing is cached and nothing is written, because a value that is not released must leave no trace.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from loaders.assessment import Assessment, assess
from loaders.domain.model import Registry
from loaders.domain.observation import Observation


class Preview(NamedTuple):
    """One target without and with the proposed value."""

    before: Assessment
    after: Assessment
    wholes: tuple[tuple[Assessment, Assessment], ...] = ()
    """The same, before and after, of each target that this one is a part of."""


def preview(
    registry: Registry, observations: Iterable[Observation], target_id: str, proposed: Observation, as_of: date
) -> Preview:
    """The target as it stands on ``as_of`` and as it would with ``proposed`` known that day.

    Raises
    ------
    KeyError
        where no version of the target is in force on ``as_of``.
    """
    small = reduced(registry, target_id)
    indicators = {one.indicator for one in small.targets}
    known = [one for one in observations if one.indicator in indicators]
    # Known today, and the last word on its day: it revises what is already known of its period.
    new = replace(proposed, known=as_of, published=min(proposed.published, as_of), corrects=True)
    before = {one.id: one for one in assess(small, known, as_of)}
    after = {one.id: one for one in assess(small, [*known, new], as_of)}
    wholes = tuple((before[one], after[one]) for one in _wholes(small, target_id) if one in before)
    return Preview(before[target_id], after[target_id], wholes)


def reduced(registry: Registry, target_id: str) -> Registry:
    """The registry with one target, its successor, its parts, its wholes and their parts; all else as it is."""
    wholes = _wholes(registry, target_id)
    kept = {target_id, *registry.target[target_id].superseded_by, *wholes}
    for one in (target_id, *wholes):
        parts = registry.target[one].breakdown
        kept |= {child.target for child in parts.children} if parts else set()
    targets = [one for one in registry.targets if one.id in kept]
    # Built anew: a copy would carry the original's lookup tables along.
    fields = {name: getattr(registry, name) for name in Registry.model_fields if name != "targets"}
    return Registry.model_construct(targets=targets, **fields)


def _wholes(registry: Registry, target_id: str) -> list[str]:
    return [
        one.id
        for one in registry.targets
        if one.breakdown and any(child.target == target_id for child in one.breakdown.children)
    ]
