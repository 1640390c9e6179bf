"""The working of a promised path, of the cross-checks and of the projection: formulas with the numbers put in."""

from __future__ import annotations

import re

from dashboard.components.markup import escape
from dashboard.components.working_kinds import Row, Rows, moment, number, row
from dashboard.wording.format import pace_text, plain_number
from dashboard.wording.sentences import Speaker
from loaders.assessment import Assessment
from loaders.domain.method.projection import Projection, t_90
from loaders.domain.method.status import Status
from loaders.domain.method.trajectory import TOLERANCE, Trajectory
from loaders.domain.model import Kind
from loaders.domain.observation import Observation
from loaders.path_names import path_name

KEPT = (Kind.MAINTAIN, Kind.LIMIT)
BY_RATIO = (Status.ON_TRACK, Status.NEEDS_ACCELERATION, Status.OFF_TRACK)
"""Statuses that are given only once it is not too early."""
_RAISED = re.compile(r"\^\(((?:[^()]|\([^()]*\))*)\)")


def formula_markup(formula: str) -> str:
    """A formula as markup: ``^(…)`` becomes a superscript, everything else is escaped."""
    return _RAISED.sub(r"<sup>\1</sup>", escape(formula))


def pace(value: float | None, item: Assessment, say: Speaker) -> str:
    """A yearly change in words; that it is not defined, where it is None."""
    if value is None:
        return say.words("target.fact.undefined")
    return pace_text(value, say.unit(item.target), say.language)


def path_rows(item: Assessment, say: Speaker) -> Rows:
    """From baseline to acceleration factor, as far as the numbers are defined."""
    now, target = item.current, item.target
    path, seen = now.trajectory, now.observation
    rows: Rows = []
    if path is not None:
        rows.append(row("baseline", f"τ = {moment(path.baseline.tau)}", say.value(target, path.baseline.value), say))
        rows.append(row("target", f"τ = {moment(path.target.tau)}", say.value(target, path.target.value), say))
    if now.value is None or seen is None:
        return rows
    rows.append(row("observed", f"τ = {moment(seen.tau)} ({seen.period.written})", say.latest(item), say))
    if target.kind not in (Kind.RANK, *KEPT):
        rows.append(row("epsilon", "", say.difference(target, seen.epsilon, sign=False), say))
    rows += _goal_rows(item, now.value, say)
    if path is None or now.expected is None:
        return rows
    return [
        *rows,
        *_expected_rows(item, path, seen, now.expected, say),
        *_share_rows(item, path, now.value, now.expected, say),
        *_pace_rows(item, path, now.value, seen, say),
    ]


def _goal_rows(item: Assessment, value: float, say: Speaker) -> Rows:
    """What is left to the goal, or the margin of a value that is kept."""
    goal, gap, target = item.version.target, item.current.gap_to_target, item.target
    if goal is None or goal.value is None or gap is None:
        return []
    lead = "−" if item.current.direction == -1 else ""
    if target.kind in KEPT:
        return [row("margin", f"{lead}({number(value)} − {number(goal.value)})", say.difference(target, -gap), say)]
    return [row("gap", f"{lead}({number(goal.value)} − {number(value)})", say.difference(target, gap), say)]


def _expected_rows(item: Assessment, path: Trajectory, seen: Observation, expected: float, say: Speaker) -> Rows:
    """E(τ), its rounding to whole things, and whether the path has left the baseline far enough to judge."""
    now, target, method = item.current, item.target, say.registry.method
    result = say.computed(target, expected)
    if target.kind is Kind.RANK:
        return [row("rung", f"t ≤ {moment(seen.tau)}", result, say)]
    if target.kind is Kind.CUMULATIVE:
        return [row("expected_sum", f"E({moment(seen.tau)})", result, say)]
    along = _along(path, seen.tau)
    if path.integer:
        between = number(path.at(seen.tau))
        floor = f"⌊{between}⌋" if path.direction > 0 else f"⌈{between}⌉"
        rows = [row(_named(item, path), along, between, say), row("expected_whole", floor, result, say)]
    else:
        rows = [row(_named(item, path), along, result, say)]
    if now.status in (Status.TOO_EARLY, *BY_RATIO):
        sign = "<" if now.status is Status.TOO_EARLY else "≥"
        start, goal = number(path.baseline.value), number(path.target.value)
        share = f"{number(method.too_early_share)} × |{goal} − {start}|"
        rule = f"|{number(expected)} − {start}| {sign} max({number(seen.epsilon)}, {share})"
        rows.append(row("too_early", rule, say.words(f"method.too_early.{now.status is Status.TOO_EARLY}"), say))
    return rows


def _named(item: Assessment, path: Trajectory) -> str:
    """The row of E(τ): lots, the promised path, or a line of ours."""
    return "expected_step" if path.path == "step" else f"expected_{path_name(item.target, item.version)}"


def _along(path: Trajectory, tau: float) -> str:
    """The stretch of the path around ``tau`` with its numbers put in."""
    left, right = path.rung(tau), path.next_node(tau)
    if right is None or path.path == "step" or tau <= left.tau + TOLERANCE:
        return f"E({moment(tau)})"
    a, b = number(left.value), number(right.value)
    share = f"({moment(tau)} − {moment(left.tau)}) / ({moment(right.tau)} − {moment(left.tau)})"
    return f"{a} × ({b} / {a})^({share})" if path.path == "geometric" else f"{a} + ({b} − {a}) × {share}"


def _share_rows(item: Assessment, path: Trajectory, value: float, expected: float, say: Speaker) -> Rows:
    """Progress, expected progress, delivery ratio and deviation."""
    now, target = item.current, item.target
    y, start, goal, due = (number(one) for one in (value, path.baseline.value, path.target.value, expected))
    rows: Rows = []
    if now.progress is not None:
        rows.append(row("progress", f"({y} − {start}) / ({goal} − {start})", now.progress, say))
    if now.expected_progress is not None:
        rows.append(row("expected_progress", f"({due} − {start}) / ({goal} − {start})", now.expected_progress, say))
    if now.delivery_ratio is not None and target.kind is Kind.CUMULATIVE:
        rows.append(row("ratio_sum", f"{y} / {due}", now.delivery_ratio, say))
    elif now.delivery_ratio is not None:
        rows.append(row("ratio", f"({y} − {start}) / ({due} − {start})", now.delivery_ratio, say))
    if now.deviation is not None:
        lead = "−" if now.direction == -1 else ""
        rows.append(row("deviation", f"{lead}({y} − {due})", say.difference(target, now.deviation), say))
    return rows


def _pace_rows(item: Assessment, path: Trajectory, value: float, seen: Observation, say: Speaker) -> Rows:
    """Time gap, required and recent pace, acceleration factor."""
    now, node = item.current, item.current.next_node
    y, tau, rows = number(value), moment(seen.tau), []
    if now.months is not None:
        # The record's L says where the path stands at y: E⁻¹(y) = τ + L / 12.
        on_path = moment(seen.tau + now.months / 12)
        said = say.words("target.working.months", n=plain_number(now.months, 2))
        rows.append(row("months", f"12 × ({on_path} − {tau})", said, say))
    if now.required_pace_next is not None and node is not None and node != path.target:
        rule = f"({number(node.value)} − {y}) / ({moment(node.tau)} − {tau})"
        rows.append(row("pace_next", rule, pace(now.required_pace_next, item, say), say))
    if now.required_pace_final is not None:
        rule = f"({number(path.target.value)} − {y}) / ({moment(path.target.tau)} − {tau})"
        rows.append(row("pace", rule, pace(now.required_pace_final, item, say), say))
    if now.recent_pace is not None:
        rows.append(_recent(item, now.recent_pace, say))
    if now.acceleration is not None and now.required_pace_final is not None and now.recent_pace is not None:
        rows.append(
            row("factor", f"{number(now.required_pace_final)} / {number(now.recent_pace)}", now.acceleration, say)
        )
    return rows


def _recent(item: Assessment, velocity: float, say: Speaker) -> Row:
    count = item.current.recent_pace_points
    if item.target.kind is Kind.CUMULATIVE:
        return row("recent_flow", f"n = {count}", pace(velocity, item, say), say)
    points = item.evidence.since_break()[-count:]
    pairs = " ".join(f"({moment(point.tau)}, {number(point.value)})" for point in points)
    return row("recent", f"n = {count}: {pairs}", pace(velocity, item, say), say)


def check_rows(item: Assessment, say: Speaker) -> Rows:
    """Both cross-checks of a level, as far as they are defined."""
    now, check = item.current, item.current.crosscheck
    path, seen = now.trajectory, now.observation
    if item.target.kind is not Kind.LEVEL or path is None or seen is None or now.value is None:
        return []
    y, start, goal = (number(one) for one in (now.value, path.baseline.value, path.target.value))
    at, begins, ends = (moment(one) for one in (seen.tau, path.baseline.tau, path.target.tau))
    rows: Rows = []
    if check.eurostat_ratio is not None:
        so_far = f"({y} / {start})^(1 / ({at} − {begins})) − 1"
        needed = f"({goal} / {start})^(1 / ({ends} − {begins})) − 1"
        result = _banded(check.eurostat_ratio, check.eurostat_band, say)
        rows.append(row("eurostat", f"({so_far}) / ({needed})", result, say))
    if check.unsd_share is not None:
        arrival = f"{y} × ({y} / {start})^(({ends} − {at}) / ({at} − {begins}))"
        result = _banded(check.unsd_share, check.unsd_band, say)
        rows.append(row("unsd", f"({arrival} − {start}) / ({goal} − {start})", result, say))
    return rows


def _banded(value: float, band: str | None, say: Speaker) -> str:
    return f"{number(value)} ({say.words(f'status.{band}')})" if band else number(value)


def projection_rows(item: Assessment, say: Speaker) -> Rows:
    """Drift, spread, centre and half-width of the projection at the due date; nothing without one."""
    found, target = item.projection, item.target
    if not isinstance(found, Projection):
        return []
    walk = found.drift
    y, damping = number(walk.last.value), number(walk.damping)
    horizon = number(found.at - walk.last.tau)
    begins = walk.last.tau - walk.years
    first = [point for point in item.evidence.since_break() if abs(point.tau - begins) <= TOLERANCE][-1]
    rise = f"({y} − {number(first.value)}) / ({moment(walk.last.tau)} − {moment(first.tau)})"
    damped = f"{damping} × (1 − {damping}^({horizon})) / (1 − {damping})"
    spread = f"{number(t_90(walk.points - 2))} × {number(walk.sigma)} × √({horizon} + c(h)² / {number(walk.years)})"
    half = say.difference(target, walk.half_width(found.at), sign=False)
    return [
        row("drift", rise, pace(walk.per_year, item, say), say),
        row("spread", f"n = {walk.points}", walk.sigma, say),
        row("centre", f"{y} + {number(walk.per_year)} × {damped}", say.computed(target, found.centre), say),
        row("half_width", spread, f"± {half}", say),
    ]
