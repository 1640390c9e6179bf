"""How many passwords may be guessed, and that nobody's guesses keep the owner of an account out.

What is bounded, and by how much:

- one name from one address: `MOST_FAILURES` in `WINDOW`, so 20 an hour; then that address is locked for the name;
- one address, whatever the names: `MOST_OF_ADDRESS` in `WINDOW`, so 200 an hour;
- one name from all addresses: nothing is locked, but from `FREE` failures within `LONG_WINDOW` on each
  further guess waits twice as long after the one before, up to `LONGEST_WAIT`: at most 75 in the first
  hour and 61 in each later one, from however many addresses;
- everybody together: `MOST_A_MINUTE`, so that the counts themselves stay small.

A browser that the account is known by (`browsers`) is asked for none of these, but has a count of its
own, again `MOST_FAILURES` in `WINDOW`; beyond it, it is a browser like any other. A name that does not
exist is counted like one that does.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from sqlalchemy import Connection, delete, func, insert, select

from loaders.ledger.clock import moment, stamp
from loaders.ledger.names import normal
from loaders.ledger.tables import sign_in_failures

MOST_FAILURES, WINDOW = 5, timedelta(minutes=15)
MOST_OF_ADDRESS = 50
FREE, LONG_WINDOW = 10, timedelta(hours=1)
LONGEST_WAIT = timedelta(minutes=1)
MOST_A_MINUTE, MINUTE = 300, timedelta(minutes=1)
_OF_BROWSER = "browser:"
_NETWORK_BITS = 64
"""Of an IPv6 address: whoever has one has all of its network."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """Where an attempt at a name comes from."""

    name: str
    """Hash of the name: a password may have been typed in its place."""
    address: str
    browser: str | None = None
    """Hash of the token by which the account knows the browser."""

    @property
    def counted(self) -> str:
        """Under what it is counted."""
        return f"{_OF_BROWSER}{self.browser[:32]}" if self.browser else self.address


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a password is not even tried."""

    code: str
    """`locked` or `wait`."""
    seconds: int


def attempt_at(name: str, address: str, browser: str | None = None) -> Attempt:
    """An attempt at ``name`` (as typed) from a peer's address."""
    return Attempt(hashlib.sha256(normal(name).encode()).hexdigest()[:32], network_of(address), browser)


def network_of(address: str) -> str:
    """What counts as one address: an IPv4 address, the network of an IPv6 one."""
    try:
        found = ip_address(address)
    except ValueError:
        return address[:60]
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or ip_network((found.packed, _NETWORK_BITS), strict=False))


def standing(connection: Connection, attempt: Attempt, now: datetime) -> tuple[Attempt, Refusal | None]:
    """What the attempt counts as, and why it is refused where it is."""
    if attempt.browser is not None:
        if _count(connection, now - WINDOW, name=attempt.name, address=attempt.counted) < MOST_FAILURES:
            return attempt, None
        attempt = Attempt(attempt.name, attempt.address)
    mine = _count(connection, now - WINDOW, name=attempt.name, address=attempt.address)
    if mine >= MOST_FAILURES or _count(connection, now - WINDOW, address=attempt.address) >= MOST_OF_ADDRESS:
        return attempt, Refusal("locked", int(WINDOW.total_seconds()))
    if _count(connection, now - MINUTE) >= MOST_A_MINUTE:
        return attempt, Refusal("wait", int(MINUTE.total_seconds()))
    left = _wait(connection, attempt, now)
    return attempt, Refusal("wait", left) if left > 0 else None


def count(connection: Connection, attempt: Attempt, now: datetime) -> None:
    """Count a failure, in the caller's transaction, and forget those that no rule looks at any more."""
    connection.execute(delete(sign_in_failures).where(sign_in_failures.c.at <= stamp(now - LONG_WINDOW)))
    values = {"account": attempt.name, "address": attempt.counted, "at": stamp(now)}
    connection.execute(insert(sign_in_failures).values(values))


def succeed(connection: Connection, attempt: Attempt) -> None:
    """Start the count of this name from this address or browser anew; what others failed stays counted."""
    mine = (sign_in_failures.c.account == attempt.name, sign_in_failures.c.address == attempt.counted)
    connection.execute(delete(sign_in_failures).where(*mine))


def pardon(connection: Connection, name: str) -> None:
    """Forget every failure at a name: it has a new password."""
    mine = sign_in_failures.c.account == attempt_at(name, "").name
    connection.execute(delete(sign_in_failures).where(mine))


def _wait(connection: Connection, attempt: Attempt, now: datetime) -> int:
    """Seconds until the next guess at this name, from whichever address, is looked at."""
    table = sign_in_failures
    mine = (table.c.account == attempt.name, table.c.at > stamp(now - LONG_WINDOW))
    chosen = select(func.count(), func.max(table.c.at)).where(*mine, table.c.address.not_like(f"{_OF_BROWSER}%"))
    failures, last = connection.execute(chosen).one()
    if failures < FREE:
        return 0
    wait = min(LONGEST_WAIT, timedelta(seconds=2 ** min(failures - FREE, 30)))
    left = (moment(last) + wait - now).total_seconds()
    return max(0, -int(-left // 1))


def _count(connection: Connection, since: datetime, *, name: str | None = None, address: str | None = None) -> int:
    table = sign_in_failures
    chosen = select(func.count()).select_from(table).where(table.c.at > stamp(since))
    if name is not None:
        chosen = chosen.where(table.c.account == name)
    if address is not None:
        chosen = chosen.where(table.c.address == address)
    elif name is None:
        chosen = chosen.where(table.c.address.not_like(f"{_OF_BROWSER}%"))
    return connection.execute(chosen).scalar_one()
