"""How people sign in, as the environment says it; a server with settings that protect nobody does not start."""

from __future__ import annotations

import logging
import os
import shlex
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

import click

from loaders.ledger.private import FOLDER, tighten, wider

SIGN_IN = "KPI_SIGN_IN"
"""How people sign in: `local` (the default), `oidc` or `proxy`."""
MODES = ("local", "oidc", "proxy")
PROXY = "KPI_PROXY"
"""Address of the one proxy whose word about the user counts."""
PROXY_HEADER = "KPI_PROXY_HEADER"

PRODUCTION = "KPI_PRODUCTION"
"""Set to 1 where ministries really submit: what is merely mended elsewhere keeps the server from starting."""

_log = logging.getLogger(__name__)


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


def in_production(environment: Mapping[str, str]) -> bool:
    """True where the server is the real one."""
    return environment.get(PRODUCTION, "") not in ("", "0")


def keep_private(data: Path, environment: Mapping[str, str]) -> list[str]:
    """Close what others could read below ``data``; in production, what keeps the server from starting instead."""
    try:
        open_ones = wider(data) if in_production(environment) else tighten(data)
    except OSError as error:
        return [f"{data / FOLDER}: its rights cannot be looked at or changed ({error.strerror})."]
    if not open_ones:
        return []
    shown = ", ".join(str(path) for path in open_ones[:3]) + (" ..." if len(open_ones) > 3 else "")
    if not in_production(environment):
        _log.warning("others could read %s: closed to all but the owner (%d)", shown, len(open_ones))
        return []
    mend = f"chmod -R u=rwX,go= {shlex.quote(str(data / FOLDER))}"
    return [f"{PRODUCTION}: others than its owner may reach {shown}. Run: {mend}"]


def address(text: str) -> IPv4Address | IPv6Address | None:
    """An IP address, an IPv4 one also where it comes as IPv6 (::ffff:10.0.0.1); None for anything else."""
    try:
        found = ip_address(text)
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found
