"""An attached file for those who may see it: what was handed in, or in words why it cannot be shown.

Database and disk are asked in a pool of threads of its own: a locked ledger or a disk that does not
answer must not stop other readers. A thread that hangs keeps its place in the pool, so that there are
never more of them.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from urllib.parse import quote

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from dashboard import desk
from dashboard.auth.viewer import of_request
from dashboard.document_head import language_of
from dashboard.wording.catalog import Words
from loaders.domain.policy import Action
from loaders.ledger.evidence import EvidenceError, read
from loaders.ledger.figures import EVIDENCE
from loaders.ledger.store import Ledger
from loaders.ledger.tables import submissions, versions

MOST_AT_ONCE = 4
LONGEST = 8.0
"""Seconds until the answer is that it cannot be looked at now: longer than the database waits for a lock."""
STATUS = {"altered": 409, "lost": 410}
_HEADERS = {"Cache-Control": "no-store"}
_log = logging.getLogger(__name__)


async def evidence(request: Request) -> Response:
    """An attached file, for reviewers, auditors and the ministry that attached it; for others it does not exist."""
    ledger, name = desk.ledger(), request.path_params["name"]
    if ledger is None or not EVIDENCE.fullmatch(name):
        return Response(status_code=404)
    try:
        looked = _pool().submit(_attached, ledger, request, name)
        return await asyncio.wait_for(asyncio.wrap_future(looked), LONGEST)
    except (TimeoutError, SQLAlchemyError, OSError):
        _log.exception("evidence %s could not be looked at", name)
        return _told(request, "busy", 503, {**_HEADERS, "Retry-After": "10"})


def _attached(ledger: Ledger, request: Request, name: str) -> Response:
    who = of_request(request)
    if who.account is None:
        return Response(status_code=404)
    with ledger.read() as connection:
        chosen = select(versions.c.evidence_name, submissions.c.ministry).join(submissions)
        found = connection.execute(chosen.where(versions.c.evidence == name)).all()
    seen = [row for row in found if who.may(Action.READ_ALL) or row.ministry == who.ministry]
    if not seen:
        return Response(status_code=404)
    try:
        raw = read(desk.evidence_folder(), name)
    except EvidenceError as error:
        _log.error("evidence %s is %s: see kpi ledger verify", name, error.code)
        return _told(request, error.code, STATUS[error.code], _HEADERS, name)
    shown = quote(seen[0].evidence_name, safe="")
    headers = {**_HEADERS, "Content-Disposition": f"attachment; filename*=utf-8''{shown}"}
    return Response(raw, media_type="application/octet-stream", headers=headers)


def _told(request: Request, code: str, status: int, headers: dict[str, str], name: str = "") -> Response:
    words = Words(language_of(request.scope))
    return PlainTextResponse(words(f"entry.evidence_{code}", hash=name), status_code=status, headers=headers)


@lru_cache(maxsize=1)
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(MOST_AT_ONCE, "evidence")
