"""What comes and what has passed: documents, milestones, due dates and releases, each on its day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from loaders.assessment import Assessment
from loaders.domain.method.outcome import KNOWN, Verdict
from loaders.domain.model import Kind, Registry, Text
from loaders.domain.observation import Observation
from loaders.domain.period import parse_period
from loaders.responsibility import publisher


class Occasion(StrEnum):
    """What happens on a day."""

    DOCUMENT = "document"
    """A document is issued that sets or moves targets."""
    MILESTONE = "milestone"
    """An interim value is due."""
    DEADLINE = "deadline"
    """The target value is due."""
    RELEASE = "release"
    """A value was published."""
    EXPECTED = "expected"
    """The next value is expected by this day."""
    RESULT = "result"
    """The value that decides a passed due date is expected by this day."""
    OVERDUE = "overdue"
    """A value was expected by this day and has not come."""


@dataclass(frozen=True, slots=True)
class Event:
    """One occasion on one day."""

    on: date
    occasion: Occasion
    item: Assessment | None = None
    """The target; None for a document."""
    value: float | None = None
    """The value that is due or was published, in the target's unit."""
    document: str | None = None
    observation: Observation | None = None

    @property
    def owed_by(self) -> Text | None:
        """Who publishes the value that is expected: the statistic's producer, never the lead by default."""
        wanted = self.occasion in (Occasion.EXPECTED, Occasion.OVERDUE, Occasion.RESULT)
        return publisher(self.item.target) if wanted and self.item is not None else None


def events(found: Iterable[Assessment], registry: Registry, day: date) -> list[Event]:
    """Everything that had passed by ``day`` and everything that was to come, as known then, by date."""
    items = list(found)
    listed = [event for item in items for event in _events_of(item, day)]
    for document in registry.documents:
        issued = document.issued_period.end
        if issued <= day and any(version.document == document.id for item in items for version in item.versions):
            listed.append(Event(issued, Occasion.DOCUMENT, document=document.id))
    return sorted(listed, key=lambda event: (event.on, event.occasion, event.item.id if event.item else ""))


def _events_of(item: Assessment, day: date) -> list[Event]:
    version, goal = item.version, item.version.target
    found = [Event(one.opens, Occasion.RELEASE, item, one.value, observation=one) for one in item.evidence.points]
    if goal is not None:
        found += [Event(parse_period(one.due).end, Occasion.MILESTONE, item, one.value) for one in version.milestones]
        if goal.due is not None:
            found.append(Event(parse_period(goal.due).end, Occasion.DEADLINE, item, goal.value))
    outcome = item.current.outcome
    if outcome is not None and outcome.verdict is Verdict.AWAITING and outcome.result_due is not None:
        found.append(Event(outcome.result_due, Occasion.RESULT, item))
    elif item.next_release is not None and _open(item, day):
        late = item.next_release < day
        found.append(Event(item.next_release, Occasion.OVERDUE if late else Occasion.EXPECTED, item))
    return found


def _open(item: Assessment, day: date) -> bool:
    """True while a further value still matters: a plan that has run out owes none."""
    goal, outcome = item.version.target, item.current.outcome
    if goal is None or (outcome is not None and outcome.verdict in (*KNOWN, Verdict.WITHDRAWN)):
        return False
    latest = item.evidence.latest
    if item.target.kind in (Kind.LIMIT, Kind.MAINTAIN, Kind.RECURRING) or goal.due is None or latest is None:
        return True
    return latest.period.end < parse_period(goal.due).end


@dataclass(frozen=True, slots=True)
class Due:
    """What is due next."""

    releases: Sequence[Event]
    """Expected within the days that were asked for."""
    overdue: Sequence[Event]
    """Expected earlier and not come, the longest wait first."""
    milestones: Sequence[Event]
    """Milestones and due dates within a year."""


RELEASE_DAYS = 90
MILESTONE_DAYS = 366


def due_next(listed: Iterable[Event], day: date) -> Due:
    """Releases within 90 days, overdue ones, and milestones within a year of ``day``."""
    rows = list(listed)

    def within(days: int, *occasions: Occasion) -> list[Event]:
        return [one for one in rows if one.occasion in occasions and 0 <= (one.on - day).days <= days]

    overdue = [one for one in rows if one.occasion is Occasion.OVERDUE]
    return Due(
        within(RELEASE_DAYS, Occasion.EXPECTED, Occasion.RESULT),
        overdue,
        within(MILESTONE_DAYS, Occasion.MILESTONE, Occasion.DEADLINE),
    )
