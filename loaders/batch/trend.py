"""Recent pace and projection of many series at once (`loaders.domain.progress` and `.projection`)."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from loaders.batch.columns import Columns, Floats
from loaders.domain.progress import PACE_POINTS, PACE_YEARS
from loaders.domain.projection import FEWEST_POINTS, Verdict, t_90
from loaders.domain.trajectory import TOLERANCE

if TYPE_CHECKING:
    from loaders.batch.assess import Known, Table


def recent_pace(own: Columns, seen: Known) -> Floats:
    """Theil–Sen slope of the last ≤ 5 points within 5 years, per year; NaN with fewer than two."""
    if not len(seen.rows):
        return np.full(len(own.ids), np.nan)
    back = np.arange(PACE_POINTS)[::-1]
    places = np.maximum(seen.last[:, None] - back, 0)
    tau, value = own.tau[seen.rows[places]], own.value[seen.rows[places]]
    recent = (back < seen.count[:, None]) & (tau[:, -1:] - tau <= PACE_YEARS + TOLERANCE)
    slopes = []
    for a, b in combinations(range(PACE_POINTS), 2):
        years = tau[:, b] - tau[:, a]
        counts = recent[:, a] & recent[:, b] & (years > TOLERANCE)
        slopes.append(np.where(counts, (value[:, b] - value[:, a]) / np.where(counts, years, 1.0), np.nan))
    ordered = np.sort(np.array(slopes).T, axis=1)
    valid = np.sum(~np.isnan(ordered), axis=1)
    rows, most = np.arange(len(ordered)), ordered.shape[1] - 1
    middle = (ordered[rows, np.maximum(valid - 1, 0) // 2] + ordered[rows, np.minimum(valid // 2, most)]) / 2
    return np.where(valid > 0, middle, np.nan)


def projection(own: Columns, seen: Known) -> Table:
    """Damped drift with its 80 % interval at the due date, and the verdict; NaN and "" where there is none."""
    size = len(own.ids)
    nothing = {name: np.full(size, np.nan) for name in ("at", "centre", "low", "high")}
    empty = {f"projection.{name}": column for name, column in nothing.items()} | {
        "projection.verdict": np.full(size, "", "<U6")
    }
    if not len(seen.rows):
        return empty
    tau, value, owner = own.tau[seen.rows], own.value[seen.rows], seen.owner
    # Of two points that end on one day the later one counts.
    same_next = np.append((owner[1:] == owner[:-1]) & (tau[1:] - tau[:-1] <= TOLERANCE), False)
    tau, value, owner = tau[~same_next], value[~same_next], owner[~same_next]
    count = np.bincount(owner, minlength=size)
    last = np.cumsum(count) - 1
    first = last - count + 1
    first, last = (np.where(count > 0, one, 0) for one in (first, last))
    years = tau[last] - tau[first]
    drift = (value[last] - value[first]) / np.where(years > 0, years, np.nan)
    inside = owner[1:] == owner[:-1]
    step_years = np.where(inside, tau[1:] - tau[:-1], 1.0)
    off = np.where(inside, value[1:] - value[:-1] - drift[owner[1:]] * step_years, 0.0)
    spread = np.bincount(owner[1:], weights=off**2 / step_years, minlength=size)
    sigma = np.sqrt(spread / np.maximum(count - 2, 1))
    goal_tau, goal = own.node_tau[:, -1], own.node_value[:, -1]
    horizon = goal_tau - tau[last]
    phi = own.method.damping
    damped = horizon if phi >= 1 else phi * (1 - phi**horizon) / (1 - phi)
    quantile = np.array([np.nan, *(t_90(freedom) for freedom in range(1, max(int(count.max()), 3)))])
    half = quantile[np.clip(count - 2, 0, len(quantile) - 1)] * sigma * np.sqrt(horizon + damped**2 / years)
    centre = value[last] + drift * damped
    exists = (count >= FEWEST_POINTS) & (horizon > TOLERANCE)
    low, middle, high = (np.clip(one, own.low, own.high) for one in (centre - half, centre, centre + half))
    verdict = np.select([~exists, goal < low, goal > high], ["", Verdict.BELOW, Verdict.ABOVE], Verdict.INSIDE)
    numbers = {"at": goal_tau, "centre": middle, "low": low, "high": high}
    return {f"projection.{name}": np.where(exists, one, np.nan) for name, one in numbers.items()} | {
        "projection.verdict": verdict
    }
