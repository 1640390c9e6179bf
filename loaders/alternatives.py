"""Other published statistics beside a target's own: their values, the best of them, and what they span.

They never enter a status: each measures something else, and its name says what.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from loaders.domain.model import Alternative, Target
from loaders.domain.observation import Observation
from loaders.domain.vintage import latest_known

GRADES = ("primary", "secondary", "own", "")
"""Grades from the one that is believed first."""
FORECAST = "F"


@dataclass(frozen=True, slots=True)
class Reading:
    """One other statistic with its values known on a day, oldest first; never empty."""

    other: Alternative
    values: tuple[Observation, ...]
    same_unit: bool
    """True where its values can stand on the target's own axis."""

    @property
    def latest(self) -> Observation:
        """Its latest value."""
        return self.values[-1]


def readings(target: Target, observations: Iterable[Observation], day: date) -> list[Reading]:
    """The other statistics with a value known on ``day``, in the registry's order; no forecasts."""
    if target.series is None or not target.series.alternatives:
        return []
    wanted = {one.indicator for one in target.series.alternatives}
    rows = [one for one in observations if one.indicator in wanted]
    found = []
    for other in target.series.alternatives:
        known = latest_known([one for one in rows if one.indicator == other.indicator], None, day)
        values = tuple(one for one in known.rows if one.status != FORECAST and one.value is not None)
        if values:
            found.append(Reading(other, values, other.unit in (None, target.unit)))
    return found


def best(found: Sequence[Reading]) -> Reading | None:
    """The one to name where the target itself cannot be judged; None without any.

    Of the same unit first, because only that can be held against the goal; then the latest period;
    then what its publisher printed before what others repeat; then the registry's order.
    """
    return min(found, key=_rank, default=None)


def _rank(one: Reading) -> tuple[bool, int, int]:
    latest = one.latest
    return not one.same_unit, -latest.period.end.toordinal(), GRADES.index(latest.grade)


@dataclass(frozen=True, slots=True)
class Span:
    """What several statistics of the target's unit show between them."""

    count: int
    low: Observation
    high: Observation
    first: date
    last: date
    """Ends of the earliest and the latest period."""


def span(found: Iterable[Reading]) -> Span | None:
    """Lowest and highest value over all statistics of the same unit; None without any."""
    alike = [one for one in found if one.same_unit]
    values = [value for one in alike for value in one.values]
    if not values:
        return None
    ends = [one.period.end for one in values]
    low, high = min(values, key=lambda one: one.number), max(values, key=lambda one: one.number)
    return Span(len(alike), low, high, min(ends), max(ends))
