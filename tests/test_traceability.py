"""A printed figure stands on its lines, and nothing published is edited or lost in silence."""

import re

import pytest
from builders import a_target, a_version, registry_text

from loaders.dataset import load_dataset
from loaders.diagnostics import Place, Report
from loaders.registry import parse_registry
from loaders.traceability import check_citations, digest, plain, read_published, write_published

LATER = a_version("plan-2025", target="{value: 20, due: 2030, comparator: at_least}", reason="raised")


def cite(folder, printed, lines, text, encoding="utf-8"):
    """Versions proved and messages for one version that cites ``lines`` of ``text``."""
    (folder / "p.txt").write_bytes(text.encode(encoding))
    version = a_version(as_printed=printed, lines=lines)
    yaml = registry_text(a_target("unicorns", version)).replace("2023-12-31}", "2023-12-31, file: p.txt}", 1)
    registry, report = parse_registry(yaml, "targets.yaml")
    assert list(report) == []
    proved = check_citations(registry, folder, {"unicorns": Place("targets.yaml", 16, 5)}, report)
    return proved, [issue.code for issue in report]


FOUND, NOT_FOUND = (1, []), (0, ["source.not_on_lines"])


@pytest.mark.parametrize(
    ("printed", "lines", "text", "expected"),
    [
        ('"5개"', "[2]", "one\n유니콘 5개\n", FOUND),
        ('"5개"', "[1]", "one\n유니콘 5개\n", NOT_FOUND),
        ('"6개"', "[2]", "one\n유니콘 5개\n", NOT_FOUND),
        ('"65조원"', "[1]", "총 **65**조원\n", FOUND),
        ('"65조원"', "[1]", "총 <u>65</u>조원\n", FOUND),
        ('"65조원 규모"', "[1]", "총 65조원   규모\n", FOUND),
        ('"5개 달성"', "[1, 2]", "유니콘 5개\n달성\n", FOUND),
        ('"5개 달성"', "[1, 3]", "유니콘 5개\n그리고\n달성\n", NOT_FOUND),
        ('"5개 | 10개"', "[1, 3]", "5개\n그리고\n10개\n", FOUND),
        ('"5개 | 11개"', "[1, 3]", "5개\n그리고\n10개\n", NOT_FOUND),
        ('"5개"', "[99]", "5개\n", NOT_FOUND),
    ],
)
def test_figures_on_their_lines(tmp_path, printed, lines, text, expected):
    assert cite(tmp_path, printed, lines, text) == expected


@pytest.mark.parametrize("text", ["총 15개\n", "총 0.5개\n"])
def test_a_figure_inside_a_longer_number_is_not_the_figure(tmp_path, text):
    assert cite(tmp_path, '"5개"', "[1]", text) == NOT_FOUND


def test_a_missing_text_is_said_once(tmp_path):
    yaml = registry_text(a_target("one"), a_target("two")).replace("2023-12-31}", "2023-12-31, file: p.txt}", 1)
    registry, report = parse_registry(yaml, "targets.yaml")
    assert check_citations(registry, tmp_path, {}, report) == 0
    assert [issue.code for issue in report] == ["source.missing_text"]


def test_a_text_that_is_not_utf8_is_an_issue_and_no_traceback(tmp_path):
    proved, codes = cite(tmp_path, '"5개"', "[1]", "총 5개\n", encoding="cp949")
    assert proved == 0
    assert len(codes) == 1


def test_a_document_without_a_text_is_not_looked_up(tmp_path):
    registry, report = parse_registry(registry_text(), "targets.yaml")
    assert check_citations(registry, tmp_path, {}, report) == 0
    assert list(report) == []


def test_plain():
    assert plain("**5**개  \\*<b>와</b>\t6") == "5개 *와 6"


def version_of(**fields):
    registry, _ = parse_registry(registry_text(a_target("unicorns", a_version(**fields))), "targets.yaml")
    return registry.targets[0].versions[0]


def test_a_digest_is_the_same_for_the_same_statement():
    assert digest(version_of()) == digest(version_of())
    assert digest(version_of(note="{ko: 참고, en: note}")) == digest(version_of())
    assert digest(version_of(milestones="[]", path="linear")) == digest(version_of())


@pytest.mark.parametrize(
    "change",
    [
        {"target": "{value: 11, due: 2030, comparator: at_least}"},
        {"target": "{value: 10, due: 2031, comparator: at_least}"},
        {"target": "{value: 10, due: 2030, comparator: about}"},
        {"baseline": "{value: 1, period: 2023}"},
        {"baseline": "{value: 0, period: 2023, assumed: true}"},
        {"milestones": "[{value: 5, due: 2027}]"},
        {"lines": "[2]"},
        {"as_printed": '"0 → 10개"'},
        {"path": "step"},
        {"scope": "{id: world}"},
    ],
)
def test_a_digest_changes_with_every_statement(change):
    assert digest(version_of(**change)) != digest(version_of())


@pytest.fixture
def recorded(tmp_path):
    """A folder whose two versions are recorded as published."""
    (tmp_path / "actuals").mkdir()
    (tmp_path / "targets.yaml").write_text(registry_text(a_target("unicorns", a_version(), LATER)), encoding="utf-8")
    dataset = load_dataset(tmp_path, label="d")
    assert write_published(dataset.registry, tmp_path) == 2
    return tmp_path


def issues_after(folder, old="", new=""):
    path = folder / "targets.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1) if old else path.read_text(encoding="utf-8"))
    return [str(issue).split(": ")[1].split()[0] for issue in load_dataset(folder, label="d").report]


def test_a_recorded_folder_is_clean_and_recording_again_changes_nothing(recorded):
    assert issues_after(recorded) == []
    before = (recorded / "published.csv").read_bytes()
    assert write_published(load_dataset(recorded).registry, recorded) == 0
    assert (recorded / "published.csv").read_bytes() == before
    assert set(read_published(recorded)) == {("unicorns", "plan-2023"), ("unicorns", "plan-2025")}


def test_editing_a_superseded_version_shows_and_a_note_does_not(recorded):
    assert (
        issues_after(
            recorded, "      - document: plan-2023\n", "      - document: plan-2023\n        note: {ko: a, en: b}\n"
        )
        == []
    )
    assert issues_after(recorded, "value: 10,", "value: 11,") == ["rule.version_edited"]


def test_a_lost_target_shows(recorded):
    assert issues_after(recorded, "- id: unicorns", "- id: stars") == ["rule.version_lost"] * 2


REMOVED = "removed:\n  - {id: unicorns, on: 2026-01-05, why: {ko: 목표가 아님, en: no goal}}\n"


def test_less_than_was_published_is_incomplete(recorded):
    path, text = recorded / "targets.yaml", registry_text(a_target("unicorns", a_version(), LATER))

    def incomplete(changed):
        path.write_text(changed, encoding="utf-8")
        return load_dataset(recorded, label="d").incomplete

    assert not incomplete(text)
    assert incomplete(text.replace("- id: unicorns", "- id: stars")), "another target in its place"
    assert incomplete(registry_text(a_target("unicorns", a_version()))), "a version is gone"
    assert incomplete(text.replace("kind: level", "kind: levle")), "an error leaves it out"
    assert incomplete(text[: text.index("targets:\n")] + "targets: []\n")
    assert incomplete(""), "nothing could be read"
    assert not incomplete(text + a_target("another"))


def test_what_was_no_goal_leaves_with_its_reason(recorded):
    path = recorded / "targets.yaml"
    path.write_text(registry_text(a_target("another")) + REMOVED, encoding="utf-8")
    dataset = load_dataset(recorded, label="d")
    assert (list(dataset.report), dataset.incomplete) == ([], False)
    write_published(dataset.registry, recorded)
    assert set(read_published(recorded)) == {("another", "plan-2023")}


def test_control_without_the_record_a_shortened_registry_looks_whole(recorded):
    (recorded / "published.csv").unlink()
    (recorded / "targets.yaml").write_text(registry_text(a_target("another")), encoding="utf-8")
    dataset = load_dataset(recorded, label="d")
    assert (list(dataset.report), dataset.incomplete) == ([], False)


def test_recording_keeps_what_is_lost(recorded):
    issues_after(recorded, "- id: unicorns", "- id: stars")
    write_published(load_dataset(recorded).registry, recorded)
    assert ("unicorns", "plan-2023") in read_published(recorded)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    scope: {id: kr}\n", "    scope: {id: kr}\n"),
        ("    scope: {id: kr}\n", "    scope:\n      id: unicorns\n"),
        ("  - id: unicorns\n", "  - id: unicorns  # a comment\n"),
        ("  - id: unicorns\n", '  - id: "unicorns"\n'),
    ],
)
def test_the_message_points_at_the_target_itself(recorded, old, new):
    path = recorded / "targets.yaml"
    text = path.read_text(encoding="utf-8").replace(old, new).replace("value: 10,", "value: 11,", 1)
    path.write_text(text, encoding="utf-8")
    line = next(number for number, words in enumerate(text.splitlines(), 1) if re.match(r'  - id: "?unicorns', words))
    (issue,) = load_dataset(recorded, label="d").report
    assert str(issue).startswith(f"d/targets.yaml:{line}:5: rule.version_edited")


@pytest.mark.parametrize("raw", [b"a,b\n1,2\n", "대상".encode("cp949")])
def test_a_broken_record_is_an_issue_and_no_traceback(recorded, raw):
    (recorded / "published.csv").write_bytes(raw)
    report = load_dataset(recorded, label="d").report
    assert isinstance(report, Report)
    assert not report.ok
    assert all(issue.place.path == "d/published.csv" for issue in report)
