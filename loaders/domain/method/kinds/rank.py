"""A place in a ranking: lower is better, places count and ratios do not (METHOD, "rank")."""

from __future__ import annotations

from dataclasses import replace

from loaders.domain.method import progress as number
from loaders.domain.method.case import Case, Result, achieved_if, trajectory_of
from loaders.domain.method.kinds.level import outcome
from loaders.domain.method.kinds.rule import KindRule
from loaders.domain.method.outcome import Point
from loaders.domain.method.scan import Flip, places
from loaders.domain.method.status import Status, rank_status
from loaders.domain.model import Comparator


def judge(case: Case) -> Result:
    """Places to go, the next rung and the status before the due date."""
    goal, place, tau = case.goal, case.latest.number, case.latest.tau
    path = trajectory_of(case.target, case.version)
    if goal.value is None:
        return case.working(), Status.NOT_ASSESSABLE
    base = case.working(gap_to_target=number.gap_to_target(place, goal.value, -1))
    if path is None:
        return base, achieved_if(place <= goal.value)
    rung = path.rung(tau).value
    working = replace(
        base,
        expected=rung,
        deviation=number.deviation(place, rung, -1),
        next_node=path.next_node(max(tau, case.today)),
    )
    return working, rank_status(path, place, tau)


def flips(case: Case, tau: float) -> tuple[Flip, ...]:
    """Places of the next edition at which the status would change."""
    path = trajectory_of(case.target, case.version)
    return () if path is None else places(lambda place: rank_status(path, place, tau), path)


def _ending(case: Case, point: Point) -> dict:
    """After the due date only the places short are said: a rank has no shares."""
    goal = case.goal.value
    return {} if goal is None else {"gap_to_target": number.gap_to_target(point.value, goal, -1)}


RULE = KindRule(
    comparators=(Comparator.AT_MOST,),
    judge=judge,
    outcome=outcome,
    fields=frozenset({"baseline", "milestones"}),
    path=trajectory_of,
    flips=flips,
    ending=_ending,
    needs_baseline=True,
    needs_due=True,
)
