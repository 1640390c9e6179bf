"""How much of what was promised can be measured at all: the figures that stand beside every tally."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from loaders.assessment import Assessment
from loaders.domain.method.status import ASSESSED
from loaders.domain.method.trajectory import TOLERANCE
from loaders.domain.model import Text, Version
from loaders.domain.period import parse_period
from loaders.responsibility import publisher

FRESH_DAYS = 365
"""A value of a series without a rhythm counts as fresh for a year."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Numbers of goals; each counts what it names, none is a part of another by definition."""

    goals: int
    headline: int
    dated: int
    """With a due date."""
    based: int
    """With a baseline, declared or assumed."""
    measured: int
    """With a value after the baseline (any value where the goal needs no baseline)."""
    fresh: int
    """Measured, with no expected release missing."""
    judged: int
    """With a status that rests on a value."""


def measured(item: Assessment) -> bool:
    """True where a value of the target's own scope was published after its baseline."""
    start, latest = item.version.baseline, item.evidence.latest
    if latest is None:
        return False
    return start is None or latest.tau > parse_period(start.period).tau + TOLERANCE


def fresh(item: Assessment, as_of: date) -> bool:
    """True where the value is measured and no expected release is missing on ``as_of``."""
    latest = item.evidence.latest
    if latest is None or not measured(item):
        return False
    if item.freshness == "unscheduled":
        return as_of - latest.period.end <= timedelta(days=FRESH_DAYS)
    return item.freshness in ("fresh", "due")


def coverage(goals: Iterable[tuple[Assessment, Version]], as_of: date) -> Coverage:
    """Coverage of ``goals`` on ``as_of``: dates and baselines as the version states them, values as known."""
    found = list(goals)
    return Coverage(
        goals=len(found),
        headline=sum(item.target.headline for item, _ in found),
        dated=sum(one.target is not None and one.target.due is not None for _, one in found),
        based=sum(one.baseline is not None for _, one in found),
        measured=sum(measured(item) for item, _ in found),
        fresh=sum(fresh(item, as_of) for item, _ in found),
        judged=sum(item.status in ASSESSED for item, _ in found),
    )


def owed(items: Iterable[Assessment]) -> dict[Text | None, list[Assessment]]:
    """Goals without a value after their baseline by who publishes the statistic, most first; None: not stated.

    The ministry that leads a goal answers for the goal and not for the index that measures it.
    """
    missing: dict[Text | None, list[Assessment]] = {}
    for item in items:
        if not measured(item):
            missing.setdefault(publisher(item.target), []).append(item)
    return dict(sorted(missing.items(), key=lambda one: (one[0] is None, -len(one[1]))))
