"""One server: Streamlit pages, plain routes, and the document language in the page's head."""

from __future__ import annotations

import gc
import logging
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

import streamlit as st
from anyio import to_thread
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from dashboard import (
    assets,
    connection_limits,
    context,
    desk,
    downloads,
    open_data,
    protocol,
    site_address,
    social,
    state,
)
from dashboard.admission import KnownHosts, OpenRoutes, Pages
from dashboard.auth import routes
from dashboard.auth.middleware import SecurityHeaders, TrustedProxy
from dashboard.auth.oidc import oidc_secrets
from dashboard.auth.settings import PROXY, SettingsError, keep_private, problems, proxy_header
from dashboard.auth.settings import mode as sign_in_mode
from dashboard.charts import theme
from dashboard.desk import today
from dashboard.document_head import DocumentHead, language_of
from dashboard.downloads import BusyError, Made, close_shelf, shelf
from dashboard.health import health
from dashboard.uploads import Uploads
from dashboard.watch import View
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
        "server.maxMessageSize": 20,
        "server.maxWidgetStateSize": 1,
        "server.disconnectedSessionTTL": 60,
        # Whom Streamlit's page would obey from outside its frame: by default the hosts of its makers.
        "client.allowedOrigins": [],
        "server.corsAllowedOrigins": [site_address.base_url()] if site_address.base_url() else [],
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
    """How the server stands; see `dashboard.health`."""
    body, status = health()
    return JSONResponse(body, status_code=status, headers={"Cache-Control": "no-store"})


async def calendar(request: Request) -> Response:
    """What is to come, for other calendars."""
    view, day, language = context.view(), today(), language_of(request.scope)
    if view.served.registry is None:
        return Response(status_code=503)
    try:
        await downloads.turnstile.passed()
        made = await shelf().get((view.key, day, "calendar.ics", language), lambda: _calendar(view, day, language))
    except BusyError:
        return Response(status_code=503, headers={"Retry-After": str(open_data.RETRY_SECONDS)})
    headers = open_data.provenance(view, context.looked())
    return Response(made.body, media_type="text/calendar; charset=utf-8", headers=headers)


def _calendar(view: View, day: date, language: str) -> Made:
    from dashboard.calendar_file import calendar_file

    registry, words = view.served.registry, Words(language)
    assert registry is not None, "asked before"
    listed = events(context.assessments_of(view, day), registry, day)
    return Made(calendar_file(listed, Speaker(registry, words), day))


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
    await to_thread.run_sync(context.start)
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        await to_thread.run_sync(context.stop)
        close_shelf()


class Site(st.App):
    """The application with the security headers around all that it answers, its errors among them."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await SecurityHeaders(super().__call__)(scope, receive, send)


def build() -> st.App:
    """The application: pages, plain routes, and the middleware."""
    has_desk = desk.mode() is not desk.Mode.PUBLIC
    proxy = os.environ.get(PROXY) if has_desk and sign_in_mode() == "proxy" else None
    return Site(
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
            Middleware(KnownHosts),
            Middleware(OpenRoutes),
            Middleware(Pages, is_desk=has_desk),
            Middleware(TrustedProxy, proxy=proxy, header=proxy_header()),
            Middleware(Uploads, is_desk=has_desk),
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
    found = [] if mode is desk.Mode.PUBLIC else [*problems(os.environ), *keep_private(data, os.environ)]
    found += [*site_address.problems(os.environ), *connection_limits.problems(os.environ)]
    if found:
        raise SettingsError(" ".join(found))
    connection_limits.raise_file_limit()
    protocol.use()
    context.use_folder(data)
    desk.open_desk(data, mode, clock)
    try:
        build().run(config=config(address, port))
    finally:
        desk.close_desk()
