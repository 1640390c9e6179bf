"""How people sign in, as the environment says it; a server with settings that protect nobody does not start."""

from __future__ import annotations

import os
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address

import click

SIGN_IN = "KPI_SIGN_IN"
"""How people sign in: `local` (the default), `oidc` or `proxy`."""
MODES = ("local", "oidc", "proxy")
PROXY = "KPI_PROXY"
"""Address of the one proxy whose word about the user counts."""
PROXY_HEADER = "KPI_PROXY_HEADER"


class SettingsError(click.ClickException):
    """Settings with which nobody could sign in, or anybody; the command line prints it without a traceback."""

    exit_code = 2


def mode() -> str:
    """How people sign in here."""
    return os.environ.get(SIGN_IN, "local")


def proxy_header() -> str:
    """The header in which the proxy names the user."""
    return os.environ.get(PROXY_HEADER, "X-Forwarded-User")


def problems(environment: Mapping[str, str]) -> list[str]:
    """What keeps a server with a desk from starting; empty where nothing does."""
    chosen = environment.get(SIGN_IN, "local")
    if chosen not in MODES:
        return [f'{SIGN_IN}: there is no "{chosen}". Known: {", ".join(MODES)}.']
    if chosen == "proxy" and address(environment.get(PROXY, "")) is None:
        return [f"{SIGN_IN}=proxy: set {PROXY} to the IP address of the proxy, or anybody could name themselves."]
    return []


def address(text: str) -> IPv4Address | IPv6Address | None:
    """An IP address, an IPv4 one also where it comes as IPv6 (::ffff:10.0.0.1); None for anything else."""
    try:
        found = ip_address(text)
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found
