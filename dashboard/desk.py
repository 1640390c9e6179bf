"""The desk's one door to the ledger: which database, in which mode, and whether it can be used now.

Nothing here is cached by viewer; pages ask again on every run. The public half opens the ledger
read-only, and has no desk at all. While the ledger is away or not the one it was, there is no ledger
to be had here: whoever asks says so, and nothing is read or written.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from dashboard.trouble import ForgedError, Released, Trouble, told
from dashboard.watch import SILENT
from loaders.domain.catalogue import Site
from loaders.domain.observation import Observation
from loaders.ledger.accounts import has_accounts
from loaders.ledger.anchors import anchors
from loaders.ledger.clock import Clock, day_in, stamp, system_clock
from loaders.ledger.errors import LostError, NotSavedError
from loaders.ledger.evidence import EVIDENCE
from loaders.ledger.identity import Identity
from loaders.ledger.opening import gone, identify, keep_identity, open_known
from loaders.ledger.published import epoch, verified_released
from loaders.ledger.store import FILE, Ledger, address_of, open_ledger

DATABASE = "KPI_DATABASE_URL"


class Mode(StrEnum):
    """What a server shows."""

    BOTH = "both"
    """One machine: public pages, and the desk for whoever signs in."""
    PUBLIC = "public"
    """Read-only: no desk, no uploader, no secrets."""
    DESK = "desk"
    """The other half: signing in comes first."""


class ClosedDeskError(Exception):
    """The desk cannot be opened on this ledger; the text says why in one line."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(
            f"the ledger cannot be used ({code}): nothing was changed. See docs/OPERATE.md; "
            "kpi serve --public goes on from its snapshot."
        )


_mode = Mode.BOTH
_ledger: Ledger | None = None
_folder: Path | None = None
_clock: Clock = system_clock
_trouble: Trouble | None = None
_opening = threading.Lock()
_opened = 0
_doubted: tuple[str, float, ForgedError] | None = None
"""Epoch that did not verify, when that was found (monotonic), and what was found."""
DOUBT = 60.0
"""Seconds after which what did not verify is verified again: it takes a walk through the whole log."""
MOST_FLAWS = 20
_asked: float | None = None
"""When the look that is under way began (monotonic)."""


def open_desk(data: Path, mode: Mode = Mode.BOTH, clock: Clock = system_clock) -> None:
    """Open the ledger of ``data``, creating and upgrading the embedded one; called once before serving.

    A ledger that is not the one it was is not opened, and the desk stays closed until it is restored.

    Raises
    ------
    ClosedDeskError
        where there is a desk to serve and its database does not answer or is none.
    """
    global _mode, _folder, _clock, _opened
    close_desk()
    _mode, _folder, _clock, _opened = mode, data, clock, _opened + 1
    if mode is Mode.PUBLIC:
        return
    try:
        _connect()
    except LostError as error:
        _set_trouble(error)
    except (SQLAlchemyError, NotSavedError, OSError, ImportError) as error:
        close_desk()
        raise ClosedDeskError(told(error)[0]) from error


def close_desk() -> None:
    """Give the database back."""
    global _ledger, _mode, _clock, _folder, _trouble, _opened, _doubted
    if _ledger is not None:
        _ledger.close()
    _ledger, _mode, _clock, _folder, _trouble, _doubted = None, Mode.BOTH, system_clock, None, None, None
    _opened += 1


def opened() -> int:
    """Changes with each opening and closing."""
    return _opened


def has_desk() -> bool:
    """True on a server with a desk, be its ledger well or not."""
    return _mode is not Mode.PUBLIC and (_folder is not None or _ledger is not None)


def ledger() -> Ledger | None:
    """The ledger of the desk; None where there is no desk, and while the ledger cannot be used (`trouble`)."""
    return None if _mode is Mode.PUBLIC or trouble() is not None else _ledger


def trouble() -> Trouble | None:
    """Why the desk is closed; None while it is open and where there is none."""
    if not has_desk():
        return None
    asked = _asked
    if _trouble is None and asked is not None and time.monotonic() - asked > SILENT:
        return Trouble("silent", stamp(_clock()))
    return _trouble


def failed(error: Exception) -> None:
    """The ledger failed under a page's hands: closed for now, until the next look finds it well.

    A lock that somebody held for too long is no such failure.
    """
    if "database is locked" not in str(error):
        _set_trouble(error)


def mode() -> Mode:
    """What this server shows."""
    return _mode


def clock() -> Clock:
    """The clock that this server goes by."""
    return _clock


def evidence_folder() -> Path:
    """Where attached files are kept."""
    assert _folder is not None, "the desk is open"
    return _folder / EVIDENCE


def today(time_zone: str = Site().time_zone) -> date:
    """The day by the site's clock: what is released at nine in the morning there is known on that day."""
    return day_in(time_zone, _clock())


def look(before: Released | None) -> Released | None:
    """Ask the ledger what it has released; opens it where it came back, and closes the desk where it went.

    Called by the one thread that looks (`dashboard.watch`). Raises whatever keeps the ledger from
    being used.
    """
    global _asked
    if _folder is None and _ledger is None:
        return None
    _asked = time.monotonic()
    try:
        with _opening:
            found = _look(before)
    except ForgedError:
        _set_trouble(None)  # the desk is where somebody looks into it; only the public keeps what it had
        raise
    except Exception as error:
        _set_trouble(error)
        raise
    finally:
        _asked = None
    _set_trouble(None)
    return found


def _look(before: Released | None) -> Released | None:
    global _doubted
    ledger = _connect()
    if ledger is None:
        if before is not None and before.known.count:
            raise LostError(how="missing")
        return None
    known = _identified(ledger, before)
    now = epoch(ledger)
    open_for_work = (before is not None and before.has_accounts) or has_accounts(ledger)
    if before is not None and before.epoch == now:
        return Released(before.rows, now, known, open_for_work)
    if _doubted is None or _doubted[0] != now or time.monotonic() - _doubted[1] > DOUBT:
        rows, flaws = _verified(ledger)
        found = Released(tuple(rows), now, known, open_for_work)
        _doubted = None
        if not flaws:
            return found
        _doubted = now, time.monotonic(), ForgedError("; ".join(flaws[:MOST_FLAWS]), found)
    raise _doubted[2]


def _verified(ledger: Ledger) -> tuple[Sequence[Observation], list[str]]:
    """What is released and verifies, and what does not, in words: the one place that says what the public reads."""
    rows, flaws = verified_released(ledger, anchors(_folder) if _folder is not None else ())
    return rows, [str(flaw) for flaw in flaws]


def _connect() -> Ledger | None:
    """The ledger, opened where it is not open yet; None where the public half finds that there never was one."""
    global _ledger
    if _ledger is not None or _folder is None:
        return _ledger
    configured = os.environ.get(DATABASE)
    if _mode is not Mode.PUBLIC:
        _ledger = open_known(_folder, configured, _clock)
        return _ledger
    if gone(_folder, configured):
        raise LostError(how="missing")
    if not configured and not (_folder / FILE).exists():
        return None
    _ledger = open_ledger(address_of(_folder, configured), _clock, read_only=True)
    return _ledger


def _identified(ledger: Ledger, before: Released | None) -> Identity:
    """What is known of the ledger now; kept beside it by the half that writes."""
    if _folder is None:
        return Identity()
    known = identify(ledger, _folder, before.known if before is not None else None)
    if _mode is not Mode.PUBLIC:
        keep_identity(_folder, known)
    return known


def _set_trouble(error: Exception | None) -> None:
    """Close or open the desk; the time at which it was closed stays while the reason does."""
    global _trouble, _ledger
    if error is None:
        _trouble = None
        if _ledger is not None:
            _ledger.stopped = None
        return
    code, parameters = told(error)
    now = Trouble(code, stamp(_clock()), parameters)
    _trouble = replace(now, since=_trouble.since) if _trouble is not None else now
    if _ledger is not None:
        _ledger.stopped = code if now.lost else None
        if now.lost or code in ("damaged", "unreadable"):
            # What comes in its place is another file: it is opened anew, and held against what is known.
            _ledger.close()
            _ledger = None
