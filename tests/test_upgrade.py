"""A registry of method 1 brought to method 2: every change explained, everything else untouched."""

import difflib

import pytest
from builders import HEAD, a_data_folder, a_target, a_version, row
from click.testing import CliRunner

from dashboard.cli import main
from loaders import upgrade as upgrades
from loaders.dataset import load_dataset
from loaders.traceability import read_published, write_published
from loaders.upgrade import upgrade, write_upgrade

PLACE = a_target(
    "place",
    a_version(baseline="{value: 6, period: 2023}", target="{value: 3, due: 2030, comparator: within}  # 3위 이내"),
    kind="rank",
    unit="rank",
)
BUDGET = a_target(
    "budget",
    a_version(baseline=None, start="2024", target="{value: 10, due: 2027, comparator: equal}"),
    kind="cumulative",
    unit="krw_trillion",
)
TEACHERS = BUDGET.replace("budget", "teachers").replace("krw_trillion", "company")
QUOTA = a_target("quota", a_version(baseline=None), kind="recurring", measure="flow")
LIMIT = a_target(
    "ceiling", a_version(baseline=None, target="{value: 17, due: 2030, comparator: at_most}"), kind="limit"
)
KEPT = a_target(
    "kept",
    a_version(milestones="\n          - {value: 1, due: 2027}\n          - {value: 1, due: 2028}"),
    kind="maintain",
)
CHOSEN = a_target(
    "chosen", series="{indicator: chosen, preferences: [{period: 2024, value: 5, note: {ko: 가, en: a}}]}"
)
ALL = (PLACE, BUDGET, TEACHERS, QUOTA, LIMIT, KEPT, CHOSEN)
ROWS = (row("chosen", "2024", "5", source="나눔 통계"), row("chosen", "2024", "6", source="다른 곳"))


def folder_of(tmp_path, *targets, rows=()):
    return a_data_folder(tmp_path / "d", *targets, rows=rows)


def run(*args):
    result = CliRunner().invoke(main, ["registry", "upgrade", *args])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout.splitlines()


def changed(before, after):
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    return [line for line in lines if line[0] in "+-"]


def test_every_change_is_explained_and_nothing_else_changes(tmp_path):
    folder = folder_of(tmp_path, *ALL, rows=ROWS)
    before = (folder / "targets.yaml").read_text(encoding="utf-8")
    code, said = run("--data", str(folder))
    after = (folder / "targets.yaml").read_text(encoding="utf-8")
    assert code == 0
    assert [line.split(": ", 1)[1] for line in said] == [
        "method.version: 2",
        'place (plan-2023): comparator within → at_most, a place "within N" is at_most N',
        "budget (plan-2023): comparator equal → exact, a sum of money must come out (within 1 %)",
        "teachers (plan-2023): comparator equal → at_least, more than promised breaks nothing",
        "quota (plan-2023): start 2024 added, the first whole year after its document",
        "ceiling (plan-2023): start 2023-12-31 added, in force from its document on",
        "kept: milestones made a comment, maintain does not read it",
        "chosen (2024): prefers 나눔 통계 instead of the number 5",
    ]
    assert [line[2:].strip() for line in changed(before, after) if line[0] == "+"] == [
        "method: {version: 2, on_track: 0.95, needs_acceleration: 0.60, too_early_share: 0.05, damping: 0.9}",
        "target: {value: 3, due: 2030, comparator: at_most}  # 3위 이내",
        "target: {value: 10, due: 2027, comparator: exact}",
        "target: {value: 10, due: 2027, comparator: at_least}",
        "start: 2024",
        "start: 2023-12-31",
        "# milestones:",
        "#   - {value: 1, due: 2027}",
        "#   - {value: 1, due: 2028}",
        'series: {indicator: chosen, preferences: [{period: 2024, source: "나눔 통계", note: {ko: 가, en: a}}]}',
    ]


def test_what_was_upgraded_is_clean_and_is_not_upgraded_again(tmp_path):
    folder = folder_of(tmp_path, *ALL, rows=ROWS)
    warned = list(load_dataset(folder).report)
    assert {issue.level for issue in warned} == {"warning"}
    run("--data", str(folder))
    assert [str(issue) for issue in load_dataset(folder).report] == []
    again = (folder / "targets.yaml").read_bytes()
    assert run("--data", str(folder)) == (0, ["The registry is of the present method; nothing to do."])
    assert (folder / "targets.yaml").read_bytes() == again


def test_a_dry_run_writes_nothing(tmp_path):
    folder = folder_of(tmp_path, PLACE)
    before = (folder / "targets.yaml").read_bytes()
    assert len(run("--data", str(folder), "--dry-run")[1]) == 2
    assert (folder / "targets.yaml").read_bytes() == before


@pytest.mark.parametrize("method", ["", "method: {on_track: 0.95}\n", "method:\n  on_track: 0.95\n"])
def test_a_registry_that_states_no_version(tmp_path, method):
    folder = folder_of(tmp_path, PLACE)
    path = folder / "targets.yaml"
    path.write_text(path.read_text("utf-8").replace(HEAD.splitlines(keepends=True)[0], method), encoding="utf-8")
    run("--data", str(folder))
    assert load_dataset(folder).registry.method.version == 2


def test_line_ends_of_windows_stay(tmp_path):
    folder = folder_of(tmp_path, PLACE)
    path = folder / "targets.yaml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    run("--data", str(folder))
    assert path.read_bytes().count(b"\n") == path.read_bytes().count(b"\r\n") > 20


def test_a_field_inside_braces_is_left_to_a_person(tmp_path):
    flow = KEPT[: KEPT.index("      - document")] + (
        '      - {document: plan-2023, lines: [1], as_printed: "1", milestones: [{value: 1, due: 2027}],'
        " target: {value: 1, comparator: at_least}}\n"
    )
    folder = folder_of(tmp_path, flow)
    before = (folder / "targets.yaml").read_bytes()
    code, found = run("--data", str(folder))
    assert (code, (folder / "targets.yaml").read_bytes()) == (1, before)
    assert found[-1] == "by hand: kept: maintain does not read milestones; remove it or use another kind"


def test_digests_of_superseded_versions_follow_the_upgrade(tmp_path):
    later = a_version(
        "plan-2025", baseline=None, start="2024", reason="raised", target="{value: 12, due: 2027, comparator: equal}"
    )
    folder = folder_of(tmp_path, BUDGET + later)
    write_published(load_dataset(folder).registry, folder)
    before = read_published(folder)
    run("--data", str(folder))
    after = read_published(folder)
    assert before.keys() == after.keys()
    assert all(before[key] != after[key] for key in before)
    assert load_dataset(folder).report.ok


def test_a_registry_with_errors_is_left_alone(tmp_path):
    folder = folder_of(tmp_path, a_target("bad", kind="levle"))
    assert run("--data", str(folder))[0] == 1


def test_control_without_the_record_of_digests_the_superseded_version_looks_edited(tmp_path, monkeypatch):
    monkeypatch.setattr(upgrades, "_renew_digests", lambda *args: None)
    later = a_version(
        "plan-2025", baseline=None, start="2024", reason="raised", target="{value: 12, due: 2027, comparator: equal}"
    )
    folder = folder_of(tmp_path, BUDGET + later)
    write_published(load_dataset(folder).registry, folder)
    write_upgrade(folder)
    assert [issue.code for issue in load_dataset(folder).report] == ["rule.version_edited"]


def test_an_upgrade_changes_no_status_but_where_it_says_so(tmp_path):
    folder = folder_of(tmp_path, PLACE)
    dataset = load_dataset(folder)
    found = upgrade(dataset, (folder / "targets.yaml").read_text(encoding="utf-8"))
    assert [one.said.partition(":")[0] for one in found.edits] == ["method.version", "place (plan-2023)"]
