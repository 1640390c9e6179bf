"""Ten thousand targets with twenty values each: how much faster arrays judge than a loop over groups (`make bench`).

The loop is how most dashboards do it: a `groupby` over the values' table and a function a group. It
computes the same outputs of the method, so that the ratio compares like with like.
"""

from __future__ import annotations

import gc
import os
import statistics
import subprocess
import sys
import time
from datetime import date
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from builders import a_data_folder, a_target, a_version, registry_text, row

from loaders.assessment import assess, frame
from loaders.batch.assess import assess_many
from loaders.batch.columns import columns
from loaders.dataset import load_dataset
from loaders.domain.period import decimal_year
from loaders.domain.projection import t_90
from loaders.domain.trajectory import TOLERANCE
from loaders.registry import parse_registry

pytestmark = pytest.mark.bench

TARGETS, VALUES = 10_000, 20
DAY = date(2026, 11, 23)
FIRST_YEAR = 2006
EPSILON = 0.05
"""Half of the last digit of the generated values."""


def targets() -> list[str]:
    """Generated targets: different baselines, milestones and goals."""
    return [
        a_target(
            f"t_{i}",
            a_version(
                baseline=f"{{value: {10 + i % 37}, period: 2015}}",
                milestones=f"[{{value: {50 + i % 41}, due: 2027}}]",
                target=f"{{value: {95 + i % 53}, due: 2030, comparator: at_least}}",
            ),
            unit="year",
            series=f"{{indicator: t_{i}, frequency: annual, release_lag_days: 120, grace_days: 30}}",
        )
        for i in range(TARGETS)
    ]


def values() -> tuple[str, ...]:
    """Yearly values that rise unevenly around half of what was promised."""
    noise = np.random.default_rng(20261123).normal(0, 1.5, (TARGETS, VALUES)).cumsum(axis=1)
    return tuple(
        row(
            f"t_{i}",
            str(FIRST_YEAR + n),
            f"{10 + i % 37 + (1.0 + i % 5) * (n - 9) + noise[i, n]:.1f}",
            published=f"{FIRST_YEAR + n + 1}-03-01",
        )
        for i in range(TARGETS)
        for n in range(VALUES)
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return a_data_folder(tmp_path_factory.mktemp("many") / "data", *targets(), rows=values())


@pytest.fixture(scope="module")
def dataset(folder):
    found = load_dataset(folder)
    assert not list(found.report)
    assert (len(found.registry.targets), len(found.observations)) == (TARGETS, TARGETS * VALUES)
    return found


def by_groups(table: pd.DataFrame, targets: pd.DataFrame, today: float) -> pd.DataFrame:
    """The loop: one group of values a target."""
    goals = targets.set_index("id")
    found = []
    for name, group in table.groupby("indicator", sort=False):
        own = goals.loc[name]
        group = group.sort_values("tau")
        tau, value = group["tau"].to_numpy(), group["value"].to_numpy()
        y, at = value[-1], tau[-1]
        nodes_tau = [own["start_tau"], own["middle_tau"], own["goal_tau"]]
        nodes = [own["start"], own["middle"], own["goal"]]
        expected = np.interp(at, nodes_tau, nodes)
        start, goal = nodes[0], nodes[-1]
        ratio = (y - start) / (expected - start)
        status = (
            "achieved"
            if y >= goal
            else "too_early"
            if y >= start - EPSILON and expected - start < max(EPSILON, 0.05 * (goal - start))
            else "regressing"
            if y < start - EPSILON
            else "on_track"
            if ratio >= 0.95 - TOLERANCE
            else "needs_acceleration"
            if ratio >= 0.6 - TOLERANCE
            else "off_track"
        )
        months = 12 * (np.interp(y, nodes, nodes_tau) - at) if start <= y <= goal else np.nan
        slopes = [(value[b] - value[a]) / (tau[b] - tau[a]) for a, b in combinations(range(len(tau) - 5, len(tau)), 2)]
        ahead = next(n for n, due in enumerate(nodes_tau) if due > max(at, today))
        final, pace = (goal - y) / (own["goal_tau"] - at), float(np.median(slopes))
        growth = (y / start) ** (1 / (at - nodes_tau[0])) - 1 if y > 0 else np.nan
        needed = (goal / start) ** (1 / (nodes_tau[-1] - nodes_tau[0])) - 1
        arrival = y * (1 + growth) ** (nodes_tau[-1] - at)
        drift = (y - value[0]) / (at - tau[0])
        steps, moves = np.diff(tau), np.diff(value)
        sigma = np.sqrt(((moves - drift * steps) ** 2 / steps).sum() / (len(tau) - 2))
        horizon = nodes_tau[-1] - at
        damped = 0.9 * (1 - 0.9**horizon) / 0.1
        half = t_90(len(tau) - 2) * sigma * np.sqrt(horizon + damped**2 / (at - tau[0]))
        centre = y + drift * damped
        found.append(
            {
                "id": name, "status": status, "expected": expected, "progress": (y - start) / (goal - start),
                "expected_progress": (expected - start) / (goal - start), "delivery_ratio": ratio,
                "gap_to_target": goal - y, "deviation": y - expected, "months": months,
                "required_pace_next": (nodes[ahead] - y) / (nodes_tau[ahead] - at), "required_pace_final": final,
                "recent_pace": pace, "acceleration": final / pace if pace and final * pace >= 0 else np.nan,
                "crosscheck.eurostat_ratio": growth / needed, "crosscheck.unsd_share": (arrival - start) / (goal - start),
                "projection.centre": centre, "projection.low": centre - half, "projection.high": centre + half,
                "projection.verdict": "below" if goal < centre - half else "above" if goal > centre + half else "inside",
            }
        )  # fmt: skip
    return pd.DataFrame(found)


def test_assessing_many(dataset):
    begin = time.perf_counter()
    own, others = columns(dataset.registry, dataset.observations)
    gathered = time.perf_counter() - begin
    assert (len(own.ids), len(others)) == (TARGETS, 0)
    # Both start from values and paths already gathered.
    table = pd.DataFrame({"indicator": np.array(own.ids)[own.owner], "tau": own.tau, "value": own.value})
    goals = pd.DataFrame(
        {
            "id": own.ids, "start_tau": own.node_tau[:, 0], "start": own.node_value[:, 0],
            "middle_tau": own.node_tau[:, 1], "middle": own.node_value[:, 1],
            "goal_tau": own.node_tau[:, 2], "goal": own.node_value[:, 2],
        }
    )  # fmt: skip
    ratios, ours, theirs = [], [], []
    for _ in range(3):
        begin = time.perf_counter()
        looped = by_groups(table, goals, decimal_year(DAY))
        middle = time.perf_counter()
        arrays = assess_many(own, DAY)
        end = time.perf_counter()
        ratios.append((middle - begin) / (end - middle))
        theirs.append(middle - begin)
        ours.append(end - middle)
    ratio = statistics.median(ratios)
    print(
        f"\n{TARGETS} targets x {VALUES} values: loop over groups {statistics.median(theirs):.2f} s, "
        f"arrays {1000 * statistics.median(ours):.0f} ms, ratio {ratio:.0f}; gathered once in {gathered:.2f} s"
    )
    words = ["id", "status", "projection.verdict"]
    for name in looped.columns:
        if name in words:
            assert list(arrays[name]) == list(looped[name]), name
        else:
            assert np.allclose(arrays[name], looped[name], rtol=1e-9, atol=1e-9, equal_nan=True), name
    assert len(set(arrays["status"])) >= 5, "all kinds of cases"
    assert ratio >= 30


def test_validating_a_large_registry():
    import yaml

    text = registry_text(*targets())
    ratios, ours, theirs = [], [], []
    gc.collect()
    # The collector slows the C loader's many nodes more than it slows us; without it the yardstick is stricter.
    gc.disable()
    try:
        for _ in range(5):
            begin = time.perf_counter()
            yaml.load(text, yaml.CSafeLoader)
            middle = time.perf_counter()
            found, report = parse_registry(text, "targets.yaml")
            end = time.perf_counter()
            assert found is not None
            assert (len(found.targets), list(report)) == (TARGETS, [])
            ratios.append((end - middle) / (middle - begin))
            ours.append(end - middle)
            theirs.append(middle - begin)
    finally:
        gc.enable()
    ratio = statistics.median(ratios)
    print(
        f"\n{TARGETS} targets of YAML: read and validated in {statistics.median(ours):.2f} s, "
        f"the C loader alone {statistics.median(theirs):.2f} s, ratio {ratio:.2f}"
    )
    assert ratio <= 2.0


MEMORY_MB = 600


def test_memory(folder):
    """Registry, values, arrays, assessments and both tables of outputs, held at once in a process of its own."""
    paths = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    done = subprocess.run(
        [sys.executable, __file__, str(folder)], capture_output=True, text=True, check=True, env=paths
    )
    peak = float(done.stdout.split()[-1])
    print(f"\n{TARGETS} targets x {VALUES} values loaded and assessed: {peak:.0f} MB at most")
    assert peak < MEMORY_MB


if __name__ == "__main__":
    held = load_dataset(Path(sys.argv[1]))
    assert held.registry is not None
    assert not list(held.report)
    arrays = pd.DataFrame(assess_many(columns(held.registry, held.observations)[0], DAY))
    assessments = assess(held.registry, held.observations, DAY)
    records = frame(assessments)
    assert len(arrays) == TARGETS
    assert list(arrays["status"]) == list(records["status"])
    # Not getrusage: its figure starts with what the parent held when it started this process.
    peak_kb = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    print(int(peak_kb.split()[1]) / 1024)
