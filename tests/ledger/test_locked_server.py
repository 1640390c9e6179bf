"""A real server whose database somebody else has locked: nothing freezes, and everybody is told what is wrong."""

import contextlib
import http.client
import sqlite3
import threading
from urllib.parse import parse_qs, urlsplit

import pytest
from builders import a_data_folder
from serving import dashboard, serving
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.engine import make_url

from loaders.domain.policy import Role
from loaders.ledger.accounts import add_account, session_account
from loaders.ledger.migrate import migrate
from loaders.ledger.store import _CHAIN_LOCK, FILE, open_ledger
from loaders.ledger.tables import audit

PASSWORD = "correct horse battery"
FORM = "name=kim&password=correct+horse+battery&next=/desk&lang=en"
SESSIONS = 6
SECONDS = 30
"""For what ends by itself; reached only by something that hangs."""


@pytest.fixture
def folder(tmp_path):
    return a_data_folder(tmp_path)


@pytest.fixture
def desk(address, folder, monkeypatch):
    """A ledger with one account, and the environment that leads a server to it."""
    if address.startswith("sqlite"):
        monkeypatch.delenv("KPI_DATABASE_URL", raising=False)
    else:
        monkeypatch.setenv("KPI_DATABASE_URL", address)
    ledger = open_ledger(address)
    migrate(ledger)
    add_account(ledger, "kim", Role.OFFICER, "msit", password=PASSWORD)
    yield ledger
    ledger.close()


@contextlib.contextmanager
def locked(address, folder):
    """Another program holds the writers' lock."""
    if address.startswith("sqlite"):
        other = sqlite3.connect(folder / FILE, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")
            other.close()
        return
    engine = create_engine(make_url(address).set(drivername="postgresql+psycopg"))
    try:
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CHAIN_LOCK})
            yield
    finally:
        engine.dispose()


def ask(url, method, path, cookie="", body=None, seconds=SECONDS):
    host = urlsplit(url).netloc
    connection = http.client.HTTPConnection(host, timeout=seconds)
    try:
        headers = {"Origin": url} | ({"Cookie": f"kpi_session={cookie}"} if cookie else {})
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.getheader("location") or "", answer.read(), answer.getheader("set-cookie") or ""
    finally:
        connection.close()


def signed_in(url):
    status, where, _, cookie = ask(url, "POST", "/auth/sign-in", body=FORM)
    assert (status, where) == (303, "/desk")
    return cookie.split("kpi_session=")[1].split(";")[0]


def told(location):
    asked = parse_qs(urlsplit(location).query)
    return urlsplit(location).path, asked.get("problem"), asked.get("cause")


class Asked(threading.Thread):
    """A request under way."""

    def __init__(self, *words, **more):
        super().__init__(daemon=True)
        self.words, self.more, self.answer = words, more, None
        self.start()

    def run(self):
        self.answer = ask(*self.words, **self.more)


def sign_outs(count):
    with count.read() as connection:
        chosen = select(func.count()).select_from(audit).where(audit.c.action == "sign_out")
        return connection.execute(chosen).scalar_one()


def test_a_foreign_lock_freezes_nothing_and_is_told(desk, address, folder):
    with dashboard(folder) as server:
        tokens = [signed_in(server.url) for _ in range(SESSIONS)]
        with locked(address, folder):
            under_way = [Asked(server.url, "POST", "/auth/sign-out", token) for token in tokens]
            for token in ("", *("made up" for _ in range(SESSIONS))):
                status, where, *_ = ask(server.url, "POST", "/auth/sign-out", token)
                assert (status, where) == (303, "/"), "whoever has no session asks nothing of the writers"
            for path in ("/healthz", "/", "/sign-in", "/data/targets.csv"):
                assert ask(server.url, "GET", path)[0] in (200, 404)
            assert any(one.is_alive() for one in under_way), "all of that while they waited"
            signing = Asked(server.url, "POST", "/auth/sign-in", body=FORM)
            for one in (*under_way, signing):
                one.join(SECONDS)
                assert one.answer is not None, "hangs"
        for one in under_way:
            status, where, _, cookie = one.answer
            path, problem, cause = told(where)
            assert (status, path, cookie) == (303, "/sign-in", ""), "the browser keeps its session"
            assert (problem, cause) in ((["out"], ["locked"]), (["out"], ["late"]), (["out_unknown"], ["late"]))
        status, where, _, cookie = signing.answer
        assert (status, cookie) == (303, "")
        assert told(where) in (("/sign-in", ["ledger"], ["locked"]), ("/sign-in", ["ledger"], ["late"]))
        for token in tokens:
            assert ask(server.url, "POST", "/auth/sign-out", token)[:2] == (303, "/")
        assert [session_account(desk, token) for token in tokens] == [None] * SESSIONS
        assert sign_outs(desk) == SESSIONS, "each once, whatever was sent again"


CARELESS = """
from dashboard.auth import routes
async def on_the_loop(call, seconds=None):
    return call()
routes.off_loop = on_the_loop
from dashboard.cli import main
main(["serve", "--port", "PORT", "--data", DATA])
"""


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_a_call_on_the_loop_freezes_everybody(desk, address, folder):
    """Control: the same server with the ledger asked where the request is answered."""
    with serving(["-c", CARELESS.replace("DATA", repr(str(folder)))], "/healthz") as server:
        token = signed_in(server.url)
        with locked(address, folder):
            waiting = Asked(server.url, "POST", "/auth/sign-out", token)
            frozen = False
            while waiting.is_alive() and not frozen:
                try:
                    ask(server.url, "GET", "/healthz", seconds=1)
                except TimeoutError:
                    frozen = waiting.is_alive()
            waiting.join(SECONDS)
        assert frozen
