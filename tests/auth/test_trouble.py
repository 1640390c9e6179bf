"""A ledger that fails while somebody signs in or out: back to the form with the reason, and nothing half done."""

from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from form_requests import GOOD, post
from sqlalchemy import event, insert, select
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from dashboard import desk
from dashboard.auth import routes, trouble, viewer
from dashboard.off_loop import LateError
from loaders.ledger import chain
from loaders.ledger.accounts import open_session, session_account
from loaders.ledger.clock import stamp
from loaders.ledger.errors import LedgerError
from loaders.ledger.store import open_ledger
from loaders.ledger.tables import audit, sessions, sign_in_failures


@pytest.fixture
def ledger(ledger_file, monkeypatch):
    found = open_ledger(f"sqlite:///{ledger_file}")
    monkeypatch.setattr(desk, "_ledger", found)
    monkeypatch.setattr(desk, "_mode", desk.Mode.BOTH)
    yield found
    found.close()


@contextmanager
def full_disk(ledger):
    """No page more for the database, and those that it has filled up."""
    with ledger.read() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    limit = {"pages": pages}

    def limited(connection, _):
        connection.execute(f"PRAGMA max_page_count = {limit['pages']}")

    event.listen(ledger.engine, "connect", limited)
    ledger.engine.dispose()
    later = ledger.clock() + timedelta(days=1)

    def of_failures(connection, text):
        connection.execute(insert(sign_in_failures).values(account=text, address=text, at=stamp(later)))

    def of_the_log(connection, text):
        chain.append(connection, ledger.now(), "x", text, "x", {})

    for add in (of_failures, of_the_log):
        for size in (3000, 400, 50, 0):
            with pytest.raises((OperationalError, LedgerError), match="full"):
                for _ in range(100_000):
                    with ledger.write() as connection:
                        add(connection, "y" * size)
    yield
    event.remove(ledger.engine, "connect", limited)
    limit["pages"] = 1_000_000
    ledger.engine.dispose()


def told(answer):
    found = parse_qs(urlsplit(answer.headers["location"]).query)
    return answer.status_code, urlsplit(answer.headers["location"]).path, found.get("problem"), found.get("cause")


def held(ledger):
    with ledger.read() as connection:
        return [connection.execute(select(table)).all() for table in (sessions, audit)]


def test_a_full_disk_sends_back_to_the_form_and_changes_nothing(ledger):
    with full_disk(ledger):
        before = held(ledger)
        answer = post(routes.post_sign_in, GOOD + "&lang=en")
        assert told(answer) == (303, "/sign-in", ["ledger"], ["full"])
        assert "lang=en" in answer.headers["location"]
        assert "set-cookie" not in answer.headers
        assert held(ledger) == before
    assert told(post(routes.post_sign_in, GOOD)) == (303, "/desk", None, None), "without a restart"


def test_a_full_disk_keeps_who_signs_out_signed_in(ledger):
    token = open_session(ledger, "kim")
    with full_disk(ledger):
        answer = post(routes.post_sign_out, "lang=en", cookie=f"{viewer.COOKIE}={token}")
        assert told(answer) == (303, "/sign-in", ["out"], ["full"])
        assert "set-cookie" not in answer.headers, "or nobody could end the session that goes on"
    assert session_account(ledger, token).id == "kim"
    assert post(routes.post_sign_out, cookie=f"{viewer.COOKIE}={token}").headers["location"] == "/"
    assert session_account(ledger, token) is None


@pytest.mark.parametrize("route", [routes.post_sign_in, routes.post_sign_out])
def test_a_ledger_that_is_none_any_more(ledger, ledger_file, route):
    token = open_session(ledger, "kim")
    ledger.close()
    ledger_file.write_bytes(b"no database at all" * 1000)
    for beside in ledger_file.parent.glob("*-wal"):
        beside.unlink()
    assert told(post(route, GOOD, cookie=f"{viewer.COOKIE}={token}"))[3] == ["away"]


def test_without_the_net_it_is_a_bare_error(ledger, monkeypatch):
    """Control."""
    monkeypatch.setattr(routes, "TROUBLE", ())
    with full_disk(ledger), pytest.raises((OperationalError, LedgerError), match="full"):
        post(routes.post_sign_in, GOOD)


@pytest.mark.parametrize(("begun", "problem"), [(False, ["out"]), (True, ["out_unknown"])])
def test_no_answer_in_time(ledger, monkeypatch, begun, problem):
    async def late(call, seconds=None):
        raise LateError(begun=begun)

    monkeypatch.setattr(routes, "off_loop", late)
    assert told(post(routes.post_sign_in, GOOD)) == (303, "/sign-in", ["ledger"], ["late"])
    answer = post(routes.post_sign_out, cookie=f"{viewer.COOKIE}=x")
    assert told(answer) == (303, "/sign-in", problem, ["late"])


def test_signing_out_without_a_cookie_asks_nothing(ledger, monkeypatch):
    monkeypatch.setattr(routes, "off_loop", None)
    assert told(post(routes.post_sign_out)) == (303, "/", None, None)


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        ("database is locked", "locked"),
        ("canceling statement due to lock timeout", "locked"),
        ("canceling statement due to statement timeout", "locked"),
        ("database or disk is full", "full"),
        ('could not extend file "base/5/2619": No space left on device', "full"),
        ("attempt to write a readonly database", "read_only"),
        ("cannot execute INSERT in a read-only transaction", "read_only"),
        ("connection refused", "away"),
        ("file is not a database", "away"),
    ],
)
def test_causes(said, cause):
    assert trouble.cause_of(OperationalError("INSERT", {}, Exception(said))) == cause
    assert trouble.cause_of(SQLAlchemyError(said)) == cause
