"""Connections that say nothing, little, or never listen: the server goes on answering, and closes them."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import socket
import time
from functools import partial
from pathlib import Path

import pytest
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from dashboard.protocol import CarefulProtocol, ServerConfig

PATIENCE = 60
"""Seconds within which what must end has ended; the servers are told to wait a second or two."""
FILES = 256
QUICK = {"KPI_HEADER_SECONDS": "2", "KPI_BODY_SECONDS": "2", "KPI_STALLED_SECONDS": "2", "KPI_IDLE_SECONDS": "1"}
HEAD = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n"


@contextlib.contextmanager
def connections(site, count, sent=b""):
    with contextlib.ExitStack() as stack:
        found = []
        for _ in range(count):
            found.append(stack.enter_context(socket.create_connection(("127.0.0.1", site.port), 30)))
            if sent:
                found[-1].sendall(sent)
        yield found


def healthy(site, seconds=PATIENCE):
    line = http.client.HTTPConnection("127.0.0.1", site.port, timeout=seconds)
    try:
        line.request("GET", "/healthz")
        return line.getresponse().status == 200
    except OSError:
        return False
    finally:
        line.close()


def last_words(line, seconds=PATIENCE):
    """What the server says until it closes; TimeoutError where it does not close."""
    line.settimeout(seconds)
    said = b""
    with contextlib.suppress(ConnectionResetError):
        while part := line.recv(65536):
            said += part
    return said


def test_connections_that_say_nothing_do_not_stop_the_server(site):
    """More of them than files that the server may open: those that wait longest make room."""
    board = site("public", files=FILES, KPI_HEADER_SECONDS="600", KPI_CONNECTIONS_PER_ADDRESS="0")
    with connections(board, FILES + 100, HEAD):
        assert healthy(board)
    assert "Too many open files" not in board.log.read_text(encoding="utf-8")


def test_control_without_the_guard_they_stop_it(site):
    board = site("public", files=FILES, careless="protocol")
    with connections(board, FILES + 100, HEAD):
        assert not healthy(board, 3)


def test_half_a_head_is_waited_for_no_longer_than_was_set(site):
    board = site("public", **QUICK)
    for sent in (b"", b"G", HEAD, HEAD + b"X: " + b"y" * 5000):
        with connections(board, 200, sent) as lines:
            assert healthy(board)
            words = {last_words(line)[:12] for line in lines}
            assert words == ({b"HTTP/1.1 408"} if sent else {b""})
            assert healthy(board)


def test_a_byte_now_and_then_is_not_enough(site):
    board = site("public", **QUICK)
    with connections(board, 1, HEAD) as (line,):
        line.settimeout(0.2)
        end = time.monotonic() + PATIENCE
        said = b""
        while not said and time.monotonic() < end:
            line.sendall(b"X: y\r\n")
            with contextlib.suppress(TimeoutError):
                said = line.recv(4096)
        assert said.startswith(b"HTTP/1.1 408")
        assert b"content-security-policy" in said


def test_a_body_that_does_not_come_is_not_waited_for(site):
    board = site(**QUICK)
    head = b"POST /auth/sign-in HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nOrigin: %s\r\nContent-Length: 50\r\n\r\nname="
    with connections(board, 1, head % (board.port, board.url.encode())) as (line,):
        assert last_words(line).startswith(b"HTTP/1.1 408")
    assert healthy(board)


def test_a_client_that_takes_nothing_is_left(site):
    """Answers asked for and never read: the next ones wait in memory, and their connection must end."""
    board, patient = site("public", **QUICK), site("public", **QUICK | {"KPI_STALLED_SECONDS": "600"})
    with socket.socket() as line, socket.socket() as other:
        for near, server in ((line, board), (other, patient)):
            near.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            near.connect(("127.0.0.1", server.port))
            near.sendall((HEAD + b"\r\n") * 400)
        end = time.monotonic() + PATIENCE
        while established(board) and time.monotonic() < end:
            time.sleep(0.1)
        assert not established(board)
        assert established(patient), "control: without the deadline it is kept"
    assert healthy(board)


def established(site):
    """Connections that the server holds open: its ends in the kernel's table."""
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    ours = f"0100007F:{site.port:04X}"
    return [line for line in lines if line.split()[1] == ours and line.split()[3] == "01"]


def test_one_address_gets_so_many_connections_and_others_go_on(site):
    long = dict.fromkeys(("KPI_HEADER_SECONDS", "KPI_BODY_SECONDS", "KPI_IDLE_SECONDS"), "600")
    board = site("public", KPI_CONNECTIONS_PER_ADDRESS="20", **long)
    with connections(board, 40, HEAD):
        assert healthy(board), "of its own, those that only wait make room"
    end = time.monotonic() + PATIENCE
    while established(board) and time.monotonic() < end:
        time.sleep(0.05)
    with connections(board, 20, HEAD + b"Content-Length: 9\r\n\r\n") as busy:
        assert all(line.recv(12) == b"HTTP/1.1 200" for line in busy)
        with connections(board, 5) as more:
            assert {last_words(line)[:12] for line in more} == {b"HTTP/1.1 503"}
        with socket.create_connection(("127.0.0.1", board.port), 30, ("127.0.0.2", 0)) as other:
            other.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            assert last_words(other).startswith(b"HTTP/1.1 200")
    end = time.monotonic() + PATIENCE
    while not healthy(board) and time.monotonic() < end:
        time.sleep(0.05)
    assert healthy(board), "their places are given back"


def test_the_proxys_connections_are_everybodys(site):
    board = site("public", KPI_CONNECTIONS_PER_ADDRESS="5", KPI_SESSIONS_PER_ADDRESS="1", KPI_PROXY="127.0.0.1")
    with connections(board, 20, HEAD), board.page() as one, board.page() as two:
        assert healthy(board)
        assert one.open()
        assert two.open()


def test_one_address_gets_so_many_pages_and_a_closed_one_gives_its_place(site):
    from websockets.exceptions import InvalidStatus

    board = site("public", KPI_SESSIONS_PER_ADDRESS="3")
    with contextlib.ExitStack() as stack:
        pages = [stack.enter_context(board.page()) for _ in range(2)]
        with board.page() as last:
            last.open()
            with pytest.raises(InvalidStatus) as refused, board.page():
                pass
            assert refused.value.response.status_code == 503
            assert refused.value.response.headers["x-content-type-options"] == "nosniff"
            with board.page(**{"X-Forwarded-For": "203.0.113.9"}) as elsewhere:
                assert elsewhere.open(), "a proxy on this machine names its client"
        end = time.monotonic() + PATIENCE
        again = None
        while again is None and time.monotonic() < end:
            with contextlib.suppress(InvalidStatus):
                again = stack.enter_context(board.page())
        assert again is not None
        assert again.open()
        assert all(page.open() for page in pages)


def test_control_without_the_guard_everybody_may_open_any_number(site):
    board = site("public", careless="Pages", KPI_SESSIONS_PER_ADDRESS="3")
    with contextlib.ExitStack() as stack:
        assert len([stack.enter_context(board.page()) for _ in range(10)]) == 10


@pytest.mark.parametrize(("kind", "set_on"), [(CarefulProtocol, True), (H11Protocol, False)])
def test_small_answers_leave_at_once(kind, set_on):
    """TCP_NODELAY on the server's end of a connection, on a socket made as Streamlit makes it; asked of the kernel."""
    seen = []

    class Watched(kind):
        def connection_made(self, transport):
            super().connection_made(transport)
            own = transport.get_extra_info("socket")
            seen.append(own.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def once():
        config = ServerConfig(app, lifespan="off", log_config=None)
        config.load()
        with socket.socket() as listening:
            listening.bind(("127.0.0.1", 0))
            made = partial(Watched, config=config, server_state=ServerState(), app_state={})
            server = await asyncio.get_running_loop().create_server(made, sock=listening)
            async with server:
                reader, writer = await asyncio.open_connection(*listening.getsockname())
                writer.write(HEAD + b"Connection: close\r\n\r\n")
                answer = await reader.read()
                writer.close()
                await writer.wait_closed()
        return answer

    assert asyncio.run(once()).startswith(b"HTTP/1.1 204")
    assert [bool(option) for option in seen] == [set_on]


def test_the_server_that_is_started_is_ours():
    config = ServerConfig(print, http="auto", ws_max_size=200_000_000, server_header=True, log_config=None)
    config.load()
    assert config.http_protocol_class is CarefulProtocol
    assert (config.ws_max_size, config.server_header) == (2**20, False)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KPI_HEADER_SECONDS", "soon"),
        ("KPI_SESSIONS_PER_ADDRESS", "-1"),
        ("KPI_IDLE_SECONDS", "0"),
        ("KPI_PROXY", "proxy.example"),
    ],
)
def test_a_setting_that_is_no_number_is_named_before_the_start(name, value, monkeypatch, data):
    from click.testing import CliRunner

    from dashboard.cli import main

    monkeypatch.setenv(name, value)
    answer = CliRunner().invoke(main, ["serve", "--public", "--data", str(data)])
    assert (answer.exit_code, name in answer.stderr) == (2, True)
