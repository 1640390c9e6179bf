"""One action in its transaction: who is allowed, what is written together, and the receipt that proves it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, insert, select

from loaders.domain.model import Registry, Target
from loaders.domain.policy import Action, Role, permits
from loaders.ledger import chain
from loaders.ledger.anchors import anchor_after
from loaders.ledger.commands import Command, Receipt, command_digest, receipt_number
from loaders.ledger.errors import DeniedError, KeyReusedError, StaleError, UnknownError
from loaders.ledger.refusals import refuse
from loaders.ledger.rows import Submission, read_submission
from loaders.ledger.store import Ledger
from loaders.ledger.tables import accounts, receipts

Told = tuple[str, int, Mapping[str, Any]]
"""Subject of an action, its version afterwards, and what the audit row tells."""
Effect = Callable[[Connection, "Act"], Told]
"""Writes the rows of an action."""
ANCHORED = frozenset({Action.APPROVE, Action.SCHEDULE})
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
        """True where the target belongs to the actor's ministry."""
        return self.ministry is not None and self.ministry in (target.lead, *target.with_)

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
        latest = found.latest
        mine = latest is not None and latest.submitted_by == self.actor
        self.allow(own_ministry=self.own(target), own_work=mine, subject=subject)
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
    """Run ``effect`` once for ``key``: state, audit row and receipt in one transaction.

    The audit row carries what rows and receipt are rebuilt from (`loaders.ledger.replay`).
    """
    digest = command_digest(command)
    try:
        with ledger.write() as connection:
            # Inside the transaction, so that audit rows are in the order of their times.
            now = ledger.now()
            known = connection.execute(
                select(receipts).where(receipts.c.actor == actor, receipts.c.idempotency_key == key)
            ).first()
            if known is not None:
                if known.digest != digest:
                    raise KeyReusedError(key=key)
                return Receipt(known.number, known.subject, known.version, known.recorded_at, repeated=True)
            act = Act(connection, registry, actor, action, now, expected)
            subject, version, told = effect(connection, act)
            asked = {"idempotency_key": key, "command": type(command).__name__, "digest": digest}
            detail = {"version": version, **told, "request": asked, "role": act.role.value}
            place = chain.append(connection, now, actor, action.value, subject, detail)
            number = receipt_number(now, place)
            row = {"actor": actor, **asked}
            proof = {"number": number, "subject": subject, "version": version, "recorded_at": now, "audit": place}
            connection.execute(insert(receipts).values(row | proof))
    except DeniedError as refused:
        log_denial(ledger, actor, action, str(refused.parameters.get("subject", "")))
        raise
    if action in ANCHORED:
        anchor_after(ledger)
    return Receipt(number, subject, version, now)


def log_denial(ledger: Ledger, actor: str, action: Action, subject: str) -> None:
    """Keep what was refused, in a transaction of its own: the action's was undone."""
    with ledger.write() as connection:
        refuse(connection, ledger.clock(), (actor, action.value, subject, ""))
