"""Heads of the audit chain, kept outside the database: without them nobody notices that its end was cut off.

One line of JSON for each, written after every approval, release and backup; to be copied off the machine.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select

from loaders.ledger import private
from loaders.ledger.chain import GENESIS, Flaw, Head
from loaders.ledger.store import Ledger
from loaders.ledger.tables import audit

ANCHORS = private.FOLDER / "anchors.jsonl"
"""Below the data folder."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Cut:
    """A backup that was put in place although more was known to have existed."""

    at: str
    head: Head
    """Where the log ended then."""
    known: int
    """How many entries were known."""


def anchors(data: Path) -> list[Head]:
    """Heads that the log of a data folder must agree with, oldest first."""
    return read(data / ANCHORS)


def read(path: Path) -> list[Head]:
    """The same from a file anywhere: a copy off the machine. Lines that cannot be read are left to `unreadable`."""
    kept: list[Head] = []
    for line in _lines(path):
        if line is not None and line.forced:
            kept = [head for head in kept if head.count <= line.head.count]
        kept += [line.head] if line is not None else []
    return kept


def cuts(path: Path) -> list[Cut]:
    """Where somebody went back on purpose: entries that were known are gone, and later heads count from there."""
    found, known = [], 0
    for line in _lines(path):
        if line is not None and line.forced and known > line.head.count:
            found.append(Cut(line.at, line.head, known))
            known = 0
        known = max(known, line.head.count) if line is not None else known
    return found


def unreadable(path: Path) -> list[Flaw]:
    """Lines that are no heads: torn by a power cut, or by somebody."""
    found = enumerate(_lines(path), 1)
    return [Flaw(0, "unreadable", "anchors", f"line {number}") for number, line in found if line is None]


@dataclass(frozen=True, slots=True)
class _Line:
    head: Head
    at: str
    forced: bool


def _lines(path: Path) -> list[_Line | None]:
    if not path.exists():
        return []
    text = path.read_text(encoding="utf-8", errors="replace")
    return [_line(line) for line in text.splitlines() if line.strip()]


def _line(text: str) -> _Line | None:
    try:
        told = json.loads(text)
        return _Line(Head(int(told["count"]), str(told["hash"])), str(told.get("at", "")), bool(told.get("forced")))
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def head_of(connection: Connection) -> Head:
    """Where the chain ends now."""
    row = connection.execute(select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)).first()
    return Head(row.seq, row.hash) if row else Head(0, GENESIS)


def keep(path: Path, head: Head, at: str, *, forced: bool = False) -> None:
    """Add a head to the file at ``path``; it is on the disk when this returns.

    ``forced``: somebody went back to it on purpose, and longer ones count no more.
    """
    told = {"count": head.count, "hash": head.hash, "at": at} | ({"forced": True} if forced else {})
    private.append_line(path, json.dumps(told))


def anchor_after(ledger: Ledger) -> None:
    """Keep the head after what was just committed. It never fails: the receipt counts, the log tells."""
    if ledger.anchors is None:
        return
    try:
        with ledger.read() as connection:
            head = head_of(connection)
        keep(ledger.anchors, head, ledger.now())
    except Exception:
        _log.exception("the head of the audit chain could not be kept in %s", ledger.anchors)
