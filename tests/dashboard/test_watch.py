"""What the public is shown survives files that lost entries, a ledger that is gone, and a disk that takes nothing."""

import json
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from builders import a_data_folder, a_target, observed, row
from sqlalchemy.exc import OperationalError

from dashboard import watch as watching
from dashboard.trouble import ForgedError, Released
from dashboard.watch import Watch
from loaders.ledger.errors import LostError
from loaders.ledger.identity import Identity
from loaders.snapshot import read_snapshot

START = datetime(2026, 11, 27, 0, 0, tzinfo=UTC)
AWAY = OperationalError("SELECT", {}, Exception("connection refused"))
(OUT,) = observed(row("a", "2025", "7", known="2026-02", published="2026-02"))


class Moving:
    """A clock that the test moves."""

    def __init__(self):
        self.now = START

    def __call__(self):
        return self.now


class Source:
    """A ledger that answers, or raises."""

    def __init__(self, rows=(OUT,), epoch="e1"):
        self.answer = Released(tuple(rows), epoch, Identity("a" * 64, 3, "b" * 64), has_accounts=True)
        self.error = None

    def __call__(self, before):
        if self.error is not None:
            raise self.error
        return self.answer


@pytest.fixture
def folder(tmp_path):
    return a_data_folder(tmp_path / "data", a_target("a"), a_target("b"), rows=(row("a", "2024", "5"),))


@pytest.fixture
def clock():
    return Moving()


@pytest.fixture
def source():
    return Source()


@pytest.fixture
def place(tmp_path):
    return tmp_path / "snapshot.json"


@pytest.fixture
def watch(folder, source, clock, place):
    return Watch(folder, source, clock, place)


def values(watch):
    return sorted(one.value for one in watch.view.served.observations)


def targets(watch):
    return [one.id for one in watch.view.served.registry.targets]


def rewrite(folder, *names):
    (folder / "targets.yaml").write_text(registry(*names), encoding="utf-8")


def registry(*names):
    from builders import registry_text

    return registry_text(*(a_target(name) for name in names))


# The ledger


def test_released_values_stand_beside_those_of_the_files(watch):
    assert values(watch) == [5.0, 7.0]
    assert watch.state.ledger is None
    assert watch.state.ledger_at == "2026-11-27T00:00:00.000000Z"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (AWAY, "away"),
        (LostError(how="missing"), "missing"),
        (LostError(how="behind", have=2, kept=3), "behind"),
        (ForgedError("version 3"), "forged"),
        (PermissionError(13, "Permission denied"), "unreadable"),
        (RuntimeError("something else"), "away"),
    ],
)
def test_a_ledger_that_fails_leaves_what_was_verified_and_says_since_when(watch, source, clock, error, code):
    key = watch.view.key
    source.error = error
    for seconds in (10, 20):
        clock.now = START + timedelta(seconds=seconds)
        assert values(watch) == [5.0, 7.0]
    assert (watch.state.ledger.code, watch.state.ledger.since) == (code, "2026-11-27T00:00:10.000000Z")
    assert watch.state.ledger_at == "2026-11-27T00:00:00.000000Z", "the last time that it was seen"
    assert watch.view.key == key, "nothing that is served has changed"
    source.error = None
    watch.look()
    assert watch.state.ledger is None
    assert watch.state.ledger_at == "2026-11-27T00:00:20.000000Z"


def test_of_a_ledger_that_never_verified_whole_the_rest_is_shown(watch, source):
    rest = replace(source.answer, rows=(replace(OUT, value=8.0),))
    source.error = ForgedError("version 3", rest)
    assert values(watch) == [5.0, 8.0]
    assert (watch.state.ledger.code, watch.state.ledger_at) == ("forged", "")


def test_a_ledger_that_never_was_is_no_trouble(watch, source):
    source.answer = None
    assert values(watch) == [5.0]
    assert (watch.state.ledger, watch.state.ledger_at) == (None, "")


def test_a_look_that_does_not_come_back_counts_as_no_answer(folder, source, clock, monkeypatch):
    asked, answer = threading.Event(), threading.Event()

    def silent(before):
        asked.set()
        answer.wait(60)
        return source(before)

    monkeypatch.setattr(watching, "SILENT", 0.01)
    watch = Watch(folder, silent, clock)
    looking = threading.Thread(target=watch.look)
    looking.start()
    assert asked.wait(60)
    end = time.monotonic() + 60
    while watch.state_now().ledger is None and time.monotonic() < end:
        time.sleep(0.005)
    assert watch.state_now().ledger.code == "silent"
    answer.set()
    looking.join(60)
    assert watch.state_now().ledger is None


# The snapshot


def test_the_snapshot_holds_what_is_served(watch, place):
    watch.look()
    kept = read_snapshot(place)
    assert [one.id for one in kept.registry.targets] == ["a", "b"]
    assert kept.released == (OUT,)
    assert kept.looked.ledger == watch.state.ledger_at
    assert watch.state.kept == "disk"


def started(folder, source, clock, place):
    watch = Watch(folder, source, clock, place)
    watch.start(interval=60)
    return watch


def test_a_server_that_starts_beside_a_lost_ledger_has_the_snapshot(watch, folder, source, clock, place):
    watch.look()
    clock.now = START + timedelta(hours=1)
    source.error = AWAY
    later = started(folder, source, clock, place)
    try:
        assert values(later) == [5.0, 7.0]
        assert later.state.ledger.since == "2026-11-27T01:00:00.000000Z"
        assert later.state.ledger_at == "2026-11-27T00:00:00.000000Z"
    finally:
        later.stop()


def test_without_the_snapshot_it_has_not(folder, source, clock, tmp_path):
    """The control, and what is said then: nothing was ever verified."""
    source.error = AWAY
    later = started(folder, source, clock, tmp_path / "none.json")
    try:
        assert values(later) == [5.0]
        assert (later.state.ledger.code, later.state.ledger_at) == ("away", "")
    finally:
        later.stop()


def test_a_snapshot_that_was_changed_is_not_used(watch, folder, source, clock, place):
    watch.look()
    place.write_text(place.read_text(encoding="utf-8").replace('"value":7.0', '"value":9.0'), encoding="utf-8")
    source.error = AWAY
    later = started(folder, source, clock, place)
    try:
        assert values(later) == [5.0]
    finally:
        later.stop()


def test_a_disk_that_takes_nothing_leaves_it_in_memory(watch, source, monkeypatch):
    def read_only(*_):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(watching, "write_snapshot", read_only)
    watch.look()
    assert watch.state.kept == "memory"
    source.error = AWAY
    assert values(watch) == [5.0, 7.0]


def test_what_is_unsure_never_overwrites_what_was_verified(watch, source, place, clock):
    watch.look()
    before = place.read_bytes()
    source.error = AWAY
    clock.now = START + timedelta(hours=1)
    watch.look()
    watch.stop()
    assert place.read_bytes() == before


def test_the_public_half_follows_the_desks_snapshot(watch, folder, source, clock, place):
    """As another user it may not open the ledger; what the desk verified reaches it all the same."""
    watch.look()

    def shut(before):
        raise PermissionError(13, "Permission denied")

    public = Watch(folder, shut, clock, place)
    assert values(public) == [5.0, 7.0]
    assert (public.state.ledger, public.state.followed) == (None, True)
    source.answer = replace(source.answer, rows=(OUT, replace(OUT, value=8.0)), epoch="e2")
    clock.now = START + timedelta(seconds=30)
    watch.look()
    assert values(public) == [5.0, 7.0, 8.0]
    clock.now = START + timedelta(hours=1)
    assert values(public) == [5.0, 7.0, 8.0]
    assert public.state.ledger.code == "unreadable", "the desk has written nothing for an hour"


def test_the_time_is_written_again_now_and_then(watch, clock, place, monkeypatch):
    watch.look()
    clock.now = START + timedelta(seconds=5)
    watch.look()
    assert read_snapshot(place).looked.ledger == "2026-11-27T00:00:00.000000Z"
    monkeypatch.setattr(watching, "HEARTBEAT", 0.0)
    watch.look()
    assert read_snapshot(place).looked.ledger == "2026-11-27T00:00:05.000000Z"


# The files


def test_a_registry_that_lost_a_target_is_not_served(watch, folder):
    whole = watch.view
    rewrite(folder, "a")
    assert targets(watch) == ["a", "b"]
    assert watch.view.version == whole.version
    assert watch.view.last_good
    assert (watch.state.files.code, watch.state.files.parameters["count"]) == ("incomplete", 1)
    rewrite(folder, "a", "b", "c")
    assert targets(watch) == ["a", "b", "c"]
    assert not watch.view.last_good
    assert watch.view.version != whole.version
    assert watch.state.files is None


def test_without_the_last_good_it_is(watch, folder, monkeypatch):
    """The control."""
    watch.look()
    monkeypatch.setattr(Watch, "_good", lambda _, found: found.registry is not None)
    rewrite(folder, "a")
    assert targets(watch) == ["a"]


def test_what_the_record_of_publications_misses_is_not_served(watch, folder, monkeypatch):
    watch.look()
    load = watching.load_dataset
    monkeypatch.setattr(watching, "load_dataset", lambda *a, **k: replace(load(*a, **k), incomplete=True))
    rewrite(folder, "a", "b", "c")
    assert targets(watch) == ["a", "b"]
    assert watch.state.files.code == "incomplete"


def test_a_file_that_cannot_be_read_leaves_the_last_good(watch, folder):
    watch.look()
    (folder / "targets.yaml").write_text("targets: [", encoding="utf-8")
    assert targets(watch) == ["a", "b"]
    assert watch.state.files.code == "unreadable"
    (folder / "targets.yaml").unlink()
    assert targets(watch) == ["a", "b"]


def test_the_last_good_of_the_disk_stands_behind_a_short_file(watch, folder, source, clock, place):
    watch.look()
    rewrite(folder, "a")
    later = started(folder, source, clock, place)
    try:
        assert targets(later) == ["a", "b"]
        assert later.view.last_good
    finally:
        later.stop()


def test_files_that_have_just_changed_wait_for_a_second_look(watch, folder):
    watch.look(patient=True)
    rewrite(folder, "a", "b", "c")
    watch.look(patient=True)
    assert len(watch._view.served.registry.targets) == 2
    watch.look(patient=True)
    assert len(watch._view.served.registry.targets) == 3


def test_values_that_vanished_must_stand_still_for_longer(watch, folder, monkeypatch):
    watch.look(patient=True)
    (folder / "actuals" / "a.csv").write_text("", encoding="utf-8")
    for _ in range(5):
        watch.look(patient=True)
    assert sorted(one.value for one in watch._view.served.observations) == [5.0, 7.0]
    monkeypatch.setattr(watching, "SETTLE", 0.0)
    watch.look(patient=True)
    assert [one.value for one in watch._view.served.observations] == [7.0], "an editor may take a row out"


def test_the_thread_looks_and_ends(folder, source, clock, place):
    watch = Watch(folder, source, clock, place)
    watch.start(interval=0.01)
    try:
        rewrite(folder, "a", "b", "c")
        end = time.monotonic() + 60
        while len(targets(watch)) < 3 and time.monotonic() < end:
            time.sleep(0.01)
        assert targets(watch) == ["a", "b", "c"]
    finally:
        watch.stop()
    assert not [one for one in threading.enumerate() if one.name == "kpi-watch"]
    assert len(json.loads(place.read_text(encoding="utf-8"))["content"]["registry"]["targets"]) == 3
