"""A database that is full, locked, away or that loses the answer: every write ends in one of three truths."""

import os
import subprocess
import threading
from datetime import timedelta

import pytest
from ledger_world import REGISTRY, Clock, Desk, figures, key, populated
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from loaders.ledger import acts, outcome, service
from loaders.ledger import commands as say
from loaders.ledger.errors import LedgerError, NotSavedError, UnknownOutcomeError, UnreadableLedgerError
from loaders.ledger.migrate import migrate
from loaders.ledger.store import open_ledger
from loaders.ledger.tables import audit, receipts, versions
from loaders.ledger.whole_file import submit_file

PERIODS = [f"{year}-{month:02d}" for year in range(1901, 2025) for month in range(1, 13)]
LONG = "가" * 2000


def whole(desk):
    """Rows, audit rows and receipts go together."""
    assert desk.count(versions) == desk.count(audit) == desk.count(receipts)
    return desk.count(versions)


def until_full(desk):
    """Submit until the database takes no more; how many were taken."""
    for place, period in enumerate(PERIODS):
        try:
            desk.do(service.submit, "officer", say.Submit("unicorns", period, figures(note=LONG)))
        except NotSavedError as error:
            assert (error.cause, type(error)) == ("full", NotSavedError)
            return place
    raise AssertionError("it never was full")


def test_a_full_database_takes_nothing_half_and_goes_on_when_there_is_room(sqlite_ledger):
    desk = Desk(sqlite_ledger)
    with sqlite_ledger.read() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()

    limit = {"pages": pages + 40}

    @event.listens_for(sqlite_ledger.engine, "checkout")
    def _limit(connection, *_):
        connection.execute(f"PRAGMA max_page_count={limit['pages']}")

    taken = until_full(desk)
    assert taken == whole(desk) > 0
    with pytest.raises(NotSavedError):
        submit_file(sqlite_ledger, REGISTRY, "officer", [
            (key(), say.Submit("robots", period, figures(note=LONG)), 0) for period in PERIODS[:24]
        ])  # fmt: skip
    assert whole(desk) == taken, "reads go on, and not one row of the file is in"
    limit["pages"] = 1_000_000
    desk.submit(target="robots")
    assert whole(desk) == taken + 1, "without a restart"


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 1.5 MB; taken away afterwards."""
    place = tmp_path / "small"
    place.mkdir()
    if (
        os.geteuid()
        or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1500k", "none", place], check=False).returncode
    ):
        pytest.skip("a tmpfs cannot be mounted here (root is missing); max_page_count stands for it")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def test_a_disk_that_is_really_full(small_disk, clock):
    ledger = populated(open_ledger(f"sqlite:///{small_disk / 'ledger.sqlite3'}", clock))
    desk = Desk(ledger)
    filler = small_disk / "filler"
    with filler.open("wb") as file:
        room = os.statvfs(small_disk)
        file.write(b"x" * (room.f_bavail * room.f_frsize - 200_000))
    taken = until_full(desk)
    assert taken == whole(desk)
    filler.unlink()
    desk.submit(target="robots")
    assert whole(desk) == taken + 1
    ledger.close()


def test_a_locked_database_says_so(ledger, address):
    desk = Desk(ledger)
    desk.submit()
    other = open_ledger(address)
    if ledger.on_sqlite:

        @event.listens_for(ledger.engine, "checkout")
        def _hurry(connection, *_):
            connection.execute("PRAGMA busy_timeout=50")

    else:

        @event.listens_for(ledger.engine, "checkout")
        def _hurry(connection, *_):
            connection.execute("SET lock_timeout = 50")
            connection.commit()

    with other.write(), pytest.raises(NotSavedError) as refused:
        desk.submit(target="robots")
    assert (refused.value.cause, type(refused.value)) == ("locked", NotSavedError)
    desk.submit(target="robots")
    assert whole(desk) == 2
    other.close()


def test_a_database_that_is_away(postgres, clock):
    away = open_ledger("postgresql://nobody@127.0.0.1:1/kpi", clock)
    with pytest.raises(NotSavedError) as refused:
        Desk(away).submit()
    assert (refused.value.cause, type(refused.value)) == ("away", NotSavedError)
    with pytest.raises(UnreadableLedgerError):
        Desk(away).count(versions)
    away.close()


def test_a_file_that_is_no_database(tmp_path, clock):
    (tmp_path / "x.sqlite3").write_bytes(b"garbage, and not a little of it " * 500)
    ledger = open_ledger(f"sqlite:///{tmp_path / 'x.sqlite3'}", clock)
    for attempt in (lambda: migrate(ledger), lambda: Desk(ledger).submit()):
        with pytest.raises(NotSavedError):
            attempt()
    ledger.close()


class Lost(Exception):
    """What the driver says when the connection goes away."""


def losing(ledger, monkeypatch, when, times=1):
    """COMMIT ends in an error ``before`` or ``after`` the database has taken it."""
    left = [times]
    whole_transaction = ledger._transaction

    from contextlib import contextmanager

    @contextmanager
    def transaction():
        with whole_transaction() as connection:
            yield connection
            if left[0] and when == "before":
                left[0] -= 1
                raise OperationalError("COMMIT", {}, Lost("server closed the connection unexpectedly"))
        if left[0] and when == "after":
            left[0] -= 1
            raise OperationalError("COMMIT", {}, Lost("server closed the connection unexpectedly"))

    monkeypatch.setattr(ledger, "_transaction", transaction)


def test_a_commit_whose_answer_was_lost_is_read_back(ledger, monkeypatch):
    desk, own = Desk(ledger), key()
    losing(ledger, monkeypatch, "after")
    command = say.Submit("unicorns", "2025", figures())
    receipt = desk.do(service.submit, "officer", command, 0, own)
    assert (receipt.repeated, whole(desk)) == (False, 1)
    assert desk.do(service.submit, "officer", command, 0, own).number == receipt.number
    assert whole(desk) == 1


def test_a_commit_that_did_not_happen_is_not_saved(ledger, monkeypatch):
    desk, own = Desk(ledger), key()
    losing(ledger, monkeypatch, "before")
    command = say.Submit("unicorns", "2025", figures())
    with pytest.raises(NotSavedError) as refused:
        desk.do(service.submit, "officer", command, 0, own)
    assert (type(refused.value), whole(desk)) == (NotSavedError, 0)
    assert desk.do(service.submit, "officer", command, 0, own).number
    assert whole(desk) == 1


def test_where_nobody_can_look_the_outcome_is_unknown_and_known_later(ledger, monkeypatch):
    desk, own = Desk(ledger), key()
    losing(ledger, monkeypatch, "after", times=2)  # the look under the writers' lock fails as well
    with pytest.raises(UnknownOutcomeError):
        desk.do(service.submit, "officer", say.Submit("unicorns", "2025", figures()), 0, own)
    (found,) = acts.receipts_of(ledger, "officer", [own])
    assert found.number == "R-2026-000001"
    assert acts.receipts_of(ledger, "officer", [key()]) is None
    assert acts.receipts_of(ledger, "colleague", [own]) is None, "another's key is no proof"


def test_a_file_whose_answer_was_lost_is_read_back_row_by_row(ledger, monkeypatch):
    losing(ledger, monkeypatch, "after")
    rows = [(key(), say.Submit("unicorns", period, figures()), 0) for period in PERIODS[:24]]
    assert [one.number for one in submit_file(ledger, REGISTRY, "officer", rows)] == [
        f"R-2026-{place:06d}" for place in range(1, 25)
    ]
    assert whole(Desk(ledger)) == 24


def test_the_look_waits_for_the_writer_whose_answer_was_lost(ledger):
    """Under the lock: a commit still on its way is not taken for one that never happened."""
    held, go = threading.Event(), threading.Event()

    def writer():
        with ledger.write() as connection:
            held.set()
            go.wait(30)
            connection.execute(text("SELECT 1"))

    thread = threading.Thread(target=writer)
    thread.start()
    held.wait(30)
    found = []
    looker = threading.Thread(target=lambda: found.append(acts.receipts_of(ledger, "officer", [key()])))
    looker.start()
    looker.join(0.2)
    assert looker.is_alive()
    assert found == []
    go.set()
    thread.join(30)
    looker.join(30)
    assert found == [None]


def test_a_refusal_stays_a_refusal_where_it_cannot_be_logged(ledger, monkeypatch):
    def full(*_):
        raise NotSavedError(cause="full")

    monkeypatch.setattr(acts, "insert", full)
    with pytest.raises(LedgerError, match="denied"):
        Desk(ledger).submit(actor="stranger")


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        ("database or disk is full", "full"),
        ('could not extend file "base/1": No space left on device', "full"),
        ("database is locked", "locked"),
        ("canceling statement due to lock timeout", "locked"),
        ("attempt to write a readonly database", "read_only"),
        ("cannot execute INSERT in a read-only transaction", "read_only"),
        ("disk I/O error", "away"),
        ("connection refused", "away"),
    ],
)
def test_why_in_a_word(said, cause):
    assert outcome.cause_of(OperationalError("x", {}, Lost(said))) == cause


def test_without_the_mapping_the_driver_speaks(sqlite_ledger, monkeypatch, clock):
    """The control: what a page would have to make sense of."""
    monkeypatch.setattr(outcome, "_failed", lambda _: False)
    away = open_ledger("postgresql://nobody@127.0.0.1:1/kpi", Clock(clock.now, timedelta(seconds=1)))
    with pytest.raises(OperationalError):
        Desk(away).submit()
    away.close()
