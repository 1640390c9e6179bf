"""The desk's one door to the ledger: which database, in which mode, and actions with their keys.

Nothing here is cached by viewer; pages ask again on every run. The public half opens the ledger
read-only and has no desk at all.
"""

from __future__ import annotations

import os
from datetime import date
from enum import StrEnum
from pathlib import Path

from loaders.ledger.anchors import ANCHORS
from loaders.ledger.clock import Clock, day_in_korea, stamp, system_clock
from loaders.ledger.evidence import EVIDENCE
from loaders.ledger.migrate import migrate
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


_mode = Mode.BOTH
_ledger: Ledger | None = None
_folder: Path | None = None
_clock: Clock = system_clock


def open_desk(data: Path, mode: Mode = Mode.BOTH, clock: Clock = system_clock) -> None:
    """Open the ledger of ``data``, creating and upgrading the embedded one; called once before serving."""
    global _mode, _ledger, _folder, _clock
    close_desk()
    _mode, _folder, _clock = mode, data, clock
    address = address_of(data, os.environ.get(DATABASE))
    if mode is Mode.PUBLIC:
        there = not address.startswith("sqlite") or (data / FILE).exists()
        _ledger = open_ledger(address, clock, read_only=True) if there else None
        return
    _ledger = open_ledger(address, clock, anchors=data / ANCHORS)
    migrate(_ledger)


def close_desk() -> None:
    """Give the database back."""
    global _ledger, _mode, _clock
    if _ledger is not None:
        _ledger.close()
    _ledger, _mode, _clock = None, Mode.BOTH, system_clock


def ledger() -> Ledger | None:
    """The ledger of the desk; None where there is no desk."""
    return None if _mode is Mode.PUBLIC else _ledger


def published_ledger() -> Ledger | None:
    """The ledger for its released values alone; None where there is none."""
    return _ledger


def mode() -> Mode:
    """What this server shows."""
    return _mode


def evidence_folder() -> Path:
    """Where attached files are kept."""
    assert _folder is not None, "the desk is open"
    return _folder / EVIDENCE


def today() -> date:
    """The day in Korea: what is released at nine in the morning there is known on that day."""
    return day_in_korea(stamp(_clock()))
