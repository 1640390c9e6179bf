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
from builders import HEAD, a_target, a_version

from loaders.batch.assess import assess_many
from loaders.batch.columns import columns
from loaders.diagnostics import Report
from loaders.domain.observation import Observation, half_of_last_digit
from loaders.domain.period import parse_period
from loaders.domain.projection import t_90
from loaders.registry import parse_registry

pytestmark = pytest.mark.bench

TARGETS, VALUES = 10_000, 20
DAY = date(2026, 11, 23)
FIRST_YEAR = 2006


def registry_text(count: int = TARGETS) -> str:
    """A registry of generated targets: different baselines, milestones and goals."""
    return HEAD + "".join(
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
        for i in range(count)
    )


def observations() -> list[Observation]:
    """Yearly values that rise unevenly around half of what was promised."""
    noise = np.random.default_rng(20261123).normal(0, 1.5, (TARGETS, VALUES)).cumsum(axis=1)
    source = (("S", "https://s.kr/x"),)
    found = []
    for i in range(TARGETS):
        for n in range(VALUES):
            period = parse_period(str(FIRST_YEAR + n))
            value = round(10 + i % 37 + (1.0 + i % 5) * (n - 9) + noise[i, n], 1)
            known = date(FIRST_YEAR + n + 1, 3, 1)
            found.append(
                Observation(f"t_{i}", "kr", period, value, half_of_last_digit("0.1"), "A", known, known, source, line=n)
            )
    return found


@pytest.fixture(scope="module")
def registry():
    found, report = parse_registry(registry_text(), "targets.yaml")
    assert found is not None
    assert not list(report)
    return found


@pytest.fixture(scope="module")
def rows():
    return observations()


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
            else "regressing"
            if y < start - 0.05
            else "on_track"
            if ratio >= 0.95
            else "needs_acceleration"
            if ratio >= 0.6
            else "off_track"
        )
        months = 12 * (np.interp(y, nodes, nodes_tau) - at) if start <= y <= goal else np.nan
        slopes = [(value[b] - value[a]) / (tau[b] - tau[a]) for a, b in combinations(range(len(tau) - 5, len(tau)), 2)]
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
                "required_pace_final": final, "recent_pace": pace, "acceleration": final / pace if pace else np.nan,
                "eurostat": growth / needed, "unsd": (arrival - start) / (goal - start),
                "centre": centre, "low": centre - half, "high": centre + half,
                "verdict": "below" if goal < centre - half else "above" if goal > centre + half else "inside",
            }
        )  # fmt: skip
    return pd.DataFrame(found)


def test_assessing_many(registry, rows):
    begin = time.perf_counter()
    own, others = columns(registry, rows)
    gathered = time.perf_counter() - begin
    assert (len(own.ids), len(others)) == (TARGETS, 0)
    table = pd.DataFrame({"indicator": [row.indicator for row in rows], "tau": own.tau, "value": own.value})
    targets = pd.DataFrame(
        {
            "id": own.ids, "start_tau": own.node_tau[:, 0], "start": own.node_value[:, 0],
            "middle_tau": own.node_tau[:, 1], "middle": own.node_value[:, 1],
            "goal_tau": own.node_tau[:, 2], "goal": own.node_value[:, 2],
        }
    )  # fmt: skip
    ratios, ours, theirs = [], [], []
    for _ in range(3):
        begin = time.perf_counter()
        looped = by_groups(table, targets, 2026.9)
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
    for name in ("progress", "delivery_ratio", "recent_pace"):
        assert np.allclose(arrays[name], looped[name], equal_nan=True), name
    assert np.allclose(arrays["projection.low"], np.maximum(looped["low"], -np.inf))
    assert (arrays["status"] == looped["status"]).mean() > 0.99, "but for values that are too early or missed"
    assert ratio >= 30


def test_validating_a_large_registry():
    import yaml

    text = registry_text()
    ratios, ours, theirs = [], [], []
    gc.collect()
    gc.freeze()  # what other benchmarks hold shall not slow either
    for _ in range(3):
        begin = time.perf_counter()
        yaml.load(text, yaml.CSafeLoader)
        middle = time.perf_counter()
        found, report = parse_registry(text, "targets.yaml")
        end = time.perf_counter()
        assert found is not None
        assert not list(report)
        ratios.append((end - middle) / (middle - begin))
        ours.append(end - middle)
        theirs.append(middle - begin)
    ratio = statistics.median(ratios)
    print(
        f"\n{TARGETS} targets of YAML: read and validated in {statistics.median(ours):.2f} s, "
        f"the C loader alone {statistics.median(theirs):.2f} s, ratio {ratio:.2f}"
    )
    assert ratio <= 2.0


MEMORY_MB = 600


def test_memory():
    """Registry, values, arrays and all outputs in one process of its own."""
    paths = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    done = subprocess.run([sys.executable, __file__], capture_output=True, text=True, check=True, env=paths)
    peak = float(done.stdout.split()[-1])
    print(f"\n{TARGETS} targets x {VALUES} values loaded and assessed: {peak:.0f} MB at most")
    assert peak < MEMORY_MB


if __name__ == "__main__":
    loaded, problems = parse_registry(registry_text(), "targets.yaml")
    assert loaded is not None
    assert isinstance(problems, Report)
    held, _ = columns(loaded, observations())
    assert len(assess_many(held, DAY)["id"]) == TARGETS
    # Not getrusage: its figure starts with what the parent held when it started this process.
    peak_kb = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    print(int(peak_kb.split()[1]) / 1024)
