"""A ledger that fails or keeps its callers waiting: what routes make of it, in one place.

A database may be locked by another program, full, read-only or gone. None of that is a reason for a
bare error: a form goes back to its page and says what is wrong and whether anything was changed.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from dashboard.document_head import language_of
from dashboard.off_loop import LateError
from dashboard.wording.catalog import Words
from loaders.ledger.errors import LedgerError

TROUBLE = (SQLAlchemyError, LedgerError, LateError)
"""What a route catches around a call that no rule of the ledger's can refuse."""
CAUSES = ("locked", "full", "read_only", "late", "away")
RETRY_SECONDS = "30"
_SIGNS = (
    ("full", ("disk is full", "no space left", "disk full")),
    ("locked", ("locked", "lock timeout", "canceling statement")),
    ("read_only", ("readonly", "read-only")),
)


def cause_of(error: Exception) -> str:
    """One of `CAUSES`."""
    if isinstance(error, LateError):
        return "late"
    if isinstance(error, LedgerError):
        named = str(error.parameters.get("cause", ""))
        return named if named in CAUSES else "away"
    said = str(error.orig if isinstance(error, DBAPIError) else error).lower()
    return next((cause for cause, signs in _SIGNS if any(sign in said for sign in signs)), "away")


def unavailable(error: Exception, words: Words) -> Response:
    """503 with the cause and the way out, for routes that no form leads to."""
    text = f"{words(f'sign_in.cause.{cause_of(error)}')} {words('sign_in.try_again')}"
    return PlainTextResponse(text, 503, {"Retry-After": RETRY_SECONDS, "Cache-Control": "no-store"})


Answer = Callable[[Request], Awaitable[Response]]


def or_unavailable(answer: Answer) -> Answer:
    """A route that answers 503 where the ledger fails it."""

    @wraps(answer)
    async def answered(request: Request) -> Response:
        try:
            return await answer(request)
        except TROUBLE as error:
            return unavailable(error, Words(language_of(request.scope)))

    return answered
