"""Nobody but the desk's own user can read the ledger and what belongs to it, whatever the umask was."""

import os
import stat

import pytest
from ledger_world import Desk, logged

from dashboard.auth.settings import PRODUCTION, keep_private
from dashboard.context import SNAPSHOT_FILE
from loaders.ledger import backup, evidence, private
from loaders.ledger.anchors import ANCHORS
from loaders.ledger.evidence import EVIDENCE
from loaders.ledger.store import FILE, open_ledger


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(params=[0o000, 0o022, 0o077], ids=lambda mask: f"umask {mask:03o}")
def umask(request):
    old = os.umask(request.param)
    yield
    os.umask(old)


@pytest.fixture
def data(tmp_path, clock, umask):
    """A data folder in which everything has been made once; the ledger is open, so that its log lies beside it."""
    folder = tmp_path / "data"
    folder.mkdir()
    ledger = logged(open_ledger(f"sqlite:///{folder / FILE}", clock, anchors=folder / ANCHORS))
    desk = Desk(ledger)
    evidence.keep(folder / EVIDENCE, b"minutes")
    desk.submit()
    desk.approve(release_at=clock.now)
    backup.backup(ledger, folder, tmp_path / "copies" / "monday.sqlite3")
    yield folder
    ledger.close()


def test_everything_is_made_for_its_owner_alone(data, tmp_path):
    local = data / private.FOLDER
    made = {path.name: mode(path) for path in local.rglob("*") if path.is_file()}
    assert {f"{FILE.name}{end}" for end in ("", "-wal", "-shm")} | {ANCHORS.name} < set(made)
    assert set(made.values()) == {0o600}
    assert {mode(path) for path in (local, data / EVIDENCE, tmp_path / "copies")} == {0o700}
    assert mode(tmp_path / "copies" / "monday.sqlite3") == 0o600
    assert private.wider(data) == []


def test_what_comes_back_from_a_backup_is_private_too(data, tmp_path):
    backup.restore(data, tmp_path / "copies" / "monday.sqlite3", data / FILE)
    assert mode(data / f"{FILE}.replaced") == 0o600
    assert private.wider(data) == []


@pytest.fixture
def opened_up(data):
    """The same as an earlier release left it, or a careless copy."""
    for path in (data / FILE, data / ANCHORS, data / EVIDENCE):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return data


def test_the_desk_closes_what_was_open_and_says_so(opened_up, caplog):
    assert keep_private(opened_up, {}) == []
    assert private.wider(opened_up) == []
    assert FILE.name in caplog.text or "evidence" in caplog.text
    caplog.clear()
    assert (keep_private(opened_up, {}), caplog.text) == ([], "")


def test_in_production_the_boot_refuses_and_says_what_to_run(opened_up):
    (told,) = keep_private(opened_up, {PRODUCTION: "1"})
    assert told.startswith("KPI_PRODUCTION: others than its owner may reach")
    assert mode(opened_up / FILE) == 0o644, "nothing is mended in silence there"
    command = told.partition("Run: ")[2]
    assert os.system(command) == 0
    assert keep_private(opened_up, {PRODUCTION: "1"}) == []


def test_the_server_does_not_start_with_an_open_ledger(opened_up, monkeypatch):
    from dashboard.auth.settings import SettingsError
    from dashboard.server import run

    monkeypatch.setenv(PRODUCTION, "1")
    monkeypatch.delenv("KPI_SIGN_IN", raising=False)
    with pytest.raises(SettingsError, match="chmod -R u=rwX,go="):
        run(opened_up)


def test_a_file_of_its_own_rights_would_be_open(tmp_path):
    """The control: this is what the database makes when nobody makes the file first."""
    import sqlite3
    from contextlib import closing

    old = os.umask(0o022)
    try:
        with closing(sqlite3.connect(tmp_path / "bare.sqlite3")) as bare:
            bare.execute("CREATE TABLE t (x)")
        assert mode(tmp_path / "bare.sqlite3") == 0o644
    finally:
        os.umask(old)


def test_what_is_public_there_stays_readable(data):
    """The snapshot holds nothing that has not been released, and the public half may run as another user."""
    snapshot = data / SNAPSHOT_FILE
    snapshot.write_text("{}", "utf-8")
    snapshot.chmod(0o644)
    assert private.tighten(data) == []
    assert mode(snapshot) == 0o644
    assert keep_private(data, {PRODUCTION: "1"}) == []
