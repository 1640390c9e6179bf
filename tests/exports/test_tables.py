"""The open data: the same numbers as the record, and no text that a spreadsheet would calculate."""

import asyncio
import csv
import io
from datetime import date

import pytest
from builders import a_registry, a_target, a_version, observed, row
from python_calamine import CalamineWorkbook
from starlette.requests import Request

from dashboard import open_data
from loaders.assessment import assess
from loaders.exports.tables import observation_rows, status_rows, to_csv, to_xlsx, version_rows
from loaders.record import record

DAY = date(2026, 6, 1)
REGISTRY = a_registry(a_target("unicorns", a_version(as_printed='"=1+1"')), a_target("empty"))
ROWS = observed(row("unicorns", "2025", "2", note="-SUM(A1)"), row("unicorns", "2024", "1", source="@cmd"))
FOUND = assess(REGISTRY, ROWS, DAY)


def read_csv(raw):
    assert raw.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))


def test_status_has_every_number_of_the_record():
    first, second = read_csv(to_csv(status_rows(FOUND, REGISTRY)))
    told = record(FOUND[0])
    assert float(first["progress"]) == told["progress"]
    assert first["observation.period"] == "2025"
    assert float(first["crosscheck.unsd_share"] or "nan") != 0 or told["crosscheck"]["unsd_share"] is None
    assert second["status"] == "not_assessable"
    assert second["progress"] == "", "missing is empty, never 0"
    assert "progress:no_observation" in second["undefined"]


def test_nothing_becomes_a_formula_in_csv():
    printed = read_csv(to_csv(version_rows(FOUND)))[0]["as_printed"]
    assert printed == "'=1+1"
    values = read_csv(to_csv(observation_rows(ROWS)))
    assert [one["note"] for one in values] == ["'-SUM(A1)", ""]
    assert values[1]["source"] == "'@cmd"
    assert values[0]["value"] == "2", "numbers stay numbers"


def test_nothing_becomes_a_formula_in_a_workbook():
    sheets = {"versions": version_rows(FOUND), "observations": observation_rows(ROWS)}
    book = CalamineWorkbook.from_filelike(io.BytesIO(to_xlsx(sheets)))
    assert book.sheet_names == ["versions", "observations"]
    head, first, *_ = book.get_sheet_by_name("versions").to_python()
    assert first[head.index("as_printed")] == "'=1+1"
    assert first[head.index("target")] == 10
    import zipfile

    with zipfile.ZipFile(io.BytesIO(to_xlsx(sheets))) as parts:
        assert not any(b"<f>" in parts.read(name) for name in parts.namelist() if "sheet" in name)


def get(name, query=""):
    scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": query.encode()}
    return asyncio.run(open_data.download(Request(scope | {"path_params": {"name": name}})))


@pytest.mark.parametrize("name", open_data.FILES)
def test_every_file_is_served(name):
    answer = get(name, "as_of=2026-11-23")
    assert answer.status_code == 200
    assert f"2026-11-23.{name.split('.')[1]}" in answer.headers["content-disposition"]
    assert len(answer.body) > 1000


def test_a_file_knows_what_was_known_on_its_day():
    early = read_csv(get("observations.csv", "as_of=2025-01-01").body)
    assert max(one["known"] for one in early) <= "2025-01-01"
    assert len(early) < len(read_csv(get("observations.csv", "as_of=2026-11-23").body))
    own = read_csv(get("observations.csv", "as_of=2026-11-23&id=ai_talent").body)
    assert {one["indicator"] for one in own} == {"ai_talent"}


@pytest.mark.parametrize(
    ("name", "query", "status"),
    [("secrets.csv", "", 404), ("status.csv", "as_of=someday", 400), ("status.csv", "id=nothing", 404)],
)
def test_what_is_not_there_is_refused_in_words(name, query, status):
    assert get(name, query).status_code == status
