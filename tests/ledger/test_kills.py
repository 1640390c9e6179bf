"""A hundred kills in the middle of submit and of approve: no acknowledged receipt is lost, no state is without its audit row."""

import os
import random
import signal
import time
from datetime import UTC, datetime, timedelta

import pytest
from ledger_world import REGISTRY, Clock, Desk, figures
from sqlalchemy import insert, select, text

from loaders.ledger import commands as say
from loaders.ledger import service
from loaders.ledger.rows import read_submissions
from loaders.ledger.store import FILE, open_ledger
from loaders.ledger.tables import audit, decisions, drafts, receipts, versions

KILLS = 100
MOST = 12
"""What a child does at most before it is killed, however fast the machine: a hundred of them fit the periods."""
dice = random.Random(20261128)
PERIODS = [f"{year}-{month:02d}" for year in range(1901, 2025) for month in range(1, 13)]


def killed(job):
    """Run ``job(acknowledge)`` in a child and kill it at a random moment; what it had acknowledged."""
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
    time.sleep(dice.random() * 0.02)
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
