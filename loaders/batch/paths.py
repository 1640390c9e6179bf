"""`loaders.domain.trajectory` on many paths at once."""

from __future__ import annotations

import numpy as np

from loaders.batch.columns import Columns, Floats
from loaders.domain.trajectory import TOLERANCE


def expected(own: Columns, tau: Floats) -> Floats:
    """E(τ) of each path, rounded in the target's disfavour for whole things."""
    value = own.node_value[:, -1].copy()
    for right in range(own.node_tau.shape[1] - 1, 0, -1):
        value = np.where(tau < own.node_tau[:, right], _between(own, right, tau), value)
    value = np.where(tau <= own.node_tau[:, 0], own.node_value[:, 0], value)
    slack = value + own.direction * TOLERANCE
    return np.where(own.integer, np.where(own.direction > 0, np.floor(slack), np.ceil(slack)), value)


def _between(own: Columns, right: int, tau: Floats) -> Floats:
    begin, end = own.node_tau[:, right - 1], own.node_tau[:, right]
    left, right_value = own.node_value[:, right - 1], own.node_value[:, right]
    share = (tau - begin) / np.where(end > begin, end - begin, np.inf)
    growth = np.where(own.geometric, right_value / np.where(own.geometric, left, 1.0), 1.0)
    return np.select([own.step, own.geometric], [left, left * growth**share], left + (right_value - left) * share)


def reached_at(own: Columns, value: Floats) -> Floats:
    """First τ at which each linear or geometric path stands at ``value``; NaN outside its values."""
    found = np.full(len(value), np.nan)
    for right in range(own.node_tau.shape[1] - 1, 0, -1):
        left_value, right_value = own.node_value[:, right - 1], own.node_value[:, right]
        low, high = np.minimum(left_value, right_value), np.maximum(left_value, right_value)
        inside = (low - TOLERANCE <= value) & (value <= high + TOLERANCE) & (left_value != right_value)
        straight = (value - left_value) / np.where(inside, right_value - left_value, 1.0)
        growing = inside & own.geometric
        grown, whole = (np.where(growing, one / left_value, 2.0) for one in (value, right_value))
        share = np.where(growing, np.log(grown) / np.log(whole), straight)
        begin, end = own.node_tau[:, right - 1], own.node_tau[:, right]
        found = np.where(inside, begin + share * (end - begin), found)
    return np.where(np.abs(value - own.node_value[:, 0]) <= TOLERANCE, own.node_tau[:, 0], found)


def months_ahead(own: Columns, value: Floats, tau: Floats) -> Floats:
    """Time gap L in months, positive: ahead; NaN outside the path's values."""
    step_opens, step_closes = _step_window(own, value)
    opens = np.where(own.step, step_opens, reached_at(own, value))
    stands = np.abs(own.node_value - value[:, None]) <= TOLERANCE
    flat = np.max(np.where(stands, own.node_tau, -np.inf), axis=1)
    following = reached_at(own, value + own.direction)
    closes = np.where(own.integer, np.where(np.isnan(following), np.inf, following), np.maximum(opens, flat))
    closes = np.where(own.step, step_closes, closes)
    gap = np.where(tau < opens, opens - tau, np.where(tau > closes, closes - tau, 0.0))
    return np.where(np.isnan(opens), np.nan, 12 * gap)


def _step_window(own: Columns, value: Floats) -> tuple[Floats, Floats]:
    """From when and until when a step path stands at ``value`` or just below it; NaN outside its values."""
    beyond = own.direction[:, None] * (own.node_value - value[:, None])
    opens = np.max(np.where(beyond <= TOLERANCE, own.node_tau, -np.inf), axis=1)
    closes = np.min(np.where(beyond > TOLERANCE, own.node_tau, np.inf), axis=1)
    inside = np.isfinite(opens) & (beyond[:, -1] >= -TOLERANCE)
    return np.where(inside, opens, np.nan), closes


def next_node(own: Columns, tau: Floats) -> tuple[Floats, Floats]:
    """τ and value of the first node after ``tau``; NaN after the last."""
    at, value = np.full(len(tau), np.nan), np.full(len(tau), np.nan)
    for number in range(own.node_tau.shape[1] - 1, -1, -1):
        ahead = own.node_tau[:, number] > tau + TOLERANCE
        at = np.where(ahead, own.node_tau[:, number], at)
        value = np.where(ahead, own.node_value[:, number], value)
    return at, value


def milestone_due(own: Columns, tau: Floats) -> Floats:
    """Value of the last milestone whose date has come; NaN before the first and after the last."""
    found = np.full(len(tau), np.nan)
    for number in range(1, own.node_tau.shape[1] - 1):
        inner = own.node_tau[:, number] < own.node_tau[:, -1]
        found = np.where(inner & (own.node_tau[:, number] <= tau + TOLERANCE), own.node_value[:, number], found)
    return np.where(own.node_tau[:, -1] <= tau + TOLERANCE, np.nan, found)
