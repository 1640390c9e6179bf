"""Attached files, each under the hash of its bytes: what is read is what was handed in, or it is not read."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Mapping
from pathlib import Path

from sqlalchemy import Connection, select, union

from loaders.ledger import private
from loaders.ledger.chain import Flaw
from loaders.ledger.tables import drafts, versions

EVIDENCE = private.FOLDER / "evidence"
"""Below the data folder."""

_log = logging.getLogger(__name__)


class EvidenceError(Exception):
    """A file that cannot be shown; ``code`` is `lost` or `altered`."""

    def __init__(self, code: str, digest: str) -> None:
        self.code, self.digest = code, digest
        super().__init__(f"evidence {digest}: {code}")


def keep(folder: Path, raw: bytes) -> str:
    """Put a file's bytes on the disk under their hash, which is returned; the same bytes twice are one file."""
    digest = hashlib.sha256(raw).hexdigest()
    try:
        read(folder, digest)
    except EvidenceError as error:
        if error.code == "altered":
            _log.error("evidence %s had been altered; what was handed in takes its place", digest)
        private.write_whole(folder / digest, raw)
    return digest


def read(folder: Path, digest: str) -> bytes:
    """The bytes that were handed in under ``digest``.

    Raises
    ------
    EvidenceError
        where the file is not there, or holds other bytes.
    """
    try:
        raw = (folder / digest).read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        raise EvidenceError("lost", digest) from None
    if hashlib.sha256(raw).hexdigest() != digest:
        raise EvidenceError("altered", digest)
    return raw


def stated(connection: Connection) -> list[str]:
    """Every hash that a version or a draft names."""
    named = union(*(select(table.c.evidence).where(table.c.evidence != "") for table in (versions, drafts)))
    return sorted(connection.execute(named).scalars())


def flaws(folder: Path, digests: Iterable[str], logged: Mapping[str, int]) -> list[Flaw]:
    """Files that are lost or altered; ``logged`` is the log's first entry that names each."""
    found = []
    for digest in digests:
        try:
            read(folder, digest)
        except EvidenceError as error:
            found.append(Flaw(logged.get(digest, 0), error.code, "evidence", digest))
    return found


def copy(source: Path, target: Path, digests: Iterable[str]) -> list[Flaw]:
    """Carry files over, each verified on both sides; those that cannot be are named, the others are there."""
    wanted = list(digests)
    for digest in wanted:
        try:
            keep(target, read(source, digest))
        except EvidenceError:
            continue
    return flaws(target, wanted, {})
