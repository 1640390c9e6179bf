"""Registry × observations × as_of under version 1: status, reason and overlays of every target."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from loaders.domain.model import Registry, Target, Version
from loaders.domain.observation import Observation
from loaders.domain.period import parse_period
from loaders.method1.breakdown import combined
from loaders.method1.judge import judge
from loaders.method1.judgement import Judgement
from loaders.method1.status import ASSESSED, Overlay, Status
from loaders.method1.vintage import evidence, latest_known, versions_in_force


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one target stood under version 1."""

    target: Target
    version: Version
    current: Judgement
    original: Judgement


def assess(registry: Registry, observations: Iterable[Observation], as_of: date) -> list[Verdict]:
    """Assess every target that was in force, in the registry's order."""
    by_indicator: dict[str, list[Observation]] = defaultdict(list)
    for item in observations:
        by_indicator[item.indicator].append(item)
    found = [
        _verdict(registry, target, versions, by_indicator.get(target.indicator, []), as_of)
        for target in registry.targets
        if (versions := versions_in_force(target, registry.document, as_of))
    ]
    current = {one.target.id: one.current for one in found}
    original = {one.target.id: one.original for one in found}
    return [
        replace(
            one,
            current=combined(one.current, one.target.breakdown, current, registry.method),
            original=combined(one.original, one.target.breakdown, original, registry.method),
        )
        if one.target.breakdown
        else one
        for one in found
    ]


def _verdict(
    registry: Registry, target: Target, versions: tuple[Version, ...], rows: list[Observation], as_of: date
) -> Verdict:
    known = latest_known(rows, target.series, as_of)
    found = [evidence(known, target.series, (version.scope or target.scope).id) for version in versions]
    current = judge(target, versions[-1], found[-1], as_of, registry.method)
    original = judge(target, versions[0], found[0], as_of, registry.method)
    if len(versions) > 1 and versions[0].target != versions[-1].target:
        current = replace(current, overlays=(*current.overlays, Overlay.TARGET_REVISED))
    successors = [registry.target.get(name) for name in target.superseded_by]
    if any(one is not None and versions_in_force(one, registry.document, as_of) for one in successors):
        current = replace(current, status=Status.SUPERSEDED)
    declared = [one for one in target.declared if parse_period(one.on).end <= as_of]
    if declared and current.status in ASSESSED and declared[-1].status != current.status:
        current = replace(current, overlays=(*current.overlays, Overlay.DECLARED_DIFFERS))
    return Verdict(target, versions[-1], current, original)


def record(one: Verdict) -> dict[str, Any]:
    """One flat record: what version 1 said."""
    now = one.current
    return {
        "id": one.target.id,
        "version": one.version.document,
        "kind": one.target.kind.value,
        "status": now.status.value,
        "reason": now.reason.value if now.reason else None,
        "overlays": [overlay.value for overlay in now.overlays],
        "original": {"status": one.original.status.value},
    }
