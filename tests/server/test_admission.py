"""Who is let in: hosts of this site, routes that pages need, websockets that its own pages open."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import socket

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route
from websockets.exceptions import ConnectionClosed, InvalidStatus

from dashboard import server, site_address
from dashboard.admission import OPEN_INNER
from dashboard.auth.middleware import SecurityHeaders

ALWAYS = ("x-content-type-options", "referrer-policy", "cross-origin-opener-policy", "content-security-policy")


def asked(site, path, method="GET", headers=None):
    """The answer to a request whose path is sent as it is written."""
    line = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    try:
        line.putrequest(method, path, skip_host=bool(headers and "Host" in headers))
        for name, value in (headers or {}).items():
            line.putheader(name, value)
        line.endheaders()
        answer = line.getresponse()
        answer.text = answer.read().decode("utf-8", "replace")
        return answer
    finally:
        line.close()


def spoken(site, raw):
    """What the server says to bytes that are no request."""
    with socket.create_connection(("127.0.0.1", site.port), 60) as line:
        line.sendall(raw)
        said = b""
        while part := line.recv(65536):
            said += part
    return said.decode("latin-1")


def test_every_answer_carries_the_headers_once(board):
    answers = {
        200: [
            asked(board, path)
            for path in ("/", "/healthz", "/nothing", "/static/favicon.png", "/data-files/status.csv")
        ],
        307: [asked(board, "/target?id=unicorns&embed=1")],
        400: [asked(board, "//evil.example/x"), asked(board, "/data-files/status.csv?as_of=x")],
        403: [asked(board, "/auth/sign-in", "POST", {"Content-Length": "0"})],
        404: [asked(board, path) for path in ("/_stcore/metrics", "/media/x", "/picture/x.png", "/data-files/x")],
        405: [asked(board, "/auth/sign-in"), asked(board, "/healthz", "DELETE")],
        421: [asked(board, "/", headers={"Host": "evil.example"})],
    }
    for status, found in answers.items():
        for one in found:
            assert one.status == status, (status, one.text)
            for name in ALWAYS:
                assert len(one.headers.get_all(name)) == 1, (status, name)
            assert one.headers["server"] is None
    for said in (spoken(board, b"GET / HTTP/1.1\r\nbad\r\n\r\n"), spoken(board, b"\x16\x03\x01\x02\x00\r\n\r\n")):
        assert said.startswith("HTTP/1.1 400")
        assert all(said.count(f"{name}: ") == 1 for name in ALWAYS)
    with board.page() as page:
        assert all(page.line.response.headers[name] for name in ALWAYS)
    with pytest.raises(InvalidStatus) as refused, board.page(origin="http://evil.example"):
        pass
    assert all(refused.value.response.headers[name] for name in ALWAYS)


def test_an_error_of_ours_carries_the_headers_too(monkeypatch):
    """What Starlette answers to an exception passes no middleware inside."""

    async def fails(_):
        raise RuntimeError

    def answered(site, inner):
        said = []

        async def send(message):
            said.append(message)

        scope = {"type": "http", "method": "GET", "path": "/fails", "query_string": b"", "headers": []}
        monkeypatch.setattr(st.App, "__call__", lambda _, *given: inner(*given))
        with contextlib.suppress(RuntimeError):
            asyncio.run(site(scope, None, send))
        assert said[0]["status"] == 500
        return {name.decode() for name, _ in said[0]["headers"]}

    bare = Starlette(routes=[Route("/fails", fails)])
    inside = Starlette(routes=[Route("/fails", fails)], middleware=[Middleware(SecurityHeaders)])
    assert answered(object.__new__(server.Site), bare) >= set(ALWAYS)
    assert not answered(object.__new__(st.App), inside) & set(ALWAYS), "control: as a middleware inside"


HOSTILE = [
    "//evil.example/x?embed=1",
    "///evil.example?embed=1",
    "/.//evil.example?embed=1",
    "/..//evil.example?embed=1",
    "/%2f%2fevil.example?embed=1",
    "/%5cevil.example?embed=1",
    "/\\evil.example?embed=1",
    "/%0d%0aLocation:%20http://evil.example?embed=1",
    "/target%0d%0aX:%20y?embed=1",
    "/target?id=%0d%0aX:%20y&embed=1",
    "/target?embed=1&id=//evil.example",
    "http://evil.example/target?embed=1",
    "/targets?embed=1",
    "/sign-in?embed=1",
]


def test_no_address_leads_elsewhere_or_to_a_traceback(board):
    for path in HOSTILE:
        answer = asked(board, path)
        where = answer.headers.get("location", "")
        assert answer.status in (200, 307, 400, 404, 421), path
        assert where == "" or (where.startswith("/target") and "\r" not in where), (path, where)
        assert answer.headers["x"] is None
    assert asked(board, "/target?id=a%26b&x=1&x=2&embed=1&lang=en").headers["location"] == (
        "/target?id=a%26b&x=1&x=2&lang=en&embed=true"
    )
    assert "Traceback" not in board.log.read_text(encoding="utf-8")


def test_only_the_framed_target_may_stand_in_a_frame(board):

    def framed(path):
        return "frame-ancestors *" in asked(board, path).headers["content-security-policy"]

    assert framed("/target?id=unicorns&embed=true")
    for path in ("/", "/targets", "/sign-in", "/desk", "/entry", "/healthz", "/target/", "/media/x", "/_stcore/health"):
        assert not framed(f"{path}?embed=true"), path


def test_what_streamlit_serves_for_operators_is_closed(board, site):
    for path in ("metrics", "script-health-check", "agent/interact", "agent/openapi.json", "agent/mcp", "x", ""):
        for method in ("GET", "POST", "OPTIONS"):
            assert asked(board, f"/_stcore/{path}", method).status == 404, (method, path)
    for path in OPEN_INNER[:2]:
        assert asked(board, path).status == 200
    assert 'allowedOrigins":[]' in asked(board, "/_stcore/host-config").text
    careless = site("public", careless="OpenRoutes")
    assert "session" in asked(careless, "/_stcore/metrics").text, "control"


@pytest.mark.parametrize(
    ("settings", "answered", "refused"),
    [
        (
            {},
            ["localhost:1", "127.0.0.1", "[::1]:8501", "10.1.2.3:80"],
            ["evil.example", "127.0.0.1.nip.io", "a@localhost"],
        ),
        (
            {"KPI_BASE_URL": "https://kpi.go.kr"},
            ["kpi.go.kr", "KPI.go.kr:443", "kpi.go.kr.", "127.0.0.1:1"],
            ["10.1.2.3", "www.kpi.go.kr", "kpi.go.kr.evil.example", "kpi.go.kr:x", "evil.example/kpi.go.kr", ""],
        ),
        (
            {"KPI_ALLOWED_HOSTS": "kpi.go.kr, *.kpi.go.kr"},
            ["kpi.go.kr", "a.b.kpi.go.kr", "localhost"],
            ["evilkpi.go.kr", "go.kr", "x.evil.example"],
        ),
        ({"KPI_ALLOWED_HOSTS": "*"}, ["evil.example"], ["", "a@b", "a b"]),
    ],
)
def test_hosts_of_this_site_are_answered(settings, answered, refused, monkeypatch):
    for name in (site_address.BASE_URL, site_address.ALLOWED_HOSTS):
        monkeypatch.delenv(name, raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert [host for host in answered if not site_address.is_known_host(host)] == []
    assert [host for host in refused if site_address.is_known_host(host)] == []


def test_a_rebound_name_reads_nothing(board, site):
    rebound = {"Host": f"evil.example:{board.port}"}
    assert asked(board, "/data-files/status.csv", headers=rebound).status == 421
    assert asked(board, "/healthz", headers=rebound).status == 200, "a health check asks by any name"
    origin = f"http://evil.example:{board.port}"
    with pytest.raises(InvalidStatus) as answer, board.page(host="evil.example", origin=origin):
        pass
    assert answer.value.response.status_code == 421
    careless = site(careless="KnownHosts")
    with careless.page(host="evil.example", origin=f"http://evil.example:{careless.port}") as page:
        assert page.open(), "control"


@pytest.mark.parametrize(
    ("text", "is_good"),
    [
        ("", True),
        ("https://kpi.go.kr", True),
        ("http://kpi.go.kr:8080/", True),
        ("kpi.go.kr", False),
        ("https://kpi.go.kr/a", False),
        ("https://kpi.go.kr?x=1", False),
        ("https://a@kpi.go.kr", False),
        ("javascript:alert(1)", False),
    ],
)
def test_the_public_address_is_scheme_and_host(text, is_good):
    assert (site_address.problems({"KPI_BASE_URL": text}) == []) is is_good


def test_addresses_to_share_come_from_the_settings(monkeypatch):
    for name in (site_address.BASE_URL, site_address.ALLOWED_HOSTS):
        monkeypatch.delenv(name, raising=False)
    assert site_address.shown_at("/target", "https://evil.example/x") == "/target"
    assert site_address.shown_at("/target", "http://localhost:8501/x") == "http://localhost:8501/target"
    assert site_address.shown_at("/target", "javascript://localhost/x") == "/target"
    assert site_address.shown_at("/target", "") == "/target"
    monkeypatch.setenv("KPI_BASE_URL", "https://kpi.go.kr/")
    for here in ("https://evil.example/x", "http://localhost:8501/x", ""):
        assert site_address.shown_at("/target", here) == "https://kpi.go.kr/target"


FOREIGN = ["http://evil.example", "null", "http://127.0.0.1:1", "https://localhost"]


@pytest.mark.parametrize("mode", ["both", "desk", "public"])
def test_websockets_are_opened_by_pages_of_this_site(mode, board, public, site):
    board = site(mode) if mode == "desk" else {"both": board, "public": public}[mode]
    for origin in FOREIGN:
        with pytest.raises(InvalidStatus) as refused, board.page(origin=origin):
            pass
        assert refused.value.response.status_code == 403, origin
    with board.page() as page:
        assert page.open()
    if mode == "public":
        with board.page(origin=None) as program:
            assert program.open(), "whoever reads the public half by a program acts in nobody's name"
    else:
        with pytest.raises(InvalidStatus) as refused, board.page(origin=None):
            pass
        assert refused.value.response.status_code == 403


def test_control_streamlit_itself_takes_a_websocket_without_an_origin(site):
    desk = site(careless="Pages")
    with desk.page(origin=None) as program:
        assert program.open()


def test_the_public_address_is_an_origin_of_ours(site):
    """A proxy that hands on another host than the browser asked for."""
    board = site(KPI_BASE_URL="https://kpi.go.kr")
    with board.page(origin="https://kpi.go.kr") as page:
        assert page.open()


@pytest.mark.parametrize("mode", ["public", "both"])
def test_messages_are_small_and_streamlits_own(mode, board, public):
    board = public if mode == "public" else board
    for sent, code in ((b"\xff" * 100, 1002), ("text", 1002), (b"\x00" * (2**20 + 1), 1009)):
        with board.page() as page, pytest.raises(ConnectionClosed) as closed:
            page.open()
            page.line.send(sent)
            while True:
                page.line.recv(timeout=60)
        assert closed.value.rcvd.code == code
    with board.page() as page:
        assert page.open()
    assert "Traceback" not in board.log.read_text(encoding="utf-8")
