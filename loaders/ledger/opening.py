"""Open the ledger of a data folder, and only the one that it has always had."""

from __future__ import annotations

import logging
from pathlib import Path

from sqlalchemy import inspect

from loaders.ledger.anchors import ANCHORS, anchors
from loaders.ledger.clock import Clock, system_clock
from loaders.ledger.errors import LostError
from loaders.ledger.identity import RECORD, Identity, compare, existed, read_identity, write_identity
from loaders.ledger.migrate import migrate
from loaders.ledger.store import FILE, Ledger, address_of, open_ledger
from loaders.ledger.tables import audit

_log = logging.getLogger(__name__)


def open_known(data: Path, configured: str | None, clock: Clock = system_clock) -> Ledger:
    """The ledger of ``data`` for reading and writing, made where there never was one, and upgraded.

    Raises
    ------
    LostError
        where it is not the ledger that ``data`` had before; nothing was made or changed.
    """
    if gone(data, configured):
        raise LostError(how="missing")
    ledger = open_ledger(address_of(data, configured), clock, anchors=data / ANCHORS)
    try:
        identify(ledger, data)
        migrate(ledger)
        keep_identity(data, identify(ledger, data))
    except BaseException:
        ledger.close()
        raise
    return ledger


def gone(data: Path, configured: str | None) -> bool:
    """True where the embedded ledger's file is not there although there was one; asked before anything is opened."""
    there = bool(configured) or (data / FILE).exists()
    return not there and existed(read_identity(data), anchors(data))


def keep_identity(data: Path, now: Identity) -> None:
    """Keep what is known where it is something new; a full disk leaves the earlier record, which stays true."""
    before = read_identity(data)
    if before == now:
        return
    try:
        write_identity(data, now)
    except OSError as error:
        if before is None:
            raise
        _log.warning("%s stays as it was: %s", RECORD, error)


def identify(ledger: Ledger, data: Path, before: Identity | None = None) -> Identity:
    """What is known of ``ledger`` after holding it against what ``data`` keeps; ``before`` stands in for no record.

    Raises
    ------
    LostError
        where it is not the one that it was.
    """
    known, kept = read_identity(data) or before, anchors(data)
    if ledger.file is not None and not ledger.file.exists():
        if existed(known, kept):
            raise LostError(how="missing")
        return Identity()
    with ledger.read() as connection:
        if not inspect(connection).has_table(audit.name):
            if existed(known, kept):
                raise LostError(how="empty")
            return Identity()
        return compare(connection, known, kept)
