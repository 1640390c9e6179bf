"""What was in force and known on a given day, and which of it may be judged (METHOD, "Which values count").

Nothing here asks for today's date: ``as_of`` is always handed in, so the same day gives the same
answer for ever.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from loaders.domain.method.trajectory import TOLERANCE
from loaders.domain.model import Baseline, Document, Kind, Preference, Series, Target, Version
from loaders.domain.observation import NOT_COMPARABLE, Observation, half_of_last_digit
from loaders.domain.period import FREQUENCY_MONTHS, Period, parse_period

Bounds = tuple[float | None, float | None]
"""Natural bounds of a unit; None: none on that side."""


class Issued(NamedTuple):
    """A version and the day from which it is in force."""

    version: Version
    on: date


def versions_issued(target: Target, documents: Mapping[str, Document], as_of: date) -> tuple[Issued, ...]:
    """The target's versions whose documents had been issued by ``as_of``, oldest first, each with its day."""
    dated = (Issued(version, documents[version.document].issued_period.end) for version in target.versions)
    return tuple(one for one in dated if one.on <= as_of)


def versions_in_force(target: Target, documents: Mapping[str, Document], as_of: date) -> tuple[Version, ...]:
    """The target's versions whose documents had been issued by ``as_of``, oldest first."""
    return tuple(one.version for one in versions_issued(target, documents, as_of))


@dataclass(frozen=True, slots=True)
class Known:
    """One row per scope and period as known on one day, and the rows that a rule of `kpi check` refuses."""

    rows: tuple[Observation, ...]
    """In time order; a withdrawn period has none."""
    conflicts: frozenset[tuple[str, Period]] = frozenset()
    """Scope and period of values between which nobody has decided."""


def latest_known(observations: Iterable[Observation], series: Series | None, as_of: date) -> Known:
    """One observation per scope and period as known on ``as_of``.

    The row known last counts: a revision replaces, status M withdraws, D or F takes the place of a
    comparable value. Where the registry prefers a source for a period, only that source's rows are
    asked. Two values known on one day without a decision are a conflict.
    """
    groups: dict[tuple[str, date, date], list[Observation]] = defaultdict(list)
    # A rule that is announced replaces the one in force on its first day, not on that of its announcement.
    rule = series is not None and series.nature == "rule"
    for item in observations:
        if item.opens <= as_of and not (rule and item.period.start > as_of):
            groups[item.scope, item.period.start, item.period.end].append(item)
    preferred = {one.period: one for one in series.preferences} if series else {}
    rows, conflicts = [], set()
    for own in groups.values():
        asked = _preferred(own, preferred)
        last = max(one.opens for one in asked)
        newest = [one for one in asked if one.opens == last]
        newest = [one for one in newest if one.corrects][-1:] or newest
        wanted = preferred.get(newest[0].period.text)
        if wanted is not None and any(one.value == wanted.value for one in newest):
            newest = [one for one in newest if one.value == wanted.value]
        item = _last_word(newest)
        if item.value is None or item.status == "M":
            continue
        rows.append(item)
        values = {one.value for one in newest if one.status not in NOT_COMPARABLE}
        if len(values) > 1:
            conflicts.add((item.scope, item.period))
    return Known(tuple(sorted(rows, key=lambda one: (one.period.end, one.period.start))), frozenset(conflicts))


def _preferred(own: list[Observation], preferred: Mapping[str, Preference]) -> list[Observation]:
    """Rows of the source that the registry prefers for this period; all rows without such a decision."""
    wanted = next((preferred[one.period.text] for one in own if one.period.text in preferred), None)
    if wanted is None:
        return own
    names = {wanted.source} if wanted.source else set()
    if wanted.source is None:
        # Under method 1 a preference named a number: it stands for the source that published it.
        names = {name for one in own if one.value == wanted.value for name, _ in one.sources}
    chosen = [one for one in own if any(name in names for name, _ in one.sources)]
    return list(chosen) or own


def _last_word(newest: Sequence[Observation]) -> Observation:
    """Of rows known on one day the last line, but a comparable value before one that only stands beside it."""
    order = sorted(newest, key=lambda one: (one.published, one.line))
    comparable = [one for one in order if one.status not in NOT_COMPARABLE]
    if order[-1].status == "M" or not comparable:
        return order[-1]
    return comparable[-1]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of one target's statistic on one day."""

    points: tuple[Observation, ...]
    """Values of the target's own scope that may be judged, in time order."""
    others: tuple[Observation, ...]
    """Values of the same indicator that count something else or differ in definition."""
    breaks: tuple[float, ...]
    """Where each new method without a bridge begins: values after it are new, up to it old."""
    aside: tuple[Observation, ...] = ()
    """Values that are shown and never compared: of another length, or repeated without a new measurement."""
    faulty: tuple[Observation, ...] = ()
    """Values that a rule of `kpi check` refuses; they never decide."""
    conflicts: frozenset[Period] = field(default_factory=frozenset)
    """Periods of those among them between which nobody has decided."""

    @property
    def latest(self) -> Observation | None:
        """The observation that is judged."""
        return self.points[-1] if self.points else None

    def since_break(self) -> tuple[Observation, ...]:
        """Comparable points since the last break."""
        last = max(self.breaks, default=0.0)
        return tuple(point for point in self.points if point.tau > last + TOLERANCE)


def evidence(known: Known, target: Target, version: Version, bounds: Bounds = (None, None)) -> Evidence:
    """Sort what is known by whether it may be compared with ``version`` of ``target``."""
    scope, series = (version.scope or target.scope).id, target.series
    months = _length_of_means(known, target, own_length(target, version))
    points, others, aside, faulty = [], [], [], []
    for item in known.rows:
        if item.scope != scope or item.status in NOT_COMPARABLE:
            others.append(item)
        elif item.restates or not _fits(item, target, months):
            aside.append(item)
        elif (item.scope, item.period) in known.conflicts or not _possible(item, target, bounds):
            faulty.append(item)
        else:
            points.append(item)
    points, doubled = _one_a_day(points, target, version)
    registered = [] if series is None else series.breaks
    bridged = {item.period for item in registered if item.bridge}
    breaks = {parse_period(item.period).begins for item in registered if not item.bridge}
    breaks |= {item.period.begins for item in points if item.status == "B" and item.period.text not in bridged}
    conflicts = frozenset(item.period for item in faulty if (item.scope, item.period) in known.conflicts)
    return Evidence(tuple(points), tuple(others), tuple(sorted(breaks)), (*aside, *doubled), tuple(faulty), conflicts)


def _possible(item: Observation, target: Target, bounds: Bounds) -> bool:
    low, high = bounds
    value = item.number
    return (low is None or value >= low) and (high is None or value <= high)


ADDED_UP = frozenset({Kind.CUMULATIVE, Kind.RECURRING, Kind.BINARY, Kind.LADDER})
"""Kinds that look at the length of a period themselves."""


def own_length(target: Target, version: Version) -> int | None:
    """Months of the periods that compare with the goal: the baseline's, else the series' own; None where all do.

    Sums and averages compare only with those of equal length; values at an end of a period compare
    whatever its length.
    """
    series = target.series
    sense = series.statistic if series else None
    if sense is None:
        sense = "sum" if target.measure == "flow" else None
    if sense not in ("sum", "average") or target.kind in ADDED_UP:
        return None
    if version.baseline is not None and parse_period(version.baseline.period).months:
        return parse_period(version.baseline.period).months
    return _mean_over(version) or (min(FREQUENCY_MONTHS.get(series.frequency, 0), 12) or None if series else None)


def _length_of_means(known: Known, target: Target, own: int | None) -> int | None:
    """``own``, or the one length of averages over several years where nothing shorter was ever published."""
    rows = [one for one in known.rows if one.status not in NOT_COMPARABLE]
    lengths = {one.period.months for one in rows}
    is_mean = target.series is not None and target.series.statistic == "average"
    return lengths.pop() if is_mean and len(lengths) == 1 and all(one.period.long for one in rows) else own


def _mean_over(version: Version) -> int | None:
    """Months of the span in which the goal or its baseline is stated (2022..2024); None where neither is."""
    goal, start = version.target, version.baseline
    stated = [start.period if start is not None else None, goal.due if goal is not None else None]
    spans = (parse_period(text) for text in stated if text is not None)
    return next((one.months for one in spans if one.long), None)


def _fits(item: Observation, target: Target, months: int | None) -> bool:
    return months is None or item.period.months == months


def _one_a_day(
    points: Sequence[Observation], target: Target, version: Version
) -> tuple[list[Observation], list[Observation]]:
    """Of several periods that end on one day the one whose length is the series' own, and the others."""
    if target.kind in ADDED_UP:
        return list(points), []
    series = target.series
    own = _mean_over(version) or (min(FREQUENCY_MONTHS.get(series.frequency, 12), 12) if series else 12)
    best: dict[date, Observation] = {}
    for item in points:
        held = best.get(item.period.end)
        if held is None or abs(item.period.months - own) < abs(held.period.months - own):
            best[item.period.end] = item
    kept = {id(item) for item in best.values()}
    return [one for one in points if id(one) in kept], [one for one in points if id(one) not in kept]


def restated_baseline(found: Evidence, baseline: Baseline | None) -> Observation | None:
    """The published value of the baseline's own period where it differs from the printed one beyond ε."""
    if baseline is None:
        return None
    period = parse_period(baseline.period)
    own = next((one for one in found.points if (one.period.start, one.period.end) == (period.start, period.end)), None)
    if own is None:
        return None
    epsilon = max(own.epsilon, half_of_last_digit(f"{baseline.value:.15g}"))
    return own if abs(own.number - baseline.value) > epsilon + TOLERANCE else None
