"""What a chart draws, taken from an assessment; drawing itself knows no registry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from loaders.assessment import Assessment
from loaders.domain.cumulative import accumulate
from loaders.domain.judgement import trajectory_of
from loaders.domain.model import Kind, Text, Version
from loaders.domain.observation import Observation
from loaders.domain.period import decimal_year, parse_period
from loaders.domain.status import Status
from loaders.domain.trajectory import Node


@dataclass(frozen=True, slots=True)
class Point:
    """A published value on the chart; for cumulative targets the running total."""

    tau: float
    value: float
    period: str
    preliminary: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class Path:
    """The promised path of one version; a single node where only the goal is known."""

    document: str
    nodes: tuple[Node, ...]
    step: bool = False


@dataclass(frozen=True, slots=True)
class ChartData:
    """All that a chart of one target draws."""

    status: Status
    path: Path | None
    """The version in force; None without baseline or due date."""
    earlier: tuple[Path, ...]
    """Versions it superseded, oldest first."""
    goal: float | None
    """The target value, for a target line where there is no path."""
    runs: tuple[tuple[Point, ...], ...]
    """Comparable values, cut where a break forbids joining them."""
    others: tuple[Point, ...]
    """Values of another scope or definition."""
    breaks: tuple[tuple[float, Text | None], ...]
    today: float
    ranked: bool
    """True for ranks: the axis runs upside down, 1st on top."""
    whole: bool
    """True for things counted whole."""
    from_zero: bool
    """True for stocks and money, whose axis begins at zero."""

    @property
    def points(self) -> tuple[Point, ...]:
        """All comparable values in time order."""
        return tuple(point for run in self.runs for point in run)

    @property
    def is_empty(self) -> bool:
        """True where there is nothing to draw."""
        return self.path is None and self.goal is None and not self.points and not self.others

    def span(self) -> tuple[float, float]:
        """First and last τ of everything that is drawn."""
        taus = [self.today, *(point.tau for point in (*self.points, *self.others))]
        for path in (self.path, *self.earlier):
            taus += [node.tau for node in path.nodes] if path else []
        return min(taus), max(taus)

    def values(self) -> list[float]:
        """All values that the axis must hold; values of another scope are left to find their place."""
        found = [point.value for point in self.points] + ([self.goal] if self.goal is not None else [])
        for path in (self.path, *self.earlier):
            found += [node.value for node in path.nodes] if path else []
        return found or [point.value for point in self.others] or [0.0, 1.0]


def chart_data(item: Assessment, as_of: date) -> ChartData:
    """The chart of an assessment made for ``as_of``."""
    target, goal = item.target, item.version.target
    ranked = target.measure == "rank" or target.kind in (Kind.RANK, Kind.MAINTAIN)
    breaks: dict[float, Text | None] = dict.fromkeys(item.evidence.breaks)
    if target.series is not None:
        breaks |= {parse_period(one.period).tau: one.note for one in target.series.breaks}
    points = _totals(item) if target.kind is Kind.CUMULATIVE else [_point(one) for one in item.evidence.points]
    return ChartData(
        item.status,
        _path(item, item.version),
        tuple(path for version in item.versions[:-1] if (path := _path(item, version))),
        goal.value if goal else None,
        _runs(points, sorted(breaks)),
        tuple(_point(one) for one in item.evidence.others),
        tuple(sorted(breaks.items())),
        decimal_year(as_of),
        ranked,
        target.integer,
        not ranked and target.measure in ("stock", "flow"),
    )


def _path(item: Assessment, version: Version) -> Path | None:
    if item.target.kind is Kind.CUMULATIVE:
        total = accumulate(version, ())
        return Path(version.document, total.trajectory.nodes) if total else None
    trajectory = trajectory_of(item.target, version)
    if trajectory is None:
        return None
    return Path(version.document, trajectory.nodes, trajectory.path == "step" or item.target.kind is Kind.RANK)


def _point(one: Observation) -> Point:
    return Point(one.tau, one.value, one.period.text, one.preliminary, one.sources[0][0])


def _totals(item: Assessment) -> list[Point]:
    """Running totals, one for each flow of the unbroken run from the start."""
    found = item.evidence.points
    points: list[Point] = []
    for count in range(1, len(found) + 1):
        total = accumulate(item.version, found[:count])
        if total is not None and total.tau is not None and (not points or total.tau > points[-1].tau):
            last = found[count - 1]
            points.append(Point(total.tau, total.value, last.period.text, total.preliminary, last.sources[0][0]))
    return points


def _runs(points: list[Point], breaks: list[float]) -> tuple[tuple[Point, ...], ...]:
    runs: list[list[Point]] = []
    for point in points:
        before = runs[-1][-1].tau if runs else None
        if before is None or any(before < tau <= point.tau for tau in breaks):
            runs.append([])
        runs[-1].append(point)
    return tuple(tuple(run) for run in runs)
