"""Who is let in before any page or route is asked: known hosts, open routes, pages of this site, a few at a time.

Plain ASGI middleware throughout: Starlette's BaseHTTPMiddleware breaks websockets.
"""

from __future__ import annotations

from collections import Counter

from google.protobuf.message import DecodeError
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

from dashboard.connection_limits import is_proxy, limits, neighbourhood
from dashboard.site_address import ALLOWED_HOSTS, BASE_URL, is_known_host, is_same_site

INNER = "/_stcore/"
OPEN_INNER = ("/_stcore/health", "/_stcore/host-config", "/_stcore/stream")
OPEN_INNER_FOLDERS = ("/_stcore/bidi-components/", "/_stcore/upload_file/")
"""Of Streamlit's own routes those that the pages need; metrics, script checks and the agent's are closed."""
MOST_FILES_ASKED = 8
"""Addresses for uploads in one message: a page of ours takes one file at a time."""
PROTOCOL_ERROR, POLICY_VIOLATION = 1002, 1008


class KnownHosts:
    """Answers for hosts of this site only; the health check answers whoever asks it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket") and scope["path"] != "/healthz":
            hosts = Headers(scope=scope).getlist("host")
            if len(hosts) != 1 or not is_known_host(hosts[0]):
                text = f"This server does not answer for this host. Whoever runs it sets {BASE_URL} or {ALLOWED_HOSTS}."
                await refuse(scope, receive, send, 421 if hosts else 400, text)
                return
        await self.app(scope, receive, send)


class OpenRoutes:
    """Closes what Streamlit serves for its operators and no page of ours needs."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if path.startswith(INNER) and path not in OPEN_INNER and not path.startswith(OPEN_INNER_FOLDERS):
            await refuse(scope, receive, send, 404, "Not found.")
            return
        await self.app(scope, receive, send)


class Pages:
    """Websockets: from pages of this site, a bounded number for one address, with messages that pages send.

    A program that sends no Origin may read the public half, where there is nothing to act on in anybody's
    name; a desk takes pages of its own site only.
    """

    def __init__(self, app: ASGIApp, *, is_desk: bool) -> None:
        self.app = app
        self.is_desk = is_desk
        self._open: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        if (origin is None and self.is_desk) or (
            origin is not None and not is_same_site(origin, headers.get("host", ""))
        ):
            await refuse(scope, receive, send, 403, "This connection was not opened by a page of this site.")
            return
        host = scope["client"][0] if scope.get("client") else ""
        where, most = neighbourhood(host), limits().sessions_per_address
        if most and self._open[where] >= most and not is_proxy(host):
            await refuse(scope, receive, send, 503, "Too many pages are open from this address.")
            return
        self._open[where] += 1
        try:
            await self.app(scope, _Checked(receive, send, self.is_desk).receive, send)
        finally:
            self._open[where] -= 1
            if not self._open[where]:
                del self._open[where]


class _Checked:
    """Passes on what a page of ours may send; closes the connection on anything else."""

    def __init__(self, receive: Receive, send: Send, is_desk: bool) -> None:
        self._receive = receive
        self._send = send
        self._most_files = MOST_FILES_ASKED if is_desk else 0

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] != "websocket.receive":
            return message
        code = self._fault(message.get("bytes"))
        if code is None:
            return message
        await self._send({"type": "websocket.close", "code": code})
        return {"type": "websocket.disconnect", "code": code}

    def _fault(self, raw: bytes | None) -> int | None:
        if raw is None:
            return PROTOCOL_ERROR  # a text frame: Streamlit would raise
        try:
            asked = BackMsg.FromString(raw)
        except DecodeError:
            return PROTOCOL_ERROR
        if (
            asked.WhichOneof("type") == "file_urls_request"
            and len(asked.file_urls_request.file_names) > self._most_files
        ):
            return POLICY_VIOLATION
        return None


async def refuse(scope: Scope, receive: Receive, send: Send, status: int, text: str) -> None:
    """Answer a request, or a websocket before it is one, with ``status`` and a line of text."""
    headers = {"Cache-Control": "no-store"} | ({"Retry-After": "30"} if status == 503 else {})
    answer = PlainTextResponse(text, status, headers)
    if scope["type"] == "websocket":
        await receive()
        head = {"type": "websocket.http.response.start", "status": status, "headers": answer.raw_headers}
        await send(head)
        await send({"type": "websocket.http.response.body", "body": answer.body})
        return
    await answer(scope, receive, send)
