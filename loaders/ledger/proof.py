"""Do log and tables say the same? The log is walked, the tables are rebuilt from it and compared, both ways.

Drafts, accounts and all that leads to a public value are held against it. Not rebuilt, because
nothing public follows from them: sessions, failed sign-ins and refusals.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Select, inspect, select

from loaders.ledger import chain, evidence
from loaders.ledger.accounts import FINGERPRINTED, fingerprint
from loaders.ledger.anchors import ANCHORS, head_of, read, unreadable
from loaders.ledger.chain import Flaw, Head
from loaders.ledger.commands import Figures
from loaders.ledger.replay import Key, Rebuilt, Row, ordinal, rebuilt
from loaders.ledger.store import Ledger
from loaders.ledger.tables import (
    FIGURES,
    accounts,
    audit,
    decisions,
    drafts,
    holds,
    metadata,
    receipts,
    releases,
    rounds,
    submissions,
    versions,
)


def _of_a_version(table: Any) -> Select[Any]:
    of = versions.c.submission.label("of_submission"), versions.c.number.label("of_version")
    return select(table, *of).outerjoin(versions, versions.c.id == table.c.version).order_by(table.c.id)


TABLES: dict[str, tuple[Select[Any], tuple[str, ...]]] = {
    "account": (select(accounts), ("id",)),
    "review_round": (select(rounds), ("id",)),
    "submission": (select(submissions), ("id",)),
    "draft": (select(drafts).order_by(drafts.c.id), ("submission", "saved_at")),
    "version": (select(versions), ("submission", "number")),
    "decision": (_of_a_version(decisions), ("of_submission", "of_version")),
    "release": (_of_a_version(releases), ("of_submission", "of_version", "number")),
    "hold": (select(holds), ("submission", "number")),
    "receipt": (select(receipts), ("number",)),
}
"""The tables that are rebuilt: how they are read, and by what a row is found again in the log."""
PUBLIC = ("submission", "version", "decision", "release", "hold")
"""What public values follow from."""
OF_A_SUBMISSION = (*PUBLIC, "draft")
"""Tables whose rows are found by their submission first."""
NOT_REBUILT = {
    "session": "comes and goes with its browser",
    "sign_in_failure": "is counted and forgotten",
    "denial": "changes nothing, and whoever is refused must not write into the chain",
    "known_browser": "only spares its owner a wait",
    "audit": "is the log itself",
}
"""Tables that stand beside the log, and why."""
OF_THE_DATABASE = {
    "draft": {"id"},
    "version": {"id"},
    "decision": {"id", "version"},
    "release": {"id", "version"},
    "hold": {"id"},
}
"""Columns that number rows: a row is found by what it is, so that another number points it elsewhere."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What a look through the whole ledger found."""

    head: Head
    flaws: tuple[Flaw, ...]
    receipts: int
    evidence: int
    """Attached files looked at."""
    open_fields: int
    """Fields that entries of an earlier form do not tell, so that nothing proves them."""

    @property
    def sound(self) -> bool:
        """True where nothing is wrong."""
        return not self.flaws


def verify(ledger: Ledger, kept: Iterable[Head] = (), folder: Path | None = None) -> Verified:
    """The chain against heads kept elsewhere, every table against the chain, every file against its hash."""
    with ledger.read(patient=True) as connection:
        head, flaw = chain.verify(chain.rows(connection), kept)
        state = rebuilt(chain.rows(connection))
        found = [flaw] if flaw else []
        found += state.flaws + compare(connection, state)
        named = evidence.stated(connection)
    if folder is not None:
        found += evidence.flaws(folder, named, state.evidence)
    files = len(named) if folder is not None else 0
    return Verified(head, tuple(found), len(state.rows.get("receipt", {})), files, open_fields(state))


def verify_folder(ledger: Ledger, data: Path, heads: Path | None = None) -> Verified:
    """The same for the ledger of a data folder: its kept heads (or a copy of them at ``heads``) and its files."""
    path = heads or data / ANCHORS
    found = verify(ledger, read(path), data / evidence.EVIDENCE)
    return replace(found, flaws=(*found.flaws, *unreadable(path)))


def check_boot(ledger: Ledger, anchors: Iterable[Head]) -> Flaw | None:
    """Is this ledger at least as long as it was known to be, with the same entries? Cheap; None where it is.

    A ledger without tables counts as an empty one.
    """
    kept = {anchor.count: anchor.hash for anchor in anchors if anchor.count}
    with ledger.read() as connection:
        there = inspect(connection).has_table(audit.name)
        head = head_of(connection) if there else Head(0, chain.GENESIS)
        if max(kept, default=0) > head.count:
            return Flaw(head.count + 1, "missing")
        counts = sorted(kept)
        for first in range(0, len(counts), 500):
            part = audit.c.seq.in_(counts[first : first + 500])
            held = {row.seq: row.hash for row in connection.execute(select(audit.c.seq, audit.c.hash).where(part))}
            for count in counts[first : first + 500]:
                if held.get(count) != kept[count]:
                    return Flaw(count, "rewritten")
    return None


def compare(connection: Connection, state: Rebuilt, tables: Iterable[str] = tuple(TABLES)) -> list[Flaw]:
    """Every row of ``tables`` that is not as the log says, that it does not know, or that is not there."""
    return [flaw for name in tables for flaw in _compare_table(connection, name, state.rows.get(name, {}))]


def _compare_table(connection: Connection, name: str, expected: Mapping[Key, Row]) -> Iterator[Flaw]:
    chosen, keys = TABLES[name]
    seen: dict[Key, None] = {}
    for raw in connection.execute(chosen).mappings():
        row = _comparable(name, raw)
        key = ordinal(tuple(row[part] for part in keys), seen)
        seen[key] = None
        logged = expected.get(key)
        place = name, _label(name, row)
        about = key[0] if name in OF_A_SUBMISSION else None
        if logged is None:
            yield Flaw(row["audit"] if name == "receipt" else 0, "unlogged", *place, submission=about)
            continue
        for column, value in logged.fields.items():
            if column not in row or not _same(row[column], value):
                yield Flaw(logged.seq, "differs", *place, column, about)
        if name == "version" and not digest_holds(row):
            yield Flaw(logged.seq, "digest", *place, "digest", about)
    for key, logged in expected.items():
        if key not in seen:
            about = key[0] if name in OF_A_SUBMISSION else None
            yield Flaw(logged.seq, "absent", name, "/".join(str(part) for part in key[:-1]), submission=about)


def digest_holds(row: Mapping[str, Any]) -> bool:
    """True where a version's digest is that of its figures."""
    return Figures(**{key: row[key] for key in FIGURES}).digest() == row["digest"]


def _comparable(name: str, row: Mapping[str, Any]) -> Mapping[str, Any]:
    if name != "account":
        return row
    return {**row, **{key: fingerprint(row[key]) for key in FINGERPRINTED}}


def _same(held: Any, told: Any) -> bool:
    """Equal, texts by their characters: the log keeps them in one form (NFC), a draft as they were typed."""
    if held == told and type(held) is type(told):
        return True
    both = isinstance(held, str) and isinstance(told, str)
    return both and unicodedata.normalize("NFC", held) == unicodedata.normalize("NFC", told)


def _label(name: str, row: Mapping[str, Any]) -> str:
    own = metadata.tables[name].primary_key.columns.keys()
    return "/".join(str(row[key]) for key in own)


def open_fields(state: Rebuilt) -> int:
    """How many fields of all rows the log does not tell."""
    count = 0
    for name, rows in state.rows.items():
        columns = set(metadata.tables[name].c.keys()) - OF_THE_DATABASE.get(name, set())
        count += sum(len(columns - row.fields.keys()) for row in rows.values())
    return count
