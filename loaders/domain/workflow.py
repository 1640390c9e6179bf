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
    STOPPED = "stopped"
    """Not out, and held back by a reviewer."""
    RELEASED = "released"
    CORRECTED = "corrected"
    """A later version of it has been released."""
    WITHDRAWN = "withdrawn"


class Hold(StrEnum):
    """What can happen to the release of what is not out yet."""

    STOPPED = "stopped"
    RESUMED = "resumed"
    WITHDRAWN = "withdrawn"
    """By the ministry, after the approval; for good."""


class Decision(StrEnum):
    """What can be decided on a version, once."""

    RETURNED = "returned"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


WAITING = frozenset({State.SUBMITTED, State.RESUBMITTED})
"""A reviewer has to decide."""
UNRELEASED = frozenset({State.APPROVED, State.SCHEDULED, State.STOPPED})
"""Past the reviewer, or held back, and not out."""
STOPPABLE = WAITING | UNRELEASED
"""It may come out yet."""
WITH_THE_MINISTRY = frozenset({State.DRAFT, State.RETURNED, State.WITHDRAWN})
"""The ministry may submit (again)."""
OUT = frozenset({State.RELEASED, State.CORRECTED})
"""The public sees it."""


def state_of(
    number: int,
    decision: str | None,
    release_at: str | None,
    now: str,
    *,
    followed: bool = False,
    hold: str | None = None,
) -> State:
    """State of version ``number`` (0: only a draft).

    ``decision`` is what was decided on it, ``release_at`` the release in force, ``followed`` says
    that a later version has been released, ``hold`` what holds it back now (`stopped`, `withdrawn`).
    Times are stamped texts.
    """
    if number == 0:
        return State.DRAFT
    is_out = decision == Decision.APPROVED and release_at is not None and release_at <= now
    if hold is not None and not is_out and decision in (None, Decision.APPROVED):
        return State(hold)
    if decision is None:
        return State.RESUBMITTED if number > 1 else State.SUBMITTED
    if decision != Decision.APPROVED:
        return State(decision)
    if release_at is None:
        return State.APPROVED
    if release_at > now:
        return State.SCHEDULED
    return State.CORRECTED if followed else State.RELEASED
