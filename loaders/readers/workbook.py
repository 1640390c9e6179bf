"""XLSX, opened by a child process with limits; this process never looks inside.

A workbook is a program for its reader: a few kilobytes can unfold to gigabytes, loop or crash. Whatever
happens, it happens to the child, and the officer gets a sentence.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from loaders.entry_columns import ENTRY_SHEET, IDENTITY_SHEET
from loaders.readers import zip_check
from loaders.readers.child import ANSWER_BYTES, OUT_OF_MEMORY
from loaders.readers.sheet import Cell, Sheet, Spot, UnreadableError

WALL_SECONDS = 15.0
AT_ONCE = 2
COMMAND = (sys.executable, "-P", "-m", "loaders.readers.child", IDENTITY_SHEET, *ENTRY_SHEET.values())
_ROOT = str(Path(__file__).resolve().parents[2])
_free = threading.BoundedSemaphore(AT_ONCE)


def read(raw: bytes, name: str) -> Sheet:
    """The sheet with the entries, else the first visible one.

    Raises
    ------
    UnreadableError
        as `zip_check.check`, and document_type, no_sheet, too_many_rows, too_many_columns, cell_too_long, busy,
        timeout, memory or crashed.
    """
    zip_check.check(raw)
    if not _free.acquire(timeout=WALL_SECONDS):
        raise UnreadableError("busy")
    try:
        found = _ask(raw)
    finally:
        _free.release()
    if "problem" in found:
        raise UnreadableError(found["problem"], Spot(*found.get("spot") or ()), **found.get("parameters", {}))
    try:
        rows = tuple(
            tuple(Cell(text, Spot(number, at), tuple(marks)) for at, (text, marks) in enumerate(cells, 1))
            for number, *cells in found["rows"]
        )
        return Sheet(name, rows, title=found["title"], identity=found["identity"])
    except (KeyError, TypeError, ValueError):
        raise UnreadableError("crashed") from None  # an answer of another shape is no answer


def _ask(raw: bytes) -> dict[str, Any]:
    """The child's answer. Files instead of pipes: a child that never reads or never stops writing blocks nothing."""
    with tempfile.TemporaryFile() as question, tempfile.TemporaryFile() as reply:
        question.write(raw)
        question.seek(0)
        # A bare environment: the database's address and other secrets are none of the child's business.
        env = {"PYTHONPATH": _ROOT, "PYTHONUTF8": "1", "PATH": os.defpath}
        child = subprocess.Popen(COMMAND, stdin=question, stdout=reply, stderr=subprocess.DEVNULL, env=env)
        try:
            code = child.wait(WALL_SECONDS)
        except subprocess.TimeoutExpired:
            raise UnreadableError("timeout") from None
        finally:
            child.kill()
            child.wait()
        if code:
            raise UnreadableError(_why(code))
        reply.seek(0)
        try:
            found = json.loads(reply.read(ANSWER_BYTES))
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise UnreadableError("crashed")
        return found


def _why(code: int) -> str:
    if code == OUT_OF_MEMORY:
        return "memory"
    return {-signal.SIGXCPU: "timeout", -signal.SIGKILL: "timeout", -signal.SIGABRT: "memory"}.get(code, "crashed")
