"""What calamine does not tell of a workbook's cells: formulas, errors, percentages, hidden rows.

calamine gives an empty cell for #N/A and for a formula that nobody has calculated, and 0.123 for a cell that
shows 12.3 %. The XML says which is which. A document type is refused at once, so no entity is ever resolved.
This runs in the child only.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable, Mapping
from typing import NamedTuple
from xml.parsers import expat

from loaders.readers.sheet import MAX_COLUMNS, MAX_ROWS, Spot, UnreadableError

_REF = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_PERCENT_FORMATS = {"9", "10"}
_BUILT_IN = {"17": "mmm-yy", "2": "0.00", "4": "#,##0.00"}
"""Of the built-in dates only 17 has no day; 2 and 4 fix the decimals."""
_KEPT = 200
"""Characters kept of a formula or an error."""


class Fact(NamedTuple):
    """What the XML says of one cell that is more than plain text or a plain number."""

    error: str = ""
    formula: str | None = None
    computed: bool = True
    """False for a formula without a cached value."""
    format: str = ""
    """The number format's code without quoted text, or "%" or a date code for a built-in one."""


class SheetFacts(NamedTuple):
    """Facts by (row, column), counted from 1."""

    cells: Mapping[tuple[int, int], Fact]
    hidden_rows: frozenset[int]


def sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """The XML part of each worksheet by the sheet's name."""
    relations: dict[str, str] = {}
    sheets: dict[str, str] = {}

    def relation(tag: str, values: Mapping[str, str]) -> None:
        if tag == "Relationship" and values.get("TargetMode") != "External":
            target = values.get("Target", "")
            relations[values.get("Id", "")] = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")

    def sheet(tag: str, values: Mapping[str, str]) -> None:
        if tag == "sheet":
            sheets[values.get("name", "")] = relations.get(values.get("id", ""), "")

    _scan(part(archive, "xl/_rels/workbook.xml.rels"), relation)
    _scan(part(archive, "xl/workbook.xml"), sheet)
    return sheets


def formats(archive: zipfile.ZipFile) -> list[str]:
    """Number format of each cell style."""
    if "xl/styles.xml" not in archive.namelist():
        return []
    codes: dict[str, str] = {}
    styles: list[str] = []
    inside: list[bool] = [False]

    def style(tag: str, values: Mapping[str, str]) -> None:
        if tag == "numFmt":
            codes[values.get("numFmtId", "")] = _QUOTED.sub("", values.get("formatCode", "")).lower()
        elif tag in ("cellXfs", "cellStyles", "dxfs"):
            inside[0] = tag == "cellXfs"
        elif tag == "xf" and inside[0]:
            number = values.get("numFmtId", "0")
            styles.append("%" if number in _PERCENT_FORMATS else codes.get(number, _BUILT_IN.get(number, "")))

    _scan(part(archive, "xl/styles.xml"), style)
    return styles


def part(archive: zipfile.ZipFile, name: str) -> bytes:
    """The bytes of one part; raises UnreadableError where it is missing."""
    try:
        return archive.read(name)
    except KeyError:
        raise UnreadableError("zip_broken") from None


def sheet_facts(xml: bytes, styles: list[str]) -> SheetFacts:
    """Facts of one worksheet; refuses one that reaches beyond the limits before calamine unfolds it."""
    reader = _SheetReader(styles)
    parser = _parser()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    _run(parser, xml)
    return SheetFacts(reader.facts, frozenset(reader.hidden))


class _SheetReader:
    """Handlers that walk through <row> and <c> and keep only what is special."""

    def __init__(self, styles: list[str]) -> None:
        self.styles = styles
        self.facts: dict[tuple[int, int], Fact] = {}
        self.hidden: set[int] = set()
        self.row = self.column = 0
        self.cell: Mapping[str, str] | None = None
        self.formula: str | None = None
        self.value = ""
        self.inline = False
        self.within = ""

    def start(self, name: str, values: Mapping[str, str]) -> None:
        tag = _local(name)
        if tag == "row":
            self.row = (
                int(values["r"]) if values.get("r", "").isascii() and values.get("r", "").isdigit() else self.row + 1
            )
            self.column = 0
            if values.get("hidden") in ("1", "true"):
                self.hidden.add(self.row)
        elif tag == "c":
            self.cell, self.formula, self.value, self.inline = values, None, "", False
            self.column += 1
            if "r" in values:
                self._at(values["r"])
        elif self.cell is not None:
            self.inline = self.inline or tag == "is"
            self.within = tag
            if tag == "f":
                self.formula = ""

    def _at(self, reference: str) -> None:
        found = _REF.fullmatch(reference)
        if found is None:
            raise UnreadableError("zip_broken")
        self.row, self.column = int(found[2]), 0
        for letter in found[1]:
            self.column = self.column * 26 + ord(letter) - ord("A") + 1

    def text(self, data: str) -> None:
        if self.cell is None:
            return
        if self.within == "v":
            self.value = (self.value + data)[:_KEPT]
        elif self.within == "f" and self.formula is not None:
            self.formula = (self.formula + data)[:_KEPT]

    def end(self, name: str) -> None:
        self.within = ""
        if _local(name) == "c" and self.cell is not None:
            if self.value or self.inline or self.formula is not None:
                self._keep(self.cell)
            self.cell = None

    def _keep(self, cell: Mapping[str, str]) -> None:
        if self.row > MAX_ROWS:
            raise UnreadableError("too_many_rows", Spot(self.row, self.column), limit=str(MAX_ROWS))
        if self.column > MAX_COLUMNS:
            raise UnreadableError("too_many_columns", Spot(self.row, self.column), limit=str(MAX_COLUMNS))
        style = cell.get("s", "0")
        code = self.styles[int(style)] if style.isascii() and style.isdigit() and int(style) < len(self.styles) else ""
        error = (self.value or "#") if cell.get("t") == "e" else ""
        if error or code or self.formula is not None:
            self.facts[self.row, self.column] = Fact(error, self.formula, bool(self.value or self.inline), code)


def refuse_document_type(xml: bytes) -> None:
    """Raise UnreadableError where a part that calamine reads declares a document type."""
    _run(_parser(), xml)


def _scan(xml: bytes, element: Callable[[str, Mapping[str, str]], None]) -> None:
    parser = _parser()
    parser.StartElementHandler = lambda name, values: element(
        _local(name), {_local(key): value for key, value in values.items()}
    )
    _run(parser, xml)


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _document_type
    return parser


def _document_type(*_: object) -> None:
    raise UnreadableError("document_type")


def _run(parser: expat.XMLParserType, xml: bytes) -> None:
    try:
        parser.Parse(xml, True)
    except expat.ExpatError:
        raise UnreadableError("zip_broken") from None


def _local(name: str) -> str:
    return name.rpartition(":")[2]
