"""Races: many writers, double clicks, two reviewers, a closing round. Each beside a careless variant that loses."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from ledger_world import Desk, at_once, figures, key
from sqlalchemy import insert, select, text

from loaders.ledger import commands as say
from loaders.ledger import service
from loaders.ledger.clock import day_in_korea
from loaders.ledger.errors import AlreadyDecidedError, ClosedError, LedgerError, StaleError, WrongStateError
from loaders.ledger.published import released
from loaders.ledger.rows import read_submission, read_submissions
from loaders.ledger.tables import audit, decisions, receipts, rounds, submissions, versions


def months(count):
    """So many periods that are over."""
    return [f"{year}-{month:02d}" for year in range(1901, 2025) for month in range(1, 13)][:count]


def test_twenty_writers_with_fifty_values_each(sqlite_ledger):
    desk = Desk(sqlite_ledger)
    periods = [f"{year}-{month:02d}" for year in range(1901, 1985) for month in range(1, 13)][:1000]

    def writer(place):
        return [desk.submit(period=period) for period in periods[place * 50 : place * 50 + 50]]

    with ThreadPoolExecutor(20) as pool:
        done = [receipt for batch in pool.map(writer, range(20)) for receipt in batch]
    assert len({receipt.number for receipt in done}) == 1000
    assert desk.count(versions) == desk.count(receipts) == desk.count(audit) == 1000
    from loaders.ledger import chain

    with sqlite_ledger.read() as connection:
        assert chain.verify(chain.rows(connection))[1] is None


def test_careless_writers_lose_rows(sqlite_ledger):
    """The control: without BEGIN IMMEDIATE and the process's lock, writers meet a locked database."""
    engine, failed, looked = sqlite_ledger.engine, [], threading.Barrier(10)

    def writer(place):
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout=0")
            connection.exec_driver_sql("BEGIN")
            connection.execute(select(rounds)).all()
            looked.wait()
            try:
                row = {"id": f"{place}", "name": "x", "opens_at": "a", "closes_at": "b"}
                connection.execute(insert(rounds).values(row))
                connection.exec_driver_sql("COMMIT")
            except Exception as error:
                failed.append(error)
                connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("PRAGMA busy_timeout=5000")

    at_once(*[lambda place=place: writer(place) for place in range(10)])
    assert len(failed) == 9, "what all looked at has changed for all but the first"


def test_ten_clicks_make_one_row(ledger):
    desk, own = Desk(ledger), key()
    command = say.Submit("unicorns", "2025", figures())
    out = at_once(*[lambda: desk.do(service.submit, "officer", command, 0, own)] * 10)
    assert len({receipt.number for receipt in out}) == 1
    assert sorted(receipt.repeated for receipt in out) == [False] + [True] * 9
    assert desk.count(versions) == desk.count(audit) == desk.count(receipts) == 1


def test_clicks_without_a_key_are_told_apart_from_repeats(ledger):
    """The control: with a new key for each click only the version seen keeps the other nine out."""
    desk = Desk(ledger)
    out = at_once(*[desk.submit] * 10)
    assert Counter(type(one).__name__ for one in out) == {"Receipt": 1, "StaleError": 9}


@pytest.mark.parametrize("count", [200])
def test_two_reviewers_decide_once(ledger, count):
    desk = Desk(ledger)
    for period in months(count):
        desk.submit(period=period)
    with ledger.read() as connection:
        digests = {one.id: one.latest.digest for one in read_submissions(connection)}
    for number in range(1, count + 1):
        digest = digests[number]
        out = at_once(
            lambda: desk.approve(submission=number, actor="reviewer", digest=digest),  # noqa: B023 (run at once)
            lambda: desk.send_back(submission=number, actor="second"),  # noqa: B023
        )
        lost = [one for one in out if isinstance(one, LedgerError)]
        assert [type(one) for one in lost] == [AlreadyDecidedError]
        assert lost[0].parameters["by"] in ("reviewer", "second")
    assert desk.count(decisions) == count
    assert desk.count(audit) == 2 * count


def test_careless_reviewers_decide_twice(sqlite_ledger):
    """The control: look first and write later, on two connections, without the rule of one decision."""
    with sqlite_ledger.write() as connection:
        connection.execute(text("CREATE TABLE careless (version INTEGER, kind TEXT)"))
    twice = 0
    for number in range(40):
        looked = threading.Barrier(2)

        def decide(kind, number=number, looked=looked):
            with sqlite_ledger.read() as connection:
                free = (
                    connection.execute(text("SELECT 1 FROM careless WHERE version = :v"), {"v": number}).first() is None
                )
            looked.wait()
            if free:
                with sqlite_ledger.write() as connection:
                    connection.execute(text("INSERT INTO careless VALUES (:v, :k)"), {"v": number, "k": kind})

        at_once(lambda: decide("approved"), lambda: decide("returned"))
        with sqlite_ledger.read() as connection:
            made = connection.execute(text("SELECT count(*) FROM careless WHERE version = :v"), {"v": number}).scalar()
        twice += made == 2
    assert twice == 40


def test_an_approval_never_takes_a_version_that_was_not_displayed(ledger):
    """The officer takes version 1 back and hands in version 2 while the reviewer approves version 1."""
    desk = Desk(ledger)
    for number, period in enumerate(months(60), 1):
        desk.submit(period=period, value="3")
        with ledger.read() as connection:
            seen = read_submission(connection, number).latest.digest

        def again(number=number, period=period):
            desk.withdraw(submission=number)
            return desk.submit(period=period, value="9", expected=1)

        out = at_once(
            lambda: desk.approve(submission=number, digest=seen),  # noqa: B023
            again,
        )
        with ledger.read() as connection:
            entries = read_submission(connection, number).entries
        approved = [one for one in entries if one.decision == "approved"]
        assert [one.figures.value for one in approved] in ([], ["3"])
        kinds = {type(one) for one in out if isinstance(one, Exception)}
        assert kinds <= {AlreadyDecidedError, StaleError, WrongStateError}
        # Approved first and taken back afterwards: both did what they wanted, and what was approved stays in.
        assert len(kinds) == 1 or (approved[0].hold, entries[-1].figures.value) == ("withdrawn", "9")
    assert released(ledger) == []


def test_nothing_is_taken_after_the_round_has_closed(ledger, clock):
    desk = Desk(ledger)
    for number in range(30):
        name, closes = f"r{number}", clock.now + timedelta(days=1)
        desk.do(service.open_round, "reviewer", say.OpenRound(name, name, clock.now, closes))
        period = months(30)[number]
        out = at_once(
            lambda: desk.submit(period=period),  # noqa: B023
            lambda: desk.do(service.close_round, "reviewer", say.CloseRound(name)),  # noqa: B023
        )
        assert all(not isinstance(one, Exception) or isinstance(one, ClosedError) for one in out), out
    with ledger.read() as connection:
        late = connection.execute(
            select(versions.c.id)
            .join(rounds, rounds.c.id == versions.c.round)
            .where(versions.c.submitted_at > rounds.c.closes_at)
        ).all()
    assert late == []


def test_receipts_are_numbered_without_gaps(ledger):
    desk = Desk(ledger)
    at_once(*[lambda period=period: desk.submit(period=period) for period in months(12)])
    with ledger.read() as connection:
        numbers = sorted(connection.execute(select(receipts.c.number)).scalars())
        assert connection.execute(select(submissions.c.id)).all()
    year = day_in_korea(ledger.now()).year
    assert numbers == [f"R-{year}-{n:06d}" for n in range(1, 13)]
