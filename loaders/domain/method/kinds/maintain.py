"""A value or place to be kept (METHOD, "maintain")."""

from __future__ import annotations

from loaders.domain.method import progress as number
from loaders.domain.method.case import Case, Result, trajectory_of
from loaders.domain.method.comparison import direction_of
from loaders.domain.method.kinds.level import after_baseline
from loaders.domain.method.kinds.rule import KindRule
from loaders.domain.method.outcome import Outcome, of_the_day, points_of
from loaders.domain.method.scan import Flip, scan
from loaders.domain.method.status import Status, maintain_status
from loaders.domain.model import Comparator


def judge(case: Case) -> Result:
    """Held in the latest edition, nearly lost, or lost; and for how many editions in a row."""
    goal, direction, promise = case.goal.value, direction_of(case.target, case.version), case.promise
    if goal is None or direction is None or promise is None:
        return case.working(), Status.NOT_ASSESSABLE
    gap = number.gap_to_target(case.latest.number, goal, direction)
    held = 0
    for point in reversed(after_baseline(case)):
        if not promise.met(point.number):
            break
        held += 1
    return case.working(gap_to_target=gap, held=held), maintain_status(-gap, case.version.buffer)


def outcome(case: Case) -> Outcome | None:
    """Where it has a due date, the value of that day decides."""
    due = case.due
    if due is None:
        return None
    points = points_of(case.found.points)
    kept, broken = Status.ACHIEVED, Status.MISSED
    return of_the_day(points, case.meets(), due, case.result_due(due), case.as_of, kept, broken, rule=case.is_rule)


def flips(case: Case, tau: float) -> tuple[Flip, ...]:
    """Values of the next edition at which the status would change."""
    goal, direction, buffer = case.goal.value, direction_of(case.target, case.version), case.version.buffer
    if goal is None or direction is None:
        return ()
    edges = [goal] + ([goal + direction * buffer] if buffer else [])
    return scan(lambda value: maintain_status(direction * (value - goal), buffer), edges, direction)


RULE = KindRule(
    comparators=(Comparator.AT_LEAST, Comparator.AT_MOST),
    judge=judge,
    outcome=outcome,
    fields=frozenset({"baseline", "buffer"}),
    path=trajectory_of,
    flips=flips,
)
