"""An attached file is on the disk before its row, comes back as it was, and is never passed off for another."""

import hashlib
import os
import stat

import pytest
from ledger_world import Desk, figures

from loaders.ledger import backup, evidence, proof, service
from loaders.ledger import commands as say
from loaders.ledger.anchors import ANCHORS, anchor_after, anchors, read, unreadable
from loaders.ledger.backup import BackupError, evidence_beside
from loaders.ledger.chain import Flaw
from loaders.ledger.evidence import EVIDENCE, EvidenceError
from loaders.ledger.store import FILE, open_ledger

RAW = b"minutes of the meeting"
NAME = hashlib.sha256(RAW).hexdigest()


@pytest.fixture
def desk(logged_ledger, tmp_path):
    """One value with its file."""
    found = Desk(logged_ledger)
    stated = figures(evidence=evidence.keep(tmp_path / EVIDENCE, RAW), evidence_name="회의록.pdf")
    found.do(service.submit, "officer", say.Submit("unicorns", "2025", stated))
    return found


def test_the_same_bytes_are_one_file(tmp_path):
    assert evidence.keep(tmp_path, RAW) == evidence.keep(tmp_path, RAW) == NAME
    assert [path.name for path in tmp_path.iterdir()] == [NAME], "and no part of one is left"
    assert evidence.read(tmp_path, NAME) == RAW


def test_file_and_name_are_on_the_disk_before_it_is_said_to_be_kept(tmp_path, monkeypatch):
    done, sync, replace = [], os.fsync, type(tmp_path).replace

    def synced(file):
        done.append("folder" if stat.S_ISDIR(os.fstat(file).st_mode) else "file")
        sync(file)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(type(tmp_path), "replace", lambda path, to: (done.append("name"), replace(path, to))[1])
    evidence.keep(tmp_path, RAW)
    assert done == ["file", "name", "folder"]


def test_a_full_disk_leaves_nothing_half(tmp_path, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        evidence.keep(tmp_path, RAW)
    assert list(tmp_path.iterdir()) == []


def test_altered_and_lost_files_are_not_read(tmp_path):
    evidence.keep(tmp_path, RAW)
    (tmp_path / NAME).write_bytes(RAW + b"!")
    with pytest.raises(EvidenceError, match="altered"):
        evidence.read(tmp_path, NAME)
    evidence.keep(tmp_path, RAW)
    assert evidence.read(tmp_path, NAME) == RAW, "whoever hands it in again mends it"
    (tmp_path / NAME).unlink()
    with pytest.raises(EvidenceError, match="lost"):
        evidence.read(tmp_path, NAME)


def test_a_backup_carries_files_and_brings_them_back(desk, tmp_path):
    copy = tmp_path / "copies" / "monday.sqlite3"
    assert backup.backup(desk.ledger, tmp_path, copy).evidence == 1
    assert (evidence_beside(copy) / NAME).read_bytes() == RAW
    desk.ledger.close()
    (tmp_path / FILE).unlink()
    (tmp_path / EVIDENCE / NAME).unlink()
    assert backup.restore(tmp_path, copy, tmp_path / FILE).sound
    again = open_ledger(f"sqlite:///{tmp_path / FILE}")
    assert proof.verify(again, anchors(tmp_path), tmp_path / EVIDENCE).flaws == ()
    again.close()


@pytest.mark.parametrize("code", ["lost", "altered"])
def test_a_backup_without_a_file_is_refused_on_both_ways(desk, tmp_path, code):
    """It is there all the same: a copy with a flaw is better than none."""
    copy, good = tmp_path / "bad.sqlite3", tmp_path / "good.sqlite3"
    backup.backup(desk.ledger, tmp_path, good)

    def spoil(folder):
        (folder / NAME).unlink() if code == "lost" else (folder / NAME).write_bytes(b"other")

    spoil(tmp_path / EVIDENCE)
    with pytest.raises(BackupError, match=r"flawed.*'lost'"):
        backup.backup(desk.ledger, tmp_path, copy)
    assert copy.exists()
    assert len(anchors(tmp_path)) == 1, "and it is no head to be kept"
    spoil(evidence_beside(good))
    desk.ledger.close()
    with pytest.raises(BackupError, match=rf"flawed.*'{code}'"):
        backup.restore(tmp_path, good, tmp_path / FILE)
    forced = backup.restore(tmp_path, good, tmp_path / FILE, force=True)
    assert [(flaw.code, flaw.row) for flaw in forced.flaws] == [(code, NAME)]


def test_an_approval_keeps_its_head(desk, tmp_path):
    desk.ledger.anchors = tmp_path / ANCHORS
    assert anchors(tmp_path) == []
    desk.approve()
    desk.schedule(desk.ledger.clock())
    assert [head.count for head in anchors(tmp_path)] == [13, 14]
    assert proof.check_boot(desk.ledger, anchors(tmp_path)) is None


def test_a_head_that_cannot_be_kept_does_not_take_the_receipt_away(desk, tmp_path, caplog):
    (tmp_path / "no folder").write_bytes(b"")
    desk.ledger.anchors = tmp_path / "no folder" / "anchors.jsonl"
    assert desk.approve().number == "R-2026-000013"
    assert "could not be kept" in caplog.text


def test_no_head_is_kept_of_what_was_refused(desk, tmp_path):
    desk.ledger.anchors = tmp_path / ANCHORS
    with pytest.raises(Exception, match="denied"):
        desk.approve(actor="officer")
    assert not (tmp_path / ANCHORS).exists()


def test_a_line_torn_by_a_power_cut_spoils_no_other(desk, tmp_path):
    desk.ledger.anchors = path = tmp_path / ANCHORS
    anchor_after(desk.ledger)
    with path.open("ab") as file:
        file.write(b'{"count": 13, "ha')
    anchor_after(desk.ledger)
    assert [head.count for head in read(path)] == [12, 12]
    assert unreadable(path) == [Flaw(0, "unreadable", "anchors", "line 2")]


def test_the_desk_keeps_heads_of_what_it_releases(tmp_path):
    """The desk that serves opens its ledger with the file of heads, on whatever database."""
    from dashboard import desk as served

    served.open_desk(tmp_path)
    try:
        assert served.ledger().anchors == tmp_path / ANCHORS
    finally:
        served.close_desk()


def test_a_boot_without_tables_is_an_empty_log(tmp_path):
    bare = open_ledger(f"sqlite:///{tmp_path / FILE}")
    assert proof.check_boot(bare, []) is None
    assert proof.check_boot(bare, [proof.Head(3, "x")]) == Flaw(1, "missing")
    bare.close()
