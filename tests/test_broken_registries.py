"""Each way of being wrong has a folder: its file and the lines that `kpi check` must print."""

from pathlib import Path

import pytest
from builders import a_data_folder, a_target, a_version, registry_text
from click.testing import CliRunner

from dashboard.cli import main
from loaders import rules, rules_method
from loaders.registry import parse_registry

FOLDER = Path(__file__).parent / "registries"
FAULTS = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())
NOTHING_READ = {"unknown_section", "missing_section", "two_documents", "empty", "truncated", "tab", "alias_bomb", "tag"}
NOTHING_READ |= {"too_deep", "anchor", "open_quote", "registry_called_yml"}


def check(folder: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["check", "--data", folder])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_is_reported_with_its_place(fault, monkeypatch):
    monkeypatch.chdir(FOLDER)
    code, printed = check(fault)
    assert printed == (FOLDER / fault / "expected.txt").read_text(encoding="utf-8")
    assert code == (2 if fault in NOTHING_READ else 1)


@pytest.mark.parametrize(
    ("name", "raw", "expected"),
    [
        ("cp949", registry_text().encode("cp949"), "file.encoding"),
        ("utf16", registry_text().encode("utf-16"), "file.encoding"),
        ("nul", registry_text().replace("company", "comp\0any", 1).encode(), "yaml.syntax"),
        ("huge", b"a: " + b"x" * (17 * 2**20), "yaml.too_large"),
        ("long_title", registry_text().replace("유니콘", "가" * 100_000).encode(), "yaml.too_long"),
        ("long_number", registry_text().replace("value: 10", "value: 1" + "0" * 10_000).encode(), "yaml.ambiguous"),
    ],
)
def test_bytes_that_no_file_here_should_hold(name, raw, expected, tmp_path):
    folder = a_data_folder(tmp_path / name)
    (folder / "targets.yaml").write_bytes(raw)
    code, printed = check(str(folder))
    assert code in (1, 2)
    assert expected in printed
    assert printed.startswith(f"{folder}/targets.yaml:")


def test_there_are_enough_faults_and_every_rule_has_one():
    assert len(FAULTS) >= 25
    printed = "".join((FOLDER / fault / "expected.txt").read_text(encoding="utf-8") for fault in FAULTS)
    assert all((FOLDER / fault / "expected.txt").read_text(encoding="utf-8").strip() for fault in FAULTS)
    unseen = [
        code
        for code in (*rules.REGISTRY_RULES, *rules.TARGET_RULES, *rules.VERSION_RULES, *rules_method.RULES)
        if f" rule.{code} " not in printed
    ]
    assert unseen == []


def test_control_a_healthy_registry_is_silent(tmp_path):
    assert check(str(a_data_folder(tmp_path / "healthy"))) == (0, "")


def test_all_faults_at_once_and_the_healthy_targets_stay():
    bad = a_target("bad", a_version(target="{value: 10, due: 2030, comparator: at_most}", as_printed='"many"'))
    broken = a_target("broken", a_version(), unit="companies", kind="levle")
    registry, report = parse_registry(registry_text(a_target("good"), bad, broken), "t.yaml")
    assert [target.id for target in registry.targets] == ["good"]
    assert [(issue.code, issue.target) for issue in report] == [
        ("rule.printed", "bad"),
        ("rule.direction", "bad"),
        ("schema.choice", "broken"),
    ]
