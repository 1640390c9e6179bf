"""Copies of the ledger that can be trusted: made through the database's own backup, verified before they count.

A copy of the file alone would miss what is still in the write-ahead log. A backup is FILE and, beside
it, the folder FILE.evidence with the attached files; both are verified whole. The head of its audit
chain goes into `anchors.jsonl`, without which nobody would notice that the end of the chain was cut off.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from sqlalchemy import select

from loaders.ledger import evidence, private
from loaders.ledger.anchors import ANCHORS, anchors, keep
from loaders.ledger.chain import Head
from loaders.ledger.clock import Clock, stamp, system_clock
from loaders.ledger.evidence import EVIDENCE
from loaders.ledger.identity import renewed, write_identity
from loaders.ledger.proof import Verified, verify
from loaders.ledger.store import Ledger, open_ledger
from loaders.ledger.tables import metadata

PRIVATE = {"account": ("password",), "session": ("token_hash",), "known_browser": ("token_hash",)}
"""Columns that never leave the database."""


class BackupError(Exception):
    """A copy that must not be made, or that is not what it says; `code` names why."""

    def __init__(self, code: str, **parameters: str | int) -> None:
        self.code, self.parameters = code, parameters
        super().__init__(f"{code}: {parameters}")


def backup(ledger: Ledger, data: Path, target: Path) -> Verified:
    """Copy the embedded ledger to ``target`` and its evidence beside it, verify the copy, and keep its head.

    Raises
    ------
    BackupError
        on PostgreSQL (its own tools do that), where ``target`` exists, or where the copy is not sound;
        it is left where it is, because a flawed copy is better than none.
    """
    if not ledger.on_sqlite:
        raise BackupError("not_embedded")
    for path in (target, evidence_beside(target)):
        if path.exists():
            raise BackupError("exists", path=str(path))
    kept = anchors(data)  # before the copy: what is released meanwhile is not in it
    private.make_file(target)
    with ledger.read() as connection, closing(sqlite3.connect(target)) as copy:
        held = connection.connection.driver_connection
        assert held is not None, "an open connection"
        held.backup(copy)
    with _opened(target) as copied, copied.read() as connection:
        named = evidence.stated(connection)
    evidence.copy(data / EVIDENCE, evidence_beside(target), named)
    found = _sound(_verified(target, kept))
    keep(data / ANCHORS, found.head, ledger.now())
    return found


def evidence_beside(path: Path) -> Path:
    """The folder of attached files that belongs to a backup."""
    return path.with_name(f"{path.name}.evidence")


def restore(data: Path, source: Path, target: Path, *, force: bool = False, clock: Clock = system_clock) -> Verified:
    """Put a verified backup in the place of the embedded ledger, which is kept beside it, and its evidence back.

    Files that the backup does not name stay where they are.

    Raises
    ------
    BackupError
        where the backup is not sound, or shorter than what is known to have existed, unless forced; what is
        forced is written among the kept heads, and `kpi ledger verify` goes on saying it.
    """
    if not source.exists():
        raise BackupError("missing", path=str(source))
    found = _verified(source, [] if force else anchors(data))
    if not force:
        _sound(found)
    if target.exists():
        aside = _free(target)
        private.make_file(aside)
        with closing(sqlite3.connect(target)) as old, closing(sqlite3.connect(aside)) as place:
            old.backup(place)
    with _opened(source) as copied, copied.read() as connection:
        named = evidence.stated(connection)
    lost = evidence.copy(evidence_beside(source), data / EVIDENCE, named)
    private.make_file(target)
    with closing(sqlite3.connect(source)) as good, closing(sqlite3.connect(target)) as place:
        good.backup(place)
    if force:
        keep(data / ANCHORS, found.head, stamp(clock()), forced=True)
    with _opened(target) as restored, restored.read() as connection:
        write_identity(data, renewed(connection))  # whoever restores knows what is lost
    kept = tuple(flaw for flaw in found.flaws if flaw.table != "evidence")
    return replace(found, flaws=(*kept, *lost))


def _free(target: Path) -> Path:
    """A name beside ``target`` that nothing has yet."""
    replaced, number = target.with_name(f"{target.name}.replaced"), 1
    while replaced.exists():
        number += 1
        replaced = target.with_name(f"{target.name}.replaced.{number}")
    return replaced


def _opened(path: Path) -> closing[Ledger]:
    return closing(open_ledger(f"sqlite:///{path}", read_only=True))


def _verified(path: Path, kept: list[Head]) -> Verified:
    with closing(sqlite3.connect(path)) as copy:
        try:
            state = copy.execute("PRAGMA integrity_check").fetchone()[0]
        except sqlite3.DatabaseError:
            raise BackupError("not_a_ledger", path=str(path)) from None
    if state != "ok":
        raise BackupError("damaged", path=str(path))
    with _opened(path) as ledger:
        return verify(ledger, kept, evidence_beside(path))


def _sound(found: Verified) -> Verified:
    if not found.sound:
        first = found.flaws[0]
        place = f"{first.table} {first.row}".strip()
        raise BackupError("flawed", count=len(found.flaws), seq=first.seq, flaw=first.code, place=place)
    return found


def export(ledger: Ledger) -> Iterator[str]:
    """Every row of every table as a line of JSON, secrets left out: what an auditor takes along."""
    with ledger.read() as connection:
        for table in metadata.sorted_tables:
            hidden = PRIVATE.get(table.name, ())
            columns = [column for column in table.columns if column.name not in hidden]
            for row in connection.execute(select(*columns).order_by(*table.primary_key.columns)).mappings():
                yield json.dumps({"table": table.name, **row}, ensure_ascii=False, sort_keys=True)
