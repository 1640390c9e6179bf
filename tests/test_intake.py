"""Officers' files cell by cell: numbers, periods, ministries, doubles; whole or not at all."""

from datetime import date

import pytest
from builders import HEAD, a_registry, a_target
from hypothesis import given
from hypothesis import strategies as st

from dashboard.wording.catalog import Words, catalog
from dashboard.wording.intake import file_text, problem_text
from loaders import entered
from loaders.entry_columns import COLUMNS, NEEDED
from loaders.intake import read_entries
from loaders.ledger.commands import Figures
from loaders.ledger.figures import composed, faults
from loaders.readers import text
from loaders.readers.sheet import Cell, Sheet, Spot, UnreadableError
from loaders.registry import parse_registry
from loaders.template import DueValue

TODAY = date(2026, 6, 1)
REGISTRY = a_registry(
    a_target("unicorns", lead="msit", integer="true"),
    a_target("adoption", lead="msit", unit="percent"),
    a_target("adoption_twin", lead="msit", unit="percent", series="{indicator: adoption}"),
    a_target("joint", **{"with": "[msit]", "unit": "krw_trillion"}),
    a_target("foreign"),
    a_target("unmeasured", lead="msit", series=None),
)
KEYS = [column.key for column in COLUMNS]
HEADER = [column.ko for column in COLUMNS]
ROW = {
    "target": "joint",
    "period": "2025",
    "value": "12.3",
    "status": "A 확정",
    "published": "",
    "source": "기재부",
    "url": "https://s.kr/x",
    "note": "",
}


def a_sheet(*rows, header=HEADER, marks=(), identity=None):
    lines = [header, *[[row.get(key, "") for key in KEYS] for row in (ROW | one for one in rows)]]
    cells = [
        [Cell(one, Spot(r, c), marks if r > 1 and KEYS[c - 1] == "value" else ()) for c, one in enumerate(line, 1)]
        for r, line in enumerate(lines, 1)
    ]
    return Sheet("a.xlsx", tuple(tuple(line) for line in cells), identity=identity)


def read(*rows, duties=None, **options):
    return read_entries(a_sheet(*rows, **options), REGISTRY, "msit", as_of=TODAY, duties=duties)


def codes(*rows, **options):
    found, problems = read(*rows, **options)
    assert not (found and problems)
    return [(str(one.spot), one.code) for one in problems]


NUMBERS_READ = [
    ("12", "12"), ("12.30", "12.30"), ("-5", "-5"), ("+5", "5"), ("0", "0"), ("-0", "0"), ("-0.0", "0.0"), ("0.000001", "0.000001"),
    ("123456789012345", "123456789012345"), (" 12 ", "12"), ("\u00a012\u3000", "12"), ("１２３", "123"), ("－１２．５", "-12.5"),
]  # fmt: skip
NUMBERS_REFUSED = [
    ("1,234", "thousands", "1234"), ("1,234,567.8", "thousands", "1234567.8"), ("１，２３４", "thousands", "1234"), ("1 234", "thousands", "1234"),
    ("6,54.5", "number", ""), ("1.000,5", "decimal_comma", ""), ("0,5", "decimal_comma", ""), ("3억", "korean_units", ""), ("1조2천억", "korean_units", ""),
    ("12%", "percent", ""), ("12 ％", "percent", ""), ("12%p", "percentage_point", ""), ("△5", "triangle", "-5"), ("▲5", "triangle", "-5"), ("(5)", "parentheses", "-5"),
    ("−5", "minus_sign", "-5"), ("–5", "minus_sign", "-5"), ("١٢٣", "foreign_digits", ""), ("②", "foreign_digits", ""), ("10²", "foreign_digits", ""), ("½", "number", ""),
    ("1_000", "underscore", "1000"), ("nan", "placeholder", ""), ("NA", "placeholder", ""), ("-", "placeholder", ""), ("…", "placeholder", ""), ("없음", "placeholder", ""),
    ("inf", "not_finite", ""), ("-Infinity", "not_finite", ""), ("1e5", "exponent", ""), ("1E309", "exponent", ""), ("0012", "leading_zero", "12"), ("-007", "leading_zero", "-7"),
    ("1234567890123456", "too_long", ""), ("9007199254740993", "too_long", ""), ("9" * 400, "too_long", ""), ("0.12345678901234567", "too_fine", ""), ("123.456789012345678", "too_fine", ""), ("0.30000000000000004", "too_fine", ""),
    ("=1+1", "formula", ""), ("1\u200b2", "invisible", ""), ("0x1F", "number", ""), ("1.", "number", ""), (".5", "number", ""), ("--5", "number", ""), ("약 5", "number", ""), ("5개", "number", ""),
    ("약 5", "number", ""), ("1/3", "number", ""), ("TRUE", "number", ""),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "value"), NUMBERS_READ)
def test_numbers_that_are_read(typed, value):
    assert entered.number(typed).text == value


@pytest.mark.parametrize(("typed", "code", "suggestion"), NUMBERS_REFUSED)
def test_numbers_that_are_refused_with_a_way_out(typed, code, suggestion):
    with pytest.raises(entered.NotPlainError) as refused:
        entered.number(typed)
    assert (refused.value.code, refused.value.suggestion) == (code, suggestion)
    assert f"entry.number.{code}" in catalog("ko")


@given(st.text(max_size=12) | st.text("0123456789+-.,eE_%()０５－ ", max_size=12))
def test_whatever_is_typed_is_a_plain_number_or_refused(typed):
    try:
        found = entered.number(typed)
    except entered.NotPlainError:
        return
    assert entered.number(found.text).text == found.text and found.text.isascii()


def test_control_python_itself_would_read_them():
    assert [float(typed) for typed in ("１２３", "١٢٣", "1_000")] == [123, 123, 1000]


def test_full_width_digits_are_read_and_said_to_be():
    (entry,), _ = read({"value": "１２．３"})
    assert [(one.code, dict(one.parameters)) for one in entry.doubts] == [
        ("normalised", {"entered": "１２．３", "read": "12.3"})
    ]


PERIODS = [
    ("2026-02-29", "period", ""), ("2025-13", "period", ""), ("2025Q5", "period", ""), ("26.1.1", "period", ""), ("1/2/26", "period", ""), ("9999", "period", ""),
    ("2024학년도", "period", "2024-FY"), ("2022~2024", "period", "2022..2024"), ("2023-03/2024-02", "period", "2023-03..2024-02"),
    ("1899", "period", ""), ("1900-01-00", "period", ""), ("작년", "period", ""), ("2025년", "period", "2025"), ("2025년 말", "period", "2025"), ("2025.6", "period", "2025-06"),
    ("2025. 6. 30.", "period", "2025-06-30"), ("2025년 6월 30일", "period", "2025-06-30"), ("2025/06/30", "period", "2025-06-30"), ("2025년 2분기", "period", "2025-Q2"),
    ("2025Q2", "period", "2025-Q2"), ("2025 상반기", "period", "2025-H1"), ("2025-1-1", "period", "2025-01-01"), ("2025-12-31 09:00:00", "period", "2025-12-31"),
    ("2025-12-31T00:00Z", "period", ""), ("FY2025", "period", ""), ("", "missing", ""), ("2027", "future", None), ("2026-07", "future", None), ("2026", "future", None), ("2026-06", "future", None),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "code", "suggestion"), PERIODS)
def test_periods_that_are_refused(typed, code, suggestion):
    (problem,) = read({"period": typed})[1]
    assert (problem.code, problem.column, problem.parameters.get("suggestion")) == (code, "period", suggestion)


def test_a_period_ends_today_at_the_latest():
    assert codes({"period": "2026-06-01"}) == []
    assert codes({"period": "2026-06-02"}) == [("C2", "future")]


@pytest.mark.parametrize("typed", ["2025", "2025-H1", "2025-Q3", "2025-06", "2024-02-29", "２０２５", " 2025 "])
def test_periods_that_are_read(typed):
    (entry,), _ = read({"period": typed})
    assert entry.period == typed.strip().replace("２０２５", "2025")


def test_only_what_is_due_where_that_is_asked():
    due = [DueValue(REGISTRY.target["joint"], "2024"), DueValue(REGISTRY.target["joint"], "2025")]
    assert codes({}, duties=due) == []
    (problem,) = read({"period": "2023"}, duties=due)[1]
    assert (problem.code, problem.parameters["due"]) == ("not_due", "2024, 2025")


@pytest.mark.parametrize(
    ("change", "place", "code"),
    [
        ({"target": "foreign"}, "L2", "target_foreign"),
        ({"target": "jiont"}, "L2", "target_unknown"),
        ({"target": "joınt"}, "L2", "target_unknown"),
        ({"target": ""}, "L2", "missing"),
        ({"name": "다른 목표"}, "A2", "name_differs"),
        ({"unit": "억원"}, "D2", "unit_differs"),
        ({"status": ""}, "G2", "missing"),
        ({"status": "M"}, "G2", "status"),
        ({"status": "확정"}, "G2", "status"),
        ({"published": "3월"}, "H2", "day"),
        ({"published": "2026-06-02"}, "H2", "published_ahead"),
        ({"source": ""}, "I2", "missing"),
        ({"source": "가" * 301}, "I2", "text_long"),
        ({"url": "https://s.kr/" + "x" * 1000}, "J2", "text_long"),
        ({"note": "가\u00a0나"}, "K2", "text_unseen"),
        ({"url": "https://s.kr/x | https://s.kr/y"}, "J2", "url"),
        ({"url": "doc:plan-2023#L1"}, "J2", "url"),
        ({"source": "기재부\u202e"}, "I2", "text_unseen"),
        ({"note": "a\x07"}, "K2", "text_unseen"),
        ({"url": ""}, "J2", "missing"),
        ({"url": "s.kr/x"}, "J2", "url"),
        ({"url": "javascript:alert(1)"}, "J2", "url"),
        ({"value": "-1"}, "F2", "outside"),
        ({"target": "adoption", "value": "100.1"}, "F2", "outside"),
        ({"target": "unicorns", "value": "3.5"}, "F2", "not_whole"),
    ],
)  # fmt: skip
def test_each_slip_has_its_place_and_code(change, place, code):
    row = {"target": "joint"} | change
    if code == "outside" and row["target"] == "joint":
        row["target"] = "unicorns"
    assert codes(row) == [(place, code)]
    assert codes({"period": "2024"}, row | {"period": "2025"}) == [(place.replace("2", "3"), code)]


def test_a_close_match_is_offered():
    (problem,) = read({"target": "jiont"})[1]
    assert (
        problem_text(Words("ko"), problem)
        == "L2 [목표 코드] 등록부에 없는 목표 코드입니다. 혹시 ‘joint’ 말씀인가요? (입력값: 'jiont')"
    )
    assert (
        problem_text(Words("en"), problem)
        == "L2 [Target code] No target has this code. Did you mean “joint”? (entered: 'jiont')"
    )


@pytest.mark.parametrize(
    ("mark", "code"), [("error", "error_cell"), ("uncomputed", "uncomputed"), ("date", "date_for_number")]
)
def test_cells_without_a_number(mark, code):
    assert codes({"value": "#N/A"}, marks=(mark,)) == [("F2", code)]


@pytest.mark.parametrize(
    ("mark", "code"), [("formula", "formula_value"), ("hidden", "hidden_row"), ("percent", "percent_cell")]
)
def test_cells_to_be_confirmed(mark, code):
    assert [one.code for one in read({}, marks=(mark,))[0][0].doubts] == [code]


def test_all_wrong_cells_of_all_rows_at_once_and_nothing_accepted():
    rows = {"value": "3억", "status": "x", "url": ""}, {"period": "2024"}, {"period": "2023", "value": "−1"}
    assert codes(*rows) == [
        ("F2", "number.korean_units"),
        ("G2", "status"),
        ("J2", "missing"),
        ("F4", "number.minus_sign"),
    ]
    assert read(*rows)[0] == []
    assert len(read(rows[1])[0]) == 1


def test_a_row_without_a_value_is_left_out_whatever_else_it_says():
    found, problems = read({"value": "", "status": "x"}, {"period": "2024"}, {"value": " "})
    assert ([one.period for one in found], problems) == (["2024"], [])
    assert codes({"value": ""}) == [("", "nothing_entered")]


def test_the_same_value_twice_in_one_file():
    assert codes({}, {"value": "12.4"}) == [("C3", "twice")]
    assert read({}, {})[1][0].parameters == {"first": Spot(2, 6)}
    assert codes({}, {"target": " joint "}) == [("C3", "twice")]
    assert codes({"target": "adoption"}, {"target": "adoption_twin"}) == [("C3", "twice")]
    assert codes({}, {"period": "2024"}) == []


GOOD = [
    {}, {"value": "１２.３"}, {"value": "+5"}, {"target": "unicorns", "value": "4"}, {"target": "unmeasured", "value": "4"}, {"status": "P"}, {"published": "2026"},
    {"note": "첫째 줄\r\n둘째 줄"}, {"source": "가" * 300}, {"note": "=메모"}, {"source": " 기재부 ", "url": " https://s.kr/x "}, {"period": "2024-02-29"},
]  # fmt: skip


@pytest.mark.parametrize("change", GOOD)
def test_what_is_accepted_here_the_ledger_accepts(change):
    (entry,), problems = read(change)
    assert problems == []
    figures = composed(Figures(*entry[2:8]))
    assert faults(figures, REGISTRY.target[entry.target], entry.period, REGISTRY, TODAY) == []
    assert figures == Figures(*entry[2:8])


def test_totals_and_footnotes_under_the_table_are_named_not_skipped():
    total = dict.fromkeys(KEYS, "") | {"name": "합계", "value": "24.6"}
    found, problems = read({}, total)
    assert found == []
    assert {(str(one.spot), one.code) for one in problems} >= {("L3", "missing"), ("C3", "missing")}


def test_headings():
    assert codes({}, header=["모름" if key == "실적" else key for key in HEADER]) == [
        ("F1", "heading_unknown"),
        ("A1", "heading_missing"),
    ]
    (problem, _) = read({}, header=["실적값" if key == "실적" else key for key in HEADER])[1]
    assert problem.parameters["close"] == "실적"
    assert codes({}, header=["목표 코드" if key == "비고" else key for key in HEADER]) == [
        ("L1", "heading_twice"),
        ("A1", "heading_missing"),
    ]
    assert codes({}, header=[column.en for column in COLUMNS]) == []
    assert read_entries(Sheet("a", ()), REGISTRY, "msit", as_of=TODAY)[1][0].code == "no_header"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_csv_with_only_the_needed_columns(encoding):
    lines = [
        [column.ko for column in COLUMNS if column.key in NEEDED],
        [ROW[column.key] for column in COLUMNS if column.key in NEEDED],
    ]
    sheet = text.read("\r\n".join(",".join(line) for line in lines).encode(encoding), "a.csv")
    (entry,), problems = read_entries(sheet, REGISTRY, "msit", as_of=TODAY)
    assert (entry[:8], problems) == (("joint", "2025", "12.3", "A", "", "기재부", "https://s.kr/x", ""), [])


def test_a_place_in_a_text_file_reads_in_both_languages():
    raw = "목표 코드,기간,실적,통계 상태,공표일,출처,링크,비고\njoint,2025,3억,A,,가,https://s.kr,\n"
    (problem,) = read_entries(text.read(raw.encode("cp949"), "a.csv"), REGISTRY, "msit", as_of=TODAY)[1]
    assert (
        problem_text(Words("ko"), problem)
        == "2행 3열 [실적] 만·억·조 없이, 등록된 단위(조원)의 숫자만 적어 주세요 (입력값: '3억')"
    )
    assert problem_text(Words("en"), problem).startswith(
        "line 2, column 3 [Value] is written in words; write the number in the registered unit (KRW trillion)"
    )


def test_a_place_inside_a_message_reads_in_the_readers_language():
    row = "joint,2025,3,A,,가,https://s.kr,"
    raw = f"목표 코드,기간,실적,통계 상태,공표일,출처,링크,비고\n{row}\n{row}\n"
    (problem,) = read_entries(text.read(raw.encode(), "a.csv"), REGISTRY, "msit", as_of=TODAY)[1]
    assert problem.code == "twice"
    assert "2행 3열에도 있습니다" in problem_text(Words("ko"), problem)
    assert "line 2, column 3" in problem_text(Words("en"), problem)
    twice = "목표 코드,기간,실적,통계 상태,공표일,출처,링크,비고,기간\n"
    (heading,) = read_entries(text.read(twice.encode(), "a.csv"), REGISTRY, "msit", as_of=TODAY)[1]
    assert "1행 2열에 같은 머리글" in problem_text(Words("ko"), heading)


def test_a_refused_file_is_phrased_with_its_line():
    with pytest.raises(UnreadableError) as refused:
        text.read(b"a,b\n1,2,3\n", "a.csv")
    assert file_text(Words("ko"), refused.value).startswith("2행 3열 머리글은 2칸인데 이 줄은 3칸입니다.")
    assert file_text(Words("en"), UnreadableError("xls")) == "This is the old Excel format (.xls). Save it as .xlsx."


def test_every_code_has_its_words():
    import re
    from pathlib import Path

    package = Path(text.__file__).parents[1]
    sources = {name: (package / name).read_text("utf-8") for name in ("entry_row.py", "intake.py")}
    cells = {
        code for source in sources.values() for code in re.findall(r'(?:refuse|CellProblem)\(\s*"([\w.]+)"', source)
    }
    cells |= {"target_unknown", "missing", "status", "period", "error_cell", "uncomputed", "date_for_number"}
    files = {
        code
        for path in (package / "readers").glob("*.py")
        for code in re.findall(r'UnreadableError\(\s*"(\w+)"', path.read_text("utf-8"))
    }
    files |= {"xls", "password", "open_document", "not_a_workbook", "memory", "timeout", "crashed"}
    assert len(cells) > 20 and len(files) > 20
    assert [code for code in sorted(cells) if f"entry.{code}" not in catalog("ko")] == []
    assert [code for code in sorted(files) if f"file.{code}" not in catalog("ko")] == []


MOVED = """\
  - {id: motie, name: {ko: 산업통상자원부, en: MOTIE}, until: 2025-09-30, successors: [motir]}
  - {id: motir, name: {ko: 산업통상부, en: MOTIR}, from: 2025-10-01}
pillars:"""


@pytest.mark.parametrize(
    ("ministry", "day", "refused"),
    [
        ("motir", date(2026, 6, 1), []),
        ("motie", date(2026, 6, 1), []),
        ("motir", date(2025, 9, 30), ["target_foreign"]),
        ("msit", date(2026, 6, 1), ["target_foreign"]),
    ],
)
def test_a_file_of_the_ministry_that_took_over(ministry, day, refused):
    text_ = HEAD.replace("pillars:", MOVED, 1) + a_target("robots", lead="motie")
    registry, report = parse_registry(text_, "t.yaml")
    assert list(report) == []
    sheet = a_sheet({"target": "robots", "value": "3", "period": "2024"})
    _, problems = read_entries(sheet, registry, ministry, as_of=day)
    assert [one.code for one in problems] == refused
