"""CSV in every encoding and separator that offices use, and what is refused."""

import pytest

from loaders.readers.sheet import MAX_BYTES, UnreadableError
from loaders.readers.text import read

ROWS = [["목표", "실적", "비고"], ["유니콘", "12.3", '쉼표, 따옴표 " 와\n줄바꿈'], ["순위", "-5", "가"]]


def csv_of(rows, separator=",", end="\r\n"):
    quoted = [
        ['"' + cell.replace('"', '""') + '"' if set(cell) & set(',;\t"\n') else cell for cell in row] for row in rows
    ]
    return "".join(separator.join(row) + end for row in quoted)


def texts(raw):
    return [[cell.text for cell in row] for row in read(raw, "a.csv").rows]


def code_of(raw):
    with pytest.raises(UnreadableError) as refused:
        read(raw, "a.csv")
    return refused.value.code


ENCODINGS = ["utf-8", "utf-8-sig", "cp949", "euc-kr", "utf-16", "utf-16-le", "utf-16-be"]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_same_content_gives_the_same_cells_in_all_encodings(encoding, separator):
    sheet = read(csv_of(ROWS, separator).encode(encoding), "a.csv")
    assert [[cell.text for cell in row] for row in sheet.rows] == ROWS
    assert sheet.separator == separator


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("cp949", "cp949"),
        ("euc-kr", "cp949"),
        ("utf-16", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_the_detected_encoding_is_told(encoding, told):
    assert read(csv_of(ROWS).encode(encoding), "a.csv").encoding == told


def test_big_endian_with_its_mark():
    assert texts(b"\xfe\xff" + csv_of(ROWS).encode("utf-16-be")) == ROWS


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(end):
    assert texts(csv_of(ROWS, end=end).encode()) == ROWS


def test_places_count_lines_of_the_file_through_quoted_line_ends_and_blank_lines():
    sheet = read(("\n" + csv_of(ROWS, end="\n")).encode(), "a.csv")
    assert [str(row[1].spot) for row in sheet.rows] == ["line 2, column 2", "line 3, column 2", "line 5, column 2"]


@pytest.mark.parametrize("cell", ["NA", "None", "null", "nan", "0012", "1,000", "1e5", "TRUE", "=1+1", "# 주", " a "])
def test_every_cell_stays_text(cell):
    assert texts(csv_of([["a", "b"], [cell, "1"]]).encode()) == [["a", "b"], [cell, "1"]]


def test_blank_lines_and_rows_of_separators_are_left_out():
    assert texts(b"a,b\n\n,\n1,2\n , \n") == [["a", "b"], ["1", "2"]]


def test_header_only():
    assert texts(b"a,b\n") == [["a", "b"]]


MIXED = "목표,실적\n".encode() + "유니콘,3\n".encode("cp949")


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "empty"),
        (b" \r\n\r\n", "empty"),
        (b"a,b\n" + b"x" * MAX_BYTES, "too_large"),
        (b"a,b\n1,\x002\n", "nul"),
        (b"a,b\n1,\x002\n" * 99, "nul"),
        (b"\xff\xfea\x00,\x00\x00\x00\n\x00", "nul"),
        (b"\xff\xfea\x00,", "encoding"),
        (b"a,b\n\xff\xff,1\n", "encoding"),
        (MIXED, "mixed_encoding"),
        (b'a,b\n"open,1\n', "csv"),
        (b'a,b\n"x"y,1\n', "csv"),
        (b"a,b\n1,2,3\n", "ragged"),
        (b"a,b\n1\n", "ragged"),
        (",".join("abc" for _ in range(65)).encode(), "too_many_columns"),
        (b"a," * 40_000, "too_many_columns"),
        (b'"a\n",' + b"a," * 70 + b"b\n", "too_many_columns"),
        (b"a,b\n" + b"1,2\n" * 2000, "too_many_rows"),
        (b"a,b\n" + b"x" * 10_001 + b",1\n", "cell_too_long"),
        (b"a,b\n" + b"x" * 200_000 + b",1\n", "csv"),
    ],
)
def test_what_is_refused(raw, code):
    assert code_of(raw) == code


def test_the_limits_themselves_are_allowed():
    assert len(texts(b"a,b\n" + b"1,2\n" * 1999)) == 2000
    assert len(texts(",".join("a" for _ in range(64)).encode())[0]) == 64


def test_a_ragged_line_is_named():
    with pytest.raises(UnreadableError) as refused:
        read(b"a,b\n1,2\n\n1,2,3\n", "a.csv")
    assert str(refused.value.spot) == "line 4, column 3"
    assert refused.value.parameters == {"found": "3", "expected": "2"}


def test_control_a_decoder_that_takes_what_it_can_hides_the_mixture():
    assert "목표" not in MIXED.decode("cp949", "replace")
