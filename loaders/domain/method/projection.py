"""Where the series goes if it goes on as before: a random walk with damped drift (METHOD, "Projection").

Context, never status. On series as short as these, least squares and exponential smoothing promise
far too much; this interval stays wide. There is deliberately no chance in percent.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from loaders.domain.method.trajectory import TOLERANCE, Node

FEWEST_POINTS = 4
LATEST_ARRIVAL_YEARS = 10
"""An arrival later than this after the due date counts as "not reached"."""
STEP_YEARS = 1 / 12

# Student's t at 0.90 (two-sided 80 %) for 1, 2, 3 ... degrees of freedom: the published table, e.g.
# NIST/SEMATECH e-Handbook 1.3.6.7.2. Beyond it the expansion by Fisher and Cornish is exact to 1e-3.
_T_90 = (
    *(3.0777, 1.8856, 1.6377, 1.5332, 1.4759, 1.4398, 1.4149, 1.3968, 1.3830, 1.3722),
    *(1.3634, 1.3562, 1.3502, 1.3450, 1.3406, 1.3368, 1.3334, 1.3304, 1.3277, 1.3253),
)
_Z_90 = 1.281552


class Verdict(StrEnum):
    """Where the target value lies against the interval at its due date."""

    BELOW = "below"
    INSIDE = "inside"
    ABOVE = "above"


class Unprojected(StrEnum):
    """Why there is no projection."""

    KIND = "kind"
    NO_PATH = "no_path"
    NO_VALUE = "no_value"
    TOO_FEW_POINTS = "too_few_points"
    DATE_PASSED = "date_passed"


@dataclass(frozen=True, slots=True)
class Drift:
    """A fitted walk: last point, drift per year, spread per √year and the years it rests on."""

    last: Node
    per_year: float
    """μ in the indicator's unit per year, signed."""
    sigma: float
    """σ in the indicator's unit per √year."""
    years: float
    """t_n − t_1."""
    points: int
    damping: float

    def centre(self, tau: float) -> float:
        """y_n + μ c(h) at decimal year ``tau``."""
        return self.last.value + self.per_year * self._damped(tau)

    def half_width(self, tau: float) -> float:
        """Half of the 80 % interval: t(0.90, n − 2) σ √(h + c(h)² / (t_n − t_1))."""
        horizon = tau - self.last.tau
        return t_90(self.points - 2) * self.sigma * math.sqrt(horizon + self._damped(tau) ** 2 / self.years)

    def _damped(self, tau: float) -> float:
        horizon = tau - self.last.tau
        if self.damping >= 1:
            return horizon
        return self.damping * (1 - self.damping**horizon) / (1 - self.damping)


@dataclass(frozen=True, slots=True)
class Projection:
    """The projection at the due date, clipped to the indicator's natural bounds."""

    at: float
    """The due date as a decimal year."""
    centre: float
    low: float
    high: float
    verdict: Verdict
    arrival: tuple[float, float | None] | None
    """First and last decimal year at which the interval crosses the target; no last one where the
    unfavourable side does not reach it; None: not reached on the present trend."""
    drift: Drift
    bounds: tuple[float | None, float | None] = (None, None)

    def ends(self, tau: float) -> tuple[float, float, float]:
        """Low end, centre and high end of the interval at decimal year ``tau``, clipped."""
        centre, half = self.drift.centre(tau), self.drift.half_width(tau)
        return _clip(centre - half, self.bounds), _clip(centre, self.bounds), _clip(centre + half, self.bounds)


Bounds = tuple[float | None, float | None]


def t_90(freedom: int) -> float:
    """Student's t quantile at 0.90 for ``freedom`` ≥ 1 degrees."""
    if freedom <= len(_T_90):
        return _T_90[freedom - 1]
    z = _Z_90
    return z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)


def drift(points: Sequence[tuple[float, float]], damping: float) -> Drift | None:
    """The walk through comparable points in time order; None with fewer than four.

    μ = (y_n − y_1) / (t_n − t_1), σ² = 1/(n − 2) · Σ (Δy_i − μ Δt_i)² / Δt_i.
    """
    # Of two points that end on one day (a year and its last quarter) the later one counts.
    own = [a for a, b in pairwise(points) if b[0] - a[0] > TOLERANCE] + list(points[-1:])
    if len(own) < FEWEST_POINTS:
        return None
    (first, start), (last, value) = own[0], own[-1]
    per_year = (value - start) / (last - first)
    spread = sum(((b[1] - a[1]) - per_year * (b[0] - a[0])) ** 2 / (b[0] - a[0]) for a, b in pairwise(own))
    sigma = math.sqrt(spread / (len(own) - 2))
    return Drift(Node(last, value), per_year, sigma, last - first, len(own), damping)


def project(
    points: Sequence[tuple[float, float]], goal: Node, direction: int, damping: float, bounds: Bounds = (None, None)
) -> Projection | Unprojected:
    """Projection of ``points`` to the goal's date, or why there is none.

    ``direction`` is +1 where more is better; it decides which end of the interval arrives first.
    """
    if not points:
        return Unprojected.NO_VALUE
    walk = drift(points, damping)
    if walk is None:
        return Unprojected.TOO_FEW_POINTS
    if goal.tau <= walk.last.tau + TOLERANCE:
        return Unprojected.DATE_PASSED
    centre, half = walk.centre(goal.tau), walk.half_width(goal.tau)
    low, high = _clip(centre - half, bounds), _clip(centre + half, bounds)
    verdict = Verdict.BELOW if goal.value < low else Verdict.ABOVE if goal.value > high else Verdict.INSIDE
    return Projection(
        goal.tau, _clip(centre, bounds), low, high, verdict, _arrival(walk, goal, direction, bounds), walk, bounds
    )


def _arrival(walk: Drift, goal: Node, direction: int, bounds: Bounds) -> tuple[float, float | None] | None:
    last = goal.tau + LATEST_ARRIVAL_YEARS
    first = _crossing(walk, goal, direction, +1, last, bounds)
    if first is None:
        return None
    return first, _crossing(walk, goal, direction, -1, last, bounds)


def _crossing(walk: Drift, goal: Node, direction: int, side: int, last: float, bounds: Bounds) -> float | None:
    """First time at which the favourable (+1) or unfavourable (−1) end of the interval reaches the goal."""
    months = math.ceil((last - walk.last.tau) / STEP_YEARS)
    for number in range(months + 1):
        tau = min(walk.last.tau + number * STEP_YEARS, last)
        end = _clip(walk.centre(tau) + side * direction * walk.half_width(tau), bounds)
        if direction * (end - goal.value) >= -TOLERANCE:
            return tau
    return None


def _clip(value: float, bounds: Bounds) -> float:
    low, high = bounds
    if low is not None and value < low:
        return low
    return high if high is not None and value > high else value
