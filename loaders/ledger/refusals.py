"""What was refused, summed: one row for a minute, an actor, an action, a subject and an address.

Refusals cost whoever causes them nothing, so their log must not grow with their number: it is summed,
bounded in every minute and as a whole, forgotten after `KEPT`, and no part of the audit chain, which
may never forget. What was typed as a name is kept only where it is the name of an account: it may
have been a password.
"""

from __future__ import annotations

import threading
from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select, update

from loaders.ledger.clock import stamp
from loaders.ledger.tables import denials

KEPT = timedelta(days=90)
MOST_A_MINUTE = 600
"""Rows; what is refused beyond them in the same minute is summed in one row more."""
MOST_ROWS = 200_000
"""Rows altogether; the oldest go first. About 30 MB."""
LONGEST = 100
"""Characters of an actor, a subject or an address."""
REST = "*"
FLUSH = timedelta(seconds=10)
"""How long refusals that cost no more than a look are counted in memory before they are written."""

Refusal = tuple[str, str, str, str]
"""Actor, action, subject, address."""
_OTHERS: Refusal = (REST, REST, REST, REST)


def refuse(connection: Connection, at: datetime, refusal: Refusal, times: int = 1) -> None:
    """Add ``times`` to the row of this minute, in the caller's transaction."""
    now = stamp(at)
    minute, key = now[:16], tuple(part[:LONGEST] for part in refusal)
    if _added(connection, minute, key, now, times):
        return
    rows = connection.execute(select(func.count()).where(denials.c.minute == minute)).scalar_one()
    if rows == 0:
        _prune(connection, at)
    if rows >= MOST_A_MINUTE:
        key = _OTHERS
        if _added(connection, minute, key, now, times):
            return
    values = dict(zip(("actor", "action", "subject", "address"), key, strict=True))
    connection.execute(insert(denials).values(minute=minute, **values, count=times, last_at=now))


def prune(connection: Connection, before: datetime) -> int:
    """Forget what was refused before a moment; the number of rows."""
    return connection.execute(delete(denials).where(denials.c.minute < stamp(before)[:16])).rowcount


class Tally:
    """Refusals counted in memory, so that a flood of them does not become a flood of writes."""

    MOST = 200
    """Different refusals at a time; the rest is one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[Refusal] = Counter()
        self._written: datetime | None = None

    def add(self, at: datetime, refusal: Refusal) -> bool:
        """Count one; True where it is time to write."""
        with self._lock:
            has_room = refusal in self._counts or len(self._counts) < self.MOST
            self._counts[refusal if has_room else _OTHERS] += 1
            return self._written is None or abs(at - self._written) >= FLUSH

    def write(self, connection: Connection, at: datetime) -> None:
        """Write what has been counted, in the caller's transaction."""
        with self._lock:
            counted, self._counts, self._written = self._counts, Counter(), at
        for refusal, times in counted.items():
            refuse(connection, at, refusal, times)


def _added(connection: Connection, minute: str, key: tuple[str, ...], now: str, times: int) -> bool:
    actor, action, subject, address = key
    mine = (
        denials.c.minute == minute,
        denials.c.actor == actor,
        denials.c.action == action,
        denials.c.subject == subject,
        denials.c.address == address,
    )
    more = update(denials).where(*mine).values(count=denials.c.count + times, last_at=now)
    return connection.execute(more).rowcount > 0


def _prune(connection: Connection, at: datetime) -> None:
    prune(connection, at - KEPT)
    rows = connection.execute(select(func.count()).select_from(denials)).scalar_one()
    if rows > MOST_ROWS - MOST_A_MINUTE:
        late = select(denials.c.minute).order_by(denials.c.minute).offset(2 * MOST_A_MINUTE).limit(1)
        connection.execute(delete(denials).where(denials.c.minute < late.scalar_subquery()))
