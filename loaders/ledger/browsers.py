"""Browsers that an account is known by: whoever attacks a name from elsewhere does not keep its owner out.

A browser that signed in gets a token of 256 random bits, of which only the hash is kept here; nothing
else would have to sign it. It opens nothing by itself: it only says that this browser has had the
right password before, and gives it a count of failures of its own. Each sign-in gives a new one; a new
password and a disabled account end them all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select

from loaders.ledger.clock import stamp
from loaders.ledger.tables import known_browsers

KEPT = timedelta(days=180)
"""How long a browser is known after its last sign-in."""
MOST = 10
"""Browsers of an account; the one that signed in longest ago is forgotten first."""


def known_by(connection: Connection, account: str, tokens: Iterable[str], now: datetime) -> str | None:
    """The hash of that one of ``tokens`` by which the account is known; None without one."""
    hashes = [_digest(token) for token in tokens]
    if not hashes:
        return None
    mine = (known_browsers.c.account == account, known_browsers.c.token_hash.in_(hashes))
    chosen = select(known_browsers.c.token_hash).where(*mine, known_browsers.c.seen_at > stamp(now - KEPT))
    return connection.execute(chosen).scalars().first()


def remember(connection: Connection, account: str, token: str, replaced: str | None, now: datetime) -> None:
    """Know the account by ``token`` from now on, in the place of the hash ``replaced``."""
    table = known_browsers
    connection.execute(insert(table).values(token_hash=_digest(token), account=account, seen_at=stamp(now)))
    old = select(table.c.token_hash).where(table.c.account == account).order_by(table.c.seen_at.desc())
    kept = connection.execute(old).scalars().all()
    gone = [*kept[MOST:], *([replaced] if replaced else [])]
    connection.execute(delete(table).where(table.c.token_hash.in_(gone) | (table.c.seen_at < stamp(now - KEPT))))


def forget(connection: Connection, account: str) -> int:
    """Know the account by no browser any more; the number of those forgotten."""
    return connection.execute(delete(known_browsers).where(known_browsers.c.account == account)).rowcount


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
