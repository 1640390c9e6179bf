"""Registry × observations × as_of: the one tidy result that every surface reads.

`assess` gives one `Assessment` per target that was in force on the day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from loaders.breakdown import combined
from loaders.domain.method.flip import FlipPoints, flip_points
from loaders.domain.method.gate import Freshness, freshness
from loaders.domain.method.judgement import Judgement
from loaders.domain.method.projection import Bounds, Projection, Unprojected, project
from loaders.domain.method.status import ASSESSED, LATENESS, Group, Overlay, Status
from loaders.domain.model import Breakdown, Declared, Kind, Registry, Target, Version
from loaders.domain.observation import Observation
from loaders.domain.period import parse_period
from loaders.domain.vintage import Evidence, Issued, versions_issued
from loaders.standing import Judge, Standing, standings


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
    as_of: date
    """The day that it is told for: what was known by then."""
    projection: Projection | Unprojected = Unprojected.NO_VALUE
    """Where the series goes if it goes on as before, or why that is not said."""
    flips: FlipPoints | None = None
    """What the next release would mean."""
    declared: Declared | None = None
    """The latest status that the ministry declared."""
    standings: tuple[Standing, ...] = ()
    """Every version that states a goal, with the outcome of its own."""

    @property
    def id(self) -> str:
        """The target's id."""
        return self.target.id

    @property
    def status(self) -> Status:
        """Status against the version in force."""
        return self.current.status

    @property
    def group(self) -> Group:
        """The one group of counts that it is in."""
        return self.current.group

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
        issued = versions_issued(target, registry.document, as_of)
        if issued:
            results.append(_assess(registry, target, issued, by_indicator.get(target.indicator, []), as_of))
    return _with_parts(results, registry)


def _with_parts(results: list[Assessment], registry: Registry) -> list[Assessment]:
    """Breakdowns follow from their parts; a breakdown is never the part of another."""
    if not any(item.target.breakdown for item in results):
        return results
    current = {item.id: item.current for item in results}
    original = {item.id: item.original for item in results}
    return [
        _whole(item, item.target.breakdown, current, original, registry) if item.target.breakdown else item
        for item in results
    ]


def _whole(
    item: Assessment,
    parts: Breakdown,
    current: Mapping[str, Judgement],
    original: Mapping[str, Judgement],
    registry: Registry,
) -> Assessment:
    now = combined(item.current, parts, current, registry.target, registry.method)
    last = [replace(one, judgement=now) for one in item.standings[-1:]]
    return replace(
        item,
        current=now,
        original=combined(item.original, parts, original, registry.target, registry.method),
        standings=(*item.standings[:-1], *last),
    )


def _assess(
    registry: Registry, target: Target, issued: tuple[Issued, ...], rows: list[Observation], as_of: date
) -> Assessment:
    bounds = bounds_of(registry, target)
    ask = Judge(registry, target, rows, bounds, registry.method)
    stand = standings(ask, issued, as_of)
    versions = tuple(one.version for one in issued)
    found = ask.evidence(versions[-1], as_of)
    current = stand[-1].judgement if stand else ask.judged(issued, as_of, found)
    original = ask.judged(issued[:1], as_of)
    if len(versions) > 1 and versions[0].target != versions[-1].target:
        current = replace(current, overlays=(*current.overlays, Overlay.TARGET_REVISED))
    declared = [one for one in target.declared if parse_period(one.on).end <= as_of]
    if declared and current.status in ASSESSED and declared[-1].status != current.status:
        current = replace(current, overlays=(*current.overlays, Overlay.DECLARED_DIFFERS))
    state: tuple[Freshness | None, date | None] = (None, None)
    if target.series is not None and found.latest is not None:
        state = freshness(found.latest, target.series, as_of)
    year_starts = registry.site.year_starts
    return Assessment(
        target,
        versions[-1],
        versions,
        current,
        original,
        found,
        *state,
        as_of,
        projection=_projection(registry, target, current, found),
        flips=flip_points(target, issued, found, current, as_of, registry.method, bounds, year_starts=year_starts),
        declared=declared[-1] if declared else None,
        standings=stand,
    )


def _projection(registry: Registry, target: Target, now: Judgement, found: Evidence) -> Projection | Unprojected:
    """The projection of a level; None of the other kinds has one (METHOD)."""
    if target.kind is not Kind.LEVEL:
        return Unprojected.KIND
    if now.outcome is not None:
        return Unprojected.DATE_PASSED
    if not found.points or now.value is None:
        return Unprojected.NO_VALUE
    if now.trajectory is None:
        return Unprojected.NO_PATH
    points = [(point.tau, point.number) for point in found.since_break()]
    bounds = bounds_of(registry, target)
    return project(points, now.trajectory.target, now.direction or 1, registry.method.damping, bounds)


def bounds_of(registry: Registry, target: Target) -> Bounds:
    """Natural bounds of the target's unit."""
    unit = registry.unit.get(target.unit)
    return unit.bounds if unit else (None, None)


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
