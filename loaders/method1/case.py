"""One version on one day with what was known: what the rule of each kind starts from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from loaders.domain.method import progress as number
from loaders.domain.method.crosscheck import cross_check
from loaders.domain.method.trajectory import TOLERANCE, Node, Trajectory
from loaders.domain.model import Goal, Method, Target, Version
from loaders.domain.observation import Observation
from loaders.domain.period import decimal_year, parse_period
from loaders.method1.judgement import Judgement, direction_of, trajectory_of
from loaders.method1.status import Overlay, Status
from loaders.method1.vintage import Evidence

Result = tuple[Judgement, Status]


@dataclass(frozen=True, slots=True)
class Case:
    """One version on one day with what was known."""

    target: Target
    version: Version
    goal: Goal
    found: Evidence
    latest: Observation
    as_of: date
    method: Method

    @property
    def today(self) -> float:
        """``as_of`` as a decimal year."""
        return decimal_year(self.as_of)

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

    def is_over(self, due: str | None) -> bool:
        """True where the due date, release lag and grace have passed."""
        if due is None:
            return False
        series = self.target.series
        wait = timedelta(days=series.release_lag_days + series.grace_days) if series else timedelta()
        return self.as_of > parse_period(due).end + wait

    def final_value(self, due: str | None) -> float | None:
        """The final value of the period that holds the due date, once it is over; None without one."""
        if due is None or not self.is_over(due):
            return None
        day = parse_period(due).end
        final = [one for one in self.found.points if one.period.start <= day <= one.period.end and not one.preliminary]
        return final[0].number if final else None


def preliminary(is_preliminary: bool) -> tuple[Overlay, ...]:
    """The overlay of a provisional or estimated value."""
    return (Overlay.PROVISIONAL,) if is_preliminary else ()


def met(margin: float) -> Status:
    """Achieved where the value meets the target, whatever else is missing."""
    return Status.ACHIEVED if margin >= -TOLERANCE else Status.NOT_ASSESSABLE


def path_numbers(
    case: Case, path: Trajectory, value: float, fold: Callable[[float], float] = lambda value: value
) -> dict[str, Any]:
    """METHOD's table for ``value`` on ``path``; ``fold`` takes published values to the path's scale."""
    start, goal, direction, tau = path.baseline, path.target, path.direction, case.latest.tau
    expected = path.expected(tau)
    pace = number.recent_pace([(point.tau, fold(point.number)) for point in case.found.since_break()])
    velocity = pace[0] if pace else None
    final = number.required_pace(value, tau, goal, case.today)
    return {
        "expected": expected,
        "progress": number.progress(value, start.value, goal.value),
        "expected_progress": number.progress(expected, start.value, goal.value),
        "delivery_ratio": number.delivery_ratio(value, expected, start.value),
        "deviation": number.deviation(value, expected, direction),
        "months": path.months_ahead(value, tau),
        "next_node": path.next_node(max(tau, case.today)),
        "required_pace_next": number.next_pace(path, value, tau, case.today),
        "required_pace_final": final,
        "recent_pace": velocity,
        "recent_pace_points": pace[1] if pace else 0,
        "acceleration": number.acceleration(final, velocity),
        "crosscheck": cross_check(start, Node(tau, value), goal),
    }
