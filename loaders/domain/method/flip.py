"""Flip points: the values of the next release at which the status would change, known in advance.

Published before the value is, so that nobody can say afterwards that the bar was moved.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from loaders.domain.method.judgement import Judgement
from loaders.domain.method.kinds.cumulative import planned_path
from loaders.domain.method.projection import Bounds
from loaders.domain.method.status import (
    Status,
    cumulative_status,
    level_status,
    limit_status,
    maintain_status,
    rank_status,
)
from loaders.domain.method.trajectory import TOLERANCE, Trajectory
from loaders.domain.model import Kind, Method, Target, Version
from loaders.domain.period import FREQUENCY_MONTHS, add_months, decimal_year

MOST_PLACES = 400
"""More countries than any index ranks."""


@dataclass(frozen=True, slots=True)
class Flip:
    """A status and the value from which on it would hold, worst status first."""

    status: Status
    value: float | None
    """First value with this status, coming from the bad side; None: every value worse than the next flip."""


@dataclass(frozen=True, slots=True)
class FlipPoints:
    """What the next release would mean."""

    tau: float
    """End of the next reference period as a decimal year."""
    flips: tuple[Flip, ...]


def flip_points(
    target: Target, version: Version, now: Judgement, method: Method, bounds: Bounds = (None, None)
) -> FlipPoints | None:
    """Flip points for the release after the judged one; None where no next release or no status is defined.

    ``bounds`` are the natural bounds of the unit: a status that only values beyond them would have is
    left out, because such a value cannot be published (there are no fewer than 0 companies).
    """
    found = _flip_points(target, version, now, method)
    direction = now.direction or 1
    worst = bounds[0] if direction > 0 else bounds[1]
    if found is None or worst is None:
        return found
    return replace(found, flips=_possible(found.flips, worst, direction))


def _possible(flips: tuple[Flip, ...], worst: float, direction: int) -> tuple[Flip, ...]:
    """The flips that values from ``worst`` on can reach; the first of them begins there."""
    reached = [one for one in flips if one.value is None or direction * (one.value - worst) <= TOLERANCE]
    return (Flip(reached[-1].status, worst), *flips[len(reached) :]) if len(reached) > 1 else flips


def _flip_points(target: Target, version: Version, now: Judgement, method: Method) -> FlipPoints | None:
    series, seen, goal = target.series, now.observation, version.target
    if series is None or seen is None or goal is None or now.status is Status.NOT_ASSESSABLE:
        return None
    months = FREQUENCY_MONTHS.get(series.frequency)
    if months is None:
        return None
    tau = decimal_year(add_months(seen.period.end, months))
    path = now.trajectory
    if target.kind is Kind.LEVEL and path is not None:
        return FlipPoints(tau, _level(path, tau, seen.epsilon, method))
    if target.kind is Kind.RANK and path is not None:
        return FlipPoints(tau, _places(lambda place: rank_status(path, place, tau), path))
    if target.kind in (Kind.MAINTAIN, Kind.LIMIT) and goal.value is not None and now.direction is not None:
        return FlipPoints(tau, _kept(target.kind, version, goal.value, now.direction))
    if target.kind is Kind.CUMULATIVE and goal.value is not None:
        return _total(version, tau, goal.value, seen.epsilon, method)
    return None


def _level(path: Trajectory, tau: float, epsilon: float, method: Method) -> tuple[Flip, ...]:
    start, way_due = path.baseline.value, path.expected(tau) - path.baseline.value
    edges = [start - path.direction * epsilon, path.target.value]
    edges += [start + share * way_due for share in (method.needs_acceleration, method.on_track)]
    if path.integer:
        edges = [_whole(edge, path.direction) for edge in edges]
    return _scan(lambda value: level_status(path, value, tau, epsilon, method), edges, path.direction, path.integer)


def _whole(value: float, direction: int) -> float:
    """The nearest whole number on the good side."""
    return float(math.ceil(value - TOLERANCE) if direction > 0 else math.floor(value + TOLERANCE))


def _scan(
    status_at: Callable[[float], Status], edges: Sequence[float], direction: int, whole: bool = False
) -> tuple[Flip, ...]:
    """Statuses from the bad side to the good one, each with its first value."""
    ordered = sorted(set(edges), key=lambda edge: direction * edge)
    step = 1.0 if whole else 1e-6 * max(1.0, abs(ordered[0]), abs(ordered[-1]))
    flips = [Flip(status_at(ordered[0] - direction * step), None)]
    for edge in ordered:
        status = status_at(edge)
        if status is not flips[-1].status:
            flips.append(Flip(status, edge))
    return tuple(flips)


def _places(status_at: Callable[[float], Status], path: Trajectory) -> tuple[Flip, ...]:
    worst = int(max(node.value for node in path.nodes)) + 2
    places = range(min(worst, MOST_PLACES), 0, -1)
    flips = [Flip(status_at(places[0]), None)]
    for place in places[1:]:
        status = status_at(place)
        if status is not flips[-1].status:
            flips.append(Flip(status, float(place)))
    return tuple(flips)


def _kept(kind: Kind, version: Version, goal: float, direction: int) -> tuple[Flip, ...]:
    def status_at(value: float) -> Status:
        margin = direction * (value - goal)
        return limit_status(margin) if kind is Kind.LIMIT else maintain_status(margin, version.buffer)

    edges = [goal] + ([goal + direction * version.buffer] if version.buffer and kind is Kind.MAINTAIN else [])
    return _scan(status_at, edges, direction)


def _total(version: Version, tau: float, promised: float, epsilon: float, method: Method) -> FlipPoints | None:
    plan = planned_path(version)
    if plan is None or tau > plan.target.tau + TOLERANCE:
        return None
    planned = plan.at(tau)
    edges = [method.needs_acceleration * planned, method.on_track * planned, promised]
    return FlipPoints(tau, _scan(lambda total: cumulative_status(total, planned, promised, epsilon, method), edges, 1))
