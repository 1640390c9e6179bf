"""An officer's file into entries: the whole file or nothing, and every wrong cell named.

Nothing is guessed and nothing is repaired in silence. Whether a value is plausible is asked later
(`loaders.doubts`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from datetime import date
from difflib import get_close_matches

from loaders.domain.model import Registry
from loaders.domain.own_years import own_period
from loaders.domain.period import Period
from loaders.entry_columns import COLUMNS, NEEDED, VERSION
from loaders.entry_row import CellProblem, Entry, Row, read_row
from loaders.readers.sheet import Cell, Sheet, Spot
from loaders.template import DueValue

__all__ = ["CellProblem", "Entry", "read_entries"]


def read_entries(
    sheet: Sheet,
    registry: Registry,
    ministry: str,
    *,
    as_of: date,
    duties: Collection[DueValue] | None = None,
) -> tuple[list[Entry], list[CellProblem]]:
    """All filled rows as entries, or every problem and no entry.

    ``duties`` restricts the file to what is due; without it any past period of a target may be entered. A row
    without a value is left out.
    """
    problems = _identity(sheet, ministry)
    if not sheet.rows:
        return [], [*problems, CellProblem("no_header", Spot())]
    columns, found = _columns(sheet.rows[0])
    problems += found
    if problems:
        return [], problems
    entries: list[Entry] = []
    seen: dict[tuple[str, str, Period], Spot] = {}
    due = None if duties is None else {(one.target.id, one.period) for one in duties}
    for cells in sheet.rows[1:]:
        row = Row({key: cells[at] for key, at in columns.items()})
        if not row.text("value"):
            continue
        entry = read_row(row, registry, ministry, as_of, due)
        if entry is not None:
            _once(row, entry, registry, seen)
            entries.append(entry)
        problems += sorted(row.problems, key=lambda one: one.spot)
    if not entries and not problems:
        problems.append(CellProblem("nothing_entered", Spot()))
    return ([], problems) if problems else (entries, [])


def _identity(sheet: Sheet, ministry: str) -> list[CellProblem]:
    """A template of another version or ministry; a file without identity is judged by its rows."""
    stated = sheet.identity
    if stated is None:
        return []
    if stated.get("version") != VERSION:
        return [CellProblem("template_version", Spot(), "", stated.get("version", ""), {"version": VERSION})]
    if stated.get("ministry") != ministry:
        return [CellProblem("template_ministry", Spot(), "", stated.get("ministry", ""), {"ministry": ministry})]
    return []


def _columns(header: tuple[Cell, ...]) -> tuple[dict[str, int], list[CellProblem]]:
    """Place of each column by its heading in either language; all known, none twice, none missing."""
    names = {name: column.key for column in COLUMNS for name in (column.ko, column.en)}
    columns: dict[str, int] = {}
    problems = []
    for at, cell in enumerate(header):
        name = unicodedata.normalize("NFC", cell.text).strip()
        if not name:
            continue
        key = names.get(name)
        if key is None:
            close = get_close_matches(name, names, 1)
            problems.append(CellProblem("heading_unknown", cell.spot, "", name, {"close": close[0] if close else ""}))
        elif key in columns:
            problems.append(CellProblem("heading_twice", cell.spot, key, name, {"first": header[columns[key]].spot}))
        else:
            columns[key] = at
    missing = [CellProblem("heading_missing", header[0].spot, key) for key in NEEDED if key not in columns]
    return columns, problems + missing


def _once(row: Row, entry: Entry, registry: Registry, seen: dict[tuple[str, str, Period], Spot]) -> None:
    """The ledger holds one value of one series, scope and period, whichever target asks for it."""
    target = registry.target[entry.target]
    key = (target.indicator, (target.versions[-1].scope or target.scope).id, own_period(entry.period, target, registry))
    if key in seen:
        row.refuse("twice", "period", first=seen[key])
    else:
        seen[key] = entry.spot
