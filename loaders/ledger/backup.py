"""Copies of the ledger that can be trusted: made through the database's own backup, verified before they count.

A copy of the file alone would miss what is still in the write-ahead log. Beside each backup stands
the head of its audit chain; the same head goes into `anchors.jsonl`, without which nobody would notice
that the end of the chain was cut off.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from loaders.ledger import chain
from loaders.ledger.chain import Flaw, Head
from loaders.ledger.identity import Identity, write_identity
from loaders.ledger.store import Ledger, open_ledger
from loaders.ledger.tables import audit, metadata, receipts

ANCHORS = Path("local") / "anchors.jsonl"
"""Heads of the chain, below the data folder; to be copied off the machine."""
PRIVATE = {"account": ("password",), "session": ("token_hash",)}
"""Columns that never leave the database."""


class BackupError(Exception):
    """A copy that must not be made, or that is not what it says; `code` names why."""

    def __init__(self, code: str, **parameters: str | int) -> None:
        self.code, self.parameters = code, parameters
        super().__init__(f"{code}: {parameters}")


@dataclass(frozen=True, slots=True)
class Verified:
    """What a look through the whole ledger found."""

    head: Head
    flaw: Flaw | None
    receipts: int
    """Each has its audit row where the ledger is sound."""
    orphans: int
    """Receipts without their audit row."""


def anchors(data: Path) -> list[Head]:
    """Heads that were kept, oldest first."""
    path = data / ANCHORS
    if not path.exists():
        return []
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [Head(line["count"], line["hash"]) for line in lines]


def anchor(ledger: Ledger, data: Path) -> Head:
    """Keep the present head outside the database."""
    with ledger.read() as connection:
        row = connection.execute(select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)).first()
    head = Head(row.seq, row.hash) if row else Head(0, chain.GENESIS)
    path = data / ANCHORS
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"count": head.count, "hash": head.hash, "at": ledger.now()}) + "\n")
    return head


def verify(ledger: Ledger, kept: list[Head]) -> Verified:
    """The whole chain, against heads that were kept elsewhere, and every receipt against its audit row."""
    with ledger.read() as connection:
        head, flaw = chain.verify(chain.rows(connection), kept)
        count = connection.execute(select(func.count()).select_from(receipts)).scalar_one()
        lost = select(func.count()).select_from(receipts).where(receipts.c.audit.not_in(select(audit.c.seq)))
        return Verified(head, flaw, count, connection.execute(lost).scalar_one())


def backup(ledger: Ledger, data: Path, target: Path) -> Verified:
    """Copy the embedded ledger to ``target``, verify the copy, and keep its head.

    Raises
    ------
    BackupError
        on PostgreSQL (its own tools do that), where ``target`` exists, or where the copy is not sound.
    """
    if not ledger.on_sqlite:
        raise BackupError("not_embedded")
    if target.exists():
        raise BackupError("exists", path=str(target))
    target.parent.mkdir(parents=True, exist_ok=True)
    with ledger.read() as connection, closing(sqlite3.connect(target)) as copy:
        held = connection.connection.driver_connection
        assert held is not None, "an open connection"
        held.backup(copy)
    found = _verified_copy(target, anchors(data))
    anchor(ledger, data)
    return found


def restore(data: Path, source: Path, target: Path, *, force: bool = False) -> Verified:
    """Put a verified backup in the place of the embedded ledger, which is kept beside it.

    Raises
    ------
    BackupError
        where the backup is not sound, or shorter than what is known to have existed, unless forced.
    """
    if not source.exists():
        raise BackupError("missing", path=str(source))
    found = _verified_copy(source, [] if force else anchors(data))
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        replaced = target.with_name(f"{target.name}.replaced")
        number = 1
        while replaced.exists():
            number += 1
            replaced = target.with_name(f"{target.name}.replaced.{number}")
        with closing(sqlite3.connect(target)) as old, closing(sqlite3.connect(replaced)) as aside:
            old.backup(aside)
    with closing(sqlite3.connect(source)) as good, closing(sqlite3.connect(target)) as place:
        good.backup(place)
    # Whoever restores knows what is lost; from here on this is the ledger to go on with.
    first = _first(source)
    write_identity(data, Identity(first, found.head.count, found.head.hash, len(anchors(data))))
    return found


def _first(path: Path) -> str:
    with closing(sqlite3.connect(path)) as copy:
        row = copy.execute("SELECT hash FROM audit ORDER BY seq LIMIT 1").fetchone()
    return row[0] if row else ""


def _verified_copy(path: Path, kept: list[Head]) -> Verified:
    with closing(sqlite3.connect(path)) as copy:
        try:
            state = copy.execute("PRAGMA integrity_check").fetchone()[0]
        except sqlite3.DatabaseError:
            raise BackupError("not_a_ledger", path=str(path)) from None
    if state != "ok":
        raise BackupError("damaged", path=str(path))
    ledger = open_ledger(f"sqlite:///{path}", read_only=True)
    try:
        found = verify(ledger, kept)
    finally:
        ledger.close()
    if found.flaw is not None:
        raise BackupError("flawed", flaw=found.flaw.code, seq=found.flaw.seq)
    if found.orphans:
        raise BackupError("orphans", count=found.orphans)
    return found


def export(ledger: Ledger) -> Iterator[str]:
    """Every row of every table as a line of JSON, secrets left out: what an auditor takes along."""
    with ledger.read() as connection:
        for table in metadata.sorted_tables:
            hidden = PRIVATE.get(table.name, ())
            columns = [column for column in table.columns if column.name not in hidden]
            for row in connection.execute(select(*columns).order_by(*table.primary_key.columns)).mappings():
                yield json.dumps({"table": table.name, **row}, ensure_ascii=False, sort_keys=True)
