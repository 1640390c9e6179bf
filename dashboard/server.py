"""One server: Streamlit pages, plain routes, and the document language in the page's head."""

from __future__ import annotations

import gc
import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard import context, state
from dashboard.charts import theme
from dashboard.wording.catalog import DEFAULT_LANGUAGE, LANGUAGES, Words

_log = logging.getLogger(__name__)

SCRIPT = Path(__file__).parent / "app.py"


def config(address: str, port: int) -> dict[str, Any]:
    """Streamlit's settings, all in one place.

    `postScriptGC` is off because a collection after every rerun makes reruns up to twelve times
    dearer; `gc.freeze` after start-up takes its place.
    """
    settings: dict[str, Any] = {
        "server.address": address,
        "server.port": port,
        "server.headless": True,
        "server.fileWatcherType": "none",
        "server.maxUploadSize": 1,
        "server.enableXsrfProtection": True,
        "browser.gatherUsageStats": False,
        "client.showErrorDetails": "none",
        "client.toolbarMode": "minimal",
        "runner.magicEnabled": False,
        "runner.postScriptGC": False,
        "theme.font": theme.FONT,
        "theme.headingFont": theme.FONT,
        "theme.baseRadius": "4px",
    }
    for mode, tokens in (("light", theme.LIGHT), ("dark", theme.DARK)):
        settings[f"theme.{mode}.primaryColor"] = "#0B50D0" if mode == "light" else "#7FB0FF"
        settings[f"theme.{mode}.backgroundColor"] = tokens.surface
        settings[f"theme.{mode}.textColor"] = tokens.ink
        settings[f"theme.{mode}.linkColor"] = "#0B50D0" if mode == "light" else "#7FB0FF"
    return settings


async def healthz(_: Request) -> JSONResponse:
    """200 while a registry can be served, 503 where none could ever be read."""
    now = context.dataset()
    served = context.serving().registry
    body = {
        "status": "ok" if served else "no_registry",
        "targets": len(served.targets) if served else 0,
        "problems": len(now.report.errors),
    }
    return JSONResponse(body, status_code=200 if served else 503, headers={"Cache-Control": "no-store"})


class DocumentHead:
    """Puts language, title and description into Streamlit's page, which hard-codes English.

    Plain ASGI: Starlette's BaseHTTPMiddleware breaks websockets.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        await self.app(scope, receive, _HeadRewriter(send, _language(scope)).send)


class _HeadRewriter:
    """Collects an HTML answer, rewrites its head and sends it on; passes everything else through."""

    def __init__(self, send: Send, language: str) -> None:
        self._send = send
        self._words = Words(language)
        self._start: Message | None = None
        self._body = b""

    async def send(self, message: Message) -> None:
        """Take one message of the answer."""
        if message["type"] == "http.response.start":
            kind = dict(message["headers"]).get(b"content-type", b"")
            if kind.startswith(b"text/html"):
                self._start = message
                return
        if self._start is None or message["type"] != "http.response.body":
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        body = self._rewritten()
        headers = [(key, value) for key, value in self._start["headers"] if key not in (b"content-length", b"etag")]
        start = {**self._start, "headers": [*headers, (b"content-length", str(len(body)).encode())]}
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})

    def _rewritten(self) -> bytes:
        words = self._words
        head = f'<title>{words("app.title")}</title><meta name="description" content="{words("app.description")}">'
        page = self._body.replace(b'<html lang="en"', f'<html lang="{words.language}"'.encode(), 1)
        return page.replace(b"<title>Streamlit</title>", head.encode(), 1)


def _language(scope: Scope) -> str:
    asked = parse_qs(scope["query_string"].decode("latin-1")).get("lang", [DEFAULT_LANGUAGE])[0]
    return asked if asked in LANGUAGES else DEFAULT_LANGUAGE


def report_failure(error: Exception) -> bool:
    """Log a failed page under a number and tell the reader only that number."""
    incident = secrets.token_hex(4)
    _log.error("incident %s", incident, exc_info=error)
    words = Words(state.request(date.today()).language)
    st.error(f"**{words('error.title')}** {words('error.way_out', incident=incident)}")
    return True


@asynccontextmanager
async def _lifespan(_: st.App) -> AsyncIterator[None]:
    context.serving()
    gc.collect()
    gc.freeze()
    yield


def build() -> st.App:
    """The application: pages, `/healthz`, and the middleware."""
    return st.App(
        SCRIPT,
        lifespan=_lifespan,
        on_script_error=report_failure,
        routes=[Route("/healthz", healthz)],
        middleware=[Middleware(DocumentHead)],
    )


def run(data: Path, *, address: str = "127.0.0.1", port: int = 8501) -> None:
    """Serve ``data`` until stopped."""
    context.use_folder(data)
    build().run(config=config(address, port))
