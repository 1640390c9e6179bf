"""What surrounds every answer: security headers, and the one proxy whose word about the user counts."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import lru_cache
from pathlib import Path
from urllib.parse import parse_qsl

import streamlit
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.auth.settings import address
from dashboard.auth.viewer import HEADER
from dashboard.state import PAGES

POLICY = (
    "default-src 'self'; script-src 'self' blob: {inline}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws: wss:; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors {ancestors}"
)
STARTS = ("http.response.start", "websocket.accept", "websocket.http.response.start")
FRAMED = f"/{PAGES['target']}"
"""The one page that other sites may show in a frame."""
_ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),  # with "no-referrer" browsers hide where a form of ours comes from
    (b"cross-origin-opener-policy", b"same-origin"),
)


@lru_cache(maxsize=1)
def inline_scripts() -> str:
    """Hashes of the scripts that stand in Streamlit's own page: these may run, no other inline script may."""
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    found = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in found]
    return " ".join(f"'sha256-{digest}'" for digest in digests)


def security_headers(ancestors: str = "'none'") -> list[tuple[bytes, bytes]]:
    """The headers of every answer; ``ancestors`` says which sites may show it in a frame."""
    policy = POLICY.format(ancestors=ancestors, inline=inline_scripts())
    return [*_ALWAYS, (b"content-security-policy", policy.encode())]


def may_be_framed(scope: Scope) -> bool:
    """True for a target's page that is asked for by the address that we hand out for frames, and for nothing else."""
    asked = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    said = [value for key, value in asked if key.strip().lower() == "embed"]
    return scope["path"] == FRAMED and said == ["true"] and ("embed", "true") in asked


class SecurityHeaders:
    """Adds the headers to every answer, whoever gives it; only a target's page may stand in another site's frame.

    It stands around the whole application: what Starlette answers to an error passes no middleware
    inside, and a refused websocket is an answer too.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        own = security_headers("*" if scope["type"] == "http" and may_be_framed(scope) else "'none'")
        names = {name for name, _ in own}
        opened = False

        async def sent(message: Message) -> None:
            nonlocal opened
            if message["type"] == "websocket.close" and not opened:
                await send({"type": "websocket.http.response.start", "status": 403, "headers": own})
                message = {"type": "websocket.http.response.body", "body": b""}
            elif message["type"] in STARTS:
                opened = True
                others = [(key, value) for key, value in message.get("headers", ()) if key.lower() not in names]
                message = {**message, "headers": [*others, *own]}
            await send(message)

        await self.app(scope, receive, sent)


class TrustedProxy:
    """Takes the user's name from ``header`` where the peer is ``proxy``, and from nobody else.

    Our own header is stripped from every request first, so that nobody can bring it along. The peer
    must be the real one: with uvicorn's `proxy_headers` anybody could name it in X-Forwarded-For.
    """

    def __init__(self, app: ASGIApp, proxy: str | None, header: str) -> None:
        self.app = app
        self.proxy = address(proxy) if proxy is not None else None
        self.header = header.lower().encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket"):
            ours = HEADER.lower().encode()
            said = [value for key, value in scope["headers"] if key == self.header]
            headers = [(key, value) for key, value in scope["headers"] if key not in (ours, self.header)]
            peer = address(scope["client"][0]) if scope.get("client") else None
            scope = {**scope, "headers": headers}
            if self.proxy is not None and peer == self.proxy:
                headers += [(ours, value) for value in said if len(said) == 1]
                if scope["type"] == "http" and (b"x-forwarded-proto", b"https") in headers:
                    scope["scheme"] = "https"
        await self.app(scope, receive, send)
