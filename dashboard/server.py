"""One server: Streamlit pages, plain routes, and the document language in the page's head."""

from __future__ import annotations

import gc
import logging
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st
import uvicorn
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dashboard import assets, context, desk, open_data, social, state
from dashboard.auth import routes
from dashboard.auth.middleware import SecurityHeaders, TrustedProxy
from dashboard.auth.oidc import oidc_secrets
from dashboard.auth.settings import PROXY, SettingsError, problems, proxy_header
from dashboard.auth.settings import mode as sign_in_mode
from dashboard.charts import theme
from dashboard.desk import today
from dashboard.document_head import DocumentHead, language_of
from dashboard.wording.catalog import Words
from dashboard.wording.sentences import Speaker
from loaders.agenda import events
from loaders.ledger.clock import Clock, system_clock
from loaders.ledger.errors import LedgerError

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
        "server.maxUploadSize": 5,
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
        settings[f"theme.{mode}.secondaryBackgroundColor"] = tokens.sunken
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


async def calendar(request: Request) -> Response:
    """What is to come, for other calendars."""
    from dashboard.calendar_file import calendar_file

    registry, day = context.registry(), today()
    if registry is None:
        return Response(status_code=503)
    words = Words(language_of(request.scope))
    listed = events(context.assessments(day), registry, day)
    body = calendar_file(listed, Speaker(registry, words), day)
    return Response(body, media_type="text/calendar; charset=utf-8")


def report_failure(error: Exception) -> bool:
    """Log a failed page under a number and tell the reader only that number."""
    if isinstance(error, LedgerError):
        from dashboard.deskwork import unreadable

        _log.warning("the ledger: %s", error)
        unreadable(error, Words(state.request(today()).language))
        return True
    incident = secrets.token_hex(4)
    _log.error("incident %s", incident, exc_info=error)
    words = Words(state.request(today()).language)
    st.error(f"**{words('error.title')}** {words('error.way_out', incident=incident)}")
    return True


@asynccontextmanager
async def _lifespan(_: st.App) -> AsyncIterator[None]:
    context.serving()
    gc.collect()
    gc.freeze()
    yield


def build() -> st.App:
    """The application: pages, plain routes, and the middleware."""
    has_desk = desk.mode() is not desk.Mode.PUBLIC
    proxy = os.environ.get(PROXY) if has_desk and sign_in_mode() == "proxy" else None
    return st.App(
        SCRIPT,
        lifespan=_lifespan,
        on_script_error=report_failure,
        routes=[
            Route("/healthz", healthz),
            Route("/calendar.ics", calendar),
            Route(f"{open_data.PATH}/{{name}}", open_data.download),
            Route(f"{social.PATH}/{{name}}.png", social.picture),
            Route(f"{assets.PATH}/{{name}}", assets.font),
            *(routes.served() if has_desk else []),
        ],
        secrets=oidc_secrets() if has_desk else None,
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(TrustedProxy, proxy=proxy, header=proxy_header()),
            Middleware(DocumentHead),
        ],
    )


def run(
    data: Path,
    *,
    address: str = "127.0.0.1",
    port: int = 8501,
    mode: desk.Mode = desk.Mode.BOTH,
    clock: Clock = system_clock,
) -> None:
    """Serve ``data`` until stopped; refuses settings under which anybody could sign in."""
    found = [] if mode is desk.Mode.PUBLIC else problems(os.environ)
    if found:
        raise SettingsError(" ".join(found))
    # Streamlit starts uvicorn and hands neither option on: its name in every answer, and a peer that
    # X-Forwarded-For replaces. Elsewhere than behind the trusted proxy only the scheme is read from there.
    uvicorn.Config = partial(uvicorn.Config, server_header=False, proxy_headers=sign_in_mode() != "proxy")
    context.use_folder(data)
    desk.open_desk(data, mode, clock)
    try:
        build().run(config=config(address, port))
    finally:
        desk.close_desk()
