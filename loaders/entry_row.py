"""One row of an officer's file, cell by cell: figures as the ledger takes them, or every wrong cell.

The file is not trusted where it repeats what the registry knows: names, units and ministries are compared, and
only the officer's own columns become figures.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import NamedTuple

from loaders import entered
from loaders.domain.model import Kind, Registry, Target, Text
from loaders.domain.own_years import own_period
from loaders.domain.period import Period, parse_period
from loaders.doubts import Doubt
from loaders.entry_columns import STATUS_NAMES, status_label
from loaders.exports.neutral import unguard
from loaders.ledger.figures import LONGEST
from loaders.readers.sheet import DATE, ERROR, FORMULA, HIDDEN, PERCENT, SHOWN, UNCOMPUTED, Cell, Spot
from loaders.responsibility import answering, may_enter
from loaders.web_address import is_web_address


class CellProblem(NamedTuple):
    """One wrong cell, or with an empty place the whole file; in no language."""

    code: str
    spot: Spot
    column: str = ""
    """Key of the column, empty for the whole file."""
    entered: str = ""
    parameters: Mapping[str, str | Spot] = {}
    """What the message needs; places in the file as such, because each language writes them its own way."""


class Entry(NamedTuple):
    """The figures of one row, as the ledger takes them; all text."""

    target: str
    period: str
    value: str
    status: str
    published: str
    source: str
    url: str
    note: str
    spot: Spot
    """Where the value stands in the file."""
    doubts: tuple[Doubt, ...] = ()
    """How the cell was read, where that needs a confirmation:
    percent_cell, zero_cell, normalised, formula_value or hidden_row."""


@dataclass(slots=True)
class Row:
    """One row under the header, by column key, with the problems found in it."""

    cells: Mapping[str, Cell]
    problems: list[CellProblem] = field(default_factory=list)

    def text(self, key: str) -> str:
        """Text of a cell without guard and outer spaces, NFC; empty where there is no such column."""
        cell = self.cells.get(key)
        return unicodedata.normalize("NFC", unguard(cell.text.strip())).strip() if cell else ""

    def refuse(self, code: str, key: str, **parameters: str | Spot) -> None:
        """Note one problem of a cell."""
        cell = self.cells.get(key) or self.cells["value"]
        self.problems.append(CellProblem(code, cell.spot, key, cell.text, parameters))


def read_row(
    row: Row, registry: Registry, ministry: str, as_of: date, due: set[tuple[str, str]] | None
) -> Entry | None:
    """One row read as far as it can be, so that all of its wrong cells are named at once."""
    target = _target(row, registry, ministry, as_of)
    doubts = list(_reading_doubts(row))
    value = _value(row, target, registry, doubts)
    status = _status(row)
    period = _period(row, target, registry, as_of, due)
    published = _published(row, as_of)
    texts = {key: _text(row, key) for key in ("source", "url", "note")}
    if texts["url"] and not is_web_address(texts["url"]):
        row.refuse("url", "url")
    if row.problems or target is None or period is None:
        return None
    return Entry(
        target.id, period.written, value, status, published, **texts, spot=row.cells["value"].spot, doubts=tuple(doubts)
    )


def _target(row: Row, registry: Registry, ministry: str, as_of: date) -> Target | None:
    name = row.text("target")
    target = registry.target.get(name)
    if target is None:
        own = [one.id for one in registry.targets if may_enter(registry, one, ministry, as_of)]
        close = get_close_matches(name.lower(), own, 1)
        row.refuse("target_unknown" if name else "missing", "target", close=close[0] if close else "")
        return None
    if not may_enter(registry, target, ministry, as_of):
        row.refuse("target_foreign", "target", lead=answering(target) or "")
        return None
    stated = row.text("name")
    if stated and stated not in {_kept(target.name.ko), _kept(target.name.en)}:
        row.refuse("name_differs", "name", **_both("expected", target.name))
    unit = registry.unit[target.unit].name
    if row.text("unit") and row.text("unit") not in {_kept(unit.ko), _kept(unit.en)}:
        row.refuse("unit_differs", "unit", **_both("expected", unit))
    return target


def _both(key: str, text: Text) -> dict[str, str]:
    """A registry text as parameters: Korean under ``key``, English under ``key_en``."""
    return {key: text.ko, f"{key}_en": text.en}


def _kept(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


def _reading_doubts(row: Row) -> Iterator[Doubt]:
    cell = row.cells["value"]
    if PERCENT in cell.marks:
        try:
            shown = format((Decimal(cell.text) * 100).normalize(), "f")
        except ArithmeticError:
            return
        yield Doubt("percent_cell", {"stored": cell.text, "shown": shown})
    shown = next((mark.removeprefix(SHOWN) for mark in cell.marks if mark.startswith(SHOWN)), "")
    if shown:
        yield Doubt("zero_cell", {"read": cell.text, "shown": shown})
    if FORMULA in cell.marks:
        yield Doubt("formula_value", {"value": cell.text})
    if HIDDEN in cell.marks:
        yield Doubt("hidden_row", {"row": str(cell.spot.row)})


def _value(row: Row, target: Target | None, registry: Registry, doubts: list[Doubt]) -> str:
    cell = row.cells["value"]
    special = {ERROR: "error_cell", UNCOMPUTED: "uncomputed", DATE: "date_for_number"}
    for mark, code in special.items():
        if mark in cell.marks:
            row.refuse(code, "value")
            return ""
    try:
        found = entered.number(row.text("value"))
    except entered.NotPlainError as refused:
        unit = _both("unit", registry.unit[target.unit].name) if target else {"unit": "?"}
        row.refuse(f"number.{refused.code}", "value", suggestion=refused.suggestion, **unit)
        return ""
    if found.normalised:
        doubts.append(Doubt("normalised", {"entered": row.text("value"), "read": found.text}))
    if target is not None:
        _fits(row, target, registry, Decimal(found.text))
    return found.text


def _fits(row: Row, target: Target, registry: Registry, value: Decimal) -> None:
    low, high = registry.unit[target.unit].bounds
    if (low is not None and value < low) or (high is not None and value > high):
        limits = {"low": "" if low is None else f"{low:g}", "high": "" if high is None else f"{high:g}"}
        row.refuse("outside", "value", **limits)
    elif (target.integer or target.kind is Kind.RANK) and value != value.to_integral_value():
        row.refuse("not_whole", "value")


def _status(row: Row) -> str:
    text = row.text("status")
    for code in STATUS_NAMES:
        if text == code or text in {status_label(code, language) for language in ("ko", "en")}:
            return code
    row.refuse("status" if text else "missing", "status", known=" ".join(STATUS_NAMES))
    return ""


def _period(
    row: Row, target: Target | None, registry: Registry, as_of: date, due: set[tuple[str, str]] | None
) -> Period | None:
    try:
        text = entered.period(row.text("period"))
        found = own_period(text, target, registry) if target is not None else parse_period(text)
    except entered.NotPlainError as refused:
        code = "period" if row.text("period") else "missing"
        row.refuse(code, "period", suggestion=refused.suggestion)
        return None
    if found.end > as_of:
        row.refuse("future", "period", day=as_of.isoformat())
    elif due is not None and target is not None and (target.id, found.written) not in due:
        asked = sorted(period for name, period in due if name == target.id)
        row.refuse("not_due", "period", due=", ".join(asked))
    return found


def _published(row: Row, as_of: date) -> str:
    """Day, month or year of publication, in the registry's form; empty means the day of release."""
    text = row.text("published")
    if not text:
        return ""
    try:
        found = parse_period(entered.period(text))
    except entered.NotPlainError as refused:
        row.refuse("day", "published", suggestion=refused.suggestion)
        return ""
    if found.start > as_of:
        row.refuse("published_ahead", "published", day=as_of.isoformat())
    if found.own_year or found.long:
        row.refuse("day", "published", suggestion="")
    return found.text


def _text(row: Row, key: str) -> str:
    """A source, link or note; what the ledger refuses (`loaders.ledger.figures`) is refused here with its cell."""
    text = row.text(key).replace("\r\n", "\n").replace("\r", "\n")
    if ERROR in row.cells[key].marks or UNCOMPUTED in row.cells[key].marks:
        row.refuse("error_cell", key)
    elif not text and key != "note":
        row.refuse("missing", key)
    elif len(text) > LONGEST[key]:
        row.refuse("text_long", key, limit=str(LONGEST[key]))
    elif not text.replace("\n", "").isprintable():
        row.refuse("text_unseen", key)
    return text
