"""Adding up: counts with their coverage, by group and on a fixed basket; never an average of percentages."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from loaders.assessment import Assessment, tally
from loaders.domain.method.outcome import Verdict
from loaders.domain.method.status import ASSESSED, Group, Reason, Status

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many targets stand how; both the counts and the groups add up to ``total``."""

    counts: dict[Status, int]
    groups: dict[Group, int]

    @property
    def total(self) -> int:
        """All targets, those that cannot be judged included."""
        return sum(self.counts.values())

    @property
    def judged(self) -> int:
        """Targets whose status rests on a value: the coverage that stands beside every count."""
        return sum(count for status, count in self.counts.items() if status in ASSESSED)


def tally_of(items: Iterable[Assessment]) -> Tally:
    """Counts of ``items``, every status and every group present."""
    found = list(items)
    return Tally(tally(found), groups_of(found))


def groups_of(items: Iterable[Assessment]) -> dict[Group, int]:
    """How many targets are in each group, every group present; they add up to all targets."""
    counts = dict.fromkeys(Group, 0)
    for item in items:
        counts[item.group] += 1
    return counts


def standing_of(item: Assessment) -> str:
    """What a list sorts it under: its status, or why it has none where that is a finding of its own."""
    if item.group in (Group.OUTCOME_UNKNOWN, Group.NO_STATISTIC):
        return item.group.value
    return item.status.value


BARRED = "barred"
"""Past its due date and not assessable for another reason than that its result is unknown."""


def ended(item: Assessment, day: date) -> str | None:
    """What became of a target whose due date has passed on ``day``: a verdict or `BARRED`; None before."""
    outcome = item.current.outcome
    if outcome is None or outcome.due is None or outcome.due >= day:
        return None
    known_reason = outcome.verdict is not Verdict.UNKNOWN or item.current.reason is Reason.OUTCOME_UNKNOWN
    return outcome.verdict.value if known_reason else BARRED


def passed(items: Iterable[Assessment], day: date) -> dict[str, int]:
    """Targets whose due date has passed on ``day`` by what became of them; the parts add up to all of them."""
    counts: dict[str, int] = dict.fromkeys((*Verdict, BARRED), 0)
    for item in items:
        became = ended(item, day)
        if became is not None:
            counts[became] += 1
    return counts


def unaccounted(items: Iterable[Assessment]) -> list[Assessment]:
    """Targets past their due date whose result nobody found, headline goals first, the oldest due date first."""
    found = [item for item in items if item.group is Group.OUTCOME_UNKNOWN]
    return sorted(found, key=lambda item: (not item.target.headline, item.due_year or 0))


def grouped(items: Iterable[Assessment], key: Callable[[Assessment], Key]) -> dict[Key, Tally]:
    """Counts by group, in the order in which the groups appear."""
    groups: dict[Key, list[Assessment]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return {name: tally_of(own) for name, own in groups.items()}


def fixed_basket(before: Sequence[Assessment], after: Sequence[Assessment]) -> tuple[Tally, Tally]:
    """Counts of the earlier day's targets then and now: new goals cannot make the picture better or worse."""
    basket = {item.id for item in before} & {item.id for item in after}
    return tally_of(one for one in before if one.id in basket), tally_of(one for one in after if one.id in basket)
