"""A ledger that is not the one it was takes no entry, and no empty one is made in its place."""

import shutil

import pytest
from click.testing import CliRunner
from ledger_world import PEOPLE, Desk

from dashboard.cli import main
from loaders.ledger import backup, identity, opening, store
from loaders.ledger.anchors import ANCHORS, head_of, keep
from loaders.ledger.errors import LostError
from loaders.ledger.identity import Identity, read_identity
from loaders.ledger.opening import identify, keep_identity, open_known
from loaders.ledger.store import FILE
from loaders.ledger.tables import versions

MADE = len(PEOPLE) + 1
"""Entries of the log before the first value: accounts, and the one of them that was disabled."""


def how(call, *args):
    with pytest.raises(LostError) as refused:
        call(*args)
    return refused.value.how


@pytest.fixture
def desk(ledger, tmp_path):
    """Three values on record, and what is known of the ledger kept beside it."""
    found = Desk(ledger)
    for period in ("2022", "2023", "2024"):
        found.submit(period=period)
    keep_identity(tmp_path, identify(ledger, tmp_path))
    return found


@pytest.fixture
def embedded(logged_ledger, tmp_path):
    """The same in the embedded ledger, with accounts that the log knows."""
    found = Desk(logged_ledger)
    for period in ("2022", "2023", "2024"):
        found.submit(period=period)
    keep_identity(tmp_path, identify(logged_ledger, tmp_path))
    return found


def anchored(ledger, tmp_path):
    """Keep the present head, as every release does."""
    with ledger.read() as connection:
        keep(tmp_path / ANCHORS, head_of(connection), ledger.now())


def behind_the_ledger(ledger, *statements):
    """What somebody with the database's own rights can do."""
    with ledger.engine.begin() as connection:
        if ledger.on_sqlite:
            for table in ("audit", "receipt"):
                for action in ("update", "delete"):
                    connection.exec_driver_sql(f"DROP TRIGGER {table}_no_{action}")
        else:
            connection.exec_driver_sql("SET session_replication_role = replica")
        for statement in statements:
            connection.exec_driver_sql(statement)


# A file that went away, or is another one


def test_a_deleted_file_takes_no_entry(embedded, tmp_path):
    (tmp_path / FILE).unlink()
    assert how(embedded.submit, "officer", "unicorns", "2025") == "missing"
    assert how(embedded.count, versions) == "missing", "nor is it read"


def test_without_the_look_the_entry_is_acknowledged_and_lost(embedded, tmp_path, monkeypatch):
    """The control: a receipt is given for what goes into a file without a name."""
    monkeypatch.setattr(store.Ledger, "_same_file", lambda _: None)
    for path in (tmp_path / FILE.parent).glob("ledger.sqlite3*"):
        path.unlink()
    assert embedded.submit(period="2025").number
    assert not (tmp_path / FILE).exists()


def test_a_replaced_file_takes_no_entry(embedded, tmp_path):
    shutil.copy(tmp_path / FILE, tmp_path / "copy")
    (tmp_path / "copy").replace(tmp_path / FILE)
    assert how(embedded.submit, "officer", "unicorns", "2025") == "replaced"


def test_a_file_that_goes_away_meanwhile_gives_no_receipt(embedded, tmp_path):
    def vanish():
        with embedded.ledger.write():
            (tmp_path / FILE).unlink()

    assert how(vanish) == "missing"


def test_a_stopped_ledger_takes_no_entry(desk):
    desk.ledger.stopped = "behind"
    assert how(desk.submit, "officer", "unicorns", "2025") == "behind"
    desk.ledger.stopped = None
    assert desk.count(versions) == 3
    assert desk.submit(period="2025").number


# Held against what is kept


def test_the_same_ledger_is_known_again_and_further_on(desk, tmp_path):
    before = read_identity(tmp_path)
    assert identify(desk.ledger, tmp_path) == before
    desk.submit(period="2025")
    after = identify(desk.ledger, tmp_path)
    assert (after.ledger, after.count) == (before.ledger, before.count + 1)


def test_a_log_that_was_cut_off_is_behind(desk, tmp_path):
    behind_the_ledger(desk.ledger, "DELETE FROM receipt WHERE audit = 3", "DELETE FROM audit WHERE seq = 3")
    with pytest.raises(LostError) as refused:
        identify(desk.ledger, tmp_path)
    assert refused.value.parameters == {"how": "behind", "have": 2, "kept": 3}


def test_an_anchor_above_the_head_counts_without_any_record(desk, tmp_path):
    anchored(desk.ledger, tmp_path)
    (tmp_path / identity.RECORD).unlink()
    assert identify(desk.ledger, tmp_path).count == 3
    behind_the_ledger(desk.ledger, "DELETE FROM receipt WHERE audit = 3", "DELETE FROM audit WHERE seq = 3")
    assert how(identify, desk.ledger, tmp_path) == "behind"


def test_without_anything_kept_a_cut_log_passes(desk, tmp_path):
    """The control: a chain alone does not know how long it was."""
    (tmp_path / identity.RECORD).unlink()
    behind_the_ledger(desk.ledger, "DELETE FROM receipt WHERE audit = 3", "DELETE FROM audit WHERE seq = 3")
    assert identify(desk.ledger, tmp_path).count == 2


def test_another_first_entry_is_another_ledger(desk, tmp_path):
    behind_the_ledger(desk.ledger, f"UPDATE audit SET hash = '{'a' * 64}' WHERE seq = 1")
    assert how(identify, desk.ledger, tmp_path) == "other"


def test_a_rewritten_end_is_seen(desk, tmp_path):
    behind_the_ledger(desk.ledger, f"UPDATE audit SET hash = '{'b' * 64}' WHERE seq = 3")
    assert how(identify, desk.ledger, tmp_path) == "rewritten"


def test_a_database_without_tables_is_no_ledger(desk, address, tmp_path):
    tables = ("receipt", "release", "decision", "version", "draft", "submission", "session", "account", "audit")
    drop = [f'DROP TABLE "{name}"' + ("" if desk.ledger.on_sqlite else " CASCADE") for name in tables]
    behind_the_ledger(desk.ledger, *drop)
    assert how(identify, desk.ledger, tmp_path) == "empty"
    assert how(open_known, tmp_path, address) == "empty", "and none is made there"


def test_an_older_copy_in_its_place_is_behind(embedded, tmp_path):
    backup.backup(embedded.ledger, tmp_path, tmp_path / "old.sqlite3")
    embedded.submit(period="2025")
    keep_identity(tmp_path, identify(embedded.ledger, tmp_path))
    embedded.ledger.close()
    for path in (tmp_path / FILE.parent).glob("ledger.sqlite3*"):
        path.unlink()
    shutil.copy(tmp_path / "old.sqlite3", tmp_path / FILE)
    assert how(open_known, tmp_path, None) == "behind"


# Made only where there never was one


def test_a_new_ledger_is_made_once(tmp_path):
    found = open_known(tmp_path, None)
    found.close()
    assert read_identity(tmp_path) == Identity()
    for path in (tmp_path / FILE.parent).glob("ledger.sqlite3*"):
        path.unlink()
    assert how(open_known, tmp_path, None) == "missing"
    assert not (tmp_path / FILE).exists()


def test_anchors_alone_say_that_there_was_one(embedded, tmp_path):
    anchored(embedded.ledger, tmp_path)
    embedded.ledger.close()
    for path in (tmp_path / FILE.parent).glob("ledger.*"):
        path.unlink()
    assert how(open_known, tmp_path, None) == "missing"


def test_who_does_not_ask_makes_an_empty_one(embedded, tmp_path, monkeypatch):
    """The control: this is how accounts and released values vanish in silence."""
    embedded.ledger.close()
    for path in (tmp_path / FILE.parent).glob("ledger.sqlite3*"):
        path.unlink()
    monkeypatch.setattr(opening, "read_identity", lambda _: None)
    empty = open_known(tmp_path, None)
    assert Desk(empty).count(versions) == 0
    empty.close()


def test_a_ledger_from_before_there_were_records_is_taken(embedded, tmp_path):
    (tmp_path / identity.RECORD).unlink()
    embedded.ledger.close()
    open_known(tmp_path, None).close()
    assert read_identity(tmp_path).count == MADE + 3


def test_a_full_disk_leaves_the_earlier_record(embedded, tmp_path, monkeypatch):
    before = read_identity(tmp_path)
    embedded.submit(period="2025")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(identity.os, "fsync", full)
    keep_identity(tmp_path, identify(embedded.ledger, tmp_path))
    assert read_identity(tmp_path) == before
    assert sorted(one.name for one in (tmp_path / FILE.parent).glob(".*")) == []


# Restored


def kpi(tmp_path, *words, text=None):
    return CliRunner().invoke(main, [*words, "--data", str(tmp_path)], input=text)


@pytest.fixture
def command_line(monkeypatch):
    monkeypatch.delenv("KPI_DATABASE_URL", raising=False)


def lose(tmp_path):
    for path in (tmp_path / FILE.parent).glob("ledger.sqlite3*"):
        path.unlink()


def test_restoring_makes_it_the_one_to_go_on_with(embedded, tmp_path, command_line):
    backup.backup(embedded.ledger, tmp_path, tmp_path / "b.sqlite3")
    embedded.submit(period="2025")
    keep_identity(tmp_path, identify(embedded.ledger, tmp_path))
    embedded.ledger.close()
    lose(tmp_path)
    assert kpi(tmp_path, "ledger", "restore", str(tmp_path / "b.sqlite3")).exit_code == 0
    again = open_known(tmp_path, None)
    assert Desk(again).count(versions) == 3
    again.close()


def test_even_where_it_is_shorter_than_an_anchor_and_forced(embedded, tmp_path, command_line):
    backup.backup(embedded.ledger, tmp_path, tmp_path / "monday.sqlite3")
    embedded.submit(period="2025")
    backup.backup(embedded.ledger, tmp_path, tmp_path / "tuesday.sqlite3")
    embedded.ledger.close()
    lose(tmp_path)
    assert kpi(tmp_path, "ledger", "restore", str(tmp_path / "monday.sqlite3"), "--force").exit_code == 0
    again = open_known(tmp_path, None)
    Desk(again).submit(period="2020")
    anchored(again, tmp_path)
    last = MADE + 4
    behind_the_ledger(again, f"DELETE FROM receipt WHERE audit = {last}", f"DELETE FROM audit WHERE seq = {last}")
    assert how(identify, again, tmp_path) == "behind", "anchors from then on count again"
    again.close()


def test_a_copy_put_back_by_hand_is_adopted(embedded, tmp_path, command_line):
    backup.backup(embedded.ledger, tmp_path, tmp_path / "b.sqlite3")
    embedded.submit(period="2025")
    keep_identity(tmp_path, identify(embedded.ledger, tmp_path))
    embedded.ledger.close()
    lose(tmp_path)
    shutil.copy(tmp_path / "b.sqlite3", tmp_path / FILE)
    told = kpi(tmp_path, "ledger", "verify")
    assert (told.exit_code, "an older copy stands in its place" in told.stderr) == (1, True)
    refused = kpi(tmp_path, "ledger", "backup", str(tmp_path / "c.sqlite3"))
    assert (refused.exit_code, (tmp_path / "c.sqlite3").exists()) == (2, False)
    assert f"{MADE + 3} entries" in kpi(tmp_path, "ledger", "adopt").stdout
    assert kpi(tmp_path, "ledger", "verify").exit_code == 0
    open_known(tmp_path, None).close()


@pytest.mark.parametrize(
    "words",
    [
        ("user", "list"),
        ("user", "add", "kim", "--role", "reviewer", "--password-stdin"),
        ("user", "disable", "kim"),
        ("ledger", "verify"),
        ("ledger", "export"),
        ("status",),
    ],
)
def test_no_verb_makes_an_empty_ledger_in_silence(embedded, tmp_path, command_line, words):
    from builders import registry_text

    (tmp_path / "targets.yaml").write_text(registry_text(), encoding="utf-8")
    embedded.ledger.close()
    lose(tmp_path)
    told = kpi(tmp_path, *words, text="correct horse battery\n")
    assert (told.exit_code, "kpi ledger restore" in told.stderr) == (2, True)
    assert not (tmp_path / FILE).exists()
