"""Where the ledger lives: SQLite in the data folder by default, PostgreSQL by address; one way to write to either.

SQLite writes with BEGIN IMMEDIATE behind one lock of the process, WAL and synchronous=FULL: an
acknowledged row survives a power cut. PostgreSQL serialises writers on one advisory lock, because
the audit chain has one end.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import QueuePool

from loaders.ledger.clock import Clock, stamp, system_clock
from loaders.ledger.outcome import reading, saving

FILE = Path("local") / "ledger.sqlite3"
"""The embedded database, below the data folder."""
_CHAIN_LOCK = 7_202_611
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "recursive_triggers=ON",
    "busy_timeout=5000",
    "trusted_schema=OFF",
)
_TIMEOUTS = "-c statement_timeout=5000 -c lock_timeout=4000 -c idle_in_transaction_session_timeout=10000"


class Ledger:
    """An open ledger; safe to share between threads."""

    def __init__(self, engine: Engine, clock: Clock = system_clock) -> None:
        self.engine = engine
        self.clock = clock
        self._writing = threading.Lock()

    @property
    def on_sqlite(self) -> bool:
        """True for the embedded database."""
        return self.engine.dialect.name == "sqlite"

    def now(self) -> str:
        """The present moment as stamped text."""
        return stamp(self.clock())

    @contextmanager
    def write(self) -> Generator[Connection]:
        """One transaction that no other writer overlaps; committed at the end, undone by any exception.

        Raises
        ------
        NotSavedError
            where the database fails before COMMIT; `UnknownOutcomeError` where it fails at COMMIT.
        """
        with saving() as progress, self._transaction() as connection:
            yield connection
            progress.committing = True

    @contextmanager
    def read(self) -> Generator[Connection]:
        """A connection that sees one state and writes nothing; `UnreadableLedgerError` where the database fails."""
        with reading(), self._look() as connection:
            yield connection

    @contextmanager
    def _transaction(self) -> Generator[Connection]:
        if self.on_sqlite:
            with self._writing, self.engine.connect() as connection:
                yield from _immediate(connection)
        else:
            with self.engine.begin() as connection:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CHAIN_LOCK})
                yield connection

    @contextmanager
    def _look(self) -> Generator[Connection]:
        with self.engine.connect() as connection:
            yield connection
            connection.rollback()

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def _immediate(connection: Connection) -> Generator[Connection]:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    try:
        yield connection
    except BaseException:
        # Where the disk is full, SQLite has rolled back by itself and would refuse to do it again.
        held = connection.connection.driver_connection
        if held is not None and held.in_transaction:
            connection.exec_driver_sql("ROLLBACK")
        raise
    connection.exec_driver_sql("COMMIT")


def open_ledger(address: str, clock: Clock = system_clock, *, read_only: bool = False) -> Ledger:
    """The ledger at a database address; the tables must exist (`migrate`)."""
    url = make_url(address)
    if url.get_backend_name() == "sqlite":
        return Ledger(_sqlite(Path(url.database or ""), read_only=read_only), clock)
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    options: dict[str, Any] = {"options": _TIMEOUTS + (" -c default_transaction_read_only=on" if read_only else "")}
    return Ledger(create_engine(url, pool_pre_ping=True, connect_args=options), clock)


def address_of(data: Path, configured: str | None) -> str:
    """The database of a data folder: the configured one, else the embedded file."""
    return configured or f"sqlite:///{data / FILE}"


def _sqlite(path: Path, *, read_only: bool) -> Engine:
    if not read_only:
        path.parent.mkdir(parents=True, exist_ok=True)
    address = f"file:{quote(str(path))}?mode={'ro' if read_only else 'rwc'}"

    def connect() -> sqlite3.Connection:
        # The driver's own transactions are off: BEGIN IMMEDIATE and COMMIT are said in `write`.
        return sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)

    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: Any) -> None:
        for pragma in _PRAGMAS[2:] if read_only else _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    return engine
