"""Hostile and honest workbooks: each is read cell by cell or refused with one code, and the parent lives."""

import io
import re
import struct
import subprocess
import sys
import threading
import zipfile

import pytest
from workbooks import PACKAGE, RELATIONS, SPACE, book, cell, parts, sheet_xml, words, zipped

from loaders.readers import upload, workbook
from loaders.readers.child import shown_with_zeros
from loaders.readers.sheet import MAX_BYTES, UnreadableError
from loaders.readers.zip_check import OLE, check

XXE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LAUGHS = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
ONE = sheet_xml(words("A1", "a") + words("B1", "b"), cell("A2", "1") + cell("B2", "2"))


def table(raw, name="a.xlsx"):
    return [[one.text for one in row] for row in upload.read(raw, name).rows]


def code_of(raw, name="a.xlsx"):
    with pytest.raises(UnreadableError) as refused:
        upload.read(raw, name)
    return refused.value.code


def special(raw, name, **changes):
    """The archive with fields of one entry changed."""
    source, buffer = zipfile.ZipFile(io.BytesIO(raw)), io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for info in source.infolist():
            data = source.read(info)
            if info.filename == name:
                for key, value in changes.items():
                    setattr(info, key, value)
            archive.writestr(info, data)
    return buffer.getvalue()


def lying_sizes(raw, name, size):
    """The directory and the local header state ``size`` for an entry that is larger."""
    info = zipfile.ZipFile(io.BytesIO(raw)).getinfo(name)
    changed = bytearray(raw)
    struct.pack_into("<I", changed, info.header_offset + 22, size)
    at = changed.rindex(name.encode()) - 46
    struct.pack_into("<I", changed, at + 24, size)
    return bytes(changed)


def encrypted_flag(raw):
    changed = bytearray(raw)
    at = changed.rindex(b"PK\x01\x02")
    changed[at + 8] |= 1
    return bytes(changed)


def wrong_crc(raw):
    changed = bytearray(raw)
    info = zipfile.ZipFile(io.BytesIO(raw)).getinfo("xl/worksheets/sheet1.xml")
    at = changed.rindex(b"xl/worksheets/sheet1.xml") - 46
    struct.pack_into("<I", changed, at + 16, info.CRC ^ 1)
    return bytes(changed)


def twice(raw):
    buffer = io.BytesIO(raw)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", ONE)
    return buffer.getvalue()


def many_sheets(count):
    listed = "".join(f'<sheet name="S{at}" sheetId="{at}" r:id="rId1"/>' for at in range(1, count + 1))
    return zipped(
        parts(
            ONE, **{"xl/workbook.xml": f'<workbook {SPACE} xmlns:r="{RELATIONS}"><sheets>{listed}</sheets></workbook>'}
        )
    )


GOOD = zipped(parts(ONE))
BLANK_ROWS = "".join(f'<row r="{at}"><c r="A{at}" s="0"/></row>' for at in range(3, 60_000))


HOSTILE = {
    "empty": (lambda: b"", "empty"),
    "five megabytes": (lambda: b"PK\x03\x04" + b"\0" * MAX_BYTES, "too_large"),
    "rows to 51 MiB": (lambda: zipped(parts(b"<row/>" * (51 * 2**20 // 6))), "zip_size"),
    "one long string": (lambda: zipped(parts(ONE, **{"xl/sharedStrings.xml": b"A" * 8 * 2**20})), "zip_ratio"),
    "sizes that lie": (
        lambda: lying_sizes(zipped(parts(ONE, **{"xl/sharedStrings.xml": b"A" * 2**20})), "xl/sharedStrings.xml", 900),
        "zip_broken",
    ),
    "far row": (lambda: book(cell("A1", "1"), '<row r="1048576">' + cell("A1048576", "1") + "</row>"), "too_many_rows"),
    "far column": (lambda: book(cell("XFD1", "1")), "too_many_columns"),
    "far cell without its row": (lambda: book(cell("XFD1048576", "1")), "too_many_rows"),
    "row 2001": (lambda: book(cell("A2001", "1")), "too_many_rows"),
    "nonsense reference": (lambda: book(cell("1A", "1")), "zip_broken"),
    "entity in the sheet": (lambda: zipped(parts(sheet_xml(words("A1", "&x;"), head=XXE))), "document_type"),
    "entity in the strings": (
        lambda: zipped(parts(ONE, **{"xl/sharedStrings.xml": f"{XXE}<sst><si><t>&x;</t></si></sst>"})),
        "document_type",
    ),
    "entity in the workbook": (lambda: zipped(parts(ONE, **{"xl/workbook.xml": f"{XXE}<workbook/>"})), "document_type"),
    "billion laughs": (lambda: zipped(parts(sheet_xml(words("A1", "&b;"), head=LAUGHS))), "document_type"),
    "document type in UTF-16": (
        lambda: zipped(parts(sheet_xml(head='<?xml version="1.0" encoding="utf-16"?>' + XXE).encode("utf-16"))),
        "document_type",
    ),
    "ten thousand parts": (lambda: zipped(parts(ONE) | {f"xl/s{at}.xml": "" for at in range(10_000)}), "zip_entries"),
    "201 parts": (lambda: zipped(parts(ONE) | {f"xl/s{at}.xml": "" for at in range(201 - 7)}), "zip_entries"),
    "zip in a zip": (lambda: zipped({"a.xlsx": GOOD}), "not_a_workbook"),
    "symbolic link": (lambda: special(GOOD, "xl/styles.xml", external_attr=0o120777 << 16), "zip_path"),
    "path upwards": (lambda: zipped(parts(ONE) | {"xl/../../etc/x": "1"}), "zip_path"),
    "absolute path": (lambda: zipped(parts(ONE) | {"/etc/x": "1"}), "zip_path"),
    "backslashes": (lambda: zipped(parts(ONE) | {"xl\\x": "1"}), "zip_path"),
    "password": (lambda: OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "password"),
    "encrypted entry": (lambda: encrypted_flag(GOOD), "password"),
    "old Excel": (lambda: OLE + b"\0" * 600 + "Workbook".encode("utf-16-le"), "xls"),
    "web page called xls": (lambda: b"\xef\xbb\xbf <html><table><tr><td>1</td></tr></table></html>", "html"),
    "Excel 2003 XML": (lambda: b'<?xml version="1.0"?><Workbook/>', "html"),
    "text called xlsx": (lambda: b"a,b\n1,2\n", "not_a_workbook"),
    "macros": (lambda: zipped(parts(ONE) | {"xl/vbaProject.bin": "x"}), "macros"),
    "binary workbook": (lambda: zipped({"[Content_Types].xml": "", "xl/workbook.bin": "x"}), "binary_workbook"),
    "open document": (lambda: zipped({"mimetype": "application/vnd.oasis", "content.xml": "<a/>"}), "open_document"),
    "truncated": (lambda: GOOD[: len(GOOD) // 2], "zip_broken"),
    "cut in the directory": (lambda: GOOD[:-30], "zip_broken"),
    "wrong checksum": (lambda: wrong_crc(GOOD), "zip_broken"),
    "the same part twice": (lambda: twice(GOOD), "zip_twice"),
    "the same part in another case": (lambda: zipped(parts(ONE) | {"XL/workbook.XML": "x"}), "zip_twice"),
    "unknown compression": (lambda: zipped(parts(ONE), zipfile.ZIP_BZIP2), "zip_method"),
    "not XML": (lambda: zipped(parts("<worksheet><sheetData>")), "zip_broken"),
    "no sheet part": (lambda: zipped({k: v for k, v in parts(ONE).items() if "sheet1" not in k}), "zip_broken"),
    "hidden sheet only": (lambda: zipped(parts(ONE, state=' state="veryHidden"')), "no_sheet"),
    "a long cell": (lambda: book(words("A1", "".join(chr(0xAC00 + at) for at in range(10_001)))), "cell_too_long"),
    "a sheet outside": (
        lambda: zipped(
            parts(
                ONE,
                **{
                    "xl/_rels/workbook.xml.rels": f'<Relationships {PACKAGE}><Relationship Id="rId1" Type="{RELATIONS}/worksheet" TargetMode="External" Target="file:///etc/passwd"/></Relationships>'
                },
            )
        ),
        "zip_broken",
    ),
}


@pytest.mark.parametrize("case", HOSTILE, ids=str)
def test_hostile_workbooks_are_refused_with_one_code(case):
    build, code = HOSTILE[case]
    name = "a.xls" if "xls" in case or case in ("old Excel", "Excel 2003 XML") else "a.xlsx"
    assert code_of(build(), name) == code


@pytest.mark.parametrize(
    "raw",
    [
        zipped(parts(ONE.replace("<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>'))),
        many_sheets(10_000),
        zipped(parts(ONE.replace("</sheetData>", BLANK_ROWS + "</sheetData>"))),
        zipped(parts(re.sub(r"<(/?)(?=[a-z])", r"<\1x:", ONE).replace("xmlns=", "xmlns:x="))),
    ],
    ids=["dimension that lies", "10,000 sheets of one part", "60,000 blank rows", "prefixed names"],
)
def test_odd_but_harmless_workbooks_are_read(raw):
    assert table(raw) == [["a", "b"], ["1", "2"]]


def cells(*row, **options):
    found = upload.read(book("".join(row), **options), "a.xlsx").rows
    return [(str(one.spot), one.text, one.marks) for line in found for one in line if one.text]


@pytest.mark.parametrize(
    ("given", "formats", "text", "marks"),
    [
        (cell("E3", "13000"), (), "13000", ()),
        (cell("E3", "12.3"), (), "12.3", ()),
        (cell("E3", "0.30000000000000004"), (), "0.3", ()),
        (cell("E3", "9007199254740993"), (), "9007199254740990", ()),
        (cell("E3", "1E-3"), (), "0.001", ()),
        (cell("E3", "1e309"), (), "inf", ()),
        (words("E3", "12.3"), (), "12.3", ()),
        (cell("E3", "0", t="s"), (), "shared", ()),
        (cell("E3", "1", t="b"), (), "TRUE", ()),
        (cell("E3", "#N/A", t="e"), (), "#N/A", ("error",)),
        (cell("E3", "#REF!", t="e", f="B1"), (), "#REF!", ("error",)),
        (cell("E3", "", f="SUM(A1:A9)"), (), "=SUM(A1:A9)", ("uncomputed",)),
        (cell("E3", "12", f="SUM(A1:A9)"), (), "12", ("formula",)),
        (cell("E3", "7", f="[1]Sheet1!A1"), (), "7", ("formula",)),
        (cell("E3", "", f="cmd|' /c calc'!A0"), (), "=cmd|' /c calc'!A0", ("uncomputed",)),
        (cell("E3", "0.123", s="1"), ("0.0%",), "0.123", ("percent",)),
        (cell("E3", "12.3", s="1"), ("0.0&quot;%&quot;",), "12.3", ()),
        (cell("E3", "46022", s="1"), ("yyyy-mm-dd",), "2025-12-31", ("date",)),
        (cell("E3", "45992", s="1"), ("yyyy-mm",), "2025-12", ("date",)),
        (cell("E3", "45992", s="1"), ("mmm-yy",), "2025-12", ("date",)),
        (cell("E3", "45992", s="1"), ("yyyy",), "2025", ("date",)),
        (cell("E3", "46022.5", s="1"), ("yyyy-mm-dd hh:mm",), "2025-12-31 12:00:00", ("date",)),
    ],
)
def test_what_a_cell_is_comes_from_its_xml(given, formats, text, marks):
    assert cells(given, formats=formats) == [("E3", text, marks)]


def test_the_epoch_of_1904():
    given = parts(sheet_xml(cell("A1", "44560", s="1")), formats=("yyyy-mm-dd",))
    given["xl/workbook.xml"] = str(given["xl/workbook.xml"]).replace("<sheets>", '<workbookPr date1904="1"/><sheets>')
    assert table(zipped(given)) == [["2025-12-31"]]


def test_hidden_rows_are_marked_and_merged_cells_keep_their_place():
    sheet = sheet_xml(words("A1", "a"), f'<row r="2" hidden="1">{cell("A2", "1")}</row>')
    merged = sheet.replace("</sheetData>", '</sheetData><mergeCells count="1"><mergeCell ref="A1:C1"/></mergeCells>')
    found = upload.read(zipped(parts(merged)), "a.xlsx").rows
    assert [(str(row[0].spot), row[0].marks) for row in found] == [("A1", ()), ("A2", ("hidden",))]


def test_a_hidden_first_sheet_is_passed_over():
    given = parts(ONE)
    given["xl/worksheets/sheet0.xml"] = sheet_xml(words("A1", "hidden"))
    given["xl/workbook.xml"] = str(given["xl/workbook.xml"]).replace(
        "<sheets>", '<sheets><sheet name="H" sheetId="9" state="hidden" r:id="rId9"/>'
    )
    relation = f'<Relationship Id="rId9" Type="{RELATIONS}/worksheet" Target="worksheets/sheet0.xml"/></Relationships>'
    rels = "xl/_rels/workbook.xml.rels"
    given[rels] = str(given[rels]).replace("</Relationships>", relation)
    assert upload.read(zipped(given), "a.xlsx").title == "S"


def test_content_decides_not_the_name():
    assert table(GOOD, "a.csv") == [["a", "b"], ["1", "2"]]
    assert upload.read(b"a,b\n1,2\n", "a.txt").encoding == "utf-8"


def test_control_the_check_lets_an_honest_workbook_pass():
    check(GOOD)


def answering(monkeypatch, body):
    """The child with its real limits and another thing to do than read."""
    code = f"import os, sys, time, loaders.readers.child as c\ndef answer(*_):\n    {body}\nc.answer = answer\nsys.exit(c.main())"
    monkeypatch.setattr(workbook, "COMMAND", (sys.executable, "-c", code, "k"))


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("return {'a': bytearray(2**30)}", "memory"),
        ("os.abort()", "memory"),
        ("os.kill(os.getpid(), 11)", "crashed"),
        ("os._exit(1)", "crashed"),
        ("return {'a': 'x' * (33 * 2**20)}", "crashed"),
        ("import socket; socket.socket()", "crashed"),
        ("os._exit(0)", "crashed"),
        ("return [1]", "crashed"),
        ("return {'title': '', 'identity': None, 'rows': [[1, 2]]}", "crashed"),
        ("time.sleep(60)", "timeout"),
    ],
)
def test_whatever_the_child_does_the_parent_lives(monkeypatch, body, code):
    answering(monkeypatch, body)
    monkeypatch.setattr(workbook, "WALL_SECONDS", 0.6 if code == "timeout" else 15.0)
    for _ in range(3):  # more often than there are places: each one is given back
        assert code_of(GOOD) == code
    monkeypatch.undo()
    assert table(GOOD) == [["a", "b"], ["1", "2"]]


def test_processor_time_is_bounded(monkeypatch):
    answering(monkeypatch, "\n    while True: pass")
    monkeypatch.setattr(
        workbook,
        "COMMAND",
        (*workbook.COMMAND[:2], workbook.COMMAND[2].replace("def answer", "c.PROCESSOR_SECONDS = 1\ndef answer"), "k"),
    )
    assert code_of(GOOD) == "timeout"


READS_A_FILE = "return {'title': open('/proc/self/status').read(4), 'identity': None, 'rows': []}"


def test_the_child_opens_no_file_and_control_without_its_limits_it_would(monkeypatch):
    answering(monkeypatch, READS_A_FILE)
    assert code_of(GOOD) == "crashed"
    answering(monkeypatch, READS_A_FILE + "\nc.limit = lambda: None")
    assert workbook.read(GOOD, "a.xlsx").title == "Name"


def test_secrets_of_the_environment_stay_with_the_parent(monkeypatch):
    monkeypatch.setenv("KPI_DATABASE_URL", "postgresql://secret")
    answering(monkeypatch, "return {'title': '', 'identity': None, 'rows': [[1, [k, []]] for k in os.environ]}")
    assert "KPI_DATABASE_URL" not in {row[0].text for row in workbook.read(GOOD, "a.xlsx").rows}


def test_two_at_once_and_the_third_is_told_so(monkeypatch):
    answering(monkeypatch, "time.sleep(1.2)")
    monkeypatch.setattr(workbook, "WALL_SECONDS", 0.4)
    codes = []
    threads = [threading.Thread(target=lambda: codes.append(code_of(GOOD))) for _ in range(2)]
    with workbook._free, workbook._free:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert codes == ["busy", "busy"]
    assert code_of(GOOD) == "timeout"


def test_the_parent_never_loads_the_parser(tmp_path):
    code = (
        "import sys; from loaders.readers import workbook; import pathlib;"
        "sheet = workbook.read(pathlib.Path(sys.argv[1]).read_bytes(), 'a');"
        "print(len(sheet.rows), 'python_calamine' in sys.modules, 'loaders.readers.cell_facts' in sys.modules)"
    )
    path = tmp_path / "good.xlsx"
    path.write_bytes(GOOD)
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["2", "False", "False"]


@pytest.mark.parametrize(
    ("text", "code", "shown"),
    [
        ("39", "0.0", "39.0"),
        ("39.1", "0.00", "39.10"),
        ("-1234", "#,##0.00", "-1234.00"),
        ("39.12", "0.0", ""),
        ("39", "0", ""),
        ("39", "", ""),
        ("39", "0.0%", ""),
        ("39", "yyyy-mm-dd", ""),
        ("#N/A", "0.0", ""),
    ],
)
def test_a_number_is_known_as_its_format_shows_it(text, code, shown):
    assert shown_with_zeros(text, code) == shown
