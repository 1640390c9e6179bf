"""What keeps the files or the ledger from being used, in a word that pages, health and headers share."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    DBAPIError,
    InterfaceError,
    NoSuchModuleError,
    OperationalError,
    ProgrammingError,
    TimeoutError,
)

from loaders.domain.observation import Observation
from loaders.ledger.errors import LedgerError, LostError, UnreadableLedgerError
from loaders.ledger.identity import Identity

LOST = ("missing", "replaced", "empty", "other", "behind", "rewritten")
"""The ledger is not the one it was: it has to be restored."""
CODES = (*LOST, "damaged", "unreadable", "address", "forged", "silent", "away")
"""Everything that can be wrong with a ledger; each has its sentence in the catalogues."""

AWAY = (OperationalError, InterfaceError, TimeoutError, LostError, UnreadableLedgerError)
"""What a page meets when the ledger fails under its hands."""


@dataclass(frozen=True, slots=True)
class Released:
    """What the ledger has released and verified, and how far it had come."""

    rows: tuple[Observation, ...]
    epoch: str
    known: Identity
    has_accounts: bool = False


class ForgedError(Exception):
    """Not all that the ledger would release verifies; ``rest`` does."""

    def __init__(self, told: str, rest: Released | None = None) -> None:
        self.rest = rest
        super().__init__(told)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong, and since when."""

    code: str
    since: str
    """Stamped text."""
    parameters: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def lost(self) -> bool:
        """True where the ledger is not the one it was."""
        return self.code in LOST

    @property
    def to_restore(self) -> bool:
        """True where waiting does not help."""
        return self.lost or self.code in ("damaged", "forged")


def told(error: Exception) -> tuple[str, Mapping[str, str | int]]:
    """Code of `CODES` for ``error``, and its numbers; texts of drivers never leave the log."""
    if isinstance(error, LedgerError) and isinstance(error.__cause__, Exception):
        return told(error.__cause__)
    if isinstance(error, LostError):
        return error.how, error.parameters
    if isinstance(error, ForgedError):
        return "forged", {}
    if isinstance(error, PermissionError):
        return "unreadable", {}
    if isinstance(error, (ArgumentError, NoSuchModuleError, ModuleNotFoundError)):
        return "address", {}
    if isinstance(error, DBAPIError):
        return _of_database(error), {}
    return "away", {}


def _of_database(error: DBAPIError) -> str:
    text = str(error.orig)
    if "unable to open database file" in text or "readonly database" in text:
        return "unreadable"
    if "no such table" in text or (isinstance(error, ProgrammingError) and "does not exist" in text):
        return "empty"
    if "malformed" in text or "not a database" in text or "disk I/O" in text:
        return "damaged"
    if type(error) is DatabaseError and isinstance(error.orig, sqlite3.Error):
        return "damaged"
    return "away"
