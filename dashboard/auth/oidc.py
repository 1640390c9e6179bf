"""Sign-in through an OpenID provider: Streamlit's `st.login`, configured from the environment and nowhere else.

The cookie of `st.login` lives for 30 days and no server can call it back. It therefore only opens a
session here, once and soon after the provider signed it; from then on the session decides.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from dashboard.auth.settings import SIGN_IN
from loaders.domain.policy import Role
from loaders.ledger.accounts import (
    Account,
    AccountError,
    account_of_subject,
    change_account,
    has_session,
    open_session,
    session_account,
)
from loaders.ledger.store import Ledger

VARIABLES = {
    "client_id": "KPI_OIDC_CLIENT_ID",
    "client_secret": "KPI_OIDC_CLIENT_SECRET",
    "server_metadata_url": "KPI_OIDC_METADATA",
    "redirect_uri": "KPI_OIDC_REDIRECT",
    "cookie_secret": "KPI_OIDC_COOKIE_SECRET",
}
ROLE_CLAIM = "KPI_OIDC_ROLE_CLAIM"
"""Claim that names the role; without it the table of accounts does."""
PROVIDER = "provider"
"""Actor of a role that came with a sign-in."""
SHORTEST_SECRET = 32
FRESH = timedelta(minutes=5)
"""How long after the provider signed it a sign-in may open its session."""


class OidcSettingsError(Exception):
    """Settings without which nobody could sign in, or anybody."""


def oidc_secrets() -> dict[str, Any] | None:
    """Streamlit's `auth` secrets in this mode, None in the others.

    Raises
    ------
    OidcSettingsError
        where one is missing, or the cookie's secret is too short to protect anything.
    """
    if os.environ.get(SIGN_IN, "local") != "oidc":
        return None
    found = {key: os.environ.get(name, "") for key, name in VARIABLES.items()}
    missing = [VARIABLES[key] for key, value in found.items() if not value]
    if missing:
        raise OidcSettingsError(f"set {', '.join(missing)}")
    if len(found["cookie_secret"]) < SHORTEST_SECRET:
        raise OidcSettingsError(f"{VARIABLES['cookie_secret']} needs at least {SHORTEST_SECRET} characters")
    return {"auth": found}


def session_token(claims: Mapping[str, Any]) -> str | None:
    """The token of the one session that this sign-in may open; None where the claims do not name a single sign-in."""
    named = [str(claims.get(key) or "") for key in ("iss", "sub", "iat", "nonce")]
    if not claims.get("is_logged_in") or not all(named):
        return None
    secret = os.environ.get(VARIABLES["cookie_secret"], "")
    return hmac.new(secret.encode(), "\n".join(named).encode(), hashlib.sha256).hexdigest()


def account_of_claims(ledger: Ledger, claims: Mapping[str, Any]) -> Account | None:
    """The account behind a sign-in at the provider, as it is now; None once its session has ended."""
    token = session_token(claims)
    if token is None:
        return None
    if not has_session(ledger, token):
        found = _claimed(ledger, claims) if _is_fresh(ledger, claims) else None
        if found is None:
            return None
        with suppress(AccountError):  # another tab was first
            open_session(ledger, found.id, token)
    return session_account(ledger, token)


def _is_fresh(ledger: Ledger, claims: Mapping[str, Any]) -> bool:
    signed = claims.get("iat")
    if not isinstance(signed, (int, float)):
        return False
    return abs(ledger.clock() - datetime.fromtimestamp(signed, UTC)) <= FRESH


def _claimed(ledger: Ledger, claims: Mapping[str, Any]) -> Account | None:
    """The account of these claims, in the role that they give where they decide on roles."""
    found = account_of_subject(ledger, _subject(claims))
    name = os.environ.get(ROLE_CLAIM)
    if found is None or not name:
        return found
    said = claims.get(name)
    listed = said if isinstance(said, list) else [said]
    roles = [role for role in Role if role is not Role.PUBLIC and role.value in listed]
    if len(roles) != 1:
        return None
    if roles[0] is found.role:
        return found
    try:
        return change_account(ledger, found.id, role=roles[0], ministry=found.ministry, actor=PROVIDER)
    except AccountError:  # an officer's role needs a ministry, which only the table knows
        return None


def _subject(claims: Mapping[str, Any]) -> str:
    """What accounts are found by: a verified address, else the provider's own identifier.

    An unverified address is whatever its owner typed. An identifier that looks like an address is
    never taken for one.
    """
    email, own = str(claims.get("email") or ""), str(claims["sub"])
    if email and claims.get("email_verified") is True:
        return email
    return "" if "@" in own else own
