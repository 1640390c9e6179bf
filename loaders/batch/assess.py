"""The assessment of many plain targets on one day (METHOD), array by array."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from loaders.batch import paths
from loaders.batch.columns import Columns, Floats
from loaders.batch.trend import projection, recent_pace
from loaders.domain import crosscheck as bands
from loaders.domain.period import decimal_year
from loaders.domain.status import Reason, Status
from loaders.domain.trajectory import TOLERANCE

Table = dict[str, np.ndarray]
"""Columns by the record's field names, nested ones joined by a dot; NaN or "" where undefined."""


@dataclass(frozen=True, slots=True)
class Known:
    """What was known on the day: the rows that count, and the last one of each target."""

    rows: np.ndarray
    """Positions in the columns, one per target and period, in time order within a target."""
    owner: np.ndarray
    last: np.ndarray
    """Place in ``rows`` of each target's latest value; −1 without one."""
    count: np.ndarray


def known_on(own: Columns, day: np.datetime64) -> Known:
    """The values known on ``day``: of several for one period the one that became known last."""
    rows = np.flatnonzero(own.known <= day)
    owner, start, end = own.owner[rows], own.starts[rows], own.ends[rows]
    same = (owner[1:] == owner[:-1]) & (start[1:] == start[:-1]) & (end[1:] == end[:-1])
    rows = rows[~np.append(same, False)] if len(rows) else rows
    owner = own.owner[rows]
    count = np.bincount(owner, minlength=len(own.ids))
    return Known(rows, owner, np.where(count, np.cumsum(count) - 1, -1), count)


def assess_many(own: Columns, as_of: date) -> Table:
    """Every field of the record for each plain target that was in force on ``as_of``."""
    day = np.datetime64(as_of, "D")
    seen = known_on(own, day)
    has = seen.count > 0
    pick = seen.rows[seen.last] if len(seen.rows) else np.zeros(len(own.ids), int)

    def latest(column: np.ndarray) -> Floats:
        return np.where(has, column[pick], np.nan) if len(column) else np.full(len(own.ids), np.nan)

    tau, value, epsilon = latest(own.tau), latest(own.value), latest(own.epsilon)
    start, goal, direction = own.node_value[:, 0], own.node_value[:, -1], own.direction
    with np.errstate(all="ignore"):
        table = _numbers(own, seen, tau, value, decimal_year(as_of))
        missed_releases = _missed_releases(own, latest_day(own, pick, has), day)
        missed = _missed(own, seen, day)
        status = _status(own, tau, value, epsilon, table["expected"], missed)
        reason = np.select(
            [~has, tau <= own.node_tau[:, 0] + TOLERANCE, missed_releases >= 2],
            [Reason.NO_OBSERVATION, Reason.SINGLE_POINT, Reason.STALE],
            "",
        )
        reason = np.where((reason != "") & has & (status == Status.ACHIEVED), "", reason)
        judged = reason == ""
        table |= _cross_check(own, tau, value)
        table |= _overlays(own, tau, value, epsilon, status, missed_releases, table)
        table |= projection(own, seen)
    table["overlay.provisional"] = has & own.preliminary[pick] if len(own.preliminary) else ~has & False
    for name in [key for key in table if key.startswith("overlay.")]:
        table[name] = table[name] & judged
    table["overlay.assumed_baseline"] = own.assumed
    table["status"] = np.where(judged, status, Status.NOT_ASSESSABLE)
    table["reason"] = reason
    table["id"] = np.array(own.ids)
    table |= {"observation.value": value, "observation.tau": tau, "baseline": start, "target": goal}
    in_force = own.issued <= day
    table["gap_to_target"] = direction * (goal - value)
    return {name: column[in_force] for name, column in table.items()}


def latest_day(own: Columns, pick: np.ndarray, has: np.ndarray) -> np.ndarray:
    """Last day of each latest value's period; not a day without one."""
    days = np.full(len(own.ids), np.datetime64("NaT"), "datetime64[D]")
    if len(own.ends):
        days[has] = own.ends[pick[has]]
    return days


def _numbers(own: Columns, seen: Known, tau: Floats, value: Floats, today: float) -> Table:
    start, goal, direction = own.node_value[:, 0], own.node_value[:, -1], own.direction
    promised = paths.expected(own, tau)
    promised = np.where(np.isnan(tau), np.nan, promised)
    way_due = promised - start
    ahead = np.maximum(tau, today)
    node_tau, node_value = paths.next_node(own, ahead)
    end = own.node_tau[:, -1]
    open_end = (end > tau + TOLERANCE) & (end >= today - TOLERANCE)
    final = np.where(open_end, (goal - value) / (end - tau), np.nan)
    pace = recent_pace(own, seen)
    wrong_way = np.isnan(pace) | (pace == 0) | (final * pace < 0)
    return {
        "expected": promised,
        "progress": (value - start) / (goal - start),
        "expected_progress": way_due / (goal - start),
        "delivery_ratio": np.where(np.abs(way_due) <= TOLERANCE, np.nan, (value - start) / way_due),
        "deviation": direction * (value - promised),
        "months": np.where(np.isnan(value), np.nan, paths.months_ahead(own, value, tau)),
        "required_pace_next": np.where(np.isnan(tau), np.nan, (node_value - value) / (node_tau - tau)),
        "required_pace_final": final,
        "recent_pace": pace,
        "acceleration": np.where(wrong_way, np.nan, final / pace),
    }


def _missed_releases(own: Columns, last: np.ndarray, day: np.datetime64) -> np.ndarray:
    month = last.astype("datetime64[M]")
    count = np.zeros(len(own.ids), int)
    for nth in (1, 2):
        following = month + (own.cycle * nth + 1).astype("timedelta64[M]")
        expected = following.astype("datetime64[D]") - np.timedelta64(1, "D") + own.wait.astype("timedelta64[D]")
        late = (own.cycle > 0) & (day > expected) & (count == nth - 1)
        count = np.where(late, nth, count)
    return count


def _missed(own: Columns, seen: Known, day: np.datetime64) -> np.ndarray:
    """The final value of the due period, known and short of the target after all waiting."""
    due = own.due[seen.owner]
    rows = seen.rows
    final = (own.starts[rows] <= due) & (due <= own.ends[rows]) & ~own.preliminary[rows]
    places = np.flatnonzero(final)
    owners, first = np.unique(seen.owner[places], return_index=True)
    value = np.full(len(own.ids), np.nan)
    value[owners] = own.value[rows[places[first]]]
    over = day > own.due + own.wait.astype("timedelta64[D]")
    return over & (own.direction * (value - own.node_value[:, -1]) < -TOLERANCE)


def _status(
    own: Columns, tau: Floats, value: Floats, epsilon: Floats, promised: Floats, missed: np.ndarray
) -> np.ndarray:
    """`level_status` for every row; rows without a value read off track and are overruled by their reason."""
    start, goal, direction, method = own.node_value[:, 0], own.node_value[:, -1], own.direction, own.method
    behind = direction * (value - start) < -epsilon - TOLERANCE
    way_due, way = np.abs(promised - start), np.abs(goal - start)
    share = np.maximum(epsilon, method.too_early_share * way)
    early = ~behind & ((own.integer & (way_due <= TOLERANCE)) | (way_due < share - TOLERANCE))
    ratio = (value - start) / (promised - start)
    return np.select(
        [
            direction * (value - goal) >= -TOLERANCE,
            missed,
            early,
            behind,
            ratio >= method.on_track - TOLERANCE,
            ratio >= method.needs_acceleration - TOLERANCE,
        ],
        [
            Status.ACHIEVED,
            Status.MISSED,
            Status.TOO_EARLY,
            Status.REGRESSING,
            Status.ON_TRACK,
            Status.NEEDS_ACCELERATION,
        ],
        Status.OFF_TRACK,
    )


def _cross_check(own: Columns, tau: Floats, value: Floats) -> Table:
    start, goal = own.node_value[:, 0], own.node_value[:, -1]
    begin, end = own.node_tau[:, 0], own.node_tau[:, -1]
    positive = (start > 0) & (value > 0) & (goal > 0) & (tau - begin > TOLERANCE)
    so_far = np.where(positive, (value / start) ** (1 / (tau - begin)) - 1, np.nan)
    needed = np.where(positive, (goal / start) ** (1 / (end - begin)) - 1, np.nan)
    sound = np.isfinite(so_far) & np.isfinite(needed) & (np.abs(needed) > TOLERANCE)
    ratio = np.where(sound, so_far / needed, np.nan)
    arrival = value * (1 + so_far) ** (end - tau)
    share = np.where(sound & np.isfinite(arrival), (arrival - start) / (goal - start), np.nan)
    on, slow, off, back = Status.ON_TRACK, Status.NEEDS_ACCELERATION, Status.OFF_TRACK, Status.REGRESSING
    eurostat = np.select(
        [np.isnan(ratio), ratio >= bands.EUROSTAT_ON_TRACK, ratio >= bands.EUROSTAT_MODERATE, ratio >= 0],
        ["", on, slow, off],
        back,
    )
    unsd = np.select([np.isnan(share), share >= bands.UNSD_ON_TRACK, share >= bands.UNSD_MODERATE], ["", on, slow], off)
    return {
        "crosscheck.eurostat_ratio": ratio,
        "crosscheck.eurostat_band": eurostat,
        "crosscheck.unsd_share": share,
        "crosscheck.unsd_band": unsd,
    }


def _overlays(
    own: Columns,
    tau: Floats,
    value: Floats,
    epsilon: Floats,
    status: np.ndarray,
    missed_releases: np.ndarray,
    table: Table,
) -> Table:
    none = np.zeros(len(own.ids), bool)
    low, high = (_status(own, tau, value + sign * epsilon, epsilon, table["expected"], none) for sign in (-1, 1))
    milestone = paths.milestone_due(own, tau)
    short = own.direction * (value - milestone) < -TOLERANCE
    ours = np.where(status == Status.ACHIEVED, 3, _favour(status))
    comparable = ~np.isin(status, (Status.MISSED, Status.TOO_EARLY))
    eurostat, unsd = table["crosscheck.eurostat_band"], table["crosscheck.unsd_band"]
    by_eurostat = (eurostat != "") & (_favour(eurostat) != ours)
    by_unsd = (unsd != "") & (_favour(unsd) != np.maximum(ours, 1))
    return {
        "overlay.stale": missed_releases >= 1,
        "overlay.borderline": (low != high) & (status != Status.MISSED),
        "overlay.milestone_missed": short & (status != Status.ACHIEVED),
        "overlay.method_disagreement": (by_eurostat | by_unsd) & comparable,
    }


def _favour(band: np.ndarray) -> np.ndarray:
    """Bands in order: 3 on track, 2 needs acceleration, 1 off track, 0 regressing."""
    return np.select(
        [band == Status.ON_TRACK, band == Status.NEEDS_ACCELERATION, band == Status.OFF_TRACK], [3, 2, 1], 0
    )
