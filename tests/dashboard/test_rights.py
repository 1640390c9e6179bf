"""The public half as a user who may only read, or not even that; on a disk that takes nothing."""

import asyncio
import contextlib
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from builders import a_data_folder, a_target, row
from ledger_world import PEOPLE, Desk
from sqlalchemy import insert
from starlette.requests import Request

from dashboard import context, desk, open_data
from dashboard.cli import DEFAULT_DATA
from dashboard.desk import Mode
from dashboard.health import health
from loaders.ledger.store import FILE
from loaders.ledger.tables import accounts
from loaders.registry import load_registry

CANARY = "918273645"
SERIES = "{indicator: unicorns, frequency: annual, release_lag_days: 60, grace_days: 30}"
NOBODY = 65534


@contextlib.contextmanager
def as_somebody_else():
    """Root may read everything: there, another user's rights for a while."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def folder(monkeypatch):
    """A data folder that everybody reaches, whose desk released a value and wrote a snapshot."""
    monkeypatch.delenv(desk.DATABASE, raising=False)
    with tempfile.TemporaryDirectory(prefix="kpi-rights-") as place:
        Path(place).chmod(0o755)
        data = a_data_folder(
            Path(place) / "data", a_target("unicorns", lead="msit", series=SERIES), rows=(row("unicorns", "2024", "5"),)
        )
        monkeypatch.setenv(context.SNAPSHOT, str(Path(place) / "shared" / "snapshot.json"))
        desk.open_desk(data)
        ledger = desk.ledger()
        with ledger.write() as connection:
            for name, (role, ministry, disabled) in PEOPLE.items():
                who = {"id": name, "name": name, "role": role, "ministry": ministry, "disabled": disabled, "epoch": 1}
                connection.execute(insert(accounts).values(who | {"created_at": ledger.now()}))
        people = Desk(ledger, load_registry(data)[0])
        people.submit(period="2025", value=CANARY)
        people.approve(release_at=ledger.clock())
        context.use_folder(data)
        context.start()
        download(), health()  # everything that has to be imported is, before the rights are given up
        context.stop()
        desk.close_desk()
        yield data
        context.use_folder(DEFAULT_DATA)
        desk.close_desk()
        for path in [data, *data.rglob("*")]:
            if path.is_dir():
                path.chmod(0o755)


def download() -> str:
    scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": b""}
    answer = asyncio.run(open_data.download(Request(scope | {"path_params": {"name": "observations.csv"}})))
    assert answer.status_code == 200
    return answer.body.decode("utf-8-sig")


@contextlib.contextmanager
def public(folder):
    """The public half as somebody else."""
    desk.open_desk(folder, Mode.PUBLIC)
    context.use_folder(folder)
    with as_somebody_else():
        context.start()
        try:
            yield
        finally:
            context.stop()


def test_who_may_only_read_is_shown_everything(folder):
    before = sorted(path.name for path in folder.rglob("*"))
    for path in [*folder.rglob("*"), folder, folder.parent / "shared"]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    with public(folder):
        assert CANARY in download()
        body, status = health()
        assert (body["targets"], status) == (1, 200)
    assert sorted(path.name for path in folder.rglob("*") if not path.name.endswith(("-shm", "-wal"))) == before


def test_who_may_not_open_the_ledger_follows_the_desk(folder):
    (folder / FILE).chmod(0o600)
    (folder / FILE.parent).chmod(0o700)
    with public(folder):
        assert CANARY in download()
        body, status = health()
        assert (body["status"], body["ledger"]["followed"], status) == ("ok", True, 200)


def test_with_neither_ledger_nor_snapshot_it_says_that_nothing_was_verified(folder):
    """The control: it was the snapshot that held the value."""
    (folder / FILE.parent).chmod(0o700)
    shutil.rmtree(folder.parent / "shared")
    with public(folder):
        assert CANARY not in download()
        body, status = health()
        assert (body["status"], body["ledger"]["code"], body["ledger"]["verified"]) == ("degraded", "unreadable", None)
        assert (body["snapshot"], status) == ("memory", 200)


def test_a_registry_that_may_not_be_read_comes_from_the_snapshot(folder):
    (folder / "targets.yaml").chmod(0o600)
    (folder / "actuals").chmod(0o700)
    with public(folder):
        assert CANARY in download()
        assert ",2024,5," in download()
        body, status = health()
        assert (body["status"], body["files"]["code"], body["targets"], status) == ("degraded", "unreadable", 1, 200)
