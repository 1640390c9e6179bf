"""What stands in the page's head before any script has run: language, title, style, early loads.

Streamlit's page is English and empty until its scripts, the connection and the first run have
followed one another. The style sheet in the head spares a flash of unstyled text, and naming the
chunks that the page will ask for lets the browser fetch them side by side.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, urlencode

import streamlit
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.assets import font_faces
from dashboard.auth.middleware import FRAMED
from dashboard.charts import theme
from dashboard.local_address import local_or
from dashboard.social import head_of
from dashboard.state import EMBED
from dashboard.wording.catalog import DEFAULT_LANGUAGE, LANGUAGES, Words

STYLE = Path(__file__).parent / "components" / "style.css"
CHUNKS = Path(streamlit.__file__).parent / "static" / "static" / "js"
EVERY_PAGE = ("BidiComponent", "serialization", "recordbatch")
"""Chunks of Streamlit's front end that every page asks for, by the name before the hash.

There is deliberately no early load of the Plotly chunk: it is so large that fetching it beside the
first scripts delays them by more than it saves.
"""
WAITING = """
body { margin: 0; background: var(--kpi-surface); color: var(--kpi-ink); font-family: var(--kpi-font); }
.kpi-waiting { max-width: 1200px; margin: 0 auto; padding: 28px 24px; box-sizing: border-box; }
.kpi-waiting strong { font-size: 18px; } .kpi-waiting p { font-size: 15px; color: var(--kpi-muted); }
.kpi-waiting i { display: block; height: 20px; margin: 16px 0; background: var(--kpi-sunken); border-radius: 4px; }
.kpi-waiting i:last-child { width: 60%; height: 120px; }
"""
NO_PAGES = (
    "/static/",
    "/assets/",
    "/_stcore/",
    "/media/",
    "/component/",
    "/healthz",
    "/calendar.ics",
    "/picture/",
    "/data-files/",
)


_NOSCRIPT = re.compile(rb"<noscript>.*?</noscript>", re.DOTALL)
_FOREIGN_FONT = re.compile(rb'<link\s+rel="preload"[^>]*SourceSans[^>]*>')


class DocumentHead:
    """Plain ASGI middleware: Starlette's BaseHTTPMiddleware breaks websockets."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_page = scope["type"] == "http" and scope["method"] == "GET" and not scope["path"].startswith(NO_PAGES)
        if not is_page:
            await self.app(scope, receive, send)
            return
        framed = frame_address(scope)
        if framed is not None:
            await RedirectResponse(framed, status_code=307)(scope, receive, send)
            return
        # Without compression inside: a compressed page could not be rewritten.
        headers = [(key, value) for key, value in scope["headers"] if key != b"accept-encoding"]
        scope = {**scope, "headers": headers}
        await self.app(scope, receive, _HeadRewriter(send, scope).send)


def frame_address(scope: Scope) -> str | None:
    """Where the address for a frame (`?embed=1`) leads: to Streamlit's own word for it; None for any other address.

    The browser must hold that word, because the front end reads it there. The path is our own and not the
    one that was asked for: nothing of the request but its parameters enters the answer.
    """
    asked = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    if scope["path"] != FRAMED or (EMBED, "1") not in asked:
        return None
    query = urlencode([*((key, value) for key, value in asked if key.lower() != EMBED), (EMBED, "true")])
    return local_or(f"{FRAMED}?{query}", FRAMED)


class _HeadRewriter:
    """Collects an HTML answer, rewrites its head and sends it on; passes everything else through."""

    def __init__(self, send: Send, scope: Scope) -> None:
        self._send = send
        self._scope = scope
        self._start: Message | None = None
        self._body = b""

    async def send(self, message: Message) -> None:
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
        language = language_of(self._scope)
        body = rewritten(self._body, language, head_of(self._scope, Words(language)))
        headers = [(key, value) for key, value in self._start["headers"] if key not in (b"content-length", b"etag")]
        start = {**self._start, "headers": [*headers, (b"content-length", str(len(body)).encode())]}
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})


def language_of(scope: Scope) -> str:
    """The language that the address asks for."""
    asked = parse_qs(scope["query_string"].decode("latin-1")).get("lang", [DEFAULT_LANGUAGE])[0]
    return asked if asked in LANGUAGES else DEFAULT_LANGUAGE


def rewritten(page: bytes, language: str, own: str) -> bytes:
    """Streamlit's page with our language, the page's ``own`` title and our style, and without a font not in use."""
    page = _FOREIGN_FONT.sub(b"", page, count=1)
    page = page.replace(b'<html lang="en"', f'<html lang="{language}"'.encode(), 1)
    page = page.replace(b'<div id="root"></div>', f'<div id="root">{_waiting(language)}</div>'.encode(), 1)
    page = _NOSCRIPT.sub(f"<noscript>{_no_script(language)}</noscript>".encode(), page, count=1)
    return page.replace(b"<title>Streamlit</title>", (own + _head()).encode(), 1)


@lru_cache(maxsize=len(LANGUAGES))
def _waiting(language: str) -> str:
    """What stands on the page until Streamlit's scripts replace it: whose page it is, and that it is coming."""
    words = Words(language)
    return (
        f'<div class="kpi-waiting" role="status"><strong>{escape(words("app.title"))}</strong>'
        f"<p>{escape(words('app.loading'))}</p><i></i><i></i><i></i></div>"
    )


@lru_cache(maxsize=len(LANGUAGES))
def _no_script(language: str) -> str:
    return f"<p>{escape(Words(language)('app.no_script'))}</p>"


@lru_cache(maxsize=1)
def _head() -> str:
    dark = f"@media (prefers-color-scheme: dark){{{theme.css(True)}}}"
    # Nested under the app so that our rules outweigh those that the front end adds later.
    style = f"{font_faces()}{theme.css(False)}{dark}body .stApp{{{STYLE.read_text(encoding='utf-8')}}}"
    loads = "".join(
        f'<link rel="modulepreload" crossorigin href="/static/js/{name}">' for name in chunk_files(EVERY_PAGE)
    )
    return f"{loads}<style>{style}{WAITING}</style>"


def chunk_files(names: tuple[str, ...]) -> list[str]:
    """File names of Streamlit's chunks; one that this version does not have is left out."""
    return [file.name for name in names for file in sorted(CHUNKS.glob(f"{name}.*.js"))[:1]]
