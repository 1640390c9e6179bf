"""What pages say of a broken data folder: in the reader's language, place included, and never too much."""

import ast
import re
from pathlib import Path

import pytest
from builders import a_data_folder, a_target, a_version, registry_text, row

import loaders
from dashboard.components import frame
from dashboard.wording.catalog import Words, catalog
from dashboard.wording.problems import issue_text, place_text
from loaders import registry, rules
from loaders.dataset import load_dataset
from loaders.diagnostics import LONGEST_HINT, LONGEST_MESSAGE, MOST, Issue, Place, Report

KO, EN = Words("ko"), Words("en")
FAULTS = sorted((Path(__file__).parent / "registries").iterdir())
CODE = re.compile(r"(?:file|actuals|yaml|schema|rule|values|published|source)\.[a-z_]+")
FOREIGN = re.compile(r"\b(?:line|column|must|is not|of the|Did you)\b")


def codes_in_the_source():
    """Every code of an issue that stands in the loaders' text, whole or as the second half."""
    found = {f"rule.{code}" for code in (*rules.REGISTRY_RULES, *rules.TARGET_RULES, *rules.VERSION_RULES)}
    found |= {f"schema.{code}" for code, _ in registry._MESSAGES.values()}
    for path in Path(loaders.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value):
                found.add(node.value)
            name = getattr(getattr(node, "func", None), "attr", getattr(getattr(node, "func", None), "id", ""))
            if (
                name in ("complain", "refuse")
                and path.name == "yaml_source.py"
                and isinstance(node.args[0], ast.Constant)
            ):
                found.add(f"yaml.{node.args[0].value}")
    return found - {"targets.yaml", "published.csv"}


def test_every_code_has_words_in_both_languages():
    codes = codes_in_the_source()
    assert {"rule.successor", "yaml.anchor", "actuals.unknown_indicator", "values.lost", "schema.text"} <= codes
    assert [code for code in sorted(codes) if f"issue.{code}" not in catalog("ko")] == []
    assert [code for code in sorted(codes) if f"issue.{code}" not in catalog("en")] == []


@pytest.mark.parametrize("folder", FAULTS, ids=[path.name for path in FAULTS])
def test_every_fault_is_said_in_korean(folder):
    for issue in load_dataset(folder, label=folder.name).report:
        said = f"{place_text(KO, issue.place)} {issue_text(KO, issue)}"
        assert re.search("[가-힣]", issue_text(KO, issue)), said
        assert not FOREIGN.search(said), said
        assert not re.search("[가-힣]", place_text(EN, issue.place))


def test_a_place_is_written_as_the_language_writes_it():
    place = Place("data/targets.yaml", 7, 3)
    assert place_text(KO, place) == "data/targets.yaml 7행 3열"
    assert place_text(EN, place) == "data/targets.yaml, line 7, column 3"
    assert place_text(KO, Place("data/actuals")) == "data/actuals"


def test_the_way_out_is_said_in_both_languages(tmp_path):
    folder = a_data_folder(tmp_path / "d", a_target(colour="red", nmae="x"), rows=(row("unicorns", "2024", "3억"),))
    said = {issue.code: (issue_text(KO, issue), issue_text(EN, issue)) for issue in load_dataset(folder).report}
    assert said["actuals.number"] == (
        "unicorns.value: 숫자가 아닙니다. 1234.5처럼 구분 기호와 단위 없이 적어 주세요. 적힌 것: ‘3억’.",
        'unicorns.value: "3억" is not a plain decimal number. Write 1234.5, without separators or units.',
    )
    assert said["schema.unknown_field"] == (
        "unicorns.nmae: 모르는 항목입니다. 이름을 고치거나 지워 주세요. 혹시 ‘name’ 말씀인가요?",
        'unicorns.nmae: unknown field. Did you mean "name"?',
    )


def drawn(report, words):
    return frame._issues(report, words)


@pytest.mark.parametrize("words", [KO, EN], ids=["ko", "en"])
def test_a_page_lists_some_problems_and_counts_the_rest(words):
    report = Report()
    for number in range(5_000):
        text = "'" * 10_000
        report.add(Issue("rule.goal", text, Place("f", number + 1, 1), text, subject=text, given=text, meant=text))
    page = drawn(report, words)
    assert page.count("<li>") == frame.MOST_PROBLEMS
    assert "4960" in page
    assert len(page.encode()) < 200_000


def test_control_without_the_bounds_a_page_is_too_large(monkeypatch):
    from loaders import diagnostics

    monkeypatch.setattr(diagnostics, "_shown", lambda issue: issue)
    monkeypatch.setattr(diagnostics, "MOST", 5_000)
    monkeypatch.setattr(frame, "MOST_PROBLEMS", 5_000)
    report = Report()
    for number in range(1_000):
        report.add(Issue("rule.goal", "x" * 1_000, Place("f", number + 1, 1)))
    assert len(drawn(report, EN).encode()) > 200_000


def test_a_report_keeps_so_many_and_knows_the_number_of_all():
    report = Report()
    for number in range(MOST):
        report.add(Issue("c", "m", Place("f", number + 1), level="warning"))
    for number in range(MOST + 50):
        report.add(Issue("c", "m", Place("f", number + 1), target=f"t{number}"))
    assert (len(report), len(report.errors), report.error_count, report.rest) == (MOST, MOST, MOST + 50, MOST + 50)
    assert "t249" in report.sick, "a target with an error is known though the error is not kept"
    other = Report()
    other.extend(report)
    assert (len(other), other.error_count, other.rest, other.sick) == (MOST, MOST + 50, MOST + 50, report.sick)


def test_texts_are_cut_and_fit_a_line():
    report = Report()
    report.add(Issue("c", f"{'가' * 5_000} a\nb\x1b[2J", Place("f"), "h " * 5_000))
    report.add(Issue("c", "d\ne\x1b[2J", Place("f")))
    long, short = report.issues
    assert (len(long.message) <= LONGEST_MESSAGE, len(long.hint)) == (True, LONGEST_HINT)
    assert short.message == "d e\ufffd[2J"


def test_a_target_whose_error_is_not_shown_is_not_served():
    bad = [a_target(f"bad_{n}", a_version(as_printed='"many"')) for n in range(MOST + 20)]
    found, report = registry.parse_registry(registry_text(*bad, a_target("good")), "t.yaml")
    assert report.rest == 20
    assert [target.id for target in found.targets] == ["good"]


def test_complaints_of_the_reader_that_are_not_kept_leave_nothing_served():
    bad = [a_target(f"bad_{n}", integer="no") for n in range(MOST + 1)]
    found, report = registry.parse_registry(registry_text(*bad, a_target("good")), "t.yaml")
    assert (found, report.error_count) == (None, MOST + 1)
