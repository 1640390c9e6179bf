"""One action in its transaction: who is allowed, what is written together, and the receipt that proves it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from loaders.domain.model import Registry, Target
from loaders.domain.policy import Action, Role, permits
from loaders.ledger import chain
from loaders.ledger.anchors import anchor_after
from loaders.ledger.clock import day_in, moment
from loaders.ledger.commands import Command, Receipt, command_digest, receipt_number
from loaders.ledger.errors import (
    DeniedError,
    FileRefusedError,
    KeyReusedError,
    LedgerError,
    NotSavedError,
    StaleError,
    UnknownError,
    UnknownOutcomeError,
)
from loaders.ledger.refusals import refuse
from loaders.ledger.rows import Submission, read_submission
from loaders.ledger.store import Ledger
from loaders.ledger.tables import accounts, receipts
from loaders.responsibility import may_enter

Told = tuple[str, int, Mapping[str, Any]]
"""Subject of an action, its version afterwards, and what the audit row tells."""
Effect = Callable[[Connection, "Act"], Told]
"""Writes the rows of an action."""
ANCHORED = frozenset({Action.APPROVE, Action.SCHEDULE, Action.STOP, Action.RESUME})
"""Actions that decide on what the public sees: after each the head of the log is kept outside the database."""


class Act:
    """One action in its transaction: who does what when, on which registry, having seen which version."""

    def __init__(
        self, connection: Connection, registry: Registry, actor: str, action: Action, now: str, expected: int
    ) -> None:
        row = connection.execute(select(accounts).where(accounts.c.id == actor)).first()
        active = row is not None and not row.disabled
        self.connection, self.registry, self.now, self.expected = connection, registry, now, expected
        self.actor, self.action = actor, action
        self.role = Role(row.role) if row is not None and active else Role.PUBLIC
        self.ministry = row.ministry if row is not None and active else None

    def allow(self, *, own_ministry: bool = False, own_work: bool = False, subject: str = "") -> None:
        """Go on, or refuse."""
        if not permits(self.role, self.action, own_ministry=own_ministry, own_work=own_work):
            raise DeniedError(actor=self.actor, action=self.action.value, subject=subject)

    def own(self, target: Target) -> bool:
        """True where the target belongs to the actor's ministry on the day of the act."""
        day = day_in(self.registry.site.time_zone, moment(self.now))
        return may_enter(self.registry, target, self.ministry, day)

    def target(self, name: str) -> Target:
        """The target, for those who may act on it."""
        target = self.registry.target.get(name)
        self.allow(own_ministry=target is not None and self.own(target), own_work=True, subject=name)
        if target is None:
            raise UnknownError(subject=name)
        return target

    def submission(self, number: int) -> tuple[Submission, Target]:
        """The submission as the actor saw it; whoever may not act on it cannot tell it from one that does not exist."""
        found = read_submission(self.connection, number)
        target = self.registry.target.get(found.target) if found else None
        subject = f"submission {number}"
        if found is None or target is None:
            self.allow(own_ministry=False, subject=subject)
            raise UnknownError(subject=subject)
        about = found.candidate(self.now) or found.latest
        mine = about is not None and about.submitted_by == self.actor
        self.allow(own_ministry=self.own(target), own_work=mine, subject=subject)
        if self.action is not Action.STOP:  # to stop what has changed meanwhile harms nobody; not to stop it does
            self.expect(found)
        return found, target

    def expect(self, found: Submission) -> None:
        """Go on where the submission is as the actor saw it."""
        if found.version != self.expected:
            latest = found.latest
            raise StaleError(by=latest.submitted_by if latest else "", at=latest.submitted_at if latest else "")


def recorded(
    ledger: Ledger,
    registry: Registry,
    actor: str,
    action: Action,
    command: Command,
    key: str,
    expected: int,
    effect: Effect,
) -> Receipt:
    """Run ``effect`` once for ``key``: state, audit row and receipt in one transaction."""
    try:
        return recorded_together(ledger, registry, actor, [Step(action, command, key, expected, effect)])[0]
    except FileRefusedError as refused:
        raise refused.refused[0][1] from None


@dataclass(frozen=True, slots=True)
class Step:
    """One of several actions that are taken together."""

    action: Action
    command: Command
    key: str
    expected: int
    effect: Effect


def recorded_together(ledger: Ledger, registry: Registry, actor: str, steps: Sequence[Step]) -> list[Receipt]:
    """All ``steps`` in one transaction, each with its audit row and its receipt, or none of them.

    Raises
    ------
    FileRefusedError
        with every step that was refused.
    NotSavedError
        where the database failed; `UnknownOutcomeError` only where nobody can say at the moment.
    """
    try:
        with ledger.write() as connection:
            done, refused = [], []
            for place, step in enumerate(steps):
                try:
                    done.append(_once(connection, ledger, registry, actor, step))
                except LedgerError as error:
                    refused.append((place, error))
            if refused:
                raise FileRefusedError(refused)
    except FileRefusedError as error:
        for place, one in error.refused:
            if isinstance(one, DeniedError):
                log_denial(ledger, actor, steps[place].action, str(one.parameters.get("subject", "")))
        raise
    except UnknownOutcomeError as error:
        done = _read_back(ledger, actor, [step.key for step in steps], error)
    if any(step.action in ANCHORED for step in steps):
        anchor_after(ledger)
    return done


def _once(connection: Connection, ledger: Ledger, registry: Registry, actor: str, step: Step) -> Receipt:
    """One step within the transaction; where its key is known, the receipt that it got then.

    The audit row carries what rows and receipt are rebuilt from (`loaders.ledger.replay`).
    """
    # Inside the transaction, so that audit rows are in the order of their times.
    now, digest = ledger.now(), command_digest(step.command)
    known = _known(connection, actor, step.key)
    if known is not None:
        if known.digest != digest:
            raise KeyReusedError(key=step.key)
        return _repeated(known)
    act = Act(connection, registry, actor, step.action, now, step.expected)
    subject, version, told = step.effect(connection, act)
    asked = {"idempotency_key": step.key, "command": type(step.command).__name__, "digest": digest}
    detail = {"version": version, **told, "request": asked, "role": act.role.value}
    place = chain.append(connection, now, actor, step.action.value, subject, detail)
    number = receipt_number(now, place)
    row = {"actor": actor, **asked}
    proof = {"number": number, "subject": subject, "version": version, "recorded_at": now, "audit": place}
    connection.execute(insert(receipts).values(row | proof))
    return Receipt(number, subject, version, now)


def _known(connection: Connection, actor: str, key: str) -> Row[Any] | None:
    mine = receipts.c.actor == actor, receipts.c.idempotency_key == key
    return connection.execute(select(receipts).where(*mine)).first()


def _repeated(row: Row[Any]) -> Receipt:
    return Receipt(row.number, row.subject, row.version, row.recorded_at, repeated=True)


def receipts_of(ledger: Ledger, actor: str, keys: Sequence[str]) -> list[Receipt] | None:
    """The receipts of what was sent under ``keys``; None where it is certain that nothing was written.

    Asked under the writers' lock: whoever held it has ended, so that the answer does not change any more.
    """
    with ledger.write() as connection:
        rows = [_known(connection, actor, key) for key in keys]
    found = [_repeated(row) for row in rows if row is not None]
    return found or None


def _read_back(ledger: Ledger, actor: str, keys: Sequence[str], lost: UnknownOutcomeError) -> list[Receipt]:
    """What became of a COMMIT whose answer was lost."""
    try:
        found = receipts_of(ledger, actor, keys)
    except LedgerError:
        raise lost from None
    if found is None:
        raise NotSavedError(cause=lost.cause) from lost
    return [replace(one, repeated=False) for one in found]


def log_denial(ledger: Ledger, actor: str, action: Action, subject: str) -> None:
    """Keep what was refused, in a transaction of its own: the action's was undone."""
    # A database that takes no row does not turn a refusal into a failure.
    with suppress(NotSavedError), ledger.write() as connection:
        refuse(connection, ledger.clock(), (actor, action.value, subject, ""))
