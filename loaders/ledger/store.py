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

from loaders.ledger import private
from loaders.ledger.clock import Clock, stamp, system_clock
from loaders.ledger.errors import LostError
from loaders.ledger.outcome import reading, saving

FILE = private.FOLDER / "ledger.sqlite3"
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
PATIENCE = 5.0
"""Seconds that a writer waits for a lock, and anybody for an answer."""
READ_PATIENCE = 1.0
"""The same for the public half, which has its snapshot to go on with."""
CONNECT_SECONDS = 2
"""libpq takes no less."""
_TIMEOUTS = "-c statement_timeout=5000 -c lock_timeout=4000 -c idle_in_transaction_session_timeout=10000"
_PATIENT = ("statement_timeout", "idle_in_transaction_session_timeout")


class Ledger:
    """An open ledger; safe to share between threads.

    An embedded ledger whose file was deleted or replaced is refused at the next reading and writing:
    SQLite itself would go on with a file that has no name any more, and all of it would be gone at the
    next start. ``stopped`` says how else the ledger is not the one it was (`loaders.ledger.identity`);
    while it is set, nothing is written.
    """

    def __init__(
        self, engine: Engine, clock: Clock = system_clock, anchors: Path | None = None, *, file: Path | None = None
    ) -> None:
        self.engine = engine
        self.clock = clock
        self.anchors = anchors
        """File that keeps the head of the audit chain after every release; None where nobody releases."""
        self.file = file
        self.stopped: str | None = None
        self._place = _place(file)
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
        LostError
            where the ledger is not the one that was opened.
        """
        if self.stopped is not None:
            raise LostError(how=self.stopped)
        with saving() as progress, self._transaction() as connection:
            yield connection
            progress.committing = True

    @contextmanager
    def read(self, *, patient: bool = False) -> Generator[Connection]:
        """A connection that sees one state, however much is written meanwhile, and writes nothing.

        ``patient``: for a look through everything, which takes longer than a page may wait.
        `UnreadableLedgerError` where the database fails.
        """
        with reading(), self._look(patient=patient) as connection:
            yield connection

    @contextmanager
    def _transaction(self) -> Generator[Connection]:
        if self.on_sqlite:
            with self._writing, self._connected() as connection:
                yield from _immediate(connection)
            self._same_file()  # a file that went away meanwhile has taken the transaction with it
        else:
            with self.engine.begin() as connection:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CHAIN_LOCK})
                yield connection

    @contextmanager
    def _look(self, *, patient: bool) -> Generator[Connection]:
        with self._connected() as connection:
            if self.on_sqlite:
                connection.exec_driver_sql("BEGIN")
            else:
                connection.execution_options(isolation_level="REPEATABLE READ")
                for name in _PATIENT if patient else ():
                    connection.exec_driver_sql(f"SET LOCAL {name} = '10min'")
            try:
                yield connection
            finally:
                connection.rollback()

    @contextmanager
    def _connected(self) -> Generator[Connection]:
        self._same_file()
        with self.engine.connect() as connection:
            if self._place is None:
                self._place = _place(self.file)
            yield connection

    def _same_file(self) -> None:
        """Refuse where the file is no longer the one that was opened; one `stat`."""
        if self._place is None:
            return
        now = _place(self.file)
        if now != self._place:
            raise LostError(how="missing" if now is None else "replaced")

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def _place(file: Path | None) -> tuple[int, int] | None:
    """Device and inode; None where there is no file."""
    if file is None:
        return None
    try:
        found = file.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


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


def open_ledger(
    address: str, clock: Clock = system_clock, *, read_only: bool = False, anchors: Path | None = None
) -> Ledger:
    """The ledger at a database address; the tables must exist (`migrate`)."""
    url = make_url(address)
    if url.get_backend_name() == "sqlite":
        path = Path(url.database or "")
        return Ledger(_sqlite(path, read_only=read_only), clock, anchors, file=path)
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    options: dict[str, Any] = {"options": _TIMEOUTS + (" -c default_transaction_read_only=on" if read_only else "")}
    options["connect_timeout"] = CONNECT_SECONDS
    waits = READ_PATIENCE if read_only else PATIENCE
    return Ledger(create_engine(url, pool_pre_ping=True, pool_timeout=waits, connect_args=options), clock, anchors)


def address_of(data: Path, configured: str | None) -> str:
    """The database of a data folder: the configured one, else the embedded file."""
    return configured or f"sqlite:///{data / FILE}"


def _sqlite(path: Path, *, read_only: bool) -> Engine:
    if not read_only:
        private.make_file(path)
        for beside in (path.with_name(f"{path.name}{end}") for end in ("-wal", "-shm")):
            if beside.exists():
                private.make_file(beside)
    # Never `rwc`: a connection made later must not put an empty database where the file has vanished.
    address = f"file:{quote(str(path))}?mode={'ro' if read_only else 'rw'}"

    def connect() -> sqlite3.Connection:
        # The driver's own transactions are off: BEGIN IMMEDIATE and COMMIT are said in `write`.
        return sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)

    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: Any) -> None:
        for pragma in _PRAGMAS[2:] if read_only else _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        if read_only:
            connection.execute(f"PRAGMA busy_timeout={int(1000 * READ_PATIENCE)}")

    return engine
