"""Signing in with a password: whether it is tried at all, and what a right and a wrong one leave behind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Row

from loaders.ledger import browsers, throttle
from loaders.ledger.accounts import named, opened
from loaders.ledger.errors import AccountError
from loaders.ledger.passwords import matches
from loaders.ledger.refusals import Tally, refuse
from loaders.ledger.store import Ledger
from loaders.ledger.throttle import Attempt, Refusal

ACTION = "sign_in"
TURNED_AWAY = "sign_in_untried"
"""A sign-in that was refused before its password was looked at."""
_tallies: WeakKeyDictionary[Ledger, Tally] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Visit:
    """Where a sign-in comes from."""

    address: str = ""
    """Of the peer, or of whom the trusted proxy names."""
    known: tuple[str, ...] = ()
    """Tokens of known browsers that came with it."""
    browser: str = ""
    """A new one that the browser gets where the password is right; none where empty."""


NOWHERE = Visit()


def sign_in(ledger: Ledger, name: str, password: str, visit: Visit = NOWHERE) -> str:
    """A session's token for the right password.

    Raises
    ------
    AccountError
        `refused` for an unknown name, a wrong password and a disabled account alike; `locked` and
        `wait`, with the ``seconds``, where the password was not looked at (`loaders.ledger.throttle`).
    """
    now = ledger.clock()
    with ledger.read() as connection:  # a flood is turned away without a single write
        row, attempt, untried = _standing(connection, name, visit, now)
    if untried is None:
        with ledger.write() as connection:
            # Asked again, and counted before the password is tried: many at once get no more than one after another.
            row, attempt, untried = _standing(connection, name, visit, now)
            if untried is None:
                throttle.count(connection, attempt, now)
    if untried is not None:
        _turn_away(ledger, row, attempt, now)
        raise AccountError(untried.code, seconds=untried.seconds)
    right = matches(row.password if row is not None else None, password)
    if row is None or row.disabled or not right:
        with ledger.write() as connection:
            refuse(connection, now, (row.id if row is not None else "", ACTION, "", attempt.address))
            _tally(ledger).write(connection, now)
        raise AccountError("refused")
    with ledger.write() as connection:
        throttle.succeed(connection, attempt)
        if visit.browser:
            browsers.remember(connection, row.id, visit.browser, attempt.browser, now)
        return opened(connection, ledger, row.id)


def _standing(
    connection: Any, name: str, visit: Visit, now: datetime
) -> tuple[Row[Any] | None, Attempt, Refusal | None]:
    row = named(connection, name)
    known = browsers.known_by(connection, row.id if row is not None else "", visit.known, now)
    attempt, untried = throttle.standing(connection, throttle.attempt_at(name, visit.address, known), now)
    return row, attempt, untried


def _turn_away(ledger: Ledger, row: Row[Any] | None, attempt: Attempt, now: datetime) -> None:
    """Count it in memory, and write the counts now and then."""
    tally = _tally(ledger)
    if tally.add(now, (row.id if row is not None else "", TURNED_AWAY, "", attempt.address)):
        with ledger.write() as connection:
            tally.write(connection, now)


def _tally(ledger: Ledger) -> Tally:
    return _tallies.setdefault(ledger, Tally())
