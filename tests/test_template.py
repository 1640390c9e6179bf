"""The officers' template: what it says, what it asks, and that what is filled in comes back."""

import io
import re
import zipfile
from datetime import date

import pytest
from builders import a_registry, a_target, a_version
from workbooks import filled

from dashboard.wording.catalog import Words
from dashboard.wording.intake import problem_text
from loaders.entry_columns import COLUMNS, STATUS_NAMES, registry_digest
from loaders.exports.neutral import guard, unguard
from loaders.intake import read_entries
from loaders.readers import workbook
from loaders.template import DueValue, template

TODAY = date(2026, 6, 1)
REGISTRY = a_registry(
    a_target("unicorns", lead="msit", integer="true", name='{ko: "=유니콘()", en: "=Unicorns()"}'),
    a_target("adoption", a_version(target="{value: 70, due: 2030, comparator: at_least}"), lead="msit", unit="percent"),
)
DUE = [DueValue(REGISTRY.target["unicorns"], "2025", "3"), DueValue(REGISTRY.target["adoption"], "2025-12", "")]
GOOD = {
    "value": 4,
    "status": "P 잠정",
    "published": "2026-03",
    "source": "중기부",
    "url": "https://s.kr/x",
    "note": "=메모",
}


def made(language="ko", **options):
    return template(REGISTRY, "msit", DUE, language, **options)


def part(raw, name):
    return zipfile.ZipFile(io.BytesIO(raw)).read(name).decode()


def entries(raw, **options):
    return read_entries(workbook.read(raw, "t.xlsx"), REGISTRY, "msit", as_of=TODAY, **options)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_headings_and_what_is_known(language):
    sheet = workbook.read(made(language), "t.xlsx")
    texts = [{column.key: cell.text for column, cell in zip(COLUMNS, row, strict=True)} for row in sheet.rows]
    assert list(texts[0].values()) == [column.heading(language) for column in COLUMNS]
    assert [(row["target"], row["period"], row["last"], row["value"]) for row in texts[1:]] == [
        ("unicorns", "2025", "3", ""),
        ("adoption", "2025-12", "", ""),
    ]
    assert texts[1]["name"] == {"ko": "'=유니콘()", "en": "'=Unicorns()"}[language]
    assert sheet.identity == {"version": "1", "ministry": "msit", "registry": registry_digest(REGISTRY)}


def test_lists_number_checks_locks_and_no_formula():
    raw = made()
    sheet = part(raw, "xl/worksheets/sheet1.xml")
    checks = re.findall(r'<dataValidation type="(\w+)".*?sqref="(\w+)".*?<formula1>(.*?)</formula1>', sheet)
    assert [(kind, place) for kind, place, _ in checks] == [
        ("whole", "F2"),
        ("list", "G2"),
        ("decimal", "F3"),
        ("list", "G3"),
    ]
    assert checks[1][2] == '"' + ",".join(f"{code} {names[0]}" for code, names in STATUS_NAMES.items()) + '"'
    assert '<pane xSplit="1" ySplit="1"' in sheet and "<sheetProtection" in sheet
    assert re.search(r'<col min="12" max="12"[^>]* hidden="1"', sheet)
    assert "<f>" not in sheet and "hyperlink" not in sheet
    assert 'state="veryHidden"' in part(raw, "xl/workbook.xml")


def test_the_same_rows_give_the_same_bytes():
    assert made() == made()


def test_status_names_are_those_of_the_pages():
    for code, names in STATUS_NAMES.items():
        assert names == (Words("ko")(f"obs.{code}"), Words("en")(f"obs.{code}"))


@pytest.mark.parametrize("language", ["ko", "en"])
def test_what_is_filled_in_comes_back(language):
    status = "P Provisional" if language == "en" else "P 잠정"
    found, problems = entries(filled(made(language), {2: GOOD | {"status": status}}), duties=DUE)
    assert problems == []
    assert [one[:8] for one in found] == [
        ("unicorns", "2025", "4", "P", "2026-03", "중기부", "https://s.kr/x", "=메모")
    ]
    assert str(found[0].spot) == "F2"


def test_two_wrong_cells_are_named_and_nothing_is_accepted():
    answers = {2: GOOD | {"value": "6,54.5"}, 3: GOOD | {"value": "12.3", "published": "2026-02-30"}}
    found, problems = entries(filled(made(), answers))
    assert found == []
    assert [problem_text(Words("ko"), one) for one in problems] == [
        "F2 [실적] 숫자가 아닙니다 (입력값: '6,54.5')",
        "H3 [공표일] 날짜는 2026-03-15, 2026-03, 2026처럼 적습니다 (입력값: '2026-02-30')",
    ]
    mended, problems = entries(filled(made(), {2: GOOD, 3: GOOD | {"value": "12.3"}}))
    assert (len(mended), problems) == (2, [])


def test_another_version_and_another_ministry():
    old = filled(made(version="0"), {2: GOOD})
    assert [(one.code, one.entered) for one in entries(old)[1]] == [("template_version", "0")]
    other = filled(template(REGISTRY, "mss", DUE), {2: GOOD})
    assert [(one.code, one.entered) for one in entries(other)[1]] == [("template_ministry", "mss")]


def test_a_number_typed_with_a_percent_sign_is_a_doubt():
    # Excel keeps 12.3% as 0.123 with a percent format.
    raw = filled(made(), {3: GOOD | {"value": 0.123}})
    source, buffer = zipfile.ZipFile(io.BytesIO(raw)), io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as out:
        for name in source.namelist():
            data = source.read(name).decode()
            if name == "xl/styles.xml":
                data = data.replace('<cellXfs count="1">', '<cellXfs count="2">').replace(
                    "</cellXfs>", '<xf numFmtId="10"/></cellXfs>'
                )
            out.writestr(name, re.sub(r'<c r="F3"', '<c r="F3" s="1"', data) if "sheet1" in name else data)
    (entry,), problems = entries(buffer.getvalue())
    assert problems == []
    assert [(one.code, dict(one.parameters)) for one in entry.doubts] == [
        ("percent_cell", {"stored": "0.123", "shown": "12.3"})
    ]


RISKY = [
    "=1+1",
    "+cmd|x",
    "-2+3",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    " =1",
    "\u00a0=1",
    "\u3000＝1",
    ";=1",
    '"=1',
    "=HYPERLINK(1)",
    "-",
    "'=1",
    "- 목록",
]
SAFE = ["-5", "+5.5", "12", "", "유니콘", "a=b", "1-2", "'", "'가", "https://s.kr/?a=1"]


@pytest.mark.parametrize("text", RISKY)
def test_formulas_are_neutralised_and_come_back(text):
    assert guard(text) == f"'{text}"
    assert unguard(guard(text)) == text


@pytest.mark.parametrize("text", SAFE)
def test_plain_texts_and_numbers_stay(text):
    assert guard(text) == text == unguard(text)
