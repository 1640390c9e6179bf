"""Files that only the desk's own user may read: 600 in folders of 700, whatever the umask says.

The ledger holds what is not released yet. SQLite gives its write-ahead log the rights of the database,
so a database that is private before it is opened stays so.
"""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

FOLDER = Path("local")
"""What is private, below the data folder."""
PUBLIC = frozenset({"public-snapshot.json"})
"""What lies there and is public: it holds nothing that has not been released, and another user may have to read it."""
FILE_MODE, FOLDER_MODE = 0o600, 0o700
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def make_folder(path: Path) -> None:
    """Make ``path`` and what lies above it; the rights of a folder that exists are left alone."""
    if not path.is_dir():
        make_folder(path.parent)
        path.mkdir(mode=FOLDER_MODE, exist_ok=True)


def make_file(path: Path) -> None:
    """Make ``path`` empty where it is missing, and private in any case."""
    make_folder(path.parent)
    file = os.open(path, os.O_CREAT | os.O_RDWR, FILE_MODE)
    try:
        if os.fstat(file).st_mode & _OTHERS:
            os.fchmod(file, FILE_MODE)
    finally:
        os.close(file)


def append_line(path: Path, line: str) -> None:
    """Add one line in one write and wait until it is on the disk; a torn line before it is closed first."""
    make_folder(path.parent)
    new = not path.exists()
    file = os.open(path, os.O_CREAT | os.O_RDWR | os.O_APPEND, FILE_MODE)
    try:
        size = os.fstat(file).st_size
        torn = size > 0 and os.pread(file, 1, size - 1) != b"\n"
        os.write(file, f"{chr(10) if torn else ''}{line}\n".encode())
        os.fsync(file)
    finally:
        os.close(file)
    if new:
        sync_folder(path.parent)


def write_whole(path: Path, raw: bytes) -> None:
    """Put ``raw`` at ``path`` wholly or not at all; on the disk when this returns."""
    make_folder(path.parent)
    file, part = tempfile.mkstemp(suffix=".part", dir=path.parent)
    try:
        with os.fdopen(file, "wb") as out:
            out.write(raw)
            out.flush()
            os.fsync(out.fileno())
        Path(part).replace(path)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def wider(data: Path) -> list[Path]:
    """Everything private below ``data`` that others than its owner may reach, folders first."""
    top = (data / FOLDER).resolve()
    if os.name != "posix" or not top.is_dir():
        return []
    return [path for path in (top, *sorted(top.rglob("*"))) if path.name not in PUBLIC and _is_open(path)]


def _is_open(path: Path) -> bool:
    try:
        held = path.lstat()
    except FileNotFoundError:  # a write-ahead log comes and goes
        return False
    return not stat.S_ISLNK(held.st_mode) and bool(held.st_mode & _OTHERS)


def tighten(data: Path) -> list[Path]:
    """Take from others what they may reach below ``data``; the paths that were open."""
    found = wider(data)
    for path in found:
        with suppress(FileNotFoundError):
            path.chmod(FOLDER_MODE if path.is_dir() else FILE_MODE)
    return found
