"""A hundred kills in the middle of submit and of approve: no acknowledged receipt is lost, no state is without its audit row."""

import os
import random
import signal
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from ledger_world import REGISTRY, Clock, Desk, figures, populated
from sqlalchemy import insert, select, text

from loaders.ledger import commands as say
from loaders.ledger import service
from loaders.ledger.rows import read_submissions
from loaders.ledger.store import FILE, open_ledger
from loaders.ledger.tables import audit, decisions, drafts, receipts, versions
from loaders.ledger.whole_file import submit_file

KILLS = 100
MOST = 12
"""What a child does at most before it is killed, however fast the machine: a hundred of them fit the periods."""
dice = random.Random(20261128)
PERIODS = [f"{year}-{month:02d}" for year in range(1901, 2025) for month in range(1, 13)]


def killed(job, within=0.02):
    """Run ``job(acknowledge)`` in a child and kill it at a random moment; what it had acknowledged.

    ``within`` seconds after its first acknowledgement.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        try:
            job(lambda text: os.write(writer, f"{text}\n".encode()))
        finally:
            os._exit(0)
    os.close(writer)
    acknowledged = b""
    while b"\n" not in acknowledged:  # it has begun to work
        part = os.read(reader, 65536)
        if not part:
            break
        acknowledged += part
    time.sleep(dice.random() * within)
    os.kill(child, signal.SIGKILL)
    while part := os.read(reader, 65536):
        acknowledged += part
    os.close(reader)
    os.waitpid(child, 0)
    return acknowledged.decode().split("\n")[:-1]


@pytest.fixture
def path(tmp_path, sqlite_ledger):
    sqlite_ledger.close()
    return f"sqlite:///{tmp_path / FILE}"


def opened(path):
    return open_ledger(path, Clock(datetime(2026, 11, 23, 3, tzinfo=UTC), timedelta(microseconds=1)))


def sound(path):
    """The database is whole, and every receipt has its audit row."""
    ledger = opened(path)
    with ledger.read() as connection:
        assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
        proofs = connection.execute(select(receipts.c.number, receipts.c.idempotency_key)).all()
        rows = connection.execute(select(audit.c.seq)).all()
    assert len(proofs) == len(rows)
    counts = Desk(ledger).count(versions), Desk(ledger).count(decisions), Desk(ledger).count(drafts)
    ledger.close()
    return {row.number for row in proofs}, {row.idempotency_key for row in proofs}, counts


def test_a_hundred_kills_in_submit(path):
    given, place = [], 0
    for _ in range(KILLS):
        first = place

        def job(acknowledge, first=first):
            ledger = opened(path)
            for n, period in enumerate(PERIODS[first : first + MOST], first):
                command = say.Submit("unicorns", period, figures())
                acknowledge(service.submit(ledger, REGISTRY, "officer", command, f"k{n}", 0).number)

        found = killed(job)
        given += found
        place = first + len(found) + 1  # the one in flight may or may not be there
    numbers, keys, (made, *_) = sound(path)
    assert len(given) >= KILLS
    assert set(given) <= numbers, "an acknowledged receipt is lost"
    assert made == len(numbers)
    # Whoever was not told sends it again: it is there once, whether it had been written or not.
    ledger = opened(path)
    again = [n for n in range(place) if f"k{n}" not in keys]
    for n in range(place):
        service.submit(ledger, REGISTRY, "officer", say.Submit("unicorns", PERIODS[n], figures()), f"k{n}", 0)
    assert Desk(ledger).count(versions) == place
    assert len(again) + len(numbers) == place
    ledger.close()


def test_a_hundred_kills_in_approve(path):
    ledger = opened(path)
    count = 1400
    for n in range(count):
        service.submit(ledger, REGISTRY, "officer", say.Submit("unicorns", PERIODS[n], figures()), f"s{n}", 0)
    with ledger.read() as connection:
        digest = read_submissions(connection)[0].latest.digest
    release = ledger.clock() + timedelta(days=1)
    ledger.close()
    given, place = [], 0
    for _ in range(KILLS):
        first = place

        def job(acknowledge, first=first):
            own = opened(path)
            for n in range(first, min(first + MOST, count)):
                command = say.Approve(n + 1, digest, release)
                acknowledge(service.approve(own, REGISTRY, "reviewer", command, f"a{n}", 1).number)

        found = killed(job)
        given += found
        place = first + len(found) + 1
    numbers, _, (made, decided, _) = sound(path)
    assert len(given) >= KILLS
    assert set(given) <= numbers
    assert decided + made == len(numbers)
    last = opened(path)
    with last.read() as connection:
        found = read_submissions(connection)
    assert all((one.latest.decision is None) == (one.latest.release_at is None) for one in found), (
        "approval and release"
    )
    last.close()


ROWS, FILES = 24, 40


def file_rows(number):
    """The rows of one file, each with the key that it keeps when the file is sent again."""
    return [
        (f"f{number}:{place}", say.Submit("unicorns", period, figures(str(place))), 0)
        for place, period in enumerate(PERIODS[number * ROWS : number * ROWS + ROWS])
    ]


def sent(address, hand_in, first, within):
    """Files handed in one after the other until the kill; numbers of those that were acknowledged."""

    def job(acknowledge):
        ledger = opened(address)
        Desk(ledger).count(versions)
        acknowledge("begun")
        for number in range(first, FILES):
            hand_in(ledger, file_rows(number))
            acknowledge(str(number))

    return [int(text) for text in killed(job, within)[1:]]


def whole_file(ledger, rows):
    return submit_file(ledger, REGISTRY, "officer", rows)


def row_by_row(ledger, rows):
    return [service.submit(ledger, REGISTRY, "officer", command, key, seen) for key, command, seen in rows]


def rows_in(address):
    """How many rows of each file are on record; each has its audit row and its receipt."""
    ledger = opened(address)
    with ledger.read() as connection:
        keys = connection.execute(select(receipts.c.idempotency_key)).scalars().all()
        assert len(keys) == Desk(ledger).count(versions) == Desk(ledger).count(audit)
    ledger.close()
    return Counter(int(key[1:].split(":")[0]) for key in keys)


def test_kills_in_the_middle_of_a_file_leave_all_of_it_or_nothing(address, clock):
    populated(open_ledger(address, clock)).close()
    ledger = opened(address)
    begun = time.monotonic()
    whole_file(ledger, file_rows(0))
    one = time.monotonic() - begun
    ledger.close()
    found, acknowledged, kills = Counter({0: ROWS}), 1, 0
    while kills < 25 and len(found) < FILES:
        done = sent(address, whole_file, len(found), 2 * one)
        found, kills, acknowledged = rows_in(address), kills + 1, acknowledged + len(done)
        assert [number for number, rows in found.items() if rows != ROWS] == [], "half a file"
        assert set(done) <= set(found), "an acknowledged file is lost"
    # Whoever was not told sends it again: all of it is there once.
    ledger = opened(address)
    for number in range(FILES):
        again = whole_file(ledger, file_rows(number))
        assert [one.repeated for one in again] == [number in found] * ROWS
    assert Desk(ledger).count(versions) == FILES * ROWS
    ledger.close()


def test_row_by_row_a_kill_leaves_half_a_file(path):
    """The control: one transaction a row, as many receipts, and files that are half in."""
    for trial in range(60):
        sent(path, row_by_row, trial % FILES, 0.1)
        if any(rows != ROWS for rows in rows_in(path).values()):
            return
    raise AssertionError("sixty kills and never inside a file")


def test_state_and_audit_in_two_transactions_break(path):
    """The control: written one after the other, a kill in between leaves a state without its audit row."""
    torn = 0
    for n in range(60):

        def job(acknowledge, n=n):
            ledger = opened(path)
            acknowledge("begun")
            for k in range(200):
                with ledger.write() as connection:
                    row = {"id": 1000 * n + k + 1, "target": "x", "indicator": f"{n}", "scope": "x", "period": f"{k}"}
                    row |= {"ministry": "x", "opened_by": "officer", "opened_at": "t"}
                    from loaders.ledger.tables import submissions

                    connection.execute(insert(submissions).values(row))
                with ledger.write() as connection:
                    from loaders.ledger import chain

                    chain.append(connection, "t", "officer", "careless", f"{n}-{k}", {})

        killed(job)
        ledger = opened(path)
        with ledger.read() as connection:
            states = connection.execute(text("SELECT count(*) FROM submission")).scalar_one()
            told = connection.execute(text("SELECT count(*) FROM audit WHERE action = 'careless'")).scalar_one()
        ledger.close()
        torn = states - told
        if torn:
            break
    assert torn, "sixty kills and never in between"
