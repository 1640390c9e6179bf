"""The ledger's actions: one function each, one transaction each, one receipt each.

Every function takes the ledger, the registry, the actor's account, a command, an idempotency key and
the version that the actor saw. It reads role and ministry anew, asks the policy, checks the command,
writes state, audit row and receipt together, or nothing at all. There is deliberately no Streamlit
here, and no clock but the ledger's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

from sqlalchemy import Connection, insert, select

from loaders.domain.model import Registry
from loaders.domain.policy import Action
from loaders.domain.workflow import OUT, UNRELEASED, Decision
from loaders.ledger.acts import Act, Told, recorded
from loaders.ledger.clock import stamp
from loaders.ledger.commands import (
    Approve,
    CloseRound,
    ConfirmUnchanged,
    Correct,
    OpenRound,
    Receipt,
    Resume,
    Return,
    SaveDraft,
    Schedule,
    Stop,
    Submit,
    Withdraw,
)
from loaders.ledger.errors import Fault, InvalidError, StaleError, UnknownError, WrongStateError
from loaders.ledger.handling import (
    decide,
    hand_in,
    new_version,
    resume_release,
    set_release,
    stated_reason,
    stop_release,
    submission_for,
    withdraw_from,
)
from loaders.ledger.rows import read_submission
from loaders.ledger.store import Ledger
from loaders.ledger.tables import drafts, rounds


def save_draft(
    ledger: Ledger, registry: Registry, actor: str, command: SaveDraft, idempotency_key: str, expected_version: int
) -> Receipt:
    """Keep an entry that is not handed in yet; nothing is checked, and nobody else sees it."""

    def effect(connection: Connection, act: Act) -> Told:
        target = act.target(command.target)
        found = submission_for(connection, act, target, command.period)
        act.expect(found)
        row = {"submission": found.id, **asdict(command.figures), "saved_by": actor, "saved_at": act.now}
        connection.execute(insert(drafts).values(row))
        return f"submission {found.id}", found.version, {**found.place, **asdict(command.figures)}

    return recorded(ledger, registry, actor, Action.SAVE_DRAFT, command, idempotency_key, expected_version, effect)


def submit(
    ledger: Ledger, registry: Registry, actor: str, command: Submit, idempotency_key: str, expected_version: int
) -> Receipt:
    """Hand in a value, for the first time or after it came back."""

    def effect(connection: Connection, act: Act) -> Told:
        target = act.target(command.target)
        return hand_in(connection, act, target, command.period, command.figures, confirmed=command.confirmed)

    return recorded(ledger, registry, actor, Action.SUBMIT, command, idempotency_key, expected_version, effect)


def confirm_unchanged(
    ledger: Ledger,
    registry: Registry,
    actor: str,
    command: ConfirmUnchanged,
    idempotency_key: str,
    expected_version: int,
) -> Receipt:
    """Hand in that the last value still holds."""

    def effect(connection: Connection, act: Act) -> Told:
        target = act.target(command.target)
        return hand_in(connection, act, target, command.period, command.figures, unchanged=True)

    return recorded(
        ledger, registry, actor, Action.CONFIRM_UNCHANGED, command, idempotency_key, expected_version, effect
    )


def withdraw(
    ledger: Ledger, registry: Registry, actor: str, command: Withdraw, idempotency_key: str, expected_version: int
) -> Receipt:
    """Take back a value that is not out yet; what was approved does not go out any more."""

    def effect(connection: Connection, act: Act) -> Told:
        return withdraw_from(connection, act, command.submission, command.reason)

    return recorded(ledger, registry, actor, Action.WITHDRAW, command, idempotency_key, expected_version, effect)


def correct(
    ledger: Ledger, registry: Registry, actor: str, command: Correct, idempotency_key: str, expected_version: int
) -> Receipt:
    """Hand in another value for one that is approved or out; it is reviewed like the first.

    Filed before the release, it holds the earlier value: approved, it takes its place; where it comes
    back, a reviewer sets the release of the earlier value anew.
    """

    def effect(connection: Connection, act: Act) -> Told:
        found, target = act.submission(command.submission)
        undecided = found.latest is None or found.latest.decision is None
        if undecided or found.state(act.now) not in OUT | UNRELEASED:
            raise WrongStateError(state=found.state(act.now).value)
        stated_reason(command.reason)
        return new_version(connection, act, found, target, command.figures, command.confirmed, reason=command.reason)

    return recorded(ledger, registry, actor, Action.CORRECT, command, idempotency_key, expected_version, effect)


def send_back(
    ledger: Ledger, registry: Registry, actor: str, command: Return, idempotency_key: str, expected_version: int
) -> Receipt:
    """Return a version to its ministry with a reason."""

    def effect(connection: Connection, act: Act) -> Told:
        return decide(connection, act, command.submission, Decision.RETURNED, command.reason)

    return recorded(ledger, registry, actor, Action.RETURN, command, idempotency_key, expected_version, effect)


def approve(
    ledger: Ledger, registry: Registry, actor: str, command: Approve, idempotency_key: str, expected_version: int
) -> Receipt:
    """Accept exactly the version that was displayed, and schedule it where a time is given."""

    def effect(connection: Connection, act: Act) -> Told:
        subject, version, told = decide(connection, act, command.submission, Decision.APPROVED, "", command.digest)
        if command.release_at is None:
            return subject, version, told
        found = read_submission(connection, command.submission)
        assert found is not None, "read before in this transaction"
        assert found.latest is not None, "approved in this transaction"
        planned = set_release(connection, act, found.latest, stamp(command.release_at))
        return subject, version, {**told, **planned}

    return recorded(ledger, registry, actor, Action.APPROVE, command, idempotency_key, expected_version, effect)


def schedule(
    ledger: Ledger, registry: Registry, actor: str, command: Schedule, idempotency_key: str, expected_version: int
) -> Receipt:
    """Set or move the release of an approved version until it is out, also where its correction came back."""

    def effect(connection: Connection, act: Act) -> Told:
        found, _ = act.submission(command.submission)
        entry = found.candidate(act.now)
        if entry is None or entry.decision is None or entry.hold is not None:
            raise WrongStateError(state=found.state(act.now).value)
        told = set_release(connection, act, entry, stamp(command.release_at))
        return f"submission {found.id}", found.version, told

    return recorded(ledger, registry, actor, Action.SCHEDULE, command, idempotency_key, expected_version, effect)


def stop(
    ledger: Ledger, registry: Registry, actor: str, command: Stop, idempotency_key: str, expected_version: int
) -> Receipt:
    """Hold back whatever of a value is not out yet, with a reason, until the moment of its release."""

    def effect(connection: Connection, act: Act) -> Told:
        return stop_release(connection, act, command.submission, command.reason)

    return recorded(ledger, registry, actor, Action.STOP, command, idempotency_key, expected_version, effect)


def resume(
    ledger: Ledger, registry: Registry, actor: str, command: Resume, idempotency_key: str, expected_version: int
) -> Receipt:
    """End a hold; a release that came due meanwhile did not happen and is set anew."""

    def effect(connection: Connection, act: Act) -> Told:
        return resume_release(connection, act, command.submission, command.hold, command.reason)

    return recorded(ledger, registry, actor, Action.RESUME, command, idempotency_key, expected_version, effect)


def open_round(
    ledger: Ledger, registry: Registry, actor: str, command: OpenRound, idempotency_key: str, expected_version: int
) -> Receipt:
    """Open a review round; while rounds exist, values are taken only inside one."""

    def effect(connection: Connection, act: Act) -> Told:
        act.allow(subject=f"round {command.id}")
        opens, closes = stamp(command.opens_at), stamp(command.closes_at)
        if closes <= opens:
            raise InvalidError(Fault("order", "closes_at", closes))
        if connection.execute(select(rounds.c.id).where(rounds.c.id == command.id)).first():
            raise StaleError(by="", at="")
        row = {"id": command.id, "name": command.name, "opens_at": opens, "closes_at": closes}
        connection.execute(insert(rounds).values(row))
        return f"round {command.id}", 1, row

    return recorded(ledger, registry, actor, Action.OPEN_ROUND, command, idempotency_key, expected_version, effect)


def close_round(
    ledger: Ledger, registry: Registry, actor: str, command: CloseRound, idempotency_key: str, expected_version: int
) -> Receipt:
    """Close a round at once."""

    def effect(connection: Connection, act: Act) -> Told:
        act.allow(subject=f"round {command.id}")
        found = connection.execute(select(rounds).where(rounds.c.id == command.id)).first()
        if found is None:
            raise UnknownError(subject=f"round {command.id}")
        if found.closes_at > act.now:
            connection.execute(rounds.update().where(rounds.c.id == command.id).values(closes_at=act.now))
        return f"round {command.id}", 2, {"closes_at": min(found.closes_at, act.now)}

    return recorded(ledger, registry, actor, Action.CLOSE_ROUND, command, idempotency_key, expected_version, effect)


ACTIONS: dict[Action, Callable[..., Receipt]] = {
    Action.SAVE_DRAFT: save_draft,
    Action.SUBMIT: submit,
    Action.CONFIRM_UNCHANGED: confirm_unchanged,
    Action.WITHDRAW: withdraw,
    Action.CORRECT: correct,
    Action.RETURN: send_back,
    Action.APPROVE: approve,
    Action.SCHEDULE: schedule,
    Action.STOP: stop,
    Action.RESUME: resume,
    Action.OPEN_ROUND: open_round,
    Action.CLOSE_ROUND: close_round,
}
"""Every action that writes, by its name in the policy."""
