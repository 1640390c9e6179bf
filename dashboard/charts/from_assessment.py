"""The chart of one assessment: its path, versions, values, breaks, projection and flip points."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

from dashboard.charts.data import Beside, Break, ChartData, Outlook, Path, Point, Tick
from loaders.alternatives import Reading
from loaders.assessment import Assessment
from loaders.domain.method.kinds.cumulative import accumulate
from loaders.domain.method.kinds.table import promised_path
from loaders.domain.method.projection import Bounds, Unprojected
from loaders.domain.method.trajectory import Node
from loaders.domain.model import Kind, Version
from loaders.domain.observation import Observation
from loaders.domain.period import decimal_year, parse_period
from loaders.path_names import path_name


def chart_data(
    item: Assessment,
    as_of: date,
    bounds: Bounds = (None, None),
    language: str = "ko",
    beside: Sequence[Reading] = (),
) -> ChartData:
    """The chart of an assessment made for ``as_of``.

    ``bounds`` are those of the target's unit; ``beside`` are other statistics, of which those of the
    same unit are drawn.
    """
    target, goal = item.target, item.version.target
    total = target.kind is Kind.CUMULATIVE
    ranked = target.measure == "rank" or target.kind is Kind.RANK
    points = _totals(item) if total else [_point(one) for one in item.evidence.points]
    # A flow of another scope would read as a total on the axis of a total.
    others = () if total else tuple(_point(one) for one in item.evidence.others)
    return ChartData(
        item.status,
        _path(item, item.version),
        tuple(path for version in item.versions[:-1] if (path := _path(item, version) or _goal_only(version))),
        goal.value if goal else None,
        parse_period(goal.due).tau if goal and goal.value is not None and goal.due else None,
        _runs(points, item.evidence.breaks),
        others,
        _breaks(item, [point.tau for point in (*points, *others)]),
        decimal_year(as_of),
        ranked,
        target.integer,
        not ranked and target.measure in ("stock", "flow"),
        bounds,
        (goal.low, goal.high) if goal and goal.low is not None and goal.high is not None else None,
        target.kind is Kind.RECURRING,
        _outlook(item),
        _ticks(item),
        tuple(step.name(language) for step in sorted(item.version.steps, key=lambda one: one.due or "") if step.due),
        beside=_beside(item, beside, language),
    )


UNDRAWN = (Kind.CUMULATIVE, Kind.RECURRING, Kind.BINARY, Kind.LADDER, Kind.BREAKDOWN)
"""Kinds on whose axis another statistic would read as what it is not: a total, a yearly bar, a share done."""


def _beside(item: Assessment, found: Sequence[Reading], language: str) -> tuple[Beside, ...]:
    if item.target.kind in UNDRAWN:
        return ()
    alike = [one for one in found if one.same_unit]
    return tuple(
        Beside(number, one.other.name(language), tuple(_point(value) for value in one.values))
        for number, one in enumerate(alike, 1)
    )


OUTLOOK_STEPS = 12


def _outlook(item: Assessment) -> Outlook | None:
    found = item.projection
    if isinstance(found, Unprojected):
        return None
    walk = found.drift
    taus = [walk.last.tau + (found.at - walk.last.tau) * step / OUTLOOK_STEPS for step in range(OUTLOOK_STEPS + 1)]
    points = tuple((tau, *found.ends(tau)) for tau in taus)
    return Outlook(points, walk.last.tau + walk.points * walk.years / (walk.points - 1))


def _ticks(item: Assessment) -> tuple[Tick, ...]:
    """Flip points; those of a total are left to the table, where their meaning has room."""
    if item.flips is None or item.target.kind is Kind.CUMULATIVE:
        return ()
    return tuple(Tick(item.flips.tau, one.value, one.status) for one in item.flips.flips if one.value is not None)


def _path(item: Assessment, version: Version) -> Path | None:
    trajectory = promised_path(item.target, version)
    if trajectory is None:
        return None
    shape = "step" if item.target.kind is Kind.RANK else trajectory.path
    return Path(version.document, trajectory.nodes, shape, path_name(item.target, version))


def _goal_only(version: Version) -> Path | None:
    goal = version.target
    if goal is None or goal.value is None or goal.due is None:
        return None
    return Path(version.document, (Node(parse_period(goal.due).tau, goal.value),))


def _breaks(item: Assessment, taus: list[float]) -> tuple[Break, ...]:
    """Breaks with a value on either side; a baseline is a value too."""
    start = item.version.baseline
    known = [*taus, parse_period(start.period).tau] if start else taus
    series = item.target.series
    notes = {parse_period(one.period).begins: one.note for one in series.breaks} if series else {}
    found = []
    for begins in item.evidence.breaks:
        older, newer = [one for one in known if one <= begins], [one for one in known if one > begins]
        if older and newer:
            # Half a year before the first new value, or closer where the old values reach further.
            first = min(newer)
            found.append(Break(begins, max((max(older) + first) / 2, first - 0.5), notes.get(begins)))
    return tuple(found)


def _point(one: Observation) -> Point:
    return Point(one.tau, one.value, one.period.text, one.preliminary, one.sources[0][0])


def _totals(item: Assessment) -> list[Point]:
    """Running totals, one for each flow of the unbroken run from the start to the due date."""
    goal = item.version.target
    end = parse_period(goal.due).tau if goal and goal.due else math.inf
    found = [point for point in item.evidence.points if point.tau <= end]
    points: list[Point] = []
    for count in range(1, len(found) + 1):
        total = accumulate(item.version, found[:count])
        if total is not None and total.tau is not None and (not points or total.tau > points[-1].tau):
            last = found[count - 1]
            points.append(Point(total.tau, total.value, last.period.text, total.preliminary, last.sources[0][0]))
    return points


def _runs(points: list[Point], breaks: tuple[float, ...]) -> tuple[tuple[Point, ...], ...]:
    runs: list[list[Point]] = []
    for point in points:
        before = runs[-1][-1].tau if runs else None
        if before is None or any(before <= begins < point.tau for begins in breaks):
            runs.append([])
        runs[-1].append(point)
    return tuple(tuple(run) for run in runs)
