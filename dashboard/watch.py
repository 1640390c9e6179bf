"""Looks at the data folder and the ledger, and keeps what the public is shown.

Nobody who reads a page waits for a disk or a database: a thread looks, pages take what was found last.
Where a look fails, what was verified before stays, with the time at which it was; it is kept on disk as
well (`loaders.snapshot`), so that a server that starts beside a lost ledger has it too. Without a
thread (in tests of pages, where no server runs) each question is a look.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from dashboard.trouble import ForgedError, Released, Trouble, told
from loaders.dataset import Dataset, data_stamp, load_dataset
from loaders.diagnostics import Report
from loaders.domain.catalogue import Site
from loaders.domain.model import Registry
from loaders.domain.observation import Observation
from loaders.domain.own_years import tell_observations
from loaders.files import read_bounded
from loaders.ledger.clock import Clock, day_in, moment, stamp
from loaders.ledger.identity import Identity
from loaders.registry import FILE_NAME
from loaders.snapshot import Looked, Snapshot, SnapshotError, read_snapshot, to_bytes, write_snapshot
from loaders.yaml_source import MAX_BYTES

_log = logging.getLogger(__name__)

INTERVAL = 0.25
"""Seconds between two looks: a release is on the pages within five seconds of its time."""
SETTLE = 5.0
"""Seconds for which files that hold fewer values than before must stand still before they are believed."""
SILENT = 15.0
"""Seconds after which a look that has not come back counts as no answer; a whole log is verified in less."""
FIRST = 6.0
"""Seconds that a server waits for its first look before it begins to serve."""
HEARTBEAT = 30.0
"""Seconds after which the snapshot is written again for its time alone."""
FRESH = 4 * HEARTBEAT
"""Seconds for which another half's snapshot stands for a ledger that this half may not read itself."""
UNKNOWN = "–"


Look = Callable[[Released | None], Released | None]
"""Asks the ledger; gets what it found last and gives that back where nothing changed; None where there is no ledger."""


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """Everything public at one moment. Compared by identity: one view is one key of every cache."""

    found: Dataset
    """The files as they stand now, with everything that is wrong with them."""
    served: Dataset
    """What is shown: the last good registry and observations, with the released values."""
    version: str
    """Short content hash of the served registry."""
    last_good: bool = False
    """True where the files hold something else that is not served."""
    key: str = ""
    """Changes with what is served."""


@dataclass(frozen=True, slots=True)
class State:
    """How the last looks went."""

    files: Trouble | None = None
    ledger: Trouble | None = None
    files_at: str = ""
    """When the files were last in order, as stamped text; empty where never."""
    ledger_at: str = ""
    """When the ledger was last seen and verified; empty where there is none."""
    kept: str = "memory"
    """Where the snapshot is: `disk`, or `memory` where it cannot be written."""
    followed: bool = False
    """True where the released values come from the snapshot that the other half writes."""
    has_accounts: bool = False


@dataclass(slots=True)
class _Files:
    """The last good registry with its observations."""

    registry: Registry | None = None
    observations: tuple[Observation, ...] = ()
    version: str = UNKNOWN
    found: Dataset | None = None
    stamp: str = ""
    pending: tuple[str, float] = ("", 0.0)


@dataclass(slots=True)
class _Disk:
    """What is known of the snapshot on disk."""

    path: Path | None = None
    content: str = ""
    seen: tuple[int, int] = (0, 0)
    written: float = field(default=float("-inf"))
    kept: str = "memory"


class Watch:
    """Looks and keeps; `view` and `state` are what was found last."""

    def __init__(self, folder: Path, look: Look, clock: Clock, place: Path | None = None) -> None:
        self.folder = folder
        self._look_at_ledger, self._clock = look, clock
        self._files, self._disk = _Files(), _Disk(place)
        self._released: Released | None = None
        self._foreign: Snapshot | None = None
        self._lock, self._stop, self._wake = threading.Lock(), threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        self._began: float | None = None
        self._ticked = threading.Event()
        nothing = Dataset(None, (), Report())
        self._view, self._state = View(nothing, nothing, UNKNOWN), State()

    # What pages ask for

    @property
    def view(self) -> View:
        """What to show; looks first where no thread does."""
        if self._thread is None:
            self.look()
        return self._view

    @property
    def state(self) -> State:
        """How the last look went; looks first where no thread does."""
        if self._thread is None:
            self.look()
        return self.state_now()

    def state_now(self) -> State:
        """How the last look went; a look that does not come back is one that failed."""
        began, state = self._began, self._state
        if began is None or time.monotonic() - began < SILENT or state.ledger is not None:
            return state
        return replace(state, ledger=Trouble("silent", stamp(self._clock())))

    # The thread

    def start(self, interval: float | None = None, patience: float = FIRST) -> None:
        """Take what is on disk, look once, and go on looking until `stop`."""
        self._take_from_disk()
        self._thread = threading.Thread(
            target=self._run, args=(interval if interval is not None else INTERVAL,), name="kpi-watch", daemon=True
        )
        self._thread.start()
        self._ticked.wait(patience)

    def stop(self) -> None:
        """End the thread; what was verified last is on disk."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._stop.set()
            self._wake.set()
            thread.join(SILENT)

    def soon(self) -> None:
        """Look now rather than at the next turn: something has just failed, or was just done."""
        self._wake.set()

    def _run(self, interval: float) -> None:
        while not self._stop.is_set():
            self.look(patient=True)
            self._ticked.set()
            self._wake.wait(interval)
            self._wake.clear()
        self._keep(force=True)

    def look(self, *, patient: bool = False) -> None:
        """Look once and keep what is in order; never raises. ``patient`` waits for files that are being written."""
        with self._lock:
            self._look_at_files(patient=patient)
            self._swap()
            self._began = time.monotonic()
            self._ask_ledger()
            self._began = None
            self._swap()
            self._keep()

    # Files

    def _look_at_files(self, *, patient: bool) -> None:
        files, now = self._files, data_stamp(self.folder)
        if files.found is None or now != files.stamp:
            found = load_dataset(self.folder, label=self.folder.name, today=self._today())
            version = _version(self.folder)
            if patient and files.found is not None:
                if data_stamp(self.folder) != now:
                    return  # written while it was read: the next look sees it whole
                if self._unsettled(found, now):
                    return
            files.found, files.stamp = found, now
            if self._good(found):
                files.registry, files.observations, files.version = found.registry, found.observations, version
        self._tell_of_files()

    def _unsettled(self, found: Dataset, now: str) -> bool:
        """True while files that have just changed may still be half written.

        A registry that is rewritten in place is whole again at the next look. One that shrank, and values
        that vanished, must stand still for longer.
        """
        seen, since = self._files.pending
        if seen != now:
            self._files.pending = (now, time.monotonic())
            return self._files.registry is not None
        held = len(self._files.observations)
        shrank = found.registry is None or len(found.observations) < held or bool(self._lost(found))
        return shrank and self._files.registry is not None and time.monotonic() - since < SETTLE

    def _good(self, found: Dataset) -> bool:
        """True where ``found`` may take the place of the last good: nothing public got lost on the way."""
        if found.registry is None:
            return False
        return self._files.registry is None or (not found.incomplete and not self._lost(found))

    def _lost(self, found: Dataset) -> set[str]:
        """Targets that are served now, and would be gone without a recorded removal."""
        if self._files.registry is None or found.registry is None:
            return set()
        removed = {one.id for one in getattr(found.registry, "removed", ())}
        return set(self._files.registry.target) - set(found.registry.target) - removed

    def _tell_of_files(self) -> None:
        files, found = self._files, self._files.found
        assert found is not None, "looked at before"
        code, lost = "", self._lost(found)
        if found.registry is None:
            code = "unreadable"
        elif found.incomplete or lost:
            code = "incomplete"
        trouble = _since(self._state.files, Trouble(code, self._now(), {"count": len(lost)}) if code else None)
        at = self._state.files_at if code else self._now()
        if files.registry is None:
            at = ""
        self._state = replace(self._state, files=trouble, files_at=at)

    # The ledger

    def _ask_ledger(self) -> None:
        try:
            found = self._look_at_ledger(self._released)
        except Exception as error:
            code, parameters = told(error)
            if isinstance(error, ForgedError) and self._released is None:
                self._released = error.rest  # nothing was ever verified whole: what verifies is better than nothing
            trouble = Trouble(code, self._now(), parameters)
            if self._state.ledger is None or self._state.ledger.code != code:
                _log.warning("the ledger cannot be used: %s (%s)", code, error)
            self._state = replace(self._state, ledger=_since(self._state.ledger, trouble))
            self._follow_the_other_half()
            return
        if found is None:  # there never was one
            self._state = replace(self._state, ledger=None, ledger_at="", followed=False, has_accounts=False)
            self._released = None
            return
        self._released = found
        self._state = replace(
            self._state, ledger=None, ledger_at=self._now(), followed=False, has_accounts=found.has_accounts
        )

    def _follow_the_other_half(self) -> None:
        """Take the released values of a newer snapshot: where another half sees the ledger, this one need not."""
        disk = self._disk
        if disk.path is None:
            return
        now = _size_and_time(disk.path)
        if now != disk.seen:
            disk.seen = now
            try:
                self._foreign = read_snapshot(disk.path)
            except SnapshotError as error:
                self._foreign = None
                if now != (0, 0):
                    _log.warning("%s is not used: %s", disk.path, error)
        newer = self._foreign
        if newer is None or not newer.looked.ledger or newer.looked.ledger < self._state.ledger_at:
            return
        self._released = Released(newer.released, newer.epoch, newer.looked.known)
        age = (self._clock() - moment(newer.looked.ledger)).total_seconds()
        ledger = self._state.ledger
        fresh = age < FRESH and (ledger is None or ledger.code == "unreadable")
        self._state = replace(
            self._state, ledger_at=newer.looked.ledger, followed=fresh, ledger=None if fresh else ledger
        )

    # What comes of it

    def _swap(self) -> None:
        files, found = self._files, self._files.found
        if found is None:
            found = Dataset(None, (), Report())
        released = self._released
        rows = released.rows if released is not None else ()
        key = f"{files.version}:{files.stamp}:{released.epoch if released else ''}:{self._today()}"
        last_good = files.registry is not None and files.registry is not found.registry
        old = self._view
        if key == old.key and found is old.found and last_good == old.last_good:
            return
        if files.registry is not None:
            rows = tuple(tell_observations(files.registry, rows))
        served = replace(found, registry=files.registry, observations=(*self._opened(), *rows))
        self._view = View(found, served, files.version, last_good, key)

    def _opened(self) -> tuple[Observation, ...]:
        """The files' values that are published by today: a page may be set to a later day, but tells nothing of it."""
        today = self._today()
        return tuple(one for one in self._files.observations if one.opens <= today)

    # On disk

    def _take_from_disk(self) -> None:
        disk = self._disk
        if disk.path is None:
            return
        disk.seen = _size_and_time(disk.path)
        try:
            kept = read_snapshot(disk.path)
        except SnapshotError as error:
            if disk.seen != (0, 0):
                _log.warning("%s is not used: %s", disk.path, error)
            return
        files, looked = self._files, kept.looked
        files.registry, files.observations, files.version = kept.registry, kept.observations, kept.version
        self._foreign, disk.kept = kept, "disk"
        if looked.ledger:
            self._released = Released(kept.released, kept.epoch, looked.known)
        self._state = replace(self._state, files_at=looked.files, ledger_at=looked.ledger, kept="disk")
        self._swap()

    def _keep(self, *, force: bool = False) -> None:
        """Write the snapshot where it says something new, or has not been written for a while."""
        disk, registry, state = self._disk, self._files.registry, self._state
        if disk.path is None or registry is None or state.followed or state.ledger is not None:
            return
        released = self._released or Released((), "", Identity())
        due = force or time.monotonic() - disk.written >= HEARTBEAT
        if disk.content == self._view.key and not due:
            return
        looked = Looked(state.files_at, state.ledger_at, released.known)
        snapshot = Snapshot(registry, self._opened(), released.rows, self._files.version, released.epoch, looked)
        try:
            write_snapshot(disk.path, to_bytes(snapshot.content, looked))
            disk.kept, disk.seen = "disk", _size_and_time(disk.path)
        except (OSError, ValueError) as error:
            if disk.kept == "disk" or disk.written == float("-inf"):
                _log.warning("the snapshot stays in memory: %s cannot be written: %s", disk.path, error)
            disk.kept = "memory"
        disk.content, disk.written = self._view.key, time.monotonic()
        self._state = replace(self._state, kept=disk.kept)

    def _today(self) -> date:
        """The day by the site's clock."""
        registry = self._files.registry
        return day_in((registry.site if registry is not None else Site()).time_zone, self._clock())

    def _now(self) -> str:
        return stamp(self._clock())


def _since(before: Trouble | None, now: Trouble | None) -> Trouble | None:
    """``now`` with the time at which it began."""
    if before is not None and now is not None:
        return replace(now, since=before.since)
    return now


def _version(folder: Path) -> str:
    try:
        return hashlib.sha256(read_bounded(folder / FILE_NAME, MAX_BYTES)).hexdigest()[:8]
    except OSError:
        return UNKNOWN


def _size_and_time(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_size, found.st_mtime_ns
