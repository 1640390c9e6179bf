"""The states of a submission and what leads from one to the next; a state is derived, never stored."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where the latest version of a submission stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    RESUBMITTED = "resubmitted"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    RELEASED = "released"
    CORRECTED = "corrected"
    """A later version of it has been released."""
    WITHDRAWN = "withdrawn"


class Decision(StrEnum):
    """What can be decided on a version, once."""

    RETURNED = "returned"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


WAITING = frozenset({State.SUBMITTED, State.RESUBMITTED})
"""A reviewer has to decide."""
WITH_THE_MINISTRY = frozenset({State.DRAFT, State.RETURNED, State.WITHDRAWN})
"""The ministry may submit (again)."""
OUT = frozenset({State.RELEASED, State.CORRECTED})
"""The public sees it."""


def state_of(number: int, decision: str | None, release_at: str | None, now: str, *, followed: bool = False) -> State:
    """State of version ``number`` (0: only a draft).

    ``decision`` is what was decided on it, ``release_at`` the release in force, ``followed`` says
    that a later version has been released. Times are stamped texts.
    """
    if number == 0:
        return State.DRAFT
    if decision is None:
        return State.RESUBMITTED if number > 1 else State.SUBMITTED
    if decision != Decision.APPROVED:
        return State(decision)
    if release_at is None:
        return State.APPROVED
    if release_at > now:
        return State.SCHEDULED
    return State.CORRECTED if followed else State.RELEASED
