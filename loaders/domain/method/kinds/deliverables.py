"""Dated deliverables, one or a ladder of them (METHOD, "binary" and "ladder"): P = weight done, P* = weight due."""

from __future__ import annotations

from dataclasses import replace

from loaders.domain.method import progress as number
from loaders.domain.method.case import Case, Result
from loaders.domain.method.kinds.rule import KindRule
from loaders.domain.method.outcome import Outcome, Point, of_a_way, points_of
from loaders.domain.method.status import Status, by_ratio
from loaders.domain.method.trajectory import TOLERANCE, Node, Trajectory
from loaders.domain.model import Target, Version
from loaders.domain.period import parse_period


def deliveries(version: Version) -> Trajectory | None:
    """Weight due over time, from 0 to 1 in steps; None where nothing has a date."""
    dated = sorted((parse_period(step.due).tau, step.weight) for step in version.steps if step.due)
    if not version.steps and version.target is not None and version.target.due:
        dated = [(parse_period(version.target.due).tau, 1.0)]
    if not dated:
        return None
    begins = parse_period(version.start).begins if version.start else dated[0][0] - 1
    nodes, due = [Node(begins, 0.0)], 0.0
    for tau, weight in dated:
        due += weight
        if nodes[-1].tau == tau:
            nodes.pop()
        nodes.append(Node(tau, due))
    return Trajectory(tuple(nodes), "step")


def path_of(target: Target, version: Version) -> Trajectory | None:
    """The steps as a path."""
    return deliveries(version)


def judge(case: Case) -> Result:
    """ρ = P / P* on the steps due, before the last of them."""
    done, tau = case.latest.number, case.latest.tau
    path = deliveries(case.version)
    base = case.working(trajectory=path, direction=1, progress=done, gap_to_target=1 - done)
    if done >= 1 - TOLERANCE:
        return base, Status.ACHIEVED
    if path is None:
        return base, Status.NOT_ASSESSABLE
    due = path.at(tau)
    working = replace(
        base,
        expected=due,
        expected_progress=due,
        delivery_ratio=number.delivery_ratio(done, due, 0.0),
        deviation=done - due,
        next_node=path.next_node(max(tau, case.today)),
    )
    return working, Status.TOO_EARLY if due <= TOLERANCE else by_ratio(done / due, case.method)


def outcome(case: Case) -> Outcome | None:
    """All steps done by the last date, later, or not."""
    due = case.due
    if due is None:
        return None
    points = points_of(case.found.points)
    return of_a_way(points, case.meets(), due, case.result_due(due), case.as_of, rule=case.is_rule)


def _ending(case: Case, point: Point) -> dict:
    return {"progress": point.value, "gap_to_target": 1 - point.value, "direction": 1}


RULE = KindRule(
    comparators=(),
    judge=judge,
    outcome=outcome,
    fields=frozenset({"steps", "start"}),
    path=path_of,
    ending=_ending,
    follows_baseline=False,
)
