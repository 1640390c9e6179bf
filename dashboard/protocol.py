"""What the web server is told about connections: answers leave at once, and nobody is waited for without end.

Streamlit 1.67 starts uvicorn itself and hands on no options, so the configuration's class is replaced.
It makes its socket with protocol 0, for which asyncio sets no TCP_NODELAY: every second answer on a
connection that is kept would wait some 40 ms for the client's acknowledgement.
"""

from __future__ import annotations

import asyncio
import os
import socket
from typing import Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import STATUS_PHRASES, H11Protocol

from dashboard.auth.middleware import security_headers
from dashboard.auth.settings import PROXY, mode
from dashboard.connection_limits import Door, limits, open_files

MOST_BYTES_IN_A_FRAME = 2**20
"""Of what a browser sends over its websocket; a desk page full of entries sends some 50 kB."""

_Config = uvicorn.Config
"""The class as it was before `use` replaced it."""


class ServerConfig(_Config):
    """Uvicorn's configuration with our protocol, limits and silence about its name."""

    def __init__(self, app: Any, **options: Any) -> None:
        chosen = limits()
        proxy = os.environ.get(PROXY)
        ours: dict[str, Any] = {
            "http": CarefulProtocol,
            "server_header": False,
            # Behind a proxy that signs people in the peer must be the real one. Elsewhere the client's address and
            # the scheme are taken from the proxy's word.
            "proxy_headers": mode() != "proxy",
            # So many are accepted in one go, before any of them can be told to make room.
            "backlog": max(64, min(512, open_files() // 4)),
            "timeout_keep_alive": chosen.idle_seconds,
            "ws_max_size": MOST_BYTES_IN_A_FRAME,
        }
        ours |= {"forwarded_allow_ips": proxy} if proxy else {}
        super().__init__(app, **{**options, **ours})
        self.limits = chosen
        self.door = Door(chosen.connections_per_address, min(chosen.waiting_connections, open_files() // 2))


def use() -> None:
    """Let the server that Streamlit starts be configured by `ServerConfig`."""
    uvicorn.Config = ServerConfig  # ty: ignore[invalid-assignment]


class CarefulProtocol(H11Protocol):
    """HTTP/1.1 as uvicorn speaks it, with TCP_NODELAY, a deadline for everything that a client owes, and a door."""

    config: ServerConfig

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._owed: asyncio.TimerHandle | None = None
        self._owes: tuple[Any, int] | None = None
        self._stall: asyncio.TimerHandle | None = None
        self._upgraded = False
        self.host = ""

    def connection_made(self, transport: asyncio.Transport) -> None:
        """A client has connected: it owes a request's head."""
        super().connection_made(transport)
        answer_at_once(transport)
        self.host = self.client[0] if self.client else ""
        if self.config.door.admits(self):
            self._watch()
        else:
            self._refuse(503, "Too many connections from this address.")

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has gone."""
        self._let_go()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Bytes have come: of a head, or of a body."""
        if self.transport.is_closing():
            return
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """The answer is on its way: the next request may come."""
        super().on_response_complete()
        self._watch()

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """The connection becomes a page's websocket, which keeps its own time and count."""
        self._upgraded = True
        self._let_go()
        super().handle_websocket_upgrade(event)

    def pause_writing(self) -> None:
        """The client is slower than we are."""
        super().pause_writing()
        self._watch_taking(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        """The client has taken most of it."""
        super().resume_writing()
        self._stop_watching_taking()

    def leave_now(self) -> None:
        """Close without another word."""
        self._let_go()
        self.transport.abort()

    def send_400_response(self, msg: str) -> None:
        """Uvicorn's answer to what is not HTTP, with the headers of every other answer."""
        self._refuse(400, msg)

    def _watch(self) -> None:
        """Set the deadline for what the client owes next; one that runs already is not moved by a few bytes."""
        state = None if self._upgraded or self.transport.is_closing() else self.conn.their_state
        owes = (state, id(self.cycle)) if state in (h11.IDLE, h11.SEND_BODY) else None
        if owes == self._owes:
            return
        self._clear()
        self._owes = owes
        if owes is None:
            return
        chosen = self.config.limits
        seconds = chosen.body_seconds if state is h11.SEND_BODY else chosen.header_seconds
        if state is h11.IDLE:
            seconds += chosen.idle_seconds if self.cycle else 0
            self.config.door.waits(self)
        self._owed = self.loop.call_later(seconds, self._expired)

    def _expired(self) -> None:
        if self.conn.their_state is h11.IDLE and not self.conn.trailing_data[0]:
            self.transport.close()  # a browser that has connected ahead of need
            return
        self._refuse(408, "The request did not come in time.")

    def _clear(self) -> None:
        if self._owed is not None:
            self._owed.cancel()
        self._owed, self._owes = None, None
        self.config.door.asks(self)

    def _let_go(self) -> None:
        self._clear()
        self._stop_watching_taking()
        self.config.door.forget(self)

    def _watch_taking(self, left: int) -> None:
        seconds = self.config.limits.stalled_seconds
        self._stop_watching_taking()
        self._stall = self.loop.call_later(seconds, self._taken_since, left)

    def _taken_since(self, left: int) -> None:
        now = self.transport.get_write_buffer_size()
        if now >= left:
            self.leave_now()
        else:
            self._watch_taking(now)

    def _stop_watching_taking(self) -> None:
        if self._stall is not None:
            self._stall.cancel()
            self._stall = None

    def _refuse(self, status: int, text: str) -> None:
        """Answer where an answer has not begun yet, and close."""
        self._clear()
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE) and (
            self.cycle is None or not self.cycle.response_started
        ):
            body = text.encode("ascii")
            headers = [
                (b"content-type", b"text/plain; charset=utf-8"),
                (b"content-length", str(len(body)).encode()),
                (b"connection", b"close"),
                *security_headers(),
            ]
            events = (h11.Response(status_code=status, headers=headers, reason=STATUS_PHRASES[status]), h11.Data(body))
            for event in (*events, h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()


def answer_at_once(transport: asyncio.BaseTransport) -> None:
    """Send small answers without waiting for the client's acknowledgement of the last one (TCP_NODELAY)."""
    own = transport.get_extra_info("socket")
    if own is not None and own.family in (socket.AF_INET, socket.AF_INET6):
        own.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
