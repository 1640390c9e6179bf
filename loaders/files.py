"""Reading a file that somebody else put there: only a regular one, and only so much of it.

A pipe would wait for ever, a device would never end, and a folder has nothing to read.
"""

from __future__ import annotations

import os
import stat
from errno import EFBIG, EINVAL, EISDIR
from pathlib import Path

_NEVER_WAIT = getattr(os, "O_NONBLOCK", 0)  # opening a pipe waits for its other end without it


class FileRefusedError(OSError):
    """A file that is not read; `strerror` says why and `code` names it."""

    code = "unreadable"


class NotRegularError(FileRefusedError):
    """A folder, a pipe, a socket or a device."""


class TooLargeError(FileRefusedError):
    """More bytes than are taken."""

    code = "too_large"


def read_bounded(path: Path, most: int) -> bytes:
    """The bytes of ``path``, at most ``most`` of them, without ever waiting for somebody to write them.

    Raises
    ------
    FileRefusedError
        for anything but a regular file (links are followed) and for one of more bytes.
    OSError
        where it is missing or may not be read.
    """
    with open(path, "rb", opener=_regular) as file:
        raw = file.read(most + 1) if os.fstat(file.fileno()).st_size <= most else None
    if raw is None or len(raw) > most:
        raise TooLargeError(EFBIG, f"the file is larger than {_size(most)}", str(path))
    return raw


def _regular(path: str, flags: int) -> int:
    descriptor = os.open(path, flags | _NEVER_WAIT)
    kind = os.fstat(descriptor).st_mode
    if stat.S_ISREG(kind):
        return descriptor
    os.close(descriptor)
    if stat.S_ISDIR(kind):
        raise NotRegularError(EISDIR, "it is a folder, not a file", path)
    raise NotRegularError(EINVAL, "it is a pipe or a device, not a file", path)


def _size(most: int) -> str:
    return f"{most // 2**20} MiB" if most >= 2**20 else f"{most} bytes"
