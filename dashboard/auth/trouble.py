"""A ledger that fails or keeps its callers waiting: what routes make of it, in one place.

A database may be locked by another program, full, read-only or gone. None of that is a reason for a
bare error: a form goes back to its page and says what is wrong and whether anything was changed.
"""

from __future__ import annotations

from sqlalchemy.exc import SQLAlchemyError

from dashboard.off_loop import LateError
from loaders.ledger import outcome
from loaders.ledger.errors import LedgerError

TROUBLE = (SQLAlchemyError, LedgerError, LateError)
"""What a route catches around a call that no rule of the ledger's can refuse."""
CAUSES = ("locked", "full", "read_only", "late", "away")


def cause_of(error: Exception) -> str:
    """One of `CAUSES`."""
    if isinstance(error, LateError):
        return "late"
    if isinstance(error, LedgerError):
        named = str(error.parameters.get("cause", ""))
        return named if named in CAUSES else "away"
    return outcome.cause_of(error)
