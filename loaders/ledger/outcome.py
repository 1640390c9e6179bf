"""What a failing database means to whoever wrote: nothing was saved, or nobody knows.

Before COMMIT nothing is saved, whatever fails. At COMMIT the answer may be lost after the database had
taken it; only a later look under the writers' lock tells (`acts.receipts_of`).
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy.exc import DatabaseError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from loaders.ledger.errors import NotSavedError, UnknownOutcomeError, UnreadableLedgerError

_READ_ONLY = "25006"
"""PostgreSQL: read_only_sql_transaction, as on a server that has become a standby."""
_CAUSES = (
    ("full", ("disk is full", "no space left", "disk full")),
    ("locked", ("locked", "lock timeout", "canceling statement")),
    ("read_only", ("readonly", "read-only")),
)


class Progress:
    """How far a transaction has come."""

    committing = False
    """True from the moment on at which COMMIT may have been said."""


@contextmanager
def saving() -> Generator[Progress]:
    """Around a transaction that writes: a database that fails becomes a typed answer."""
    progress = Progress()
    try:
        yield progress
    except (DBAPIError, NoConnectionError) as error:
        if not _failed(error):
            raise
        kind = UnknownOutcomeError if progress.committing else NotSavedError
        raise kind(cause=cause_of(error), said=_said(error)) from error


@contextmanager
def reading() -> Generator[None]:
    """Around a look: a database that fails becomes a typed answer."""
    try:
        yield
    except (DBAPIError, NoConnectionError) as error:
        if not _failed(error):
            raise
        raise UnreadableLedgerError(cause=cause_of(error), said=_said(error)) from error


def _failed(error: Exception) -> bool:
    """True where the database itself failed, and not a statement that it refused."""
    is_plain = type(error) is DatabaseError  # how SQLite says that a file is damaged or no database
    away = isinstance(error, (OperationalError, InterfaceError, NoConnectionError))
    return is_plain or away or _code(error) == _READ_ONLY


def _code(error: Exception) -> str:
    return str(getattr(getattr(error, "orig", None), "sqlstate", ""))


def _said(error: Exception) -> str:
    """The database's own words, for the log; no page shows them."""
    return str(getattr(error, "orig", error))


def cause_of(error: Exception) -> str:
    """`full`, `locked`, `read_only`, or `away` for everything else."""
    text = _said(error).lower()
    return next((cause for cause, signs in _CAUSES if any(sign in text for sign in signs)), "away")
