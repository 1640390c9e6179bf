"""Passwords and sessions: each protection, and what would be without it."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from ledger_world import Clock, Desk
from sqlalchemy import select

from dashboard.cli import main
from loaders.domain.policy import Role
from loaders.ledger import accounts as people
from loaders.ledger.accounts import AccountError, add_account, change_account, session_account, sign_out
from loaders.ledger.errors import DeniedError
from loaders.ledger.passwords import matches
from loaders.ledger.sign_in import sign_in
from loaders.ledger.store import open_ledger
from loaders.ledger.tables import accounts, audit, sessions

PASSWORD = "correct horse battery"


@pytest.fixture
def clock():
    return Clock(datetime(2026, 11, 23, 3, tzinfo=UTC), timedelta(milliseconds=1))


@pytest.fixture
def ledger(ledger_file, clock):
    found = open_ledger(f"sqlite:///{ledger_file}", clock)
    yield found
    found.close()


def code(run, *words, **more):
    with pytest.raises(AccountError) as refused:
        run(*words, **more)
    return refused.value.code


def test_only_the_hash_of_a_password_and_of_a_token_is_kept(ledger):
    token = sign_in(ledger, "kim", PASSWORD)
    with ledger.read() as connection:
        held = connection.execute(select(accounts.c.password)).scalar_one()
        kept = connection.execute(select(sessions.c.token_hash)).scalar_one()
    assert held.startswith("$argon2id$")
    assert PASSWORD not in held
    assert token not in kept
    assert session_account(ledger, token).id == "kim"
    assert session_account(ledger, kept) is None, "the hash opens nothing"


@pytest.mark.parametrize(
    ("role", "ministry", "password", "problem"),
    [
        (Role.OFFICER, None, PASSWORD, "ministry"),
        (Role.REVIEWER, "msit", PASSWORD, "ministry"),
        (Role.PUBLIC, None, PASSWORD, "role"),
        (Role.REVIEWER, None, "short", "short_password"),
        (Role.REVIEWER, None, "this is lee and more", "name_in_password"),
    ],
)
def test_accounts_that_are_not_made(ledger, role, ministry, password, problem):
    assert code(add_account, ledger, "lee", role, ministry, password=password) == problem


def test_unknown_wrong_and_disabled_are_told_alike(ledger):
    add_account(ledger, "out", Role.REVIEWER, password=PASSWORD)
    change_account(ledger, "out", disabled=True)
    told = {
        code(sign_in, ledger, *pair) for pair in (("nobody", PASSWORD), ("kim", "wrong password"), ("out", PASSWORD))
    }
    assert told == {"refused"}


@pytest.mark.parametrize("name", ["kim", "nobody", "out", "outside"])
def test_a_password_is_tried_whoever_is_named(ledger, monkeypatch, name):
    add_account(ledger, "out", Role.REVIEWER, password=PASSWORD)
    change_account(ledger, "out", disabled=True)
    add_account(ledger, "outside", Role.REVIEWER, subject="outside@nia.kr")
    verified = []
    monkeypatch.setattr("argon2.PasswordHasher.verify", lambda self, held, password: verified.append(held) or True)
    if name == "kim":
        assert sign_in(ledger, name, PASSWORD)
    else:
        assert code(sign_in, ledger, name, PASSWORD) == "refused"
    assert [held.split("$")[1] for held in verified] == ["argon2id"]


def test_one_token_opens_one_session_once(ledger):
    token = people.open_session(ledger, "kim", "a proof of another system")
    sign_out(ledger, token)
    assert code(people.open_session, ledger, "kim", token) == "refused"
    assert session_account(ledger, token) is None


def test_thirty_idle_minutes_end_a_session(ledger, clock):
    token = sign_in(ledger, "kim", PASSWORD)
    for _ in range(4):
        clock.now += timedelta(minutes=25)
        assert session_account(ledger, token) is not None, "in use"
    clock.now += timedelta(minutes=31)
    assert session_account(ledger, token) is None


def test_eight_hours_end_it_even_in_use(ledger, clock):
    token = sign_in(ledger, "kim", PASSWORD)
    for _ in range(16):
        clock.now += timedelta(minutes=29)
        assert session_account(ledger, token) is not None
    clock.now += timedelta(minutes=29)
    assert session_account(ledger, token) is None


@pytest.mark.parametrize(
    "change", [{"disabled": True}, {"role": Role.REVIEWER}, {"password": "another long password"}, {"disabled": False}]
)
def test_every_change_to_the_account_ends_its_sessions(ledger, change):
    token = sign_in(ledger, "kim", PASSWORD)
    change_account(ledger, "kim", **change)
    assert session_account(ledger, token) is None


def test_signing_out_ends_one_session_and_no_other(ledger):
    one, other = sign_in(ledger, "kim", PASSWORD), sign_in(ledger, "kim", PASSWORD)
    sign_out(ledger, one)
    assert session_account(ledger, one) is None
    assert session_account(ledger, other) is not None


def test_a_made_up_token_opens_nothing(ledger):
    sign_in(ledger, "kim", PASSWORD)
    for token in ("", "x", "a" * 43, "' OR 1=1 --"):
        assert session_account(ledger, token) is None


def test_a_disabled_officer_can_do_nothing_from_the_next_action_on(ledger):
    desk = Desk(ledger)
    desk.submit(actor="kim")
    change_account(ledger, "kim", disabled=True)
    with pytest.raises(DeniedError):
        desk.submit(actor="kim", target="robots")


def test_two_passwords_are_tried_at_a_time(monkeypatch):
    """Each takes 64 MiB; the others wait their turn."""
    now, most, lock = [], [], threading.Lock()

    def verify(self, held, password):
        with lock:
            now.append(password)
            most.append(len(now))
        time.sleep(0.01)
        with lock:
            now.remove(password)
        return True

    monkeypatch.setattr("argon2.PasswordHasher.verify", verify)
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(lambda number: matches("held", f"password {number}"), range(24)))
    assert max(most) == 2


def test_look_alikes_are_refused_whoever_is_faster(ledger, monkeypatch):
    """The name is looked at again inside the transaction: the account came in between."""
    looked = []

    def new_name(typed, taken):
        looked.append(list(taken))
        if len(looked) == 1:
            return typed
        raise AccountError("name_alike", other="kim")

    monkeypatch.setattr(people, "new_name", new_name)
    assert code(add_account, ledger, "kirn", Role.AUDITOR, password=PASSWORD) == "name_alike"
    assert looked == [["kim"], ["kim"]]


def test_every_change_is_in_the_audit_log(ledger):
    change_account(ledger, "kim", role=Role.LEAD, ministry="msit", actor="admin")
    sign_out(ledger, people.open_session(ledger, "kim"))
    with ledger.read() as connection:
        rows = [(row.actor, row.action) for row in connection.execute(select(audit).order_by(audit.c.seq))]
    assert rows == [
        ("operator", "add_account"),
        ("admin", "change_account"),
        ("kim", "sign_in"),
        ("kim", "sign_out"),
    ]
    with ledger.read() as connection:
        assert PASSWORD not in str(connection.execute(select(audit)).all())


def test_the_command_line(tmp_path, monkeypatch):
    monkeypatch.delenv("KPI_DATABASE_URL", raising=False)
    from builders import a_data_folder

    folder = a_data_folder(tmp_path / "data")

    def kpi(*words, typed="long enough secret\n"):
        return CliRunner().invoke(main, ["user", *words, "--data", str(folder)], input=typed)

    assert kpi("add", "kim", "--role", "officer", "--ministry", "msit", "--password-stdin").exit_code == 0
    unknown = kpi("add", "lee", "--role", "officer", "--ministry", "mist", "--password-stdin")
    assert (unknown.exit_code, 'there is no "mist". Known: msit' in unknown.stderr) == (2, True)
    assert "already" in kpi("add", "kim", "--role", "auditor", "--password-stdin").stderr
    assert "12 characters" in kpi("add", "lee", "--role", "auditor", "--password-stdin", typed="short\n").stderr
    assert kpi("role", "kim", "reviewer").stdout == "kim: reviewer\n"
    assert kpi("disable", "kim").stdout == "kim: reviewer (disabled)\n"
    assert kpi("list").stdout == "kim\treviewer\t-\tdisabled\tkim\n"
    assert "no such account" in kpi("disable", "nobody").stderr
    for name, told in (
        ("a\nb", "U+000A cannot stand there"),
        ("kim ", "a blank or a line break at its beginning or end"),
        ("kirn", 'could be taken for "kim"'),
        ("a b", "U+0020 cannot stand there"),
        ("operator", "the audit log uses itself"),
        ("k" * 61, "more than 60 characters"),
    ):
        refused = kpi("add", name, "--role", "auditor", "--password-stdin")
        assert (refused.exit_code, told in refused.stderr) == (2, True), refused.stderr
    assert kpi("list").stdout.count("\n") == 1
    assert kpi("forget", "kim").stdout == "kim: 0 forgotten\n"
    assert "no such account" in kpi("forget", "nobody").stderr
    assert kpi("add", "Choi", "--role", "auditor", "--password-stdin").stdout == "choi: auditor\n"
    monkeypatch.setenv("KPI_PASSWORD", "from the environment")
    assert kpi("add", "park", "--role", "auditor", typed="").stdout == "park: auditor\n"
