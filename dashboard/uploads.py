"""The way for files: closed on the public half; at the desk open for pages drawn for somebody signed in, and small.

Streamlit takes a file from anybody who has a page open, keeps it in memory, and asks nothing else.
Which page may hand something in is known where it is drawn: only there, in every way of signing in,
is it certain who is there. Where a request itself can prove it (a cookie, the proxy's header) it must.
"""

from __future__ import annotations

import re
import time
from functools import partial

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.runtime import Runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard.admission import refuse
from dashboard.auth.settings import mode
from dashboard.auth.trouble import TROUBLE
from dashboard.auth.viewer import Viewer, of_request
from dashboard.off_loop import off_loop

PATH = "/_stcore/upload_file"
MOST_FILES = 12
"""Files that one page may hold at a time."""
MOST_BYTES = 20 * 2**20
"""Of all files that one page holds; a single one may have `server.maxUploadSize`."""
FRAMING = 2**16
"""What a form adds to the files that it carries."""
_ADDRESS = re.compile(rf"{PATH}/([^/]+)/([^/]+)")

KEPT_SECONDS = 60
"""For which the files of a closed page are kept, in case it connects again."""

_admitted: set[str] = set()
"""Streamlit's sessions whose page was last drawn for somebody signed in."""
_closed: dict[str, float] = {}
"""Pages that were admitted and are closed, by the moment at which that was seen."""


def admit_page_of(viewer: Viewer) -> None:
    """Let the page that is being drawn hand in files, or no longer, by who looks at it."""
    context = get_script_run_ctx()
    if context is None:
        return
    if viewer.account is None:
        _admitted.discard(context.session_id)
    else:
        _admitted.add(context.session_id)
        _closed.pop(context.session_id, None)
    forget_closed_pages(time.monotonic())


class Uploads:
    """Refuses files before their first byte is read."""

    def __init__(self, app: ASGIApp, *, is_desk: bool) -> None:
        self.app = app
        self.is_desk = is_desk
        self._coming: dict[tuple[str, str], int] = {}
        """Bytes of files on their way, by page and file."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PATH):
            await self.app(scope, receive, send)
            return
        found = _ADDRESS.fullmatch(scope["path"])
        if not self.is_desk or found is None:
            await refuse(scope, receive, send, 404, "Not found.")
            return
        page, file = found.groups()
        forget_closed_pages(time.monotonic())
        try:
            admitted = page in _admitted and await _is_signed_in(scope)
        except TROUBLE:
            await refuse(scope, receive, send, 503, "Nobody can be asked who you are now. Try again in a moment.")
            return
        if not admitted:
            await refuse(scope, receive, send, 403, "Sign in first.")
        elif scope["method"] == "PUT":
            await self._take(page, file, scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _take(self, page: str, file: str, scope: Scope, receive: Receive, send: Send) -> None:
        length = Request(scope).headers.get("content-length", "")
        if not (length.isascii() and length.isdigit()):
            await refuse(scope, receive, send, 411, "The length of the file is needed.")
            return
        held = _sizes(page) | {name: size for (where, name), size in self._coming.items() if where == page}
        held[file] = int(length)
        if len(held) > MOST_FILES or sum(held.values()) > MOST_BYTES + MOST_FILES * FRAMING:
            await refuse(scope, receive, send, 413, "This page holds too many files.")
            return
        self._coming[page, file] = int(length)
        try:
            await self.app(scope, receive, send)
        finally:
            self._coming.pop((page, file), None)
            if not Runtime.instance().is_active_session(page):
                # The page was closed meanwhile: nobody would ever drop the file again.
                Runtime.instance().uploaded_file_mgr.remove_session_files(page)


def _sizes(page: str) -> dict[str, int]:
    """Bytes of the files that Streamlit keeps for ``page``, by file."""
    kept = getattr(Runtime.instance().uploaded_file_mgr, "file_storage", {}).get(page, {})
    return {name: len(one.data) for name, one in list(kept.items())}


def forget_closed_pages(now: float) -> None:
    """Give back the memory of pages that were closed a while ago; one that connects again is drawn again.

    Streamlit forgets an old session without dropping its files: its store lets entries expire and tells nobody.
    """
    runtime = Runtime.instance()
    for page in [one for one in _admitted if not runtime.is_active_session(one)]:
        _admitted.discard(page)
        _closed[page] = now
    for page in [one for one, since in _closed.items() if now - since > KEPT_SECONDS]:
        del _closed[page]
        if not runtime.is_active_session(page):
            runtime.uploaded_file_mgr.remove_session_files(page)


async def _is_signed_in(scope: Scope) -> bool:
    if mode() == "oidc":
        return True  # the proof lies in a cookie of Streamlit's that only pages can read: the page has read it
    viewer = await off_loop(partial(of_request, Request(scope)))
    return viewer.account is not None
