"""What surrounds every answer: security headers, and the one proxy whose word about the user counts."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import lru_cache
from pathlib import Path

import streamlit
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.auth.settings import address
from dashboard.auth.viewer import HEADER

POLICY = (
    "default-src 'self'; script-src 'self' blob: {inline}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws: wss:; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors {ancestors}"
)
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


class SecurityHeaders:
    """Adds the headers to every HTTP answer; only pages for embedding may stand in another site's frame."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        embedded = b"embed=true" in scope["query_string"].split(b"&")
        policy = POLICY.format(ancestors="*" if embedded else "'none'", inline=inline_scripts()).encode()

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [*message["headers"], *_ALWAYS, (b"content-security-policy", policy)]
                message = {**message, "headers": headers}
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
