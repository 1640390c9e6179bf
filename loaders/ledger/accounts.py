"""Accounts and sessions. Role and ministry are read from here on every action; nothing else is believed.

Passwords are argon2 hashes, tried in `loaders.ledger.sign_in`. A session's token is only in the browser,
its hash in the database; it ends after 30 idle minutes, after 8 hours, on sign-out, and with every
change to the account.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update
from sqlalchemy.exc import OperationalError

from loaders.domain.policy import OF_A_MINISTRY, Role
from loaders.ledger import browsers, chain, throttle
from loaders.ledger.clock import moment, stamp
from loaders.ledger.errors import AccountError
from loaders.ledger.names import new_name, normal
from loaders.ledger.passwords import hashed
from loaders.ledger.store import Ledger
from loaders.ledger.tables import accounts, sessions

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=8)
TOUCH = timedelta(minutes=1)
"""How stale the time of the last action may become before it is written again."""
TOUCH_PATIENCE_MS = 100
KEPT = timedelta(days=35)
"""How long an ended session is kept: longer than any provider's cookie could try to open it again."""
FINGERPRINTED = ("subject", "password")
"""Columns of which the audit log keeps a fingerprint only."""
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
    """A new account, under the name's one form; officers and leads need a ministry, the others have none."""
    _check_ministry(role, ministry)
    with ledger.read() as connection:
        name = new_name(name, _names(connection))
    row: dict[str, Any] = {"id": name, "name": full_name or name, "role": role.value, "ministry": ministry}
    held = hashed(name, password) if password is not None else None
    row |= {"subject": subject, "password": held, "disabled": 0, "epoch": 1}
    with ledger.write() as connection:
        new_name(name, _names(connection))  # again: somebody may have been faster
        now = ledger.now()
        connection.execute(insert(accounts).values(row | {"created_at": now}))
        told = {"name": row["name"], "role": role.value, "ministry": ministry or "", "created_at": now}
        told |= {key: fingerprint(row[key]) for key in FINGERPRINTED}
        _told(connection, ledger, actor, "add_account", name, told)
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
        if password is not None:
            throttle.pardon(connection, name)
        if password is not None or disabled:
            browsers.forget(connection, name)
        told = {key: str(value or "") for key, value in values.items() if key in ("role", "ministry", "disabled")}
        told |= {"password": fingerprint(values["password"])} if password is not None else {}
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


def forget_browsers(ledger: Ledger, name: str, actor: str = OPERATOR) -> int:
    """Know an account by no browser any more: its sign-ins count like anybody's. The number of those forgotten."""
    with ledger.write() as connection:
        if _row(connection, name) is None:
            raise AccountError("unknown")
        gone = browsers.forget(connection, name)
        _told(connection, ledger, actor, "forget_browsers", name, {"browsers": str(gone)})
    return gone


def all_accounts(ledger: Ledger) -> list[Account]:
    """Every account, by name."""
    with ledger.read() as connection:
        return [_account(row) for row in connection.execute(select(accounts).order_by(accounts.c.id))]


def has_accounts(ledger: Ledger) -> bool:
    """True from the first account on: it opens the desk."""
    with ledger.read() as connection:
        return connection.execute(select(accounts.c.id).limit(1)).first() is not None


def has_session(ledger: Ledger, token: str) -> bool:
    """True where a session of this token was ever opened, be it ended."""
    with ledger.read() as connection:
        mine = select(sessions.c.account).where(sessions.c.token_hash == _digest(token))
        return connection.execute(mine).first() is not None


def open_session(ledger: Ledger, name: str, token: str | None = None) -> str:
    """A new session of an account that has proved who it is; its token. One token opens one session, once."""
    with ledger.write() as connection:
        return opened(connection, ledger, name, token)


def opened(connection: Connection, ledger: Ledger, name: str, token: str | None = None) -> str:
    """The same in the caller's transaction; sessions that ended long ago are forgotten."""
    token = token or secrets.token_urlsafe(32)
    row = _row(connection, name)
    taken = connection.execute(select(sessions).where(sessions.c.token_hash == _digest(token))).first()
    if row is None or row.disabled or taken is not None:
        raise AccountError("refused")
    now = ledger.now()
    connection.execute(delete(sessions).where(sessions.c.issued_at < stamp(moment(now) - KEPT)))
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
        _touch(ledger, row.token_hash, now)
    return _account(found)


def _touch(ledger: Ledger, token_hash: str, now: datetime) -> None:
    """Note that a session is in use, unless that means waiting: a page must not stand still for it.

    Beside `Ledger.write`, because the audit log has no part in it.
    """
    used = update(sessions).where(sessions.c.token_hash == token_hash).values(seen_at=stamp(now))
    with suppress(OperationalError), ledger.engine.connect() as connection:
        if not ledger.on_sqlite:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {TOUCH_PATIENCE_MS}")
            connection.execute(used)
            connection.commit()
            return
        usual = connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one()
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {TOUCH_PATIENCE_MS}")
        try:
            connection.execute(used)
        finally:
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {usual}")


def sign_out(ledger: Ledger, token: str) -> None:
    """End a session; where there is none nothing is written."""
    with ledger.read() as connection:
        mine = (sessions.c.token_hash == _digest(token), sessions.c.revoked_at.is_(None))
        if connection.execute(select(sessions.c.account).where(*mine)).first() is None:
            return
    with ledger.write() as connection:
        mine = sessions.c.token_hash == _digest(token)
        row = connection.execute(select(sessions).where(mine, sessions.c.revoked_at.is_(None))).first()
        if row is not None:
            connection.execute(update(sessions).where(mine).values(revoked_at=ledger.now()))
            _told(connection, ledger, row.account, "sign_out", row.account, {})


def fingerprint(secret: str | None) -> str:
    """What the audit log keeps of a password's hash or an outside identity: enough to see that it was changed."""
    return "" if secret is None else hashlib.sha256(secret.encode()).hexdigest()[:32]


def _check_ministry(role: Role, ministry: str | None) -> None:
    if role is Role.PUBLIC:
        raise AccountError("role")
    if (role in OF_A_MINISTRY) != (ministry is not None):
        raise AccountError("ministry")


def named(connection: Connection, typed: str) -> Row[Any] | None:
    """The account of a name as it was typed; one that was made before names had a grammar is found as it is."""
    return _row(connection, typed) or _row(connection, normal(typed))


def _row(connection: Connection, name: str) -> Row[Any] | None:
    return connection.execute(select(accounts).where(accounts.c.id == name)).first()


def _names(connection: Connection) -> Sequence[str]:
    return connection.execute(select(accounts.c.id)).scalars().all()


def _account(row: Row[Any]) -> Account:
    return Account(row.id, row.name, Role(row.role), row.ministry, bool(row.disabled), row.subject)


def _told(
    connection: Connection, ledger: Ledger, actor: str, action: str, subject: str, detail: Mapping[str, str | None]
) -> None:
    chain.append(connection, ledger.now(), actor, action, f"account {subject}", detail)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
