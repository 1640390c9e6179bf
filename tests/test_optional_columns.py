"""Columns after the fixed ones: read where they are written, refused where they are wrong."""

import csv
import io
from datetime import date

import pytest

from loaders.diagnostics import Report
from loaders.observations import COLUMNS, read_observations

FIXED = ("m", "kr", "2024", "3", "A", "2025-03", "", "S", "https://s.kr/x", "")


def read(header, *rows):
    out = io.StringIO()
    csv.writer(out).writerows([(*COLUMNS, *header), *rows])
    report = Report()
    return read_observations(out.getvalue().encode(), "a.csv", report), [str(issue) for issue in report]


def test_every_optional_column_in_any_order():
    header = ("of_n", "grade", "restates", "recorded", "licence", "note_en", "note_ko")
    (found,), issues = read(header, (*FIXED, "64", "primary", "true", "2025-04-02", "KOGL-1", "first", "첫째"))
    assert issues == []
    assert (found.of_n, found.grade, found.restates, found.recorded) == (64, "primary", True, date(2025, 4, 2))
    assert (found.licence, found.note_en, found.note_ko) == ("KOGL-1", "first", "첫째")


def test_they_may_stay_empty_or_away():
    (found,), issues = read(("of_n", "restates"), (*FIXED, "", ""))
    assert (issues, found.of_n, found.restates, found.recorded) == ([], None, False, None)
    (plain,), issues = read((), FIXED)
    assert (issues, plain) == ([], found)


@pytest.mark.parametrize("header", [("colour",), ("of_n", "of_n"), ("of_n", "indicator")])
def test_an_unknown_or_doubled_column_is_refused(header):
    found, issues = read(header, (*FIXED, *("1" for _ in header)))
    assert found == []
    assert [issue.split()[1] for issue in issues] == ["actuals.header"]


@pytest.mark.parametrize(
    ("column", "cell"),
    [("of_n", "many"), ("of_n", "0"), ("grade", "third"), ("restates", "perhaps"), ("recorded", "2025-13")],
)
def test_a_wrong_cell_is_named_with_its_place(column, cell):
    found, issues = read((column,), (*FIXED, cell))
    assert found == []
    assert issues[0].startswith(f"a.csv:2:11: actuals.optional m.{column}: ")


def test_only_a_withdrawal_may_have_no_value():
    gone = (*FIXED[:3], "", "M", *FIXED[5:])
    (found,), issues = read((), gone)
    assert (found.value, issues) == (None, [])
    with pytest.raises(ValueError, match="withdrawn"):
        _ = found.number
    assert read((), (*FIXED[:3], "", "A", *FIXED[5:]))[0] == []
