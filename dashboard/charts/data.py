"""What a chart draws; drawing itself knows no registry."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from loaders.domain.method.projection import Bounds
from loaders.domain.method.status import Status
from loaders.domain.method.trajectory import Node
from loaders.domain.model import Text
from loaders.path_names import PathName


@dataclass(frozen=True, slots=True)
class Point:
    """A published value on the chart; for cumulative targets the running total."""

    tau: float
    value: float
    period: str
    preliminary: bool = False
    source: str = ""


BEND = 8
"""Straight pieces that stand for one bent leg of a path of constant growth."""


@dataclass(frozen=True, slots=True)
class Path:
    """The path of one version; a single node where only the goal and its date are known."""

    document: str
    nodes: tuple[Node, ...]
    shape: str = "linear"
    """linear, step or geometric, as in the registry."""
    name: PathName = PathName.DECLARED
    """Whether the document promised it, or it is a line of ours."""

    @property
    def step(self) -> bool:
        """True where the path stays at a node's value until the next one is due."""
        return self.shape == "step"

    def corners(self) -> list[Node]:
        """Points that straight lines may join to draw the path as it is judged."""
        if self.shape == "linear" or len(self.nodes) == 1:
            return list(self.nodes)
        drawn = [self.nodes[0]]
        for left, right in pairwise(self.nodes):
            if self.step:
                drawn.append(Node(right.tau, left.value))
            else:
                shares = [part / BEND for part in range(1, BEND)]
                growth, years = right.value / left.value, right.tau - left.tau
                drawn += [Node(left.tau + years * share, left.value * growth**share) for share in shares]
            drawn.append(right)
        return drawn


NEAR_SHARE = 0.8
"""A nearer view must spare at least a fifth of the time shown."""
NEAR_ROOM = 0.15
"""Share of the nearer view's time that is added after its last mark, for the words there."""


@dataclass(frozen=True, slots=True)
class Break:
    """A change of method that values have crossed; no line may join its two sides."""

    tau: float
    """Where the new method begins."""
    at: float
    """Where its mark stands: between the last old value and the first new one, as a decimal year."""
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Outlook:
    """Where the series goes if it goes on as before: (τ, low, centre, high), and from when it fades."""

    points: tuple[tuple[float, float, float, float], ...]
    fades: float
    """Horizon of as many reporting periods as there were points; beyond it the band is fainter."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A value of the next release at which the status would change."""

    tau: float
    value: float
    status: Status


@dataclass(frozen=True, slots=True)
class Beside:
    """Another statistic of the same unit, drawn faintly: it measures something else."""

    number: int
    """Place in the list below the chart, from 1."""
    name: str
    points: tuple[Point, ...]


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
    due: float | None
    """τ of the due date; None where the document gives none."""
    runs: tuple[tuple[Point, ...], ...]
    """Comparable values, cut where a break forbids joining them."""
    others: tuple[Point, ...]
    """Values of another scope or definition."""
    breaks: tuple[Break, ...]
    today: float
    """The day that is shown, as a decimal year."""
    ranked: bool
    """True for ranks: the axis runs upside down, 1st on top."""
    whole: bool
    """True for things counted whole."""
    from_zero: bool
    """True for stocks and money, whose axis begins at zero."""
    bounds: Bounds
    """Natural bounds of the unit; no tick lies outside them."""
    band: tuple[float, float] | None = None
    """Lower and upper end of a range."""
    yearly: bool = False
    """True for a yearly quota: bars against a line instead of a path."""
    outlook: Outlook | None = None
    ticks: tuple[Tick, ...] = ()
    labels: tuple[str, ...] = ()
    """Names of a ladder's deliverables, in the order of the path's nodes."""
    window: tuple[float, float] | None = None
    """First and last τ to be shown; None for everything that is drawn."""
    beside: tuple[Beside, ...] = ()
    """Other statistics of the same unit."""

    @property
    def points(self) -> tuple[Point, ...]:
        """All comparable values in time order."""
        return tuple(point for run in self.runs for point in run)

    @property
    def is_empty(self) -> bool:
        """True where there is nothing to draw."""
        return not (self.path or self.goal is not None or self.band or self.points or self.others)

    @property
    def climbs(self) -> bool:
        """True where the path goes up on the page: to more, or to a better rank."""
        if self.path is None:
            return True
        start, goal = self.path.nodes[0].value, self.path.nodes[-1].value
        return goal == start or (goal > start) != self.ranked

    def span(self, *, others: bool = True) -> tuple[float, float]:
        """First and last τ of the window, or of everything drawn, with or without values of another scope."""
        if self.window is not None:
            return self.window
        taus = [self.today, *(point.tau for point in self.points)]
        if others:
            taus += [point.tau for point in self.others]
            taus += [point.tau for one in self.beside for point in one.points]
        taus += [self.due] if self.due is not None else []
        taus += [tick.tau for tick in self.ticks]
        for path in (self.path, *self.earlier):
            taus += [node.tau for node in path.nodes] if path else []
        return min(taus), max(taus)

    def values(self) -> list[float]:
        """All values that the axis must hold; values of another scope are left to find their place."""
        if self.window is not None:
            return self._values_within(*self.window)
        found = [point.value for point in self.points] + ([self.goal] if self.goal is not None else [])
        found += [*(self.band or ()), *(tick.value for tick in self.ticks)]
        found += [value for _, *ends in (self.outlook.points if self.outlook else ()) for value in ends]
        for path in (self.path, *self.earlier):
            found += [node.value for node in path.nodes] if path else []
        return found or [point.value for point in self.others] or [0.0, 1.0]

    def _values_within(self, first: float, last: float) -> list[float]:
        """Published values, flip points short of the goal and the path in force between ``first`` and ``last``."""
        ticks = [tick for tick in self.ticks if tick.status is not Status.ACHIEVED]
        found = [mark.value for mark in (*self.points, *ticks) if first <= mark.tau <= last]
        nodes = self.path.corners() if self.path else []
        found += [node.value for node in nodes if first <= node.tau <= last]
        for left, right in pairwise(nodes):
            for edge in (first, last):
                if left.tau < edge < right.tau:
                    found.append(left.value + (right.value - left.value) * (edge - left.tau) / (right.tau - left.tau))
        return found

    def near(self) -> ChartData | None:
        """The same chart from the first comparable value to the next release; None where that shows hardly less."""
        taus = [point.tau for point in self.points]
        if len(taus) < 2 or self.yearly:
            return None
        first, last = self.span()
        start, end = min(taus), max([self.today, *taus, *(tick.tau for tick in self.ticks)])
        end += NEAR_ROOM * (end - start)
        return replace(self, window=(start, end)) if end - start < NEAR_SHARE * (last - first) else None
