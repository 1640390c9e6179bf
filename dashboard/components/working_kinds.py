"""The working of the kinds that are not judged on the values of a path: ranges, quotas, deliverables, wholes."""

from __future__ import annotations

from typing import NamedTuple

from dashboard.wording.format import plain_number
from dashboard.wording.sentences import Speaker
from loaders.assessment import Assessment
from loaders.domain.method.kinds.ranges import distance_to_range
from loaders.domain.model import Kind


class Row(NamedTuple):
    """One line of the working."""

    key: str
    name: str
    formula: str
    """With the numbers put in."""
    result: str


Rows = list[Row]


def own_rows(item: Assessment, say: Speaker) -> Rows | None:
    """The working of such a kind; None where the rows of a path explain the target."""
    kind, whole = item.target.kind, item.target.breakdown
    if kind is Kind.RANGE and item.current.trajectory is not None:
        return _range(item, say)
    if item.current.periods_due is not None:
        return _quota(item, say)
    if kind in (Kind.BINARY, Kind.LADDER) or (whole is not None and whole.rule == "weighted"):
        return _weights(item, say)
    return [] if whole is not None and whole.rule != "headline" else None


def _range(item: Assessment, say: Speaker) -> Rows:
    now, target, goal = item.current, item.target, item.version.target
    path, seen = now.trajectory, now.observation
    if path is None or seen is None or goal is None or goal.low is None or goal.high is None:
        return []
    edges = goal.low, goal.high
    start = distance_to_range(path.baseline.value, *edges)
    away = distance_to_range(seen.value, *edges)
    rows = [
        row("target", "[L, U]", say.goal(target, item.version), say),
        row("observed", f"τ = {moment(seen.tau)} ({seen.period.written})", say.observed(target, seen), say),
        row("distance_start", "max(L − B, 0, B − U)", say.difference(target, start, sign=False), say),
        row("distance", "max(L − y, 0, y − U)", say.difference(target, away, sign=False), say),
        row("progress_range", f"1 − {number(away)} / {number(start)}", now.progress, say),
        row("expected_share", f"E({moment(seen.tau)})", now.expected_progress, say),
    ]
    return [*rows, *_ratio(item, say)]


def _quota(item: Assessment, say: Speaker) -> Rows:
    now, target = item.current, item.target
    seen, quota = now.observation, now.expected
    if seen is None or quota is None or now.value is None:
        return []
    return [
        row("observed", seen.period.written, say.latest(item), say),
        row("quota", "", say.value(target, quota), say),
        row("ratio_quota", f"{number(now.value)} / {number(quota)}", now.delivery_ratio, say),
        row("years", "", f"{now.periods_met}/{now.periods_due}", say),
    ]


def _weights(item: Assessment, say: Speaker) -> Rows:
    now = item.current
    rows = [row("weight_done", "Σ w P", now.progress, say), row("weight_due", "Σ w P*", now.expected_progress, say)]
    return [*rows, *_ratio(item, say)]


def _ratio(item: Assessment, say: Speaker) -> Rows:
    now = item.current
    if now.delivery_ratio is None or now.progress is None or now.expected_progress is None:
        return []
    formula = f"{number(now.progress)} / {number(now.expected_progress)}"
    return [row("ratio_plain", formula, now.delivery_ratio, say)]


def row(key: str, formula: str, result: str | float | None, say: Speaker) -> Row:
    """A line of the working; a bare number is written as a share or ratio is."""
    text = result if isinstance(result, str) else "–" if result is None else number(result)
    return Row(key, say.words(f"target.working.row.{key}"), formula, text)


def number(value: float) -> str:
    """A number of the working: four decimals, two from ten thousand on."""
    return plain_number(value, 4 if abs(value) < 10_000 else 2)


def moment(tau: float) -> str:
    """A decimal year of the working: 2024.4973, never with a separator."""
    return f"{tau:.4f}".rstrip("0").rstrip(".")
