"""A ledger with a history of everything, and somebody with the database's password who changes it."""

from __future__ import annotations

from datetime import timedelta

from ledger_world import Desk, figures
from sqlalchemy import delete, insert, select, text, update

from loaders.domain.policy import Role
from loaders.ledger import commands as say
from loaders.ledger import evidence, service
from loaders.ledger.accounts import change_account, open_session, sign_out
from loaders.ledger.tables import APPEND_ONLY, metadata

PERIODS = [f"{year}" for year in range(2012, 2026)]


def history(ledger, clock, folder):
    """Drafts, values with files, returns, withdrawals, corrections, releases set, stopped and moved, rounds, accounts."""
    desk = Desk(ledger)
    later = clock.now + timedelta(days=30)
    desk.do(service.open_round, "reviewer", say.OpenRound("r1", "하반기", clock.now, later))
    desk.do(service.open_round, "reviewer", say.OpenRound("r2", "다음", later, later + timedelta(days=30)))
    for number, period in enumerate(PERIODS, 1):
        draft = figures(f"{number}", note="초안".encode().decode())
        desk.do(service.save_draft, "officer", say.SaveDraft("unicorns", period, draft))
        file = evidence.keep(folder, f"minutes of {period}".encode())
        stated = figures(f"{number}", evidence=file, evidence_name=f"{period}.pdf")
        confirmed = {"ten_times": "사업 확대"} if number % 2 else {}
        desk.do(service.submit, "officer", say.Submit("unicorns", period, stated, confirmed))
        if number % 5 == 0:
            desk.send_back(number)
            desk.submit(period=period, expected=1, value=f"{number + 1}")
            desk.withdraw(number, expected=2)
            desk.do(service.confirm_unchanged, "officer", say.ConfirmUnchanged("unicorns", period, stated), 2)
            desk.approve(number, expected=3, release_at=clock.now)
        elif number % 3 == 0:
            desk.approve(number, release_at=later)
            desk.stop(number)
            desk.resume(number)
            desk.schedule(clock.now, number)
            desk.correct(f"{number + 2}", number)
            desk.approve(number, expected=2, actor="second", release_at=clock.now)
        else:
            desk.approve(number, release_at=clock.now)
    desk.do(service.close_round, "reviewer", say.CloseRound("r2"))
    change_account(ledger, "gone", disabled=False)
    change_account(ledger, "gone", role=Role.OFFICER, ministry="mss")
    sign_out(ledger, open_session(ledger, "officer"))
    return desk


def disarmed(ledger):
    """Drop what makes the database refuse: whoever can change rows can do that first."""
    with ledger.write() as connection:
        for table in APPEND_ONLY:
            if ledger.on_sqlite:
                for action in ("update", "delete"):
                    connection.exec_driver_sql(f"DROP TRIGGER {table}_no_{action}")
            else:
                for name in ("no_change", "no_truncate"):
                    connection.exec_driver_sql(f'DROP TRIGGER {table}_{name} ON "{table}"')


def change(ledger, table, key, **values):
    """Change the row of ``table`` whose primary key is ``key``."""
    (own,) = table.primary_key.columns
    with ledger.write() as connection:
        assert connection.execute(update(table).where(own == key).values(values)).rowcount == 1


def remove(ledger, table, key):
    """Remove a row, and nothing that points to it."""
    (own,) = table.primary_key.columns
    with careless(ledger) as connection:
        assert connection.execute(delete(table).where(own == key)).rowcount == 1


def careless(ledger):
    """A transaction in which no foreign key is looked at."""
    from contextlib import contextmanager

    @contextmanager
    def opened():
        if ledger.on_sqlite:
            with ledger.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
                try:
                    yield connection
                finally:
                    connection.exec_driver_sql("PRAGMA foreign_keys=ON")
        else:
            with ledger.write() as connection:
                connection.execute(text("SET LOCAL session_replication_role = replica"))
                yield connection

    return opened()


def keys(ledger, table):
    """Primary keys of all rows."""
    (own,) = table.primary_key.columns
    with ledger.read() as connection:
        return list(connection.execute(select(own).order_by(own)).scalars())


def cell(ledger, table, key, column):
    (own,) = table.primary_key.columns
    with ledger.read() as connection:
        return connection.execute(select(table.c[column]).where(own == key)).scalar_one()


def content(ledger):
    """All rows of all tables: an older copy of the database."""
    with ledger.read() as connection:
        return {
            table: [dict(row) for row in connection.execute(select(table)).mappings()]
            for table in metadata.sorted_tables
        }


def put_back(ledger, held):
    """Put an older copy in the place of what is there."""
    with careless(ledger) as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(delete(table))
        for table in metadata.sorted_tables:
            if held[table]:
                connection.execute(insert(table), held[table])
