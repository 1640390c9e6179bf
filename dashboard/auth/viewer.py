"""Whoever looks at the page, asked anew on every run: never kept in a cache or in the browser's state."""

from __future__ import annotations

import os
from dataclasses import dataclass

import streamlit as st

from dashboard import desk
from loaders.domain.policy import Action, Role, permits
from loaders.ledger.accounts import Account, account_of_subject, session_account

COOKIE = "kpi_session"
SIGN_IN = "KPI_SIGN_IN"
"""How people sign in: `local` (the default), `oidc` or `proxy`."""
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
    """The viewer of the page that is being drawn."""
    ledger = desk.ledger()
    if ledger is None:
        return PUBLIC
    mode = os.environ.get(SIGN_IN, "local")
    if mode == "proxy":
        subject = st.context.headers.get(HEADER)
        return _viewer(account_of_subject(ledger, subject)) if subject else PUBLIC
    if mode == "oidc":
        subject = st.user.get("email") if st.user.get("is_logged_in") else None
        return _viewer(account_of_subject(ledger, str(subject))) if subject else PUBLIC
    token = st.context.cookies.get(COOKIE)
    return _viewer(session_account(ledger, token)) if token else PUBLIC


def _viewer(found: Account | None) -> Viewer:
    return PUBLIC if found is None else Viewer(found.id, found.name, found.role, found.ministry)
