"""A ceiling or a floor: kept or broken, never a goal to be reached (METHOD, "limit")."""

from __future__ import annotations

from loaders.domain.method import progress as number
from loaders.domain.method.case import Case, Result
from loaders.domain.method.comparison import direction_of
from loaders.domain.method.kinds.rule import KindRule
from loaders.domain.method.outcome import Outcome, of_the_day, points_of
from loaders.domain.method.scan import Flip, scan
from loaders.domain.method.status import Reason, Status, limit_status
from loaders.domain.method.trajectory import TOLERANCE
from loaders.domain.model import Comparator
from loaders.domain.period import parse_period


def judge(case: Case) -> Result:
    """Inside or outside; no value from before its first day counts."""
    promise, direction = case.promise, direction_of(case.target, case.version)
    if promise is None or direction is None or case.goal.value is None:
        return case.working(), Status.NOT_ASSESSABLE
    value = case.latest.number
    working = case.working(gap_to_target=number.gap_to_target(value, case.goal.value, direction), trajectory=None)
    start = case.version.start
    if start is not None and case.latest.period.end < parse_period(start).start:
        return case.working(reason=Reason.NO_OBSERVATION, trajectory=None), Status.NOT_ASSESSABLE
    return working, limit_status(kept=promise.met(value))


def not_in_force(case: Case) -> bool:
    """True before the first day of a limit: nothing can break it yet, whatever is known."""
    start = case.version.start
    return start is not None and case.as_of < parse_period(start).start


def outcome(case: Case) -> Outcome | None:
    """Where it has a last day, the value of that day decides."""
    due = case.due
    if due is None:
        return None
    return of_the_day(
        points_of(case.found.points),
        case.meets(),
        due,
        case.result_due(due),
        case.as_of,
        Status.WITHIN_LIMIT,
        Status.EXCEEDED,
        rule=case.is_rule,
    )


def flips(case: Case, tau: float) -> tuple[Flip, ...]:
    """The value of the next release at which the limit would be broken; none for a release before its start."""
    promise, direction = case.promise, direction_of(case.target, case.version)
    if promise is None or direction is None or case.goal.value is None:
        return ()
    if case.version.start is not None and tau <= parse_period(case.version.start).begins + TOLERANCE:
        return ()
    return scan(lambda value: limit_status(kept=promise.met(value)), [case.goal.value], direction)


RULE = KindRule(
    comparators=(
        Comparator.AT_LEAST,
        Comparator.AT_MOST,
        Comparator.MORE_THAN,
        Comparator.LESS_THAN,
        Comparator.UP_TO,
    ),
    judge=judge,
    outcome=outcome,
    fields=frozenset({"start", "baseline"}),
    flips=flips,
    not_in_force=not_in_force,
)
