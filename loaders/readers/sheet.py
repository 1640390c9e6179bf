"""What every format is read into: rows of text, each cell with its place; and how reading fails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

MAX_BYTES = 5 * 2**20
MAX_ROWS = 2_000
"""Rows of a file, the header among them."""
MAX_COLUMNS = 64
MAX_CELL = 10_000
"""Characters of one cell."""

FORMULA = "formula"
"""The text is a formula's cached result."""
UNCOMPUTED = "uncomputed"
"""A formula that nobody has calculated; the text is the formula."""
ERROR = "error"
"""An error such as #N/A; the text is its name."""
PERCENT = "percent"
"""A number shown as a percentage; the text is what is stored (0.123 for 12.3 %)."""
DATE = "date"
"""A date, or a month or year that the workbook keeps as one."""
SHOWN = "shown:"
"""Before the text of a number that the workbook shows with more decimals than it stores: 39.0 of a stored 39."""
HIDDEN = "hidden"
"""The row is hidden."""


class Spot(NamedTuple):
    """A place in an uploaded file, counted from 1; row 0 means the whole file."""

    row: int = 0
    column: int = 0
    grid: bool = True
    """True in a workbook (E3), False in a text file (line 3, column 5)."""

    def __str__(self) -> str:
        if not self.row:
            return ""
        return f"{letters(self.column)}{self.row}" if self.grid else f"line {self.row}, column {self.column}"


class Cell(NamedTuple):
    """One cell: its text as stored, where it stands, and what is special about it."""

    text: str
    spot: Spot
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of an uploaded file; rows of nothing but blanks are left out."""

    name: str
    """Name of the file."""
    rows: tuple[tuple[Cell, ...], ...]
    encoding: str = ""
    """Detected encoding of a text file, for the officer to confirm; empty for a workbook."""
    separator: str = ""
    """Detected separator of a text file."""
    title: str = ""
    """Name of the worksheet."""
    identity: Mapping[str, str] | None = None
    """What the hidden sheet of a template says of it; None where there is none."""


class UnreadableError(Exception):
    """The file as a whole is refused; ``code`` and ``parameters`` say why, in no language."""

    def __init__(self, code: str, spot: Spot | None = None, **parameters: str) -> None:
        super().__init__(code)
        self.code = code
        self.spot = spot or Spot()
        self.parameters = parameters


def letters(column: int) -> str:
    """Letters of a column counted from 1: 1 → A, 27 → AA."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def check_size(raw: bytes) -> None:
    """Refuse an empty or too large file before anything looks into it."""
    if not raw.strip():
        raise UnreadableError("empty")
    if len(raw) > MAX_BYTES:
        raise UnreadableError("too_large", limit=f"{MAX_BYTES // 2**20}")
