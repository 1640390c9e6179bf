"""The audit log: each row carries the hash of the one before, so that nothing can be changed unseen.

hash = SHA-256(previous hash ‖ canonical JSON of the row): sorted keys, NFC, no floats. Cutting off
the end leaves a sound chain; only a head kept elsewhere (`Head`, written beside backups and at every
release) shows that rows are missing.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select

from loaders.ledger.tables import audit

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Head:
    """Length and last hash of a chain."""

    count: int
    hash: str


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is not as the log says, and where."""

    seq: int
    """The entry of the log that it is about; 0 where there is none."""
    code: str
    """`gap`, `previous` or `hash` within the chain, `missing` or `rewritten` against a head kept elsewhere;
    `unlogged`, `absent`, `differs`, `digest` between log and tables; `unreadable`, `unknown`, `role`; `lost`,
    `altered`."""
    table: str = "audit"
    row: str = ""
    field: str = ""
    submission: int | None = None
    """The submission that it is about, where it is about one."""


def canonical(detail: Mapping[str, Any]) -> str:
    """The one JSON text of ``detail``; a float is refused, because databases print it differently."""
    return unicodedata.normalize(
        "NFC", json.dumps(_plain(detail), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    )


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, (str, bool, int)):
        return value
    raise TypeError(f"{type(value).__name__} has no canonical text")


def append(connection: Connection, at: str, actor: str, action: str, subject: str, detail: Mapping[str, Any]) -> int:
    """Add a row at the end, in the caller's transaction; its number."""
    last = connection.execute(select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)).first()
    row = {
        "seq": last.seq + 1 if last else 1,
        "recorded_at": at,
        "actor": actor,
        "action": action,
        "subject": subject,
        "detail": canonical(detail),
        "previous": last.hash if last else GENESIS,
    }
    connection.execute(insert(audit).values(**row, hash=row_hash(row)))
    return row["seq"]


def row_hash(row: Mapping[str, Any]) -> str:
    """Hash of one row over everything but the hash itself."""
    body = {key: row[key] for key in ("seq", "recorded_at", "actor", "action", "subject", "detail")}
    return hashlib.sha256((row["previous"] + canonical(body)).encode()).hexdigest()


def rows(connection: Connection) -> Iterable[Mapping[str, Any]]:
    """All rows in order."""
    return connection.execute(select(audit).order_by(audit.c.seq)).mappings()


def verify(chain: Iterable[Mapping[str, Any]], anchors: Iterable[Head] = ()) -> tuple[Head, Flaw | None]:
    """Head of ``chain`` and its first flaw, also against heads that were kept elsewhere."""
    head, kept = Head(0, GENESIS), {anchor.count: anchor.hash for anchor in anchors}
    for row in chain:
        if row["seq"] != head.count + 1:
            return head, Flaw(row["seq"], "gap")
        if row["previous"] != head.hash:
            return head, Flaw(row["seq"], "previous")
        if row_hash(row) != row["hash"]:
            return head, Flaw(row["seq"], "hash")
        head = Head(row["seq"], row["hash"])
        if kept.get(head.count, head.hash) != head.hash:
            return head, Flaw(head.count, "rewritten")
    longest = max(kept, default=0)
    return head, Flaw(head.count + 1, "missing") if longest > head.count else None
