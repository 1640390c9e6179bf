"""A backup holds everything that was acknowledged, is verified before it counts, and comes back whole."""

import json
import shutil

import pytest
from click.testing import CliRunner
from ledger_world import PEOPLE, Desk

from dashboard.cli import main
from loaders.ledger import anchors, backup, proof
from loaders.ledger.backup import BackupError
from loaders.ledger.chain import Flaw
from loaders.ledger.store import FILE, open_ledger
from loaders.ledger.tables import versions


@pytest.fixture
def desk(logged_ledger):
    found = Desk(logged_ledger)
    for period in ("2022", "2023", "2024"):
        found.submit(period=period)
    return found


def test_a_backup_holds_what_was_acknowledged(desk, tmp_path):
    found = backup.backup(desk.ledger, tmp_path, tmp_path / "copy.sqlite3")
    assert (found.head.count, found.receipts, found.flaws) == (len(PEOPLE) + 1 + 3, 3, ())
    assert anchors.anchors(tmp_path) == [found.head]
    with pytest.raises(BackupError, match="exists"):
        backup.backup(desk.ledger, tmp_path, tmp_path / "copy.sqlite3")


def test_a_copy_of_the_file_alone_loses_rows(desk, tmp_path):
    """The control: what is still in the write-ahead log is not in the file."""
    shutil.copy(tmp_path / FILE, tmp_path / "bare.sqlite3")
    with pytest.raises(Exception, match=r"no such table|short|missing"):
        bare = open_ledger(f"sqlite:///{tmp_path / 'bare.sqlite3'}", read_only=True)
        assert Desk(bare).count(versions) == 3, "short"


def test_what_comes_back_is_what_was_there(desk, tmp_path):
    backup.backup(desk.ledger, tmp_path, tmp_path / "copy.sqlite3")
    desk.ledger.close()
    (tmp_path / FILE).unlink()
    backup.restore(tmp_path, tmp_path / "copy.sqlite3", tmp_path / FILE)
    again = open_ledger(f"sqlite:///{tmp_path / FILE}")
    assert Desk(again).count(versions) == 3
    again.close()


def test_yesterdays_backup_does_not_replace_today_in_silence(desk, tmp_path):
    backup.backup(desk.ledger, tmp_path, tmp_path / "monday.sqlite3")
    desk.submit(period="2021")
    backup.backup(desk.ledger, tmp_path, tmp_path / "tuesday.sqlite3")
    desk.ledger.close()
    with pytest.raises(BackupError, match="missing"):
        backup.restore(tmp_path, tmp_path / "monday.sqlite3", tmp_path / FILE)
    backup.restore(tmp_path, tmp_path / "monday.sqlite3", tmp_path / FILE, force=True)
    assert (tmp_path / f"{FILE}.replaced").exists(), "what was there is kept"
    again = open_ledger(f"sqlite:///{tmp_path / FILE}")
    assert proof.verify(again, anchors.anchors(tmp_path)).sound, "from here on it counts"
    again.close()
    (cut,) = anchors.cuts(tmp_path / anchors.ANCHORS)
    assert (cut.head.count + 1, cut.known) == (15, 15), "and every verification goes on saying what is gone"


def test_a_file_put_back_by_hand_is_not_forgiven(desk, tmp_path):
    """The control: without --force among the kept heads the older file is found out."""
    backup.backup(desk.ledger, tmp_path, tmp_path / "monday.sqlite3")
    desk.submit(period="2021")
    backup.backup(desk.ledger, tmp_path, tmp_path / "tuesday.sqlite3")
    desk.ledger.close()
    shutil.copy(tmp_path / "monday.sqlite3", tmp_path / FILE)
    again = open_ledger(f"sqlite:///{tmp_path / FILE}")
    assert [flaw.code for flaw in proof.verify(again, anchors.anchors(tmp_path)).flaws] == ["missing"]
    assert proof.check_boot(again, anchors.anchors(tmp_path)) == Flaw(15, "missing")
    again.close()


def test_what_is_no_ledger_is_refused(tmp_path):
    (tmp_path / "x.sqlite3").write_bytes(b"not a database at all" * 100)
    with pytest.raises(BackupError, match="not_a_ledger"):
        backup.restore(tmp_path, tmp_path / "x.sqlite3", tmp_path / FILE)
    with pytest.raises(BackupError, match="missing"):
        backup.restore(tmp_path, tmp_path / "none.sqlite3", tmp_path / FILE)


def test_the_command_line(desk, tmp_path, monkeypatch):
    monkeypatch.delenv("KPI_DATABASE_URL", raising=False)

    def kpi(*words):
        return CliRunner().invoke(main, ["ledger", *words, "--data", str(tmp_path)])

    assert "14 entries, 3 receipts" in kpi("verify").stdout
    assert kpi("backup", str(tmp_path / "b.sqlite3")).exit_code == 0
    again = kpi("backup", str(tmp_path / "b.sqlite3"))
    assert (again.exit_code, "exists already" in again.stderr) == (2, True)
    lines = [json.loads(line) for line in kpi("export").stdout.splitlines()]
    assert sum(line["table"] == "version" for line in lines) == 3
    assert not any("password" in line or "token_hash" in line for line in lines)
    nothing = CliRunner().invoke(main, ["ledger", "verify", "--data", str(tmp_path / "local")])
    assert (nothing.exit_code, "no ledger yet" in nothing.stderr) == (2, True)


def test_a_tampered_ledger_is_reported(desk, tmp_path, monkeypatch):
    monkeypatch.delenv("KPI_DATABASE_URL", raising=False)
    with desk.ledger.write() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_no_update")
        connection.exec_driver_sql("UPDATE audit SET actor = 'somebody' WHERE seq = 12")
    found = CliRunner().invoke(main, ["ledger", "verify", "--data", str(tmp_path)])
    assert (found.exit_code, "hash: audit (entry 12)" in found.stderr) == (1, True)
