"""One version of one target judged on what was known on one day: gate or outcome, rule of the kind, overlays.

Nothing else computes a number of the method: page, export and report print the record made here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from loaders.domain.method.case import Case
from loaders.domain.method.comparison import Promise, direction_of
from loaders.domain.method.crosscheck import disagrees
from loaders.domain.method.gate import fault_of, gate, missed_releases, overruled, unit_differs
from loaders.domain.method.judgement import Judgement
from loaders.domain.method.kinds.level import after_baseline, status_at
from loaders.domain.method.kinds.table import KINDS, promised_path
from loaders.domain.method.outcome import KNOWN, Outcome, Verdict, lost_on, points_of
from loaders.domain.method.status import ASSESSED, Overlay, Reason, Status
from loaders.domain.method.trajectory import TOLERANCE
from loaders.domain.model import Kind, Method, Target
from loaders.domain.observation import Observation
from loaders.domain.period import decimal_year
from loaders.domain.vintage import Evidence, Issued, restated_baseline


def judge(
    target: Target, issued: Sequence[Issued], found: Evidence, as_of: date, method: Method, *, year_starts: int = 1
) -> Judgement:
    """Status of the last of the ``issued`` versions on ``as_of`` with all numbers that are defined.

    Once the due date has passed the outcome decides; before it the gate and the rule of the kind.
    """
    version = issued[-1].version
    if version.target is None:
        return Judgement(Status.DROPPED, observation=found.latest)
    case = Case(target, tuple(issued), found, as_of, method, year_starts)
    due = case.due
    ended = _after(case) if due is not None and as_of > due else None
    judged = _before(case) if ended is None else ended
    restated = restated_baseline(found, version.baseline)
    if restated is None or not KINDS[target.kind].follows_baseline:
        return judged
    return replace(judged, restated=restated, overlays=(*judged.overlays, Overlay.BASELINE_RESTATED))


BARRED = frozenset(
    {Reason.SCOPE_MISMATCH, Reason.UNIT_MISMATCH, Reason.SERIES_BREAK, Reason.VALUE_ERROR, Reason.VALUE_CONFLICT}
)
"""Reasons that make the value none of the target's: it is shown and nothing is computed from it."""


def _before(case: Case) -> Judgement:
    """The status before the due date."""
    target, version, found = case.target, case.version, case.found
    if KINDS[target.kind].not_in_force(case):
        direction = direction_of(target, version)
        return Judgement(Status.TOO_EARLY, Reason.NOT_IN_FORCE, observation=found.latest, direction=direction)
    reason, latest = gate(case), found.latest
    if latest is None or reason in BARRED:
        return Judgement(
            Status.NOT_ASSESSABLE,
            reason or Reason.NO_OBSERVATION,
            _standing_overlays(case),
            _shown(found, reason),
            promised_path(target, version),
            direction_of(target, version),
        )
    working, status = KINDS[target.kind].judge(case)
    kept = status in (Status.ACHIEVED, Status.WITHIN_LIMIT)
    if reason is not None and not (overruled(reason, target) and kept):
        return replace(working, status=Status.NOT_ASSESSABLE, reason=reason, overlays=_standing_overlays(case))
    if status is Status.NOT_ASSESSABLE or working.reason is not None:
        return replace(working, status=status, overlays=_standing_overlays(case))
    lost = lost_on(points_of(after_baseline(case)), case.meets()) if target.kind in WAYS else None
    working = replace(working, status=status, lost=lost)
    return replace(working, overlays=_overlays(case, working, status))


def _shown(found: Evidence, reason: Reason | None) -> Observation | None:
    """The value that is shown where none is judged: the one that the reason is about."""
    if reason in (Reason.VALUE_ERROR, Reason.VALUE_CONFLICT):
        return max(found.faulty, key=lambda one: one.period.end)
    latest = found.latest if reason is not Reason.SCOPE_MISMATCH else None
    return latest or (found.others[-1] if found.others else None)


def _after(case: Case) -> Judgement | None:
    """The outcome once the due date has passed; None for a kind that has no date to be judged by."""
    rule = KINDS[case.target.kind]
    usable, barred = _usable(case)
    case = replace(case, found=usable)
    outcome = rule.outcome(case)
    if outcome is None:
        return None
    path = rule.path(case.target, case.version)
    direction = direction_of(case.target, case.version)
    reason = barred if outcome.verdict not in KNOWN else None
    fault = _fault_that_decides(case, outcome)
    if fault is not None:
        reason, outcome = fault[0], replace(outcome, verdict=Verdict.UNKNOWN, decided_by=None)
    if reason is not None:
        seen = fault[1] if fault else _shown(usable, reason)
        status = Status.NOT_ASSESSABLE
        outcome = replace(outcome, verdict=Verdict.UNKNOWN, status=status, reason=reason)
        return Judgement(status, reason, (), seen, path, direction, outcome=outcome)
    point = outcome.decided_by
    if point is None:
        lost = (Overlay.LOST,) if outcome.lost is not None else ()
        return Judgement(
            outcome.status, outcome.reason, lost, None, path, direction, outcome=outcome, lost=outcome.lost
        )
    fields: dict[str, Any] = {"trajectory": path, "direction": direction, "value": point.value}
    fields |= {"observation": point.source, "outcome": outcome, "lost": outcome.lost}
    fields["above"] = _above(case, point.value)
    working = Judgement(outcome.status, outcome.reason, **fields | rule.ending(case, point))
    return replace(working, overlays=_ended_overlays(case, working, outcome))


def _above(case: Case, value: float) -> bool:
    promise = case.promise
    is_rank = case.target.kind is Kind.RANK or case.target.measure == "rank"
    return (
        promise is not None
        and promise.high is not None
        and not promise.met(value)
        and value >= promise.high
        and not is_rank
    )


def _usable(case: Case) -> tuple[Evidence, Reason | None]:
    """The values that may decide an outcome, and why there are none where all are barred.

    Another unit or scope bars a value, and so does a break that begins after the document was issued:
    the document cannot have meant the new method. Nor did it mean one that had already ended.
    """
    found, issued = case.found, decimal_year(case.issued[-1].on)
    begins = [one for one in found.breaks if one > issued + TOLERANCE]
    ended = max((one for one in found.breaks if one <= issued + TOLERANCE), default=0.0)
    found = replace(found, points=tuple(one for one in found.points if one.tau > ended + TOLERANCE))
    if unit_differs(case.target) and (found.points or found.others):
        return replace(found, points=()), Reason.UNIT_MISMATCH
    points = tuple(one for one in found.points if not begins or one.tau <= min(begins) + TOLERANCE)
    usable = replace(found, points=points)
    if points:
        return usable, None
    if found.points:
        return usable, Reason.SERIES_BREAK
    return usable, Reason.SCOPE_MISMATCH if found.others else None


def _fault_that_decides(case: Case, outcome: Outcome) -> tuple[Reason, Observation] | None:
    """A refused value that stands where the deciding one should: for the due date, or where none is known."""
    due = case.due
    for bad in reversed(case.found.faulty):
        holds = due is not None and bad.period.start <= due <= bad.period.end
        if holds or (outcome.verdict not in KNOWN and due is not None and bad.period.end > due):
            return fault_of(bad, case.found), bad
    return None


def _ended_overlays(case: Case, working: Judgement, outcome: Outcome) -> tuple[Overlay, ...]:
    found = list(outcome.overlays)
    if working.lost is not None:
        found.append(Overlay.LOST)
    point, promise = outcome.decided_by, case.promise
    if point is None or promise is None or working.status not in ASSESSED:
        return tuple(found)
    if case.target.kind in (Kind.LEVEL, Kind.BREAKDOWN):
        found += _ambition(case, point.value)
        ends = {promise.met(point.value + sign * point.epsilon) for sign in (-1, 1)}
        if len(ends) > 1 and not case.is_rule:
            found.append(Overlay.BORDERLINE)
    return tuple(found)


def _standing_overlays(case: Case) -> tuple[Overlay, ...]:
    start = case.version.baseline
    return (Overlay.ASSUMED_BASELINE,) if start is not None and start.assumed else ()


WAYS = frozenset({Kind.LEVEL, Kind.RANK, Kind.BREAKDOWN})
"""Kinds that reach their target on a way, and may lose it again."""


def _overlays(case: Case, working: Judgement, status: Status) -> tuple[Overlay, ...]:
    target, found, latest = case.target, list(working.overlays), working.observation
    assert latest is not None, "a status rests on a value"
    if target.series is not None and not case.is_rule and missed_releases(latest, target.series, case.as_of) >= 1:
        found.append(Overlay.STALE)
    path = working.trajectory
    if target.kind is Kind.LEVEL and path is not None:
        found += _ambition(case, latest.number)
        ends = {status_at(case, path, latest.number + sign * latest.epsilon, latest.tau) for sign in (-1, 1)}
        if len(ends) > 1 and not case.is_rule:
            found.append(Overlay.BORDERLINE)
    if working.lost is not None:
        found.append(Overlay.LOST)
    if path is not None and target.kind in (Kind.LEVEL, Kind.RANK) and status is not Status.ACHIEVED:
        rung = path.rung(latest.tau)
        passed = rung not in (path.baseline, path.target)
        if passed and (working.direction or 1) * (latest.number - rung.value) < -TOLERANCE:
            found.append(Overlay.MILESTONE_MISSED)
    if disagrees(status, working.crosscheck):
        found.append(Overlay.METHOD_DISAGREEMENT)
    return (*found, *_standing_overlays(case))


def _ambition(case: Case, value: float) -> list[Overlay]:
    """Whether the further end of the band is reached too."""
    goal, promise = case.goal, case.promise
    if goal.ambition is None or promise is None:
        return []
    further = Promise(goal.ambition, None) if promise.high is None else Promise(None, goal.ambition)
    return [Overlay.FULL_AMBITION] if further.met(value) else []
