"""Accounts and sessions. Role and ministry are read from here on every action; nothing else is believed.

Passwords are argon2 hashes. A session's token is only in the browser, its hash in the database; it
ends after 30 idle minutes, after 8 hours, on sign-out, and with every change to the account.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from loaders.domain.policy import OF_A_MINISTRY, Role
from loaders.ledger import chain
from loaders.ledger.clock import moment, stamp
from loaders.ledger.errors import AccountError, NotSavedError
from loaders.ledger.passwords import hashed, matches
from loaders.ledger.store import Ledger
from loaders.ledger.tables import accounts, denials, sessions, sign_in_failures

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=8)
TOUCH = timedelta(minutes=1)
"""How stale the time of the last action may become before it is written again."""
MOST_FAILURES, FAILURE_WINDOW = 5, timedelta(minutes=15)
LONGEST_NAME = 100
OPERATOR = "operator"
"""Actor of what is done on the command line, by whoever has the machine."""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in."""

    id: str
    name: str
    role: Role
    ministry: str | None
    disabled: bool
    subject: str | None = None


def add_account(
    ledger: Ledger,
    name: str,
    role: Role,
    ministry: str | None = None,
    *,
    password: str | None = None,
    subject: str | None = None,
    full_name: str = "",
    actor: str = OPERATOR,
) -> Account:
    """A new account; officers and leads need a ministry, the others have none."""
    _check_ministry(role, ministry)
    row: dict[str, Any] = {"id": name, "name": full_name or name, "role": role.value, "ministry": ministry}
    held = hashed(name, password) if password is not None else None
    row |= {"subject": subject, "password": held, "disabled": 0, "epoch": 1}
    with ledger.write() as connection:
        if _row(connection, name) is not None:
            raise AccountError("exists")
        connection.execute(insert(accounts).values(row | {"created_at": ledger.now()}))
        _told(connection, ledger, actor, "add_account", name, {"role": role.value, "ministry": ministry or ""})
    return Account(name, full_name or name, role, ministry, disabled=False, subject=subject)


def change_account(
    ledger: Ledger,
    name: str,
    *,
    role: Role | None = None,
    ministry: str | None = None,
    password: str | None = None,
    disabled: bool | None = None,
    actor: str = OPERATOR,
) -> Account:
    """Change what is given; every session of the account ends."""
    with ledger.write() as connection:
        row = _row(connection, name)
        if row is None:
            raise AccountError("unknown")
        values: dict[str, Any] = {"epoch": row.epoch + 1}
        if role is not None:
            own = ministry if role in OF_A_MINISTRY else None
            _check_ministry(role, own)
            values |= {"role": role.value, "ministry": own}
        if disabled is not None:
            values["disabled"] = int(disabled)
        if password is not None:
            values["password"] = hashed(name, password)
        connection.execute(update(accounts).where(accounts.c.id == name).values(values))
        told = {key: str(value or "") for key, value in values.items() if key in ("role", "ministry", "disabled")}
        told |= {"password": "changed"} if password is not None else {}
        _told(connection, ledger, actor, "change_account", name, told)
        changed = _row(connection, name)
    assert changed is not None, "changed above"
    return _account(changed)


def account(ledger: Ledger, name: str) -> Account | None:
    """The account as it is now."""
    with ledger.read() as connection:
        row = _row(connection, name)
    return _account(row) if row is not None else None


def account_of_subject(ledger: Ledger, subject: str) -> Account | None:
    """The account that another system's identity stands for."""
    with ledger.read() as connection:
        row = connection.execute(select(accounts).where(accounts.c.subject == subject)).first()
    return _account(row) if row is not None and not row.disabled else None


def all_accounts(ledger: Ledger) -> list[Account]:
    """Every account, by name."""
    with ledger.read() as connection:
        return [_account(row) for row in connection.execute(select(accounts).order_by(accounts.c.id))]


def has_accounts(ledger: Ledger) -> bool:
    """True from the first account on: it opens the desk."""
    with ledger.read() as connection:
        return connection.execute(select(accounts.c.id).limit(1)).first() is not None


def sign_in(ledger: Ledger, name: str, password: str) -> str:
    """A session's token for the right password.

    Raises
    ------
    AccountError
        `refused` for an unknown name, a wrong password and a disabled account alike, `locked` after
        five failures within a quarter of an hour.
    """
    row, earlier = _attempt(ledger, name)
    if earlier >= MOST_FAILURES:
        _deny(ledger, row, locks=False)
        raise AccountError("locked")
    right = matches(row.password if row is not None else None, password)
    if row is None or row.disabled or not right:
        _deny(ledger, row, locks=earlier == MOST_FAILURES - 1)
        raise AccountError("refused")
    with ledger.write() as connection:
        connection.execute(delete(sign_in_failures).where(sign_in_failures.c.account == _counted(name)))
    return open_session(ledger, name)


def _attempt(ledger: Ledger, name: str) -> tuple[Row[Any] | None, int]:
    """The account, and its failures before this one, which counts already: many tries at once get no more."""
    now = ledger.clock()
    mine = (sign_in_failures.c.account == _counted(name), sign_in_failures.c.at > stamp(now - FAILURE_WINDOW))
    with ledger.write() as connection:
        row = _row(connection, name)
        earlier = connection.execute(select(func.count()).select_from(sign_in_failures).where(*mine)).scalar_one()
        if earlier < MOST_FAILURES:
            connection.execute(insert(sign_in_failures).values(account=_counted(name), at=stamp(now)))
    return row, earlier


def _counted(name: str) -> str:
    return name[:LONGEST_NAME]


def _deny(ledger: Ledger, row: Row[Any] | None, *, locks: bool) -> None:
    """Log a failed attempt. A password may have been typed as the name, so only names of accounts are kept."""
    with ledger.write() as connection:
        told = {"actor": row.id if row is not None else "", "action": "sign_in", "subject": ""}
        connection.execute(insert(denials).values(at=ledger.now(), **told))
        if locks and row is not None:
            _told(connection, ledger, row.id, "sign_in_locked", row.id, {})


def has_session(ledger: Ledger, token: str) -> bool:
    """True where a session of this token was ever opened, be it ended."""
    with ledger.read() as connection:
        mine = select(sessions.c.account).where(sessions.c.token_hash == _digest(token))
        return connection.execute(mine).first() is not None


def open_session(ledger: Ledger, name: str, token: str | None = None) -> str:
    """A new session of an account that has proved who it is; its token. One token opens one session, once."""
    token = token or secrets.token_urlsafe(32)
    with ledger.write() as connection:
        row = _row(connection, name)
        taken = connection.execute(select(sessions).where(sessions.c.token_hash == _digest(token))).first()
        if row is None or row.disabled or taken is not None:
            raise AccountError("refused")
        now = ledger.now()
        values = {"token_hash": _digest(token), "account": name, "epoch": row.epoch, "issued_at": now, "seen_at": now}
        connection.execute(insert(sessions).values(values))
        _told(connection, ledger, name, "sign_in", name, {})
    return token


def session_account(ledger: Ledger, token: str) -> Account | None:
    """The account behind a token, as it is now; None for a session that has ended or never was."""
    chosen = select(sessions, accounts.c.epoch.label("current"), accounts.c.disabled).join(accounts)
    with ledger.read() as connection:
        row = connection.execute(chosen.where(sessions.c.token_hash == _digest(token))).first()
        found = _row(connection, row.account) if row is not None else None
    if row is None or found is None or row.revoked_at or row.disabled or row.epoch != row.current:
        return None
    now = ledger.clock()
    if now - moment(row.seen_at) > IDLE or now - moment(row.issued_at) > ABSOLUTE:
        return None
    if now - moment(row.seen_at) > TOUCH:
        # Where nothing can be written, whoever is signed in goes on reading.
        with suppress(NotSavedError), ledger.write() as connection:
            mine = sessions.c.token_hash == row.token_hash
            connection.execute(update(sessions).where(mine).values(seen_at=stamp(now)))
    return _account(found)


def sign_out(ledger: Ledger, token: str) -> None:
    """End a session; one that is not there is none."""
    with ledger.write() as connection:
        mine = sessions.c.token_hash == _digest(token)
        row = connection.execute(select(sessions).where(mine, sessions.c.revoked_at.is_(None))).first()
        if row is not None:
            connection.execute(update(sessions).where(mine).values(revoked_at=ledger.now()))
            _told(connection, ledger, row.account, "sign_out", row.account, {})


def _check_ministry(role: Role, ministry: str | None) -> None:
    if role is Role.PUBLIC:
        raise AccountError("role")
    if (role in OF_A_MINISTRY) != (ministry is not None):
        raise AccountError("ministry")


def _row(connection: Connection, name: str) -> Row[Any] | None:
    return connection.execute(select(accounts).where(accounts.c.id == name)).first()


def _account(row: Row[Any]) -> Account:
    return Account(row.id, row.name, Role(row.role), row.ministry, bool(row.disabled), row.subject)


def _told(
    connection: Connection, ledger: Ledger, actor: str, action: str, subject: str, detail: Mapping[str, str | None]
) -> None:
    chain.append(connection, ledger.now(), actor, action, f"account {subject}", detail)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
