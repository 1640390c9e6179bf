"""A registry and its values as arrays: one row a target, one row a value."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from loaders.domain.judgement import direction_of, trajectory_of
from loaders.domain.model import Kind, Method, Registry, Target
from loaders.domain.observation import NOT_COMPARABLE, Observation
from loaders.domain.period import FREQUENCY_MONTHS, parse_period

Floats = np.ndarray
"""float64; NaN where undefined."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Plain targets (n rows) with their paths, and their values (m rows, grouped by target)."""

    ids: tuple[str, ...]
    method: Method
    node_tau: Floats
    """n × k; a shorter path repeats its last node."""
    node_value: Floats
    direction: Floats
    """+1 or −1."""
    integer: np.ndarray
    step: np.ndarray
    geometric: np.ndarray
    """How the path runs between its nodes; linear where neither."""
    low: Floats
    """Natural bounds of the unit, ∓∞ where it has none."""
    high: Floats
    assumed: np.ndarray
    issued: np.ndarray
    """Days as datetime64[D], like all days here."""
    due: np.ndarray
    wait: np.ndarray
    """Release lag and grace, in days."""
    cycle: np.ndarray
    """Months from one release to the next; 0 for a series without a rhythm."""
    owner: np.ndarray
    """Row of the target that each value belongs to, ascending."""
    tau: Floats
    value: Floats
    epsilon: Floats
    starts: np.ndarray
    ends: np.ndarray
    known: np.ndarray
    preliminary: np.ndarray


def is_plain(target: Target, rows: Iterable[Observation]) -> bool:
    """True where the arrays can judge the target: see the package's text for what that means."""
    series, version = target.series, target.versions[0]
    if target.kind is not Kind.LEVEL or len(target.versions) > 1 or series is None:
        return False
    if target.breakdown or target.superseded_by or target.declared or series.breaks or series.preferences:
        return False
    if series.unit not in (None, target.unit):
        return False
    path = trajectory_of(target, version)
    if path is None or path.baseline.value == path.target.value:
        return False
    scope = (version.scope or target.scope).id
    return all(row.scope == scope and row.status not in NOT_COMPARABLE and row.status not in "BM" for row in rows)


def columns(registry: Registry, observations: Iterable[Observation]) -> tuple[Columns, list[Target]]:
    """Plain targets as arrays, and the targets that are not plain."""
    by_indicator: dict[str, list[Observation]] = defaultdict(list)
    for row in observations:
        by_indicator[row.indicator].append(row)
    plain, others, own = [], [], []
    for target in registry.targets:
        rows = by_indicator[target.series.indicator] if target.series else []
        if is_plain(target, rows):
            plain.append(target)
            # The order in which a later row revises an earlier one.
            own.append(sorted(rows, key=_in_order))
        else:
            others.append(target)
    return _arrays(registry, plain, own), others


def _in_order(row: Observation) -> tuple[date, date, date, date, int]:
    return row.period.end, row.period.start, row.known, row.published, row.line


def _arrays(registry: Registry, plain: list[Target], own: list[list[Observation]]) -> Columns:
    paths = [trajectory_of(target, target.versions[0]) for target in plain]
    width = max((len(path.nodes) for path in paths if path), default=2)
    nodes = np.array(
        [[*path.nodes, *[path.nodes[-1]] * (width - len(path.nodes))] for path in paths if path], float
    ).reshape(len(plain), width, 2)
    rows = [row for group in own for row in group]
    series = [target.series for target in plain]
    bounds = [registry.unit[target.unit].bounds for target in plain]
    versions = [target.versions[0] for target in plain]
    return Columns(
        ids=tuple(target.id for target in plain),
        method=registry.method,
        node_tau=nodes[:, :, 0],
        node_value=nodes[:, :, 1],
        direction=np.array([direction_of(target, one) for target, one in zip(plain, versions, strict=True)], float),
        integer=np.array([target.integer for target in plain], bool),
        step=np.array([one.path == "step" for one in versions], bool),
        geometric=np.array([one.path == "geometric" for one in versions], bool),
        low=np.array([-np.inf if low is None else low for low, _ in bounds], float),
        high=np.array([np.inf if high is None else high for _, high in bounds], float),
        assumed=np.array([bool(one.baseline and one.baseline.assumed) for one in versions], bool),
        issued=_days(registry.document[one.document].issued_period.end for one in versions),
        due=_days(parse_period(one.target.due).end for one in versions if one.target and one.target.due),
        wait=np.array([one.release_lag_days + one.grace_days if one else 0 for one in series], int),
        cycle=np.array([FREQUENCY_MONTHS.get(one.frequency, 0) if one else 0 for one in series], int),
        owner=np.repeat(np.arange(len(plain)), [len(group) for group in own]),
        tau=np.array([row.tau for row in rows], float),
        value=np.array([row.value for row in rows], float),
        epsilon=np.array([row.epsilon for row in rows], float),
        starts=_days(row.period.start for row in rows),
        ends=_days(row.period.end for row in rows),
        known=_days(row.known for row in rows),
        preliminary=np.array([row.preliminary for row in rows], bool),
    )


def _days(days: Iterable[date]) -> np.ndarray:
    return np.array([day.toordinal() for day in days], "int64").astype("datetime64[D]") - np.timedelta64(719_163, "D")
