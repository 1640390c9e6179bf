"""The process that opens a workbook: `python -m loaders.readers.child SHEET ...`, file on stdin, JSON on stdout.

It takes its own limits before it looks at a byte: memory, processor time, size of its answer, and no
file or connection beyond those it has. Whatever a hostile workbook does, it does here. The arguments are the
names under which the sheet with the entries is known; without one of them the first visible sheet is read.
"""

from __future__ import annotations

import io
import json
import math
import re
import sys
import zipfile
import zlib
from datetime import date, datetime
from decimal import Decimal
from importlib import import_module
from typing import Any

from loaders.readers.sheet import (
    DATE,
    ERROR,
    FORMULA,
    HIDDEN,
    MAX_CELL,
    MAX_COLUMNS,
    MAX_ROWS,
    PERCENT,
    SHOWN,
    UNCOMPUTED,
    Spot,
    UnreadableError,
)

MEMORY_BYTES = 512 * 2**20
PROCESSOR_SECONDS = 10
ANSWER_BYTES = 32 * 2**20
_NEEDED_LATER = ("encodings.cp437", "encodings.utf_16", "python_calamine", "loaders.readers.cell_facts")
"""Imported before the limits, because no file can be opened after them; cp437 is for names in a zip directory."""
OUT_OF_MEMORY = 3
"""Exit code; an allocation that fails inside calamine aborts instead."""


def limit() -> None:
    """Bind this process; nothing can loosen it again."""
    import resource

    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, PROCESSOR_SECONDS),
        (resource.RLIMIT_FSIZE, ANSWER_BYTES),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 3),
    ):
        _, hard = resource.getrlimit(what)
        value = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (value, value))


def answer(raw: bytes, titles: list[str], identity_sheet: str) -> dict[str, Any]:
    """The sheet as JSON data, or the problem."""
    from python_calamine import CalamineError, PasswordError

    try:
        return _read(raw, titles, identity_sheet)
    except UnreadableError as problem:
        return {"problem": problem.code, "spot": problem.spot, "parameters": problem.parameters}
    except PasswordError:
        return {"problem": "password"}
    except (CalamineError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError):
        return {"problem": "zip_broken"}


def _read(raw: bytes, titles: list[str], identity_sheet: str) -> dict[str, Any]:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    from loaders.readers import cell_facts

    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        if "xl/sharedStrings.xml" in archive.namelist():
            cell_facts.refuse_document_type(cell_facts.part(archive, "xl/sharedStrings.xml"))
        parts, styles = cell_facts.sheet_parts(archive), cell_facts.formats(archive)
        book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        sheets = [one for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
        shown = [one.name for one in sheets if one.visible == SheetVisibleEnum.Visible]
        title = next((one.name for one in sheets if one.name in titles), shown[0] if shown else None)
        if title is None:
            raise UnreadableError("no_sheet")
        identity = None
        if any(one.name == identity_sheet for one in sheets):
            _facts(archive, parts, identity_sheet, styles)
            found = book.get_sheet_by_name(identity_sheet).to_python(skip_empty_area=False)
            identity = {str(row[0]): str(row[1]) for row in found if len(row) > 1 and row[0]}
        facts = _facts(archive, parts, title, styles)
    sheet = book.get_sheet_by_name(title)
    if sheet.total_height > MAX_ROWS or sheet.total_width > MAX_COLUMNS:
        raise UnreadableError("too_many_rows", limit=str(MAX_ROWS))
    rows = _rows(sheet.to_python(skip_empty_area=False), facts)
    return {"title": title, "identity": identity, "rows": rows}


def _facts(archive: zipfile.ZipFile, parts: dict[str, str], title: str, styles: list[str]) -> Any:
    from loaders.readers import cell_facts

    return cell_facts.sheet_facts(cell_facts.part(archive, parts.get(title, "")), styles)


def _rows(table: list[list[Any]], facts: Any) -> list[list[Any]]:
    """Each row as [number, [text, marks], …]; rows of nothing but blanks are left out."""
    height = max([len(table), *(row for row, _ in facts.cells)])
    width = max([*(len(row) for row in table), *(column for _, column in facts.cells)], default=0)
    found = []
    for number in range(1, height + 1):
        values = table[number - 1] if number <= len(table) else []
        cells = [
            _cell(values[at - 1] if at <= len(values) else "", facts.cells.get((number, at)))
            for at in range(1, width + 1)
        ]
        for at, (text, _) in enumerate(cells, 1):
            if len(text) > MAX_CELL:
                raise UnreadableError("cell_too_long", Spot(number, at), limit=str(MAX_CELL))
        if any(text.strip() for text, _ in cells):
            hidden = [HIDDEN] if number in facts.hidden_rows else []
            found.append([number, *([text, [*marks, *hidden]] for text, marks in cells)])
    return found


def _cell(value: Any, fact: Any) -> tuple[str, list[str]]:
    if fact is None:
        return text_of(value, ""), [DATE] if isinstance(value, date) else []
    if fact.error:
        return fact.error, [ERROR]
    if fact.formula is not None and not fact.computed:
        return f"={fact.formula}", [UNCOMPUTED]
    marks = [FORMULA] if fact.formula is not None else []
    if "%" in fact.format and isinstance(value, int | float):
        marks.append(PERCENT)
    if isinstance(value, date):
        marks.append(DATE)
    text = text_of(value, fact.format)
    if isinstance(value, int | float) and (shown := shown_with_zeros(text, fact.format)):
        marks.append(f"{SHOWN}{shown}")
    return text, marks


_FIXED = re.compile(r"(?:#,##)?0\.(0+)(?:[;_ ].*)?", re.ASCII)


def shown_with_zeros(text: str, code: str) -> str:
    """The number as its format shows it, where that has more decimals than are stored; else empty."""
    fixed = _FIXED.fullmatch(code)
    decimals = len(text.partition(".")[2])
    if fixed is None or len(fixed[1]) <= decimals or not re.fullmatch(r"-?\d+(?:\.\d+)?", text, re.ASCII):
        return ""
    return f"{text}{'' if decimals else '.'}{'0' * (len(fixed[1]) - decimals)}"


def text_of(value: Any, code: str) -> str:
    """A value as text: 12.0 → 12, a date → 2025-12-31, and 2025-12 or 2025 where its format shows no more.

    Numbers have 15 significant digits, as many as the spreadsheet shows: 0.1 + 0.2 is 0.3 there.
    """
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return format(Decimal(f"{value:.15g}"), "f") if math.isfinite(value) else str(value)
    if isinstance(value, datetime) and (value.hour or value.minute or value.second):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        shown = 10 if "d" in code or "y" not in code else 7 if "m" in code else 4
        return value.isoformat()[:shown]
    return str(value)


def main() -> int:
    """Read stdin, write the answer."""
    for name in _NEEDED_LATER:
        import_module(name)
    limit()
    try:
        raw = sys.stdin.buffer.read()
        identity_sheet, *titles = sys.argv[1:]
        sys.stdout.write(json.dumps(answer(raw, titles, identity_sheet)))
        sys.stdout.flush()
    except MemoryError:
        return OUT_OF_MEMORY
    return 0


if __name__ == "__main__":
    sys.exit(main())
