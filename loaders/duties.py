"""What each ministry owes: the next value of every target, when it is due, and how far its submission is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from loaders.assessment import Assessment
from loaders.domain.model import Registry, Target
from loaders.domain.own_years import following, last_whole_year, own_period
from loaders.domain.period import FREQUENCY_MONTHS, parse_period
from loaders.domain.workflow import OUT, UNRELEASED, WAITING, State
from loaders.responsibility import answering, responsible

SOON_DAYS = 30


class Urgency(StrEnum):
    """How pressing a value is, the most pressing first."""

    RETURNED = "returned"
    """The reviewer sent it back."""
    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    """Due within thirty days."""
    DUE = "due"
    OPEN = "open"
    """Nothing says when; a first value is welcome at any time."""
    WAITING = "waiting"
    """Handed in, not out yet."""
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Duty:
    """One value that is owed."""

    item: Assessment
    period: str
    """The reference period it is for."""
    due: date | None
    urgency: Urgency
    state: State | None
    """Where its submission stands; None where there is none."""

    @property
    def target(self) -> Target:
        """The target."""
        return self.item.target


def next_period(item: Assessment, day: date) -> str:
    """The period that follows the latest value in the series' rhythm; the last whole year without one."""
    series, latest = item.target.series, item.evidence.latest
    months = FREQUENCY_MONTHS.get(series.frequency, 0) if series else 0
    if latest is None or not months:
        return parse_period(last_whole_year(day, (series.year_starts if series else None) or 1)).written
    return parse_period(following(latest.period, months)).written


def duties(
    found: Iterable[Assessment],
    states: Mapping[tuple[str, str], State],
    ministry: str | None,
    day: date,
    registry: Registry | None = None,
) -> list[Duty]:
    """Values owed by ``ministry`` (by everyone for None) on ``day``, the most pressing first.

    ``states`` holds the state of each submission by target and period; with a ``registry`` the duties of
    a ministry that is no more are its successors'.
    """
    out = [
        _duty(item, states, day)
        for item in found
        if item.version.target is not None and (ministry is None or ministry in _owing(item.target, day, registry))
    ]
    order = list(Urgency)
    return sorted(out, key=lambda duty: (order.index(duty.urgency), duty.due or date.max, duty.target.id))


def _owing(target: Target, day: date, registry: Registry | None) -> set[str | None]:
    if registry is None:
        return {answering(target), *target.with_}
    return {*responsible(registry, target, day)}


def _duty(item: Assessment, states: Mapping[tuple[str, str], State], day: date) -> Duty:
    period = next_period(item, day)
    state = states.get((item.id, period))
    due = item.next_release
    if state is State.RETURNED:
        urgency = Urgency.RETURNED
    elif state in WAITING | UNRELEASED:
        urgency = Urgency.WAITING
    elif state in OUT or own_period(period, item.target).end > day:
        urgency = Urgency.DONE
    elif due is None:
        urgency = Urgency.OPEN
    elif due < day:
        urgency = Urgency.OVERDUE
    else:
        urgency = Urgency.DUE_SOON if due - day <= timedelta(days=SOON_DAYS) else Urgency.DUE
    return Duty(item, period, due, urgency, state)
