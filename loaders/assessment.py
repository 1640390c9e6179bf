"""Registry × observations × as_of: the one tidy result that every surface reads.

`assess` gives one `Assessment` per target that was in force on the day; `record` turns it into the
flat dictionary of the command line's JSON (DESIGN, "Contracts"), whose numbers are not rounded and
whose undefined numbers are None; `frame` is the same as a table.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from loaders.breakdown import combined
from loaders.domain.method.flip import FlipPoints, flip_points
from loaders.domain.method.gate import Freshness, freshness
from loaders.domain.method.judge import judge
from loaders.domain.method.judgement import Judgement
from loaders.domain.method.projection import Bounds, Projection, Unprojected, project
from loaders.domain.method.status import ASSESSED, LATENESS, Overlay, Status
from loaders.domain.model import Declared, Kind, Registry, Target, Version
from loaders.domain.observation import Observation
from loaders.domain.period import parse_period
from loaders.domain.vintage import Evidence, evidence, latest_known, versions_in_force
from loaders.undefined import undefined

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Assessment:
    """How one target stood on one day, against its current and its original version."""

    target: Target
    version: Version
    """The version in force."""
    versions: tuple[Version, ...]
    """All versions issued by the day, oldest first."""
    current: Judgement
    original: Judgement
    """Judged against the first version, as if nothing had been revised since."""
    evidence: Evidence
    freshness: Freshness | None
    """None without a value."""
    next_release: date | None
    """Day by which the next release is expected."""
    projection: Projection | Unprojected = Unprojected.NO_VALUE
    """Where the series goes if it goes on as before, or why that is not said."""
    flips: FlipPoints | None = None
    """What the next release would mean."""
    declared: Declared | None = None
    """The latest status that the ministry declared."""

    @property
    def id(self) -> str:
        """The target's id."""
        return self.target.id

    @property
    def status(self) -> Status:
        """Status against the version in force."""
        return self.current.status

    @property
    def due_year(self) -> int | None:
        """Year of the due date, None without one."""
        goal = self.version.target
        return parse_period(goal.due).end.year if goal and goal.due else None


def assess(registry: Registry, observations: Iterable[Observation], as_of: date) -> list[Assessment]:
    """Assess every target whose first document had been issued by ``as_of``, in the registry's order."""
    by_indicator: dict[str, list[Observation]] = defaultdict(list)
    for item in observations:
        by_indicator[item.indicator].append(item)
    results = []
    for target in registry.targets:
        versions = versions_in_force(target, registry.document, as_of)
        if versions:
            results.append(_assess(registry, target, versions, by_indicator.get(target.indicator, []), as_of))
    return _with_parts(results, registry)


def _with_parts(results: list[Assessment], registry: Registry) -> list[Assessment]:
    """Breakdowns follow from their parts; a breakdown is never the part of another."""
    if not any(item.target.breakdown for item in results):
        return results
    current = {item.id: item.current for item in results}
    original = {item.id: item.original for item in results}
    return [
        replace(
            item,
            current=combined(item.current, item.target.breakdown, current, registry.method),
            original=combined(item.original, item.target.breakdown, original, registry.method),
        )
        if item.target.breakdown
        else item
        for item in results
    ]


def _assess(
    registry: Registry, target: Target, versions: tuple[Version, ...], rows: list[Observation], as_of: date
) -> Assessment:
    known = latest_known(rows, target.series, as_of)
    found = [evidence(known, target.series, (version.scope or target.scope).id) for version in versions]
    current = judge(target, versions[-1], found[-1], as_of, registry.method)
    original = judge(target, versions[0], found[0], as_of, registry.method)
    if len(versions) > 1 and versions[0].target != versions[-1].target:
        current = replace(current, overlays=(*current.overlays, Overlay.TARGET_REVISED))
    if any(_in_force(registry, name, as_of) for name in target.superseded_by):
        current = replace(current, status=Status.SUPERSEDED)
    declared = [one for one in target.declared if parse_period(one.on).end <= as_of]
    if declared and current.status in ASSESSED and declared[-1].status != current.status:
        current = replace(current, overlays=(*current.overlays, Overlay.DECLARED_DIFFERS))
    state: tuple[Freshness | None, date | None] = (None, None)
    if target.series is not None and found[-1].latest is not None:
        state = freshness(found[-1].latest, target.series, as_of)
    return Assessment(
        target,
        versions[-1],
        versions,
        current,
        original,
        found[-1],
        *state,
        projection=_projection(registry, target, current, found[-1]),
        flips=flip_points(target, versions[-1], current, registry.method, _bounds(registry, target)),
        declared=declared[-1] if declared else None,
    )


def _projection(registry: Registry, target: Target, now: Judgement, found: Evidence) -> Projection | Unprojected:
    """The projection of a level; None of the other kinds has one (METHOD)."""
    if target.kind is not Kind.LEVEL:
        return Unprojected.KIND
    if not found.points or now.value is None:
        return Unprojected.NO_VALUE
    if now.trajectory is None:
        return Unprojected.NO_PATH
    points = [(point.tau, point.value) for point in found.since_break()]
    bounds = _bounds(registry, target)
    return project(points, now.trajectory.target, now.direction or 1, registry.method.damping, bounds)


def _bounds(registry: Registry, target: Target) -> Bounds:
    unit = registry.unit.get(target.unit)
    return unit.bounds if unit else (None, None)


def _in_force(registry: Registry, target_id: str, as_of: date) -> bool:
    successor = registry.target.get(target_id)
    return successor is not None and bool(versions_in_force(successor, registry.document, as_of))


def tally(assessments: Iterable[Assessment]) -> dict[Status, int]:
    """Counts per status, every status present: N targets are the sum (METHOD, "Adding up")."""
    counts = dict.fromkeys(LATENESS, 0)
    for item in assessments:
        counts[item.status] += 1
    return counts


def late_first(assessments: Sequence[Assessment]) -> list[Assessment]:
    """The same, late ones first, within a status the largest delay first."""
    order = {status: place for place, status in enumerate(LATENESS)}
    return sorted(assessments, key=lambda one: (order[one.status], one.current.months or 0.0))


def record(item: Assessment) -> dict[str, Any]:
    """One flat record with the contract's fields; an undefined number is None."""
    now, goal, start = item.current, item.version.target, item.version.baseline
    seen = now.observation
    found: dict[str, Any] = {
        "id": item.id,
        "version": item.version.document,
        "kind": item.target.kind.value,
        "status": now.status.value,
        "reason": now.reason.value if now.reason else None,
        "overlays": [overlay.value for overlay in now.overlays],
        "baseline": start.value if start else None,
        "target": goal.value if goal else None,
        "due": parse_period(goal.due).end.isoformat() if goal and goal.due else None,
        "observation": {"period": seen.period.text, "value": seen.value, "tau": seen.tau} if seen else None,
        "expected": now.expected,
        "progress": now.progress,
        "expected_progress": now.expected_progress,
        "delivery_ratio": now.delivery_ratio,
        "gap_to_target": now.gap_to_target,
        "deviation": now.deviation,
        "months": now.months,
        "required_pace_next": now.required_pace_next,
        "required_pace_final": now.required_pace_final,
        "recent_pace": now.recent_pace,
        "acceleration": now.acceleration,
        "crosscheck": {
            "eurostat_ratio": now.crosscheck.eurostat_ratio,
            "eurostat_band": now.crosscheck.eurostat_band,
            "unsd_share": now.crosscheck.unsd_share,
            "unsd_band": now.crosscheck.unsd_band,
        },
        "projection": _projected(item.projection),
        "original": {"status": item.original.status.value},
    }
    return found | {"undefined": undefined(item, found)}


def _projected(found: Projection | Unprojected) -> dict[str, Any]:
    if isinstance(found, Unprojected):
        return {"at": None, "centre": None, "low": None, "high": None, "verdict": None}
    return {
        "at": found.at,
        "centre": found.centre,
        "low": found.low,
        "high": found.high,
        "verdict": found.verdict.value,
    }


def frame(assessments: Iterable[Assessment]) -> pd.DataFrame:
    """The records as a table, one row per target, nested fields joined by a dot."""
    import pandas as pd

    return pd.json_normalize([record(item) for item in assessments])
