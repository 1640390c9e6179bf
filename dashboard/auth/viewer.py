"""Whoever looks at the page, asked anew on every run: never kept in a cache or in the browser's state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st
from starlette.requests import Request

from dashboard import desk
from dashboard.auth.oidc import account_of_claims
from dashboard.auth.settings import SIGN_IN, mode
from dashboard.trouble import AWAY
from loaders.domain.policy import Action, Role, permits
from loaders.ledger.accounts import Account, account_of_subject, session_account
from loaders.ledger.store import Ledger

__all__ = ["COOKIE", "HEADER", "PUBLIC", "SIGN_IN", "Viewer", "current", "of_request"]

COOKIE = "kpi_session"
HEADER = "X-Kpi-Proxy-User"
"""What the middleware turns the trusted proxy's header into; from anywhere else it is stripped."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Account, role and ministry as they are now; without an account, the public."""

    account: str | None = None
    name: str = ""
    role: Role = Role.PUBLIC
    ministry: str | None = None

    def may(self, action: Action, *, own_ministry: bool = False, own_work: bool = False) -> bool:
        """True where the policy lets this viewer do it; the service asks again."""
        return permits(self.role, action, own_ministry=own_ministry, own_work=own_work)


PUBLIC = Viewer()


def current() -> Viewer:
    """The viewer of the page that is being drawn; the public while the ledger cannot say who it is."""
    ledger = desk.ledger()
    if ledger is None:
        return PUBLIC
    try:
        if mode() == "oidc":
            return _viewer(account_of_claims(ledger, st.user))
        return _known_by(ledger, st.context.headers, st.context.cookies)
    except AWAY as error:
        desk.failed(error)
        return PUBLIC


def of_request(request: Request) -> Viewer:
    """The viewer who asks for a plain route; the public under `oidc`, where only pages know who is there.

    Asks the ledger: to be called off the event loop. Raises what the ledger does where it cannot be read.
    """
    ledger = desk.ledger()
    return PUBLIC if ledger is None or mode() == "oidc" else _known_by(ledger, request.headers, request.cookies)


def _known_by(ledger: Ledger, headers: Mapping[str, Any], cookies: Mapping[str, Any]) -> Viewer:
    if mode() == "proxy":
        subject = headers.get(HEADER)
        return _viewer(account_of_subject(ledger, subject)) if subject else PUBLIC
    token = cookies.get(COOKIE)
    return _viewer(session_account(ledger, token)) if token else PUBLIC


def _viewer(found: Account | None) -> Viewer:
    return PUBLIC if found is None else Viewer(found.id, found.name, found.role, found.ministry)
