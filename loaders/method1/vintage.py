"""What was in force and known on a given day.

Nothing here asks for today's date: ``as_of`` is always handed in, so the same day gives the same
answer for ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from loaders.domain.method.trajectory import TOLERANCE
from loaders.domain.model import Document, Series, Target, Version
from loaders.domain.observation import NOT_COMPARABLE, Observation
from loaders.domain.period import parse_period


def versions_in_force(target: Target, documents: Mapping[str, Document], as_of: date) -> tuple[Version, ...]:
    """The target's versions whose documents had been issued by ``as_of``, oldest first."""
    return tuple(version for version in target.versions if documents[version.document].issued_period.end <= as_of)


def latest_known(observations: Iterable[Observation], series: Series | None, as_of: date) -> list[Observation]:
    """One observation per scope and period as known on ``as_of``, in time order.

    A later ``known`` is a revision and wins; where several values were published for one period the
    registry's preference decides.
    """
    preferred = {item.period: item.value for item in series.preferences} if series else {}
    chosen: dict[tuple[str, date, date, bool], Observation] = {}
    for item in sorted(observations, key=lambda one: (one.known, one.published, one.line)):
        if item.known > as_of or item.status == "M":
            continue
        # A value of another definition stands beside a comparable one, it does not revise it.
        key = (item.scope, item.period.start, item.period.end, item.status in NOT_COMPARABLE)
        wanted = preferred.get(item.period.text)
        held = chosen.get(key)
        if held is not None and wanted is not None and held.value == wanted != item.value:
            continue
        chosen[key] = item
    return sorted(chosen.values(), key=lambda one: (one.period.end, one.period.start))


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of one target's statistic on one day."""

    points: tuple[Observation, ...]
    """Values of the target's own scope that may be judged, in time order."""
    others: tuple[Observation, ...]
    """Values of the same indicator that count something else or differ in definition."""
    breaks: tuple[float, ...]
    """Where each new method without a bridge begins: values after it are new, up to it old."""

    @property
    def latest(self) -> Observation | None:
        """The observation that is judged."""
        return self.points[-1] if self.points else None

    def since_break(self) -> tuple[Observation, ...]:
        """Comparable points since the last break."""
        last = max(self.breaks, default=0.0)
        return tuple(point for point in self.points if point.tau > last + TOLERANCE)


def evidence(known: Sequence[Observation], series: Series | None, scope: str) -> Evidence:
    """Sort what is known by whether it may be compared with a target of ``scope``."""
    points, others = [], []
    for item in known:
        same = item.scope == scope and item.status not in NOT_COMPARABLE
        (points if same else others).append(item)
    registered = [] if series is None else series.breaks
    bridged = {item.period for item in registered if item.bridge}
    breaks = {parse_period(item.period).begins for item in registered if not item.bridge}
    breaks |= {item.period.begins for item in points if item.status == "B" and item.period.text not in bridged}
    return Evidence(tuple(points), tuple(others), tuple(sorted(breaks)))
