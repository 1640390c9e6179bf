"""How much of the server one address, and one slow connection, may take: numbers and the count of who is inside."""

from __future__ import annotations

import os
import resource
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields
from ipaddress import IPv6Address
from typing import Protocol

from dashboard.auth.settings import PROXY, address

NO_LIMIT = 0


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds and counts; the environment sets each by its name in capitals after `KPI_`."""

    header_seconds: int = 10
    """Until the head of a request must be complete."""
    body_seconds: int = 120
    """Until the body must be complete: 5 MiB at 350 kbit/s."""
    idle_seconds: int = 5
    """Between two requests of one connection."""
    stalled_seconds: int = 60
    """Without a single byte taken by a client that is being answered."""
    connections_per_address: int = 256
    """Connections of one address that are not pages, 0 for any number. The proxy is not counted."""
    sessions_per_address: int = 60
    """Open pages (websockets) of one address, 0 for any number: an office of many behind one address is one."""
    waiting_connections: int = 512
    """Connections without a complete request, of all addresses: the oldest makes room."""


def limits(environment: Mapping[str, str] = os.environ) -> Limits:
    """The limits as the environment sets them; ValueError names a setting that is no number."""
    found = {}
    for one in fields(Limits):
        name = f"KPI_{one.name.upper()}"
        text = environment.get(name, "")
        least = NO_LIMIT if one.name.endswith("_per_address") else 1
        if text and not (text.isascii() and text.isdigit() and int(text) >= least):
            raise ValueError(f"{name}: a whole number from {least} is needed, not {text[:20]!r}.")
        if text:
            found[one.name] = int(text)
    return Limits(**found)


def problems(environment: Mapping[str, str]) -> list[str]:
    """What is wrong with the settings of this module; empty where nothing is."""
    try:
        limits(environment)
    except ValueError as error:
        return [str(error)]
    given = environment.get(PROXY, "")
    return [f"{PROXY}: an IP address is needed."] if given and address(given) is None else []


def neighbourhood(host: str) -> str:
    """What counts as one address: an IPv4 address, or the /64 of an IPv6 one, all of which one line may use."""
    found = address(host)
    if isinstance(found, IPv6Address):
        return str(IPv6Address(int(found) >> 64 << 64))
    return str(found or host)


def is_proxy(host: str) -> bool:
    """True for the proxy in front, whose connections are those of everybody."""
    proxy = address(os.environ.get(PROXY, ""))
    return proxy is not None and address(host) == proxy


def raise_file_limit() -> None:
    """Allow as many open files, and so connections, as the machine lets this process have."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def open_files() -> int:
    """How many files this process may have open."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return soft if soft != resource.RLIM_INFINITY else 2**20


class Guest(Protocol):
    """A connection, as the door sees it."""

    host: str

    def leave_now(self) -> None:
        """Close at once, and let the door forget it."""


class Door:
    """Counts connections by address, and keeps those that have not said yet what they want few."""

    def __init__(self, most: int, most_waiting: int) -> None:
        self._most = most
        self._most_waiting = most_waiting
        self._inside: dict[Guest, str] = {}
        self._by_address: Counter[str] = Counter()
        self._waiting: dict[Guest, None] = {}

    def admits(self, guest: Guest) -> bool:
        """Let ``guest`` in unless its address has its fill; one of its own that only waits makes room."""
        where = neighbourhood(guest.host)
        if self._most and self._by_address[where] >= self._most and not is_proxy(guest.host):
            idle = next((one for one in self._waiting if self._inside.get(one) == where), None)
            if idle is None:
                return False
            idle.leave_now()
        self._inside[guest] = where
        self._by_address[where] += 1
        return True

    def waits(self, guest: Guest) -> None:
        """``guest`` has not asked yet; who has waited longest makes room for it."""
        self._waiting[guest] = None
        if len(self._waiting) > self._most_waiting:
            next(iter(self._waiting)).leave_now()

    def asks(self, guest: Guest) -> None:
        """``guest`` has sent a complete head."""
        self._waiting.pop(guest, None)

    def forget(self, guest: Guest) -> None:
        """``guest`` has left, or has become a page that is counted elsewhere."""
        self._waiting.pop(guest, None)
        where = self._inside.pop(guest, None)
        if where is None:
            return
        self._by_address[where] -= 1
        if not self._by_address[where]:
            del self._by_address[where]
