"""Everything public as of one look: registry, observations and released values, in one file that can be trusted.

The file is JSON: `content` (what is published), `looked` (when the files and the ledger were last seen
in order, and how long the ledger was), and `sha256` over both. A file whose hash does not match is not
used. It only ever holds values that were released when it was made, so that it may be read by anybody,
and holds no release that is still to come.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from loaders.domain.model import Registry
from loaders.domain.observation import Observation
from loaders.ledger.identity import Identity

FORMAT = 1
LARGEST = 256 * 1024 * 1024
"""Bytes; a larger file is not a snapshot of ours."""
READABLE = 0o644
"""Everything in it is published: the public half may run as another user."""


class SnapshotError(Exception):
    """A file that is not used; the text says why."""


@dataclass(frozen=True, slots=True)
class Looked:
    """When files and ledger were last seen in order, as stamped text; empty where never."""

    files: str = ""
    ledger: str = ""
    known: Identity = field(default_factory=Identity)
    """How far the ledger had come."""


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """What is published, and how it is known."""

    registry: Registry
    observations: tuple[Observation, ...]
    """Of the files."""
    released: tuple[Observation, ...]
    """Of the ledger."""
    version: str
    """Short hash of the registry file."""
    epoch: str
    """Changes with what is released (`loaders.ledger.published.epoch`)."""
    looked: Looked

    @property
    def content(self) -> str:
        """Canonical JSON of what is published; equal for equal contents."""
        rows = _rows()
        return _canonical(
            {
                "format": FORMAT,
                "registry": self.registry.model_dump(mode="json", by_alias=True),
                "observations": rows.dump_python(self.observations, mode="json"),
                "released": rows.dump_python(self.released, mode="json"),
                "version": self.version,
                "epoch": self.epoch,
            }
        )


def to_bytes(content: str, looked: Looked) -> bytes:
    """The file of a snapshot's content (`Snapshot.content`) and the time of the look."""
    seen = _canonical(asdict(looked))
    return f'{{"sha256":"{_digest(content, seen)}","looked":{seen},"content":{content}}}\n'.encode()


def from_bytes(raw: bytes) -> Snapshot:
    """The snapshot that `to_bytes` wrote.

    Raises
    ------
    SnapshotError
        where it is anything else.
    """
    try:
        data = json.loads(raw)
        content, looked = data["content"], data["looked"]
        if _digest(_canonical(content), _canonical(looked)) != data["sha256"]:
            raise SnapshotError("its content is not what its hash says")
        if content["format"] != FORMAT:
            raise SnapshotError(f"format {content['format']} is not known here")
        rows = _rows()
        return Snapshot(
            Registry.model_validate_json(json.dumps(content["registry"])),
            rows.validate_json(json.dumps(content["observations"])),
            rows.validate_json(json.dumps(content["released"])),
            content["version"],
            content["epoch"],
            Looked(looked["files"], looked["ledger"], Identity(**looked["known"])),
        )
    except (ValueError, TypeError, KeyError, RecursionError) as error:  # pydantic's errors are ValueErrors
        raise SnapshotError("it is not a snapshot") from error


def read_snapshot(path: Path) -> Snapshot:
    """The snapshot in ``path``.

    Raises
    ------
    SnapshotError
        where there is none that can be used.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except OSError as error:
        raise SnapshotError(error.strerror or "it cannot be read") from error
    if len(raw) > LARGEST:
        raise SnapshotError("it is too large")
    return from_bytes(raw)


def write_snapshot(path: Path, raw: bytes) -> None:
    """Put ``raw`` in the place of ``path``, whole or not at all; OSError where that cannot be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(READABLE)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _digest(content: str, looked: str) -> str:
    return hashlib.sha256(f"{looked}\n{content}".encode()).hexdigest()


@lru_cache(maxsize=1)
def _rows() -> TypeAdapter[tuple[Observation, ...]]:
    return TypeAdapter(tuple[Observation, ...])
