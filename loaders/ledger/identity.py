"""Whether the ledger is the one it was: what is kept beside it, and what it is held against.

`local/ledger.identity` names the ledger by the hash of its first entry (it holds a time and an actor,
so that no two are alike) and keeps the highest head that was ever seen. Against that and the last
anchor stands the audit chain as it is now: another first entry is another ledger, a lower head an
older copy, another hash at the kept place a rewritten one. A ledger is only made where neither record
nor anchors say that there was one: an empty ledger in the place of a lost one would look like a
dashboard on which nobody ever submitted anything.

There is deliberately no id in a table of its own: it would be copied with every file, and say nothing
that the chain does not say.
"""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from sqlalchemy import Connection, select

from loaders.ledger import chain
from loaders.ledger.chain import Head
from loaders.ledger.errors import LostError
from loaders.ledger.tables import audit

RECORD = Path("local") / "ledger.identity"
"""What is known of the ledger, below the data folder."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What is known of a ledger."""

    ledger: str = ""
    """Hash of its first entry; empty before there is one."""
    count: int = 0
    hash: str = chain.GENESIS
    """The highest head that was seen."""

    @property
    def head(self) -> Head:
        """The highest head that was seen."""
        return Head(self.count, self.hash)


def read_identity(data: Path) -> Identity | None:
    """The record of ``data``; None where there is none that can be read."""
    try:
        return Identity(**json.loads((data / RECORD).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def write_identity(data: Path, identity: Identity) -> None:
    """Keep ``identity``, whole or not at all."""
    path = data / RECORD
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(json.dumps(asdict(identity)) + "\n")
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def existed(known: Identity | None, anchors: list[Head]) -> bool:
    """True where a ledger was made once, so that none may be made in its place."""
    return known is not None or bool(anchors)


def compare(connection: Connection, known: Identity | None, anchors: list[Head]) -> Identity:
    """What is known of the ledger after this look.

    Raises
    ------
    LostError
        `other`: its first entry is another one; `behind`: it ends before what was kept;
        `rewritten`: it says something else where a head was kept.
    """
    known = known or Identity()
    first, last = _head(connection, newest=False), _head(connection, newest=True)
    if known.ledger and first.count and first.hash != known.ledger:
        raise LostError(how="other")
    kept = [head for head in (known.head, *anchors[-1:]) if head.count]
    for head in kept:
        if head.count > last.count:
            raise LostError(how="behind", have=last.count, kept=head.count)
        there = connection.execute(select(audit.c.hash).where(audit.c.seq == head.count)).scalar()
        if there != head.hash:
            raise LostError(how="rewritten", seq=head.count)
    return replace(known, ledger=first.hash if first.count else "", count=last.count, hash=last.hash)


def renewed(connection: Connection) -> Identity:
    """The ledger as it stands is the one to go on with, whatever was kept before."""
    first, last = _head(connection, newest=False), _head(connection, newest=True)
    return Identity(first.hash if first.count else "", last.count, last.hash)


def _head(connection: Connection, *, newest: bool) -> Head:
    order = audit.c.seq.desc() if newest else audit.c.seq
    row = connection.execute(select(audit.c.seq, audit.c.hash).order_by(order).limit(1)).first()
    return Head(row.seq, row.hash) if row else Head(0, chain.GENESIS)
