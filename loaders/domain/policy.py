"""Who may do what: one table of roles and actions, and the two rules that no role stands above.

A ministry acts on its own targets only, and nobody decides on what they themselves submitted.
"""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What an account may be."""

    PUBLIC = "public"
    OFFICER = "officer"
    LEAD = "lead"
    REVIEWER = "reviewer"
    REGISTRY_EDITOR = "registry_editor"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Action(StrEnum):
    """What can be done at the desk."""

    READ_PUBLISHED = "read_published"
    READ_OWN = "read_own"
    READ_ALL = "read_all"
    SAVE_DRAFT = "save_draft"
    SUBMIT = "submit"
    CONFIRM_UNCHANGED = "confirm_unchanged"
    WITHDRAW = "withdraw"
    CORRECT = "correct"
    RETURN = "return"
    APPROVE = "approve"
    SCHEDULE = "schedule"
    STOP = "stop"
    RESUME = "resume"
    OPEN_ROUND = "open_round"
    CLOSE_ROUND = "close_round"
    READ_AUDIT = "read_audit"
    EXPORT = "export"
    MANAGE_ACCOUNTS = "manage_accounts"
    CHANGE_REGISTRY = "change_registry"


_OFFICER = frozenset(
    {
        Action.READ_PUBLISHED,
        Action.READ_OWN,
        Action.SAVE_DRAFT,
        Action.SUBMIT,
        Action.CONFIRM_UNCHANGED,
        Action.WITHDRAW,
        Action.CORRECT,
    }
)

ALLOWED: dict[Role, frozenset[Action]] = {
    Role.PUBLIC: frozenset({Action.READ_PUBLISHED}),
    Role.OFFICER: _OFFICER,
    Role.LEAD: _OFFICER,
    Role.REVIEWER: frozenset(
        {
            Action.READ_PUBLISHED,
            Action.READ_ALL,
            Action.RETURN,
            Action.APPROVE,
            Action.SCHEDULE,
            Action.STOP,
            Action.RESUME,
            Action.OPEN_ROUND,
            Action.CLOSE_ROUND,
            Action.READ_AUDIT,
        }
    ),
    Role.REGISTRY_EDITOR: frozenset({Action.READ_PUBLISHED, Action.CHANGE_REGISTRY}),
    Role.AUDITOR: frozenset({Action.READ_PUBLISHED, Action.READ_ALL, Action.READ_AUDIT, Action.EXPORT}),
    Role.ADMINISTRATOR: frozenset({Action.READ_PUBLISHED, Action.READ_AUDIT, Action.MANAGE_ACCOUNTS}),
}
"""The one table."""

OF_A_MINISTRY = frozenset({Role.OFFICER, Role.LEAD})
"""Roles that belong to a ministry and act on its targets only."""

OWN_TARGETS = _OFFICER - {Action.READ_PUBLISHED}
"""Actions on the targets of one's own ministry."""

OWN_SUBMISSIONS = frozenset({Action.WITHDRAW})
"""What an officer may undo only where they submitted it; a lead may for the whole ministry."""

NEVER_ON_OWN_WORK = frozenset({Action.RETURN, Action.APPROVE, Action.RESUME})
"""Who submitted never decides, nor lets go on what another has stopped; to stop is open to every reviewer."""


def permits(role: Role, action: Action, *, own_ministry: bool = False, own_work: bool = False) -> bool:
    """True where ``role`` may do ``action``.

    ``own_ministry``: the target belongs to the actor's ministry. ``own_work``: the actor submitted
    what the action is about.
    """
    if action not in ALLOWED[role]:
        return False
    if action in OWN_TARGETS and not own_ministry:
        return False
    if action in OWN_SUBMISSIONS and role is Role.OFFICER and not own_work:
        return False
    return not (action in NEVER_ON_OWN_WORK and own_work)
