"""One version on one day with what was known: what the rule of each kind starts from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from loaders.domain.method import progress as number
from loaders.domain.method.comparison import Promise, direction_of, promise_of
from loaders.domain.method.crosscheck import cross_check
from loaders.domain.method.judgement import Judgement
from loaders.domain.method.outcome import Meets, Point, result_due
from loaders.domain.method.status import Overlay, Status
from loaders.domain.method.trajectory import Node, Trajectory
from loaders.domain.model import Goal, Method, Target, Version
from loaders.domain.observation import Observation
from loaders.domain.period import FREQUENCY_MONTHS, decimal_year, parse_period
from loaders.domain.vintage import Evidence, Issued

Result = tuple[Judgement, Status]


@dataclass(frozen=True, slots=True)
class Case:
    """One version on one day with what was known."""

    target: Target
    issued: tuple[Issued, ...]
    """The versions in force up to the judged one, oldest first; the last is judged."""
    found: Evidence
    as_of: date
    method: Method
    year_starts: int = 1
    """Month in which the site's years begin."""

    @property
    def version(self) -> Version:
        """The version that is judged."""
        return self.issued[-1].version

    @property
    def goal(self) -> Goal:
        """Its goal."""
        assert self.version.target is not None, "a version without a goal is not judged"
        return self.version.target

    @property
    def latest(self) -> Observation:
        """The newest value that may be judged."""
        assert self.found.latest is not None, "asked for only where the gate found a value"
        return self.found.latest

    @property
    def today(self) -> float:
        """``as_of`` as a decimal year."""
        return decimal_year(self.as_of)

    @property
    def promise(self) -> Promise | None:
        """The values that keep the goal."""
        return promise_of(self.target, self.version)

    @property
    def due(self) -> date | None:
        """The due date: the goal's, else that of the last step."""
        return due_date(self.version)

    @property
    def is_rule(self) -> bool:
        """True for a benefit or legal ceiling, which holds until a later value replaces it."""
        return self.target.series is not None and self.target.series.nature == "rule"

    def result_due(self, due: date) -> date:
        """R: the day by which the value of the due date is expected."""
        series = self.target.series
        months = FREQUENCY_MONTHS.get(series.frequency, 0) if series else 0
        # Parts of a year follow the calendar. In which years a longer survey falls only its values tell, and so
        # they do of a yearly one that is always taken in the same month (every June).
        ends = [one.period.end for one in self.found.points]
        told = months > 12 or (months == 12 and len(ends) > 1 and len({end.month for end in ends}) == 1)
        return result_due(due, series, max(ends) if ends and told else None, self.year_starts)

    def meets(self) -> Meets:
        """The question whether a value keeps the goal; no value does where the goal has none."""
        promise = self.promise
        return lambda point: promise is not None and promise.met(point.value)

    def working(self, **numbers: Any) -> Judgement:
        """A record with the latest value, its direction and path, and ``numbers``."""
        fields: dict[str, Any] = {
            "overlays": preliminary(self.latest.preliminary),
            "observation": self.latest,
            "trajectory": trajectory_of(self.target, self.version),
            "direction": direction_of(self.target, self.version),
            "value": self.latest.number,
        }
        return Judgement(Status.NOT_ASSESSABLE, **fields | numbers)


def due_date(version: Version) -> date | None:
    """The day on which a version is due: its goal's, else that of its last step; None without either."""
    if version.target is not None and version.target.due is not None:
        return parse_period(version.target.due).end
    return max((parse_period(step.due).end for step in version.steps if step.due), default=None)


def trajectory_of(target: Target, version: Version) -> Trajectory | None:
    """The promised path of a version; None without baseline, value or due date."""
    goal, start = version.target, version.baseline
    if goal is None or goal.value is None or goal.due is None or start is None:
        return None
    nodes = [Node(parse_period(start.period).tau, start.value)]
    nodes += [Node(parse_period(item.due).tau, item.value) for item in version.milestones]
    nodes.append(Node(parse_period(goal.due).tau, goal.value))
    return Trajectory(tuple(nodes), version.path, target.integer)


def preliminary(is_preliminary: bool) -> tuple[Overlay, ...]:
    """The overlay of a provisional or estimated value."""
    return (Overlay.PROVISIONAL,) if is_preliminary else ()


def achieved_if(met: bool) -> Status:
    """Achieved where the value meets the target, whatever else is missing."""
    return Status.ACHIEVED if met else Status.NOT_ASSESSABLE


def values_of(points: tuple[Observation, ...]) -> list[tuple[float, float]]:
    """(τ, y) of each value."""
    return [(point.tau, point.number) for point in points]


def path_numbers(
    case: Case, path: Trajectory, value: float, fold: Callable[[float], float] = lambda value: value
) -> dict[str, Any]:
    """METHOD's table for ``value`` on ``path``; ``fold`` takes published values to the path's scale."""
    start, goal, direction, tau = path.baseline, path.target, path.direction, case.latest.tau
    expected = path.expected(tau)
    since = [(point.tau, fold(point.number)) for point in case.found.since_break()]
    pace = number.recent_pace(since)
    velocity = pace[0] if pace else None
    final = number.required_pace(value, tau, goal, case.today)
    peaks = direction * (expected - start.value) < 0
    upcoming = next((node for node in path.nodes[1:] if node.tau > tau), goal)
    return {
        "expected": expected,
        "progress": number.progress(value, start.value, goal.value),
        "expected_progress": number.progress(expected, start.value, goal.value),
        "delivery_ratio": None if peaks else number.delivery_ratio(value, expected, start.value),
        "deviation": number.deviation(value, expected, direction),
        "months": None if path.turns_back else path.months_ahead(value, tau),
        "next_node": path.next_node(max(tau, case.today)),
        "required_pace_next": number.next_pace(path, value, tau, case.today),
        "required_pace_final": final,
        "recent_pace": velocity,
        "recent_pace_points": pace[1] if pace else 0,
        "acceleration": number.acceleration(final, velocity),
        "crosscheck": cross_check(start, Node(tau, value), goal, since, upcoming),
    }


def ending_numbers(case: Case, point: Point) -> dict[str, Any]:
    """What is still said after the due date: how far the deciding value was from the target, and the way made."""
    goal, direction, start = case.goal, direction_of(case.target, case.version), case.version.baseline
    if goal.value is None or direction is None:
        return {}
    share = number.progress(point.value, start.value, goal.value) if start is not None else None
    return {"gap_to_target": number.gap_to_target(point.value, goal.value, direction), "progress": share}
