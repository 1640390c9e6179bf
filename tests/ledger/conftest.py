"""The same contract on both databases: SQLite, and a real PostgreSQL that is started for the tests."""

from __future__ import annotations

import os
import tempfile
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import tampering
from ledger_world import REGISTRY, Clock, Desk, logged, populated
from serving import started_postgres
from sqlalchemy import text

from loaders.ledger.anchors import ANCHORS
from loaders.ledger.evidence import EVIDENCE
from loaders.ledger.store import FILE, open_ledger


@pytest.fixture(scope="session")
def postgres(tmp_path_factory):
    """Address of a PostgreSQL server: the one that KPI_TEST_POSTGRES_URL names, else one of our own."""
    given = os.environ.get("KPI_TEST_POSTGRES_URL")
    if given:
        yield given
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
    # Not below pytest's own folder: every other run of pytest closes that one to the server's user.
    with tempfile.TemporaryDirectory(prefix="kpi-pg-", ignore_cleanup_errors=True) as folder:
        server = started_postgres(Path(folder))
        yield server.get_uri()
        server.cleanup()


@contextmanager
def database(kind, folder, postgres):
    """A fresh, empty database of either kind; ``postgres`` gives the server's address."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / FILE}"
        return
    from sqlalchemy import create_engine
    from sqlalchemy.engine import make_url

    url = make_url(postgres()).set(drivername="postgresql+psycopg")
    name = f"kpi_{uuid.uuid4().hex}"
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    yield url.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    admin.dispose()


@pytest.fixture(params=["sqlite", "postgres"])
def address(request, tmp_path):
    """A fresh, empty database of either kind."""
    with database(request.param, tmp_path, lambda: request.getfixturevalue("postgres")) as found:
        yield found


@dataclass
class World:
    """A ledger with a history of everything and its triggers gone, as it was built; `folder` holds anchors and files."""

    desk: Desk
    folder: Path
    rows: dict
    files: dict[Path, bytes]

    @property
    def ledger(self):
        return self.desk.ledger

    def put_back(self):
        """Undo whatever was done to it."""
        tampering.put_back(self.desk.ledger, self.rows)
        for path, raw in self.files.items():
            path.write_bytes(raw)


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def built(request, tmp_path_factory):
    """The history, made once on either database: it is dear."""
    folder, clock = tmp_path_factory.mktemp("world"), Clock(datetime(2026, 11, 23, 3, tzinfo=UTC), timedelta(seconds=1))
    with database(request.param, folder, lambda: request.getfixturevalue("postgres")) as found:
        ledger = logged(open_ledger(found, clock, anchors=folder / ANCHORS))
        desk = tampering.history(ledger, clock, folder / EVIDENCE)
        tampering.disarmed(ledger)
        files = [folder / ANCHORS, *(folder / EVIDENCE).iterdir()]
        yield World(desk, folder, tampering.content(ledger), {path: path.read_bytes() for path in files})
        ledger.close()


@pytest.fixture
def world(built):
    """The history as it was built."""
    yield built
    built.put_back()


@pytest.fixture
def clock():
    return Clock(datetime(2026, 11, 23, 3, 0, tzinfo=UTC), timedelta(seconds=1))


@pytest.fixture
def ledger(address, clock):
    found = populated(open_ledger(address, clock))
    yield found
    found.close()


@pytest.fixture
def sqlite_ledger(tmp_path, clock):
    found = populated(open_ledger(f"sqlite:///{tmp_path / FILE}", clock))
    yield found
    found.close()


@pytest.fixture
def logged_ledger(tmp_path, clock):
    found = logged(open_ledger(f"sqlite:///{tmp_path / FILE}", clock))
    yield found
    found.close()


@pytest.fixture(scope="session")
def registry():
    return REGISTRY
