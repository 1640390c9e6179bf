"""All kinds of goals, one row each: what is looked up here is looked up nowhere else."""

from __future__ import annotations

from loaders.domain.method.kinds import cumulative, deliverables, level, limit, maintain, ranges, rank, recurring
from loaders.domain.method.kinds.rule import KindRule
from loaders.domain.method.trajectory import Trajectory
from loaders.domain.model import Kind, Target, Version

KINDS: dict[Kind, KindRule] = {
    Kind.LEVEL: level.RULE,
    Kind.BREAKDOWN: level.RULE,
    Kind.RANK: rank.RULE,
    Kind.MAINTAIN: maintain.RULE,
    Kind.LIMIT: limit.RULE,
    Kind.RANGE: ranges.RULE,
    Kind.CUMULATIVE: cumulative.RULE,
    Kind.RECURRING: recurring.RULE,
    Kind.BINARY: deliverables.RULE,
    Kind.LADDER: deliverables.RULE,
}
"""The rule of each kind; a breakdown's own series is judged as a level."""


def promised_path(target: Target, version: Version) -> Trajectory | None:
    """The path that a version of any kind promises, for drawing; None where it promises none."""
    return KINDS[target.kind].path(target, version)
