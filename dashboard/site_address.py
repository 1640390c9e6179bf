"""The address under which this site is known: from the settings, never from what a request claims.

A `Host` header is the sender's word. An address made from it ends in caches, previews and codes to
scan, and a page of another name that resolves to this machine (DNS rebinding) would read the desk.
"""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Mapping
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from loaders.web_address import SCHEMES, is_web_address

BASE_URL = "KPI_BASE_URL"
"""The public address, scheme and host: https://kpi.go.kr"""
_NAME = re.compile(r"[a-z0-9._:-]+")
"""Names and IP addresses as they stand in a `Host` header; others come as Punycode."""
ALLOWED_HOSTS = "KPI_ALLOWED_HOSTS"
"""Further hosts that are answered, separated by commas: `kpi.go.kr, *.kpi.go.kr`; `*` answers every host."""


def problems(environment: Mapping[str, str]) -> list[str]:
    """What is wrong with the public address; empty where nothing is."""
    given = environment.get(BASE_URL, "")
    parts = urlsplit(given) if is_web_address(given) else None
    if not given or (parts and parts.path in ("", "/") and not parts.query and not parts.fragment):
        return []
    return [f"{BASE_URL}: write scheme and host alone, like https://kpi.go.kr."]


def base_url() -> str:
    """The public address without a slash at its end; empty where none is set."""
    return os.environ.get(BASE_URL, "").rstrip("/")


def absolute(path: str, scheme: str = "http", host: str = "") -> str:
    """``path`` at the public address; without one at a ``host`` that is this machine, else ``path`` alone."""
    base = base_url()
    if base:
        return base + path
    return f"{scheme}://{host}{path}" if _is_loopback(host_name(host)) else path


def shown_at(path: str, here: str) -> str:
    """``path`` at the public address; without one where the reader's browser stands, ``here``, if that is this site."""
    parts = urlsplit(here)
    if not base_url() and parts.scheme in SCHEMES and is_known_host(parts.netloc):
        return f"{parts.scheme}://{parts.netloc}{path}"
    return absolute(path)


def is_known_host(host: str) -> bool:
    """True where a request for ``host`` is meant for this site.

    Without settings that is this machine by name or by any IP address: a rebound name is neither.
    """
    name, listed = host_name(host), _listed(os.environ.get(BASE_URL, ""), os.environ.get(ALLOWED_HOSTS, ""))
    if name is None:
        return False
    if _is_loopback(name) or "*" in listed:
        return True
    if not listed:
        return _is_ip(name) or name == socket.gethostname().lower()
    return any(name == one or (one.startswith("*.") and name.endswith(one[1:])) for one in listed)


def is_same_site(origin: str, host: str) -> bool:
    """True where a page of this site asks: its origin is the host that is asked for, or the public address."""
    return urlsplit(origin).netloc == host or origin == base_url() != ""


def host_name(host: str) -> str | None:
    """The name in a `Host` header, in lower case and without port; None for anything that is not a host."""
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port
    except ValueError:
        return None
    if parts.netloc != host or "@" in host or not parts.hostname or not _NAME.fullmatch(parts.hostname):
        return None
    return parts.hostname.rstrip(".")


@lru_cache(maxsize=8)
def _listed(base: str, allowed: str) -> tuple[str, ...]:
    own = urlsplit(base).hostname if base else None
    named = (one.strip().lower().rstrip(".") for one in allowed.split(","))
    return tuple(one for one in (own, *named) if one)


def _is_loopback(name: str | None) -> bool:
    if name is None:
        return False
    return name == "localhost" or name.endswith(".localhost") or (_is_ip(name) and ip_address(name).is_loopback)


def _is_ip(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
