"""The grammar of the observation files, revisions, and what the registry has to decide."""

from datetime import date
from decimal import Decimal

import pytest
from builders import a_data_folder, a_target, a_version, csv_text, observed, row

from loaders.dataset import load_dataset
from loaders.diagnostics import Report
from loaders.domain.observation import half_of_last_digit
from loaders.observations import COLUMNS, read_observations


def read(raw: bytes | str):
    report = Report()
    found = read_observations(raw if isinstance(raw, bytes) else raw.encode(), "a.csv", report)
    return found, [issue.code for issue in report]


def check(folder, *rows, target=None, codes_only=True):
    report = load_dataset(a_data_folder(folder / "d", target or a_target(), rows=rows), label="d").report
    return [issue.code for issue in report] if codes_only else [str(issue) for issue in report]


@pytest.mark.parametrize(
    ("text", "value", "epsilon"),
    [
        ("12", 12, 0.5),
        ("12.3", 12.3, 0.05),
        ("12.30", 12.3, 0.005),
        ("-5", -5, 0.5),
        ("+5", 5, 0.5),
        ("0", 0, 0.5),
        ("0.5", 0.5, 0.05),
        ("123456789012345", 123456789012345, 0.5),
        ("0.000001", 1e-6, 5e-7),
    ],
)
def test_numbers_and_the_half_of_their_last_digit(text, value, epsilon):
    (item,) = observed(row("m", "2024", text))
    assert item.value == value
    assert item.epsilon == pytest.approx(epsilon)
    assert half_of_last_digit(text) == item.epsilon


@pytest.mark.parametrize(
    "text",
    [
        *("1_000", "１２３", "١٢٣", "nan", "inf", "1e3", "1.", ".5", "12%", "12%p", "3억", "△5", "(5)", "-", "…", "NA"),
        *("None", "−5", "1 000", "1.000.5", "--5", "0x1F", "=1+1", "0012"),
    ],
)
def test_what_is_no_plain_number_is_refused(text):
    assert read(csv_text(row("m", "2024", text))) == ([], ["actuals.number"])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1234567890123456", "too_long"),
        ("9007199254740993", "too_long"),
        ("0.30000000000000004", "too_fine"),
        ("40.3580152783569312", "too_fine"),
        ("1." + "0" * 17, "too_fine"),
    ],
)
def test_a_number_with_too_many_digits_is_told_so(text, code):
    assert read(csv_text(row("m", "2024", text))) == ([], [f"actuals.{code}"])


@pytest.mark.parametrize("text", ["40.35801527835693", "0.0000007", "123456789012345.67", "0.0000000000000001"])
def test_published_digits_are_kept(text):
    (item,) = observed(row("m", "2024", text))
    assert (item.digits, str(item.as_published), item.value) == (text, str(Decimal(text)), float(text))
    assert item.epsilon == pytest.approx(0.5 * 10 ** Decimal(text).as_tuple().exponent)


def test_a_separator_is_refused_in_quotes_too():
    assert read(csv_text(row("m", "2024", '"1,000"'))) == ([], ["actuals.number"])
    assert read(csv_text(row("m", "2024", "1,000"))) == ([], ["actuals.cells"])


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"value": ""}, "missing"),
        ({"scope": ""}, "missing"),
        ({"published": ""}, "missing"),
        ({"source": ""}, "source"),
        ({"url": ""}, "source"),
        ({"url": "s.kr/x"}, "url"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"status": "a"}, "status"),
        ({"period": "2026Q5"}, "period"),
        ({"period": "26.1.1"}, "period"),
        ({"published": "2026-02-29"}, "date"),
        ({"known": "yesterday"}, "date"),
        ({"scope": "KR"}, "id"),
        ({"indicator": "m\u0441"}, "id"),
        ({"source": "A | B"}, "source"),
        ({"period": "2030"}, "future"),
    ],
)
def test_each_slip_has_its_code_and_the_other_rows_stand(changes, code):
    cells = {"indicator": "m", "period": "2024", "value": "3", "published": "2025-01"} | changes
    found, codes = read(csv_text(row(**cells), row("m", "2023", "2")))
    assert codes == [f"actuals.{code}"]
    assert [item.value for item in found] == [2]


def test_a_message_names_line_and_column():
    report = Report()
    read_observations(csv_text(row("m", "2023", "2"), row("m", "2024", "x")).encode(), "a.csv", report)
    (issue,) = report
    assert str(issue).startswith('a.csv:3:4: actuals.number m.value: "x" is not a plain decimal number.')


@pytest.mark.parametrize(
    ("raw", "codes"),
    [
        (b"", ["actuals.header"]),
        (b"indicator,value\n", ["actuals.header"]),
        ((",".join(COLUMNS) + "\n").encode(), []),
        ((",".join([*COLUMNS[:-1], "Note"]) + "\n").encode(), ["actuals.header"]),
        ((",".join(COLUMNS) + "\n").encode("utf-16"), ["file.encoding"]),
        (csv_text(row("m", "2024", "3", note="메모")).encode("cp949"), ["file.encoding"]),
        (csv_text(row("m", "2024", "3", note='"open')).encode(), ["actuals.csv"]),
        (csv_text(row("m", "2024", "3", note="x" * 200_000)).encode(), ["actuals.csv"]),
        (b"x" * (16 * 2**20 + 1), ["file.too_large"]),
    ],
)
def test_files(raw, codes):
    assert read(raw) == ([], codes)


@pytest.mark.parametrize("change", [lambda text: "\ufeff" + text, lambda text: text.replace("\n", "\r\n")])
def test_a_byte_order_mark_and_windows_line_ends_change_nothing(change):
    text = csv_text(row("m", "2024", "3", note='"a, b"'), "", row("m", "2025", "4"))
    assert read(change(text)) == read(text)
    assert [item.value for item in read(text)[0]] == [3, 4]


def test_dates_and_defaults():
    (item,) = observed(row("m", "2024", "3", status="", published="2025-02"))
    assert (item.status, item.published, item.known) == ("A", date(2025, 2, 28), date(2025, 2, 28))
    assert item.published_text == "2025-02"
    (later,) = observed(row("m", "2024", "3", published="2025", known="2026-01-15"))
    assert (later.published, later.known) == (date(2025, 12, 31), date(2026, 1, 15))


def test_two_sources_keep_their_addresses():
    (item,) = observed(row("m", "2024", "3", source="A | B", url="https://a.kr/1 | doc:plan#L3"))
    assert item.sources == (("A", "https://a.kr/1"), ("B", "doc:plan#L3"))


def test_a_forecast_may_lie_ahead():
    (item,) = observed(row("m", "2030", "3", status="F", published="2025-01"))
    assert item.status == "F"


def test_two_values_on_one_day_need_a_decision(tmp_path):
    both = row("unicorns", "2024", "3", source="A"), row("unicorns", "2024", "4", source="B")
    assert check(tmp_path, *both) == ["actuals.conflict"]
    preference = "{period: 2024, source: B, note: {ko: a, en: b}}"
    decided = a_target(series=f"{{indicator: unicorns, preferences: [{preference}]}}")
    assert check(tmp_path / "decided", *both, target=decided) == []


def test_no_conflict_where_values_agree_or_one_revises_the_other(tmp_path):
    same = row("unicorns", "2024", "3"), row("unicorns", "2024", "3.0", source="T")
    assert check(tmp_path / "same", *same) == []
    revised = row("unicorns", "2024", "3"), row("unicorns", "2024", "4", known="2025-06")
    assert check(tmp_path / "revised", *revised) == []
    scopes = row("unicorns", "2024", "3"), row("unicorns", "2024", "4", scope="world")
    assert check(tmp_path / "scopes", *scopes) == []


@pytest.mark.parametrize("status", ["D", "F"])
def test_a_value_that_is_never_judged_conflicts_with_none(tmp_path, status):
    assert check(tmp_path, row("unicorns", "2024", "3"), row("unicorns", "2024", "4", status=status)) == []


def test_values_outside_the_units_bounds(tmp_path):
    share = a_target("unicorns", a_version(), unit="percent")
    assert check(tmp_path, row("unicorns", "2024", "123"), target=share, codes_only=False) == [
        "d/actuals/a.csv:2:4: actuals.bounds unicorns.value: 123 lies outside the bounds of percent. Check the scale."
    ]
    assert check(tmp_path / "control", row("unicorns", "2024", "12.3"), target=share) == []
