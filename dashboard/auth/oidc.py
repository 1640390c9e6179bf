"""Sign-in through an OpenID provider: Streamlit's `st.login`, configured from the environment and nowhere else."""

from __future__ import annotations

import os
from typing import Any

from dashboard.auth.viewer import SIGN_IN

VARIABLES = {
    "client_id": "KPI_OIDC_CLIENT_ID",
    "client_secret": "KPI_OIDC_CLIENT_SECRET",
    "server_metadata_url": "KPI_OIDC_METADATA",
    "redirect_uri": "KPI_OIDC_REDIRECT",
    "cookie_secret": "KPI_OIDC_COOKIE_SECRET",
}
SHORTEST_SECRET = 32


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
