"""Guesses at passwords: how many are tried, whom they keep out, and what they leave behind; on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count

import pytest
from ledger_world import Clock
from sqlalchemy import func, insert, select, update

from loaders.ledger import browsers, refusals, throttle
from loaders.ledger import sign_in as door
from loaders.ledger.accounts import change_account, forget_browsers, session_account
from loaders.ledger.errors import AccountError
from loaders.ledger.sign_in import Visit, sign_in
from loaders.ledger.tables import accounts, audit, denials, known_browsers, sign_in_failures

PASSWORD = "correct horse battery"
HOME, ELSEWHERE = "203.0.113.7", "198.51.100.9"


@pytest.fixture
def clock(clock):
    return Clock(clock.now, timedelta(milliseconds=1))


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Passwords compared without argon2: it is the counting that is looked at. The passwords tried, in order."""
    tried = []

    def matches(held, password):
        tried.append(password)
        return held is not None and password == PASSWORD

    monkeypatch.setattr(door, "matches", matches)
    return tried


def with_password(ledger, *names):
    with ledger.write() as connection:
        connection.execute(update(accounts).where(accounts.c.id.in_(names)).values(password="held"))
    return ledger


@pytest.fixture
def both(ledger):
    return with_password(ledger, "officer", "lead", "gone")


@pytest.fixture
def ledger_(sqlite_ledger):
    return with_password(sqlite_ledger, "officer", "lead", "gone")


def code(ledger, name="officer", password="wrong password", address=HOME, known=()):
    try:
        sign_in(ledger, name, password, Visit(address, tuple(known)))
    except AccountError as refused:
        return refused.code
    return "in"


def known_browser(ledger, name="officer", token="a browser's token", address=HOME, known=()):
    sign_in(ledger, name, PASSWORD, Visit(address, tuple(known), token))
    return token


def rows_of(ledger, table, *columns):
    with ledger.read() as connection:
        return [tuple(row) for row in connection.execute(select(*(table.c[name] for name in columns)))]


def test_five_failures_lock_one_address_for_a_quarter_of_an_hour(both, clock):
    assert [code(both) for _ in range(6)] == ["refused"] * 5 + ["locked"]
    assert code(both, password=PASSWORD) == "locked", "even the right one, from there"
    clock.now += throttle.WINDOW
    assert code(both, password=PASSWORD) == "in"


def test_whoever_guesses_does_not_keep_the_owner_out(both):
    for _ in range(20):
        code(both, address=ELSEWHERE)
    assert code(both, password=PASSWORD, address=HOME) == "in"


def test_a_lock_without_the_address_would_keep_the_owner_out(both, monkeypatch):
    """Control: every peer counted as one."""
    monkeypatch.setattr(throttle, "network_of", lambda address: "anywhere")
    for _ in range(5):
        code(both, address=ELSEWHERE)
    assert code(both, password=PASSWORD, address=HOME) == "locked"


def test_the_owners_browser_gets_through_a_lock_of_its_own_address_and_name(both):
    token = known_browser(both)
    for _ in range(5):
        code(both)
    assert code(both, password=PASSWORD) == "locked"
    assert code(both, password=PASSWORD, known=["another token"]) == "locked"
    assert code(both, password=PASSWORD, known=["x", token]) == "in"


def test_and_through_guesses_from_everywhere(ledger_, clock):
    token = known_browser(ledger_)
    for number in range(200):
        code(ledger_, address=f"198.51.100.{number}")
        clock.now += timedelta(seconds=1)
    assert code(ledger_, password=PASSWORD, address="192.0.2.1") == "wait"
    assert code(ledger_, password=PASSWORD, known=[token]) == "in"


def test_a_known_browser_has_five_failures_of_its_own(both):
    token = known_browser(both)
    told = [code(both, known=[token]) for _ in range(11)]
    assert told == ["refused"] * 10 + ["locked"], "five as the browser, five more as its address"


def test_a_browser_is_known_for_one_account_only(both):
    token = known_browser(both, "lead")
    for _ in range(5):
        code(both)
    assert code(both, password=PASSWORD, known=[token]) == "locked"


def test_each_sign_in_gives_the_browser_another_token(both):
    first = known_browser(both, token="first")
    second = known_browser(both, token="second", known=[first])
    kept = rows_of(both, known_browsers, "token_hash", "account")
    assert len(kept) == 1
    assert second not in kept[0][0], "only the hash is kept"
    for _ in range(5):
        code(both)
    assert code(both, password=PASSWORD, known=[first]) == "locked"
    assert code(both, password=PASSWORD, known=[second]) == "in"


@pytest.mark.parametrize("end", ["password", "disabled", "forgotten", "late"])
def test_known_browsers_can_be_called_back(both, clock, end):
    token = known_browser(both)
    if end == "forgotten":
        assert forget_browsers(both, "officer", "admin") == 1
    elif end == "late":
        clock.now += browsers.KEPT
    else:
        change_account(
            both, "officer", **({"password": "another long one"} if end == "password" else {"disabled": True})
        )
    with both.read() as connection:
        assert browsers.known_by(connection, "officer", [token], clock()) is None


def test_an_account_is_known_by_ten_browsers_at_most(ledger_, clock):
    for number in range(browsers.MOST + 3):
        known_browser(ledger_, token=f"browser {number}")
    with ledger_.read() as connection:
        known = [
            n for n in range(browsers.MOST + 3) if browsers.known_by(connection, "officer", [f"browser {n}"], clock())
        ]
    assert known == list(range(3, browsers.MOST + 3))


def test_many_at_once_get_no_more_than_five(both, quick):
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda number: code(both, password=f"guess {number}"), range(20)))
    assert len(quick) == throttle.MOST_FAILURES
    assert told.count("locked") == 20 - throttle.MOST_FAILURES


def test_a_success_starts_the_count_of_its_address_anew_and_of_no_other(both):
    for _ in range(4):
        code(both)
        code(both, address=ELSEWHERE)
    assert code(both, password=PASSWORD) == "in"
    assert [code(both) for _ in range(2)] == ["refused"] * 2
    assert [code(both, address=ELSEWHERE) for _ in range(2)] == ["refused", "locked"]


@pytest.mark.parametrize("name", ["nobody", "officer", "OFFICER", "gone"])
def test_every_name_is_answered_alike(both, clock, name):
    told = [code(both, name) for _ in range(6)]
    told += [code(both, name, address=f"192.0.2.{number // 5}") for number in range(12)]
    assert told == ["refused"] * 5 + ["locked"] + ["refused"] * 5 + ["wait"] * 7


def test_forms_of_one_name_are_counted_together(both):
    told = [code(both, name) for name in ("officer", "Officer", "ｏｆｆｉｃｅｒ", " officer", "OFFICER ", "officer")]
    assert told == ["refused"] * 5 + ["locked"]


def test_a_new_password_pardons_what_was_guessed_at_the_old_one(both):
    for number in range(15):
        code(both, address=f"192.0.2.{number // 5}")
    assert code(both, password=PASSWORD, address=ELSEWHERE) == "wait"
    change_account(both, "officer", password="another long one")
    assert code(both, address=ELSEWHERE) == "refused"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
        ("203.0.113.7", "203.0.113.8", False),
        ("", "", True),
    ],
)
def test_what_counts_as_one_address(one, other, same):
    assert (throttle.network_of(one) == throttle.network_of(other)) is same


def guesses(ledger, clock, quick, seconds, step, address, name=lambda number: "officer"):
    """Passwords tried within ``seconds`` by somebody who asks every ``step`` seconds."""
    before = len(quick)
    for number in range(int(seconds / step)):
        code(ledger, name(number), address=address(number))
        clock.now += timedelta(seconds=step)
    return len(quick) - before


def test_guesses_an_hour_at_one_name_from_one_address(ledger_, clock, quick):
    assert guesses(ledger_, clock, quick, 3600, 5, lambda _: HOME) == 20


def test_guesses_an_hour_at_all_names_from_one_address(ledger_, clock, quick):
    assert guesses(ledger_, clock, quick, 3600, 5, lambda _: HOME, lambda number: f"name {number}") == 200


def test_guesses_an_hour_at_one_name_from_everywhere(ledger_, clock, quick):
    address = (f"2001:db8:{number // 60000}:{number % 60000:x}::1" for number in count())
    first = guesses(ledger_, clock, quick, 3600, 2, lambda _: next(address))
    later = guesses(ledger_, clock, quick, 3600, 2, lambda _: next(address))
    assert (first, later) == (74, 60)


def test_without_the_wait_they_would_not_be_bounded(ledger_, clock, quick, monkeypatch):
    """Control: every address tries its own."""
    monkeypatch.setattr(throttle, "_wait", lambda *_: 0)
    assert guesses(ledger_, clock, quick, 600, 2, lambda number: f"2001:db8:0:{number:x}::1") == 300


def test_without_counting_by_address_neither(ledger_, clock, quick, monkeypatch):
    """Control: a lock that never closes."""
    monkeypatch.setattr(throttle, "MOST_FAILURES", 10**6)
    monkeypatch.setattr(throttle, "MOST_OF_ADDRESS", 10**6)
    assert guesses(ledger_, clock, quick, 3600, 5, lambda _: HOME) > 20


def test_the_wait_grows_and_is_told(ledger_, clock):
    waits, address = [], count()
    for _ in range(18):
        while True:
            try:
                sign_in(ledger_, "officer", "wrong", Visit(f"2001:db8:0:{next(address):x}::1"))
            except AccountError as refused:
                if refused.code == "refused":
                    break
                waits.append(refused.parameters["seconds"])
                clock.now += timedelta(seconds=refused.parameters["seconds"])
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]


def test_everybody_together_is_bounded_too(ledger_, monkeypatch):
    monkeypatch.setattr(throttle, "MOST_A_MINUTE", 30)
    told = [code(ledger_, f"name {number}", address=f"2001:db8:0:{number:x}::1") for number in range(40)]
    assert told == ["refused"] * 30 + ["wait"] * 10
    assert code(ledger_, "lead", PASSWORD) == "wait"


def test_counts_are_forgotten_when_no_rule_looks_at_them(ledger_, clock):
    for number in range(30):
        code(ledger_, f"name {number}", address=f"192.0.2.{number}")
    clock.now += throttle.LONG_WINDOW
    code(ledger_)
    assert len(rows_of(ledger_, sign_in_failures, "id")) == 1


def test_no_name_that_was_typed_is_kept(both):
    for name in ("officer", "my secret password"):
        code(both, name)
    assert sorted(rows_of(both, denials, "actor", "action", "subject", "address", "count")) == [
        ("", "sign_in", "", HOME, 1),
        ("officer", "sign_in", "", HOME, 1),
    ]
    held = str(rows_of(both, sign_in_failures, *sign_in_failures.c.keys()))
    assert "officer" not in held
    assert "secret" not in held


def test_a_flood_of_refusals_is_summed_and_leaves_the_chain_alone(both, clock):
    before = rows_of(both, audit, "hash")
    clock.now = clock.now.replace(minute=0, second=0)
    for _ in range(500):
        code(both)
        clock.now += timedelta(milliseconds=100)
    clock.now += refusals.FLUSH
    code(both)
    told = rows_of(both, denials, "minute", "actor", "action", "address")
    counted = dict(zip([row[2] for row in told], [row[0] for row in rows_of(both, denials, "count")], strict=True))
    assert len(told) <= 3, "two minutes at most"
    assert counted["sign_in"] == 5
    assert sum(row[0] for row in rows_of(both, denials, "count")) == 501
    assert rows_of(both, audit, "hash") == before


def test_a_flood_does_not_write(ledger_, monkeypatch):
    for _ in range(6):
        code(ledger_)
    writes = []
    original = type(ledger_).write
    monkeypatch.setattr(type(ledger_), "write", lambda self: writes.append(1) or original(self))
    for _ in range(300):
        assert code(ledger_) == "locked"
    assert len(writes) == 0, "all within ten seconds"


def test_writing_each_refusal_would(ledger_, monkeypatch):
    """Control."""
    monkeypatch.setattr(refusals, "FLUSH", timedelta(0))
    for _ in range(6):
        code(ledger_)
    writes = []
    original = type(ledger_).write
    monkeypatch.setattr(type(ledger_), "write", lambda self: writes.append(1) or original(self))
    for _ in range(30):
        code(ledger_)
    assert len(writes) == 30


def refuse_all(ledger, clock, refused):
    with ledger.write() as connection:
        for one in refused:
            refusals.refuse(connection, clock(), one)


def test_the_rows_of_a_minute_are_bounded(both, clock, monkeypatch):
    monkeypatch.setattr(refusals, "MOST_A_MINUTE", 20)
    clock.now = clock.now.replace(second=1)
    refuse_all(both, clock, [("officer", "submit", f"target {number}", "") for number in range(100)])
    told = rows_of(both, denials, "actor", "count")
    assert len(told) == 21
    assert sum(row[1] for row in told) == 100
    assert ("*", 80) in told


def test_the_rows_altogether_are_bounded_and_end_in_time(both, clock, monkeypatch):
    monkeypatch.setattr(refusals, "MOST_A_MINUTE", 10)
    monkeypatch.setattr(refusals, "MOST_ROWS", 100)
    most = 0
    for _ in range(40):
        refuse_all(both, clock, [("officer", "submit", f"target {number}", "") for number in range(10)])
        clock.now += timedelta(minutes=1)
        most = max(most, len(rows_of(both, denials, "minute")))
    assert 50 < most <= 100
    clock.now += refusals.KEPT
    refuse_all(both, clock, [("officer", "submit", "late", "")])
    assert rows_of(both, denials, "subject") == [("late",)]


def test_what_is_pruned_is_older_than_asked(both, clock):
    for _ in range(3):
        refuse_all(both, clock, [("officer", "submit", "x", "")])
        clock.now += timedelta(days=10)
    with both.write() as connection:
        assert refusals.prune(connection, clock.now - timedelta(days=15)) == 2
    assert len(rows_of(both, denials, "minute")) == 1


def test_a_repeated_refusal_is_one_row(both, clock):
    clock.now = clock.now.replace(second=1)
    refuse_all(both, clock, [("officer", "approve", "submission 1", "")] * 7)
    assert rows_of(both, denials, "count") == [(7,)]


def test_the_migration_sums_what_was_refused_before(address, clock):
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import text

    from loaders.ledger import migrate
    from loaders.ledger.store import open_ledger

    ledger = open_ledger(address, clock)
    config = Config()
    config.set_main_option("script_location", str(migrate.SCRIPTS))
    config.set_main_option("path_separator", "os")
    with ledger.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    with ledger.write() as connection:
        for second, subject in ((1, "a"), (2, "a"), (3, "b")):
            row = {"at": f"2026-11-23T03:00:0{second}.000000Z", "subject": subject}
            connection.execute(
                text("INSERT INTO denial (at, actor, action, subject) VALUES (:at, 'kim', 'submit', :subject)"), row
            )
    migrate.migrate(ledger)
    found = sorted(rows_of(ledger, denials, "minute", "actor", "action", "subject", "address", "count", "last_at"))
    ledger.close()
    assert found == [
        ("2026-11-23T03:00", "kim", "submit", "a", "", 2, "2026-11-23T03:00:02.000000Z"),
        ("2026-11-23T03:00", "kim", "submit", "b", "", 1, "2026-11-23T03:00:03.000000Z"),
    ]


def test_old_names_go_on_signing_in(both):
    with both.write() as connection:
        row = {"id": "Old Name", "name": "x", "role": "reviewer", "password": "held", "disabled": 0, "epoch": 1}
        connection.execute(insert(accounts).values(row | {"created_at": both.now()}))
    assert code(both, "Old Name", PASSWORD) == "in"
    token = sign_in(both, "OFFICER", PASSWORD)
    assert session_account(both, token).id == "officer"


def test_the_time_of_use_is_noted_only_where_nobody_has_to_wait(both, clock):
    from loaders.ledger.tables import sessions

    token = sign_in(both, "officer", PASSWORD)
    seen = rows_of(both, sessions, "seen_at")
    clock.now += timedelta(minutes=2)
    with both.write() as connection:  # somebody else is writing
        connection.execute(update(sessions).values(revoked_at=None))
        assert session_account(both, token).id == "officer"
    assert rows_of(both, sessions, "seen_at") == seen
    assert session_account(both, token).id == "officer"
    assert rows_of(both, sessions, "seen_at") > seen
    with both.engine.connect() as connection:
        if both.on_sqlite:
            assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one() == 5000
        else:
            assert connection.exec_driver_sql("SHOW lock_timeout").scalar_one() == "4s"
        connection.rollback()


def test_signing_out_without_a_session_writes_nothing(both, monkeypatch):
    from loaders.ledger.accounts import sign_out

    token = sign_in(both, "officer", PASSWORD)
    sign_out(both, token)
    monkeypatch.setattr(type(both), "write", None)
    for nothing in ("", "made up", token):
        sign_out(both, nothing)
    with both.read() as connection:
        ended = select(func.count()).select_from(audit).where(audit.c.action == "sign_out")
        assert connection.execute(ended).scalar_one() == 1
