"""CSV as Korean offices save it: UTF-8, UTF-16 or CP949; comma, semicolon or tab.

Every cell stays text ("NA" is not missing, "0012" is not 12). The encoding of a text file cannot be
known, only guessed: it is reported, so that the officer confirms what the page shows.
"""

from __future__ import annotations

import csv
import io
import re

from loaders.readers.sheet import MAX_CELL, MAX_COLUMNS, MAX_ROWS, Cell, Sheet, Spot, UnreadableError, check_size

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_HANGUL_UTF8 = re.compile(rb"[\xea-\xed][\x80-\xbf]{2}")
_SEPARATORS = ",;\t"


def read(raw: bytes, name: str) -> Sheet:
    """The one table of a CSV file.

    Raises
    ------
    UnreadableError
        empty, too_large, nul, encoding, mixed_encoding, csv, ragged, cell_too_long, too_many_rows or
        too_many_columns.
    """
    check_size(raw)
    text, encoding = decoded(raw)
    first = next((line for line in re.split(r"[\r\n]", text) if line.strip()), "")
    separator = max(_SEPARATORS, key=re.sub(r'"[^"]*"', "", first).count)
    if first.count(separator) >= MAX_COLUMNS:
        raise UnreadableError("too_many_columns", Spot(1, MAX_COLUMNS + 1, grid=False), limit=str(MAX_COLUMNS))
    return Sheet(name, tuple(_rows(text, separator)), encoding, separator)


def decoded(raw: bytes) -> tuple[str, str]:
    """The text and the encoding that explains every byte."""
    mark = next(((start, name) for start, name in _MARKS if raw.startswith(start)), None)
    if mark is not None:
        encoding = mark[1]
    elif b"\0" in raw:
        encoding = _utf_16(raw)
    else:
        encoding = "utf-8"
    try:
        text = raw.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            raise UnreadableError("encoding", _line_of(raw, error.start)) from None
        text, encoding = _cp949(raw), "cp949"
    if "\0" in text:
        raise UnreadableError("nul", Spot(text.count("\n", 0, text.index("\0")) + 1, 1, grid=False))
    return text, encoding


def _utf_16(raw: bytes) -> str:
    # In UTF-16 every comma and digit has a zero byte, always on the same side.
    if len(raw) % 2 or abs(raw[::2].count(0) - raw[1::2].count(0)) < len(raw) // 16:
        raise UnreadableError("nul", _line_of(raw, raw.index(b"\0")))
    return "utf-16-be" if raw[::2].count(0) > raw[1::2].count(0) else "utf-16-le"


def _cp949(raw: bytes) -> str:
    # Two files pasted into one: some lines are good UTF-8 with Hangul, so the rest cannot be CP949.
    for number, line in enumerate(raw.splitlines(), 1):
        if _HANGUL_UTF8.search(line) and _is_utf8(line):
            raise UnreadableError("mixed_encoding", Spot(number, 1, grid=False))
    try:
        return raw.decode("cp949")
    except UnicodeDecodeError as error:
        raise UnreadableError("encoding", _line_of(raw, error.start)) from None


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _line_of(raw: bytes, offset: int) -> Spot:
    return Spot(raw.count(b"\n", 0, offset) + 1, 1, grid=False)


def _rows(text: str, separator: str) -> list[tuple[Cell, ...]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[tuple[Cell, ...]] = []
    line = 1
    try:
        for record in reader:
            if any(cell.strip() for cell in record):
                if rows and len(record) != len(rows[0]):
                    spot = Spot(line, min(len(record), len(rows[0])) + 1, grid=False)
                    raise UnreadableError("ragged", spot, found=str(len(record)), expected=str(len(rows[0])))
                rows.append(tuple(Cell(cell, Spot(line, at, grid=False)) for at, cell in enumerate(record, 1)))
                _check_row(rows)
            line = reader.line_num + 1  # a quoted cell may hold line ends: a record has its first line's number
    except csv.Error as error:
        raise UnreadableError("csv", Spot(line, 1, grid=False), detail=str(error)) from None
    return rows


def _check_row(rows: list[tuple[Cell, ...]]) -> None:
    if len(rows) > MAX_ROWS:
        raise UnreadableError("too_many_rows", rows[-1][0].spot, limit=str(MAX_ROWS))
    if len(rows[-1]) > MAX_COLUMNS:  # a quoted line end in the header hides columns from the look at the raw line
        raise UnreadableError("too_many_columns", rows[-1][MAX_COLUMNS].spot, limit=str(MAX_COLUMNS))
    for cell in rows[-1]:
        if len(cell.text) > MAX_CELL:
            raise UnreadableError("cell_too_long", cell.spot, limit=str(MAX_CELL))
