"""Workbooks built part by part, so that a test can break any of them."""

from __future__ import annotations

import io
import zipfile

import xlsxwriter

from loaders.entry_columns import COLUMNS, IDENTITY_SHEET
from loaders.readers import workbook

SPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'


def cell(reference: str, value: str = "", **attributes: str) -> str:
    """One <c>: a number unless told otherwise; `f` is a formula."""
    formula = attributes.pop("f", None)
    named = "".join(f' {key}="{text}"' for key, text in attributes.items())
    inside = (f"<f>{formula}</f>" if formula is not None else "") + (f"<v>{value}</v>" if value else "")
    return f'<c r="{reference}"{named}>{inside}</c>'


def words(reference: str, text: str) -> str:
    """One cell of text."""
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def sheet_xml(*rows: str, head: str = "") -> str:
    body = "".join(row if row.startswith("<row") else f'<row r="{at}">{row}</row>' for at, row in enumerate(rows, 1))
    return f"{head}<worksheet {SPACE}><sheetData>{body}</sheetData></worksheet>"


def parts(
    sheet: str, *, formats: tuple[str, ...] = (), state: str = "", **changes: str | bytes
) -> dict[str, str | bytes]:
    """The parts of a workbook with one sheet; ``formats`` are the number formats of styles 1, 2, …"""
    codes = "".join(f'<numFmt numFmtId="{170 + at}" formatCode="{code}"/>' for at, code in enumerate(formats))
    styles = '<xf numFmtId="0"/>' + "".join(f'<xf numFmtId="{170 + at}"/>' for at in range(len(formats)))
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships {PACKAGE}><Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {SPACE} xmlns:r="{RELATIONS}"><sheets>'
        f'<sheet name="S" sheetId="1" r:id="rId1"{state}/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f"<Relationships {PACKAGE}>"
        f'<Relationship Id="rId1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{RELATIONS}/styles" Target="styles.xml"/>'
        f'<Relationship Id="rId3" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/styles.xml": f"<styleSheet {SPACE}><numFmts>{codes}</numFmts><cellXfs>{styles}</cellXfs></styleSheet>",
        "xl/sharedStrings.xml": f"<sst {SPACE}><si><t>shared</t></si></sst>",
        "xl/worksheets/sheet1.xml": sheet,
    } | {name.replace("__", "/"): text for name, text in changes.items()}


def zipped(entries: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, text in entries.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def book(*rows: str, **options: object) -> bytes:
    """A whole workbook of the given rows of cells."""
    return zipped(parts(sheet_xml(*rows), **options))


def filled(raw: bytes, answers: dict[int, dict[str, object]], identity: dict[str, str] | None = None) -> bytes:
    """A template as an officer gives it back: ``answers`` by row of the sheet and key of the column."""
    sheet = workbook.read(raw, "t.xlsx")
    keys = [column.key for column in COLUMNS]
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"strings_to_formulas": False, "strings_to_urls": False}) as out:
        entries = out.add_worksheet(sheet.title)
        for row in sheet.rows:
            for one in row:
                entries.write(one.spot.row - 1, one.spot.column - 1, one.text)
        for number, changes in answers.items():
            for key, value in changes.items():
                entries.write(number - 1, keys.index(key), value)
        hidden = out.add_worksheet(IDENTITY_SHEET)
        for at, pair in enumerate((identity or sheet.identity or {}).items()):
            hidden.write_row(at, 0, pair)
        hidden.very_hidden()
    return buffer.getvalue()
