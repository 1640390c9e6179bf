"""One version of one target judged on what was known on one day, with its working.

The working is kept whole (habit "show the working"): page, export and report print this record,
and nothing else computes a number of the method.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from loaders.domain import progress as number
from loaders.domain.crosscheck import CrossCheck, cross_check, disagrees
from loaders.domain.cumulative import Accumulation, accumulate
from loaders.domain.gate import NOT_ABOUT_THE_VALUE, gate, missed_releases
from loaders.domain.model import Comparator, Kind, Method, Series, Target, Version
from loaders.domain.observation import Observation
from loaders.domain.period import decimal_year, parse_period
from loaders.domain.status import (
    Overlay,
    Reason,
    Status,
    cumulative_status,
    level_status,
    limit_status,
    maintain_status,
    rank_status,
)
from loaders.domain.trajectory import TOLERANCE, Node, Trajectory
from loaders.domain.vintage import Evidence


@dataclass(frozen=True, slots=True)
class Judgement:
    """Status and working; a number that is not defined is None."""

    status: Status
    reason: Reason | None = None
    overlays: tuple[Overlay, ...] = ()
    observation: Observation | None = None
    """The value that was judged; of another scope where the reason is a scope mismatch."""
    trajectory: Trajectory | None = None
    """The promised path; None without baseline or due date."""
    direction: int | None = None
    """+1 where more is better, −1 where less is."""
    value: float | None = None
    """The judged value: the observation's, or the accumulated total."""
    expected: float | None = None
    progress: float | None = None
    expected_progress: float | None = None
    delivery_ratio: float | None = None
    gap_to_target: float | None = None
    """In the indicator's unit; positive: still to go."""
    deviation: float | None = None
    """In the indicator's unit; positive: ahead of the path."""
    months: float | None = None
    """Time gap; positive: ahead of the path."""
    next_node: Node | None = None
    """First milestone (or the target) ahead of the observation and of today."""
    required_pace_next: float | None = None
    required_pace_final: float | None = None
    recent_pace: float | None = None
    recent_pace_points: int = 0
    """2 flags a pace that is only a difference."""
    acceleration: float | None = None
    crosscheck: CrossCheck = field(default_factory=CrossCheck)


def direction_of(target: Target, version: Version) -> int | None:
    """+1 where more is better, −1 where less is; None where neither values nor comparator tell."""
    goal = version.target
    if target.kind is Kind.RANK or (target.kind is Kind.MAINTAIN and target.measure == "rank"):
        return -1
    if goal is None or goal.value is None:
        return None
    if version.baseline is not None and version.baseline.value != goal.value and target.kind is Kind.LEVEL:
        return 1 if goal.value > version.baseline.value else -1
    if goal.comparator in (Comparator.AT_MOST, Comparator.WITHIN):
        return -1
    if goal.comparator is Comparator.UP_TO:
        return -1 if target.kind is Kind.LIMIT else 1
    return 1


def trajectory_of(target: Target, version: Version) -> Trajectory | None:
    """The promised path of a version; None without baseline, value or due date."""
    goal, start = version.target, version.baseline
    if goal is None or goal.value is None or goal.due is None or start is None:
        return None
    nodes = [Node(parse_period(start.period).tau, start.value)]
    nodes += [Node(parse_period(item.due).tau, item.value) for item in version.milestones]
    nodes.append(Node(parse_period(goal.due).tau, goal.value))
    return Trajectory(tuple(nodes), version.path, target.integer)


def judge(target: Target, version: Version, found: Evidence, as_of: date, method: Method) -> Judgement:
    """Status of ``version`` on ``as_of`` with all numbers that are defined."""
    if version.target is None:
        return Judgement(Status.DROPPED, observation=found.latest)
    reason = gate(target, version, found, as_of)
    latest = found.latest
    if latest is None or reason in (Reason.SCOPE_MISMATCH, Reason.UNIT_MISMATCH, Reason.SERIES_BREAK):
        shown = latest if reason is not Reason.SCOPE_MISMATCH else None
        shown = shown or (found.others[-1] if found.others else None)
        path = _cumulative_path(version) if target.kind is Kind.CUMULATIVE else trajectory_of(target, version)
        return Judgement(
            Status.NOT_ASSESSABLE,
            reason or Reason.NO_OBSERVATION,
            _standing_overlays(version),
            shown,
            path,
            direction_of(target, version),
        )
    if target.kind is Kind.CUMULATIVE:
        working, status = _judge_cumulative(target, version, found, as_of, method)
    else:
        working, status = _judge_value(target, version, found, latest, as_of, method)
    if reason is not None and not (reason in NOT_ABOUT_THE_VALUE and status is Status.ACHIEVED):
        return replace(working, status=Status.NOT_ASSESSABLE, reason=reason, overlays=_standing_overlays(version))
    overlays = _overlays(target, version, working, status, as_of, method)
    return replace(working, status=status, overlays=overlays)


def _judge_value(
    target: Target, version: Version, found: Evidence, latest: Observation, as_of: date, method: Method
) -> tuple[Judgement, Status]:
    goal = version.target
    assert goal is not None
    path, direction = trajectory_of(target, version), direction_of(target, version)
    value, tau, today = latest.value, latest.tau, decimal_year(as_of)
    base = Judgement(
        Status.NOT_ASSESSABLE,
        overlays=_preliminary(latest.preliminary),
        observation=latest,
        trajectory=path,
        direction=direction,
        value=value,
    )
    if goal.value is None or direction is None:
        return base, Status.NOT_ASSESSABLE
    base = replace(base, gap_to_target=number.gap_to_target(value, goal.value, direction))
    margin = -number.gap_to_target(value, goal.value, direction)
    if target.kind is Kind.MAINTAIN:
        return base, maintain_status(margin, version.buffer)
    if target.kind is Kind.LIMIT:
        return base, limit_status(margin)
    if path is None:
        met = Status.ACHIEVED if margin >= -TOLERANCE else Status.NOT_ASSESSABLE
        start = version.baseline
        share = number.progress(value, start.value, goal.value) if start and target.kind is Kind.LEVEL else None
        return replace(base, progress=share), met
    missed = _missed(path, direction, found, target.series, goal.due, as_of)
    if target.kind is Kind.RANK:
        rung = path.rung(tau).value
        working = replace(
            base,
            expected=rung,
            deviation=number.deviation(value, rung, direction),
            next_node=path.next_node(max(tau, today)),
        )
        return working, rank_status(path, value, tau, missed=missed)
    working = replace(base, **_level_numbers(path, found, value, tau, today))
    return working, level_status(path, value, tau, latest.epsilon, method, missed=missed)


def _level_numbers(path: Trajectory, found: Evidence, value: float, tau: float, today: float) -> dict:
    start, goal, direction = path.baseline, path.target, path.direction
    expected = path.expected(tau)
    pace = number.recent_pace([(point.tau, point.value) for point in found.since_break()])
    velocity = pace[0] if pace else None
    final = number.required_pace(value, tau, goal, today)
    return {
        "expected": expected,
        "progress": number.progress(value, start.value, goal.value),
        "expected_progress": number.progress(expected, start.value, goal.value),
        "delivery_ratio": number.delivery_ratio(value, expected, start.value),
        "deviation": number.deviation(value, expected, direction),
        "months": path.months_ahead(value, tau),
        "next_node": path.next_node(max(tau, today)),
        "required_pace_next": number.next_pace(path, value, tau, today),
        "required_pace_final": final,
        "recent_pace": velocity,
        "recent_pace_points": pace[1] if pace else 0,
        "acceleration": number.acceleration(final, velocity),
        "crosscheck": cross_check(start, Node(tau, value), goal),
    }


def _missed(
    path: Trajectory, direction: int, found: Evidence, series: Series | None, due: str | None, as_of: date
) -> bool:
    """True where due date, release lag and grace have passed and the due period's final value falls short."""
    if due is None:
        return False
    wait = timedelta(days=series.release_lag_days + series.grace_days) if series else timedelta()
    if as_of <= parse_period(due).end + wait:
        return False
    due_day = parse_period(due).end
    final = [item for item in found.points if item.period.start <= due_day <= item.period.end and not item.preliminary]
    return bool(final) and direction * (final[0].value - path.target.value) < -TOLERANCE


def _cumulative_path(version: Version) -> Trajectory | None:
    total = accumulate(version, ())
    return total.trajectory if total else None


def _judge_cumulative(
    target: Target, version: Version, found: Evidence, as_of: date, method: Method
) -> tuple[Judgement, Status]:
    total: Accumulation | None = accumulate(version, found.points)
    if total is None or total.tau is None:
        # Without a start nothing is planned; without the first flow no run begins.
        reason = Reason.NO_BASELINE if total is None else Reason.NO_OBSERVATION
        path = total.trajectory if total else None
        shown = Judgement(Status.NOT_ASSESSABLE, reason, observation=found.latest, trajectory=path, direction=1)
        return shown, Status.NOT_ASSESSABLE
    path, today = total.trajectory, decimal_year(as_of)
    planned, promised = total.planned.at(total.tau), path.target.value
    assert version.target is not None
    missed = _missed_total(total, target.series, version.target.due, as_of)
    final = number.required_pace(total.value, total.tau, path.target, today)
    working = Judgement(
        Status.NOT_ASSESSABLE,
        overlays=_preliminary(total.preliminary),
        observation=total.last,
        trajectory=path,
        direction=1,
        value=total.value,
        expected=planned,
        progress=total.value / promised,
        expected_progress=planned / promised,
        delivery_ratio=number.delivery_ratio(total.value, planned, 0.0),
        gap_to_target=promised - total.value,
        deviation=total.value - planned,
        months=path.months_ahead(total.value, total.tau),
        next_node=path.next_node(max(total.tau, today)),
        required_pace_next=number.next_pace(path, total.value, total.tau, today),
        required_pace_final=final,
        recent_pace=total.last_flow_per_year,
        recent_pace_points=total.flows,
        acceleration=number.acceleration(final, total.last_flow_per_year),
    )
    return working, cumulative_status(total.value, planned, promised, total.epsilon, method, missed=missed)


def _missed_total(total: Accumulation, series: Series | None, due: str | None, as_of: date) -> bool:
    if due is None or total.tau is None or total.preliminary:
        return False
    wait = timedelta(days=series.release_lag_days + series.grace_days) if series else timedelta()
    return as_of > parse_period(due).end + wait and total.tau >= parse_period(due).tau - TOLERANCE


def _preliminary(preliminary: bool) -> tuple[Overlay, ...]:
    return (Overlay.PROVISIONAL,) if preliminary else ()


def _standing_overlays(version: Version) -> tuple[Overlay, ...]:
    assumed = version.baseline is not None and version.baseline.assumed
    return (Overlay.ASSUMED_BASELINE,) if assumed else ()


def _overlays(
    target: Target,
    version: Version,
    working: Judgement,
    status: Status,
    as_of: date,
    method: Method,
) -> tuple[Overlay, ...]:
    found, latest = list(working.overlays), working.observation
    assert latest is not None
    if target.series is not None and missed_releases(latest, target.series, as_of) >= 1:
        found.append(Overlay.STALE)
    path = working.trajectory
    if target.kind is Kind.LEVEL and path is not None and status is not Status.MISSED:
        shifted = {
            level_status(path, latest.value + sign * latest.epsilon, latest.tau, latest.epsilon, method)
            for sign in (-1, 1)
        }
        if len(shifted) > 1:
            found.append(Overlay.BORDERLINE)
    if path is not None and target.kind in (Kind.LEVEL, Kind.RANK) and status is not Status.ACHIEVED:
        rung = path.rung(latest.tau)
        passed = rung not in (path.baseline, path.target)
        if passed and (working.direction or 1) * (latest.value - rung.value) < -TOLERANCE:
            found.append(Overlay.MILESTONE_MISSED)
    if disagrees(status, working.crosscheck):
        found.append(Overlay.METHOD_DISAGREEMENT)
    return (*found, *_standing_overlays(version))
