"""`kpi check`: what it prints where, its exit codes, and that nothing makes it crash."""

import os
import re
import subprocess
import sys

import pytest
from builders import a_data_folder, a_target, a_version, registry_text, row
from click.testing import CliRunner

from dashboard.cli import main

LINE = re.compile(r"\S+:\d+:\d+: [a-z]+\.[a-z0-9_]+ \S.*")


def check(*argv):
    """Exit code, standard output and standard error of ``kpi check``; an exception fails the test."""
    result = CliRunner().invoke(main, ["check", *(str(part) for part in argv)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def test_0_a_healthy_folder_prints_its_size_beside_the_output(tmp_path):
    folder = a_data_folder(tmp_path / "d", rows=(row("unicorns", "2024", "2"),))
    assert check("--data", folder) == (0, "", "1 targets, 1 versions, 1 values: no errors\n")


@pytest.mark.parametrize(("flags", "failures"), [((), 0), (("--noconftest",), 1)], ids=["held", "control"])
def test_a_setting_of_the_machine_reaches_no_test(tmp_path, flags, failures):
    """CI sets KPI_SOURCES; without tests/conftest.py the test above would then read another line."""
    one = f"{__file__}::{test_0_a_healthy_folder_prints_its_size_beside_the_output.__name__}"
    argv = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *flags, one]
    env = os.environ | {"KPI_SOURCES": str(tmp_path)}
    assert subprocess.run(argv, env=env, capture_output=True, check=False).returncode == failures


def test_1_one_line_per_issue(tmp_path):
    folder = a_data_folder(tmp_path / "d", a_target("a", kind="levle"), a_target("b", a_version(as_printed='"many"')))
    code, out, err = check("--data", folder)
    assert code == 1
    assert len(out.splitlines()) == 2
    assert all(LINE.fullmatch(line) for line in out.splitlines())
    assert err == "2 errors\n"


def test_issues_stand_in_the_order_of_the_file(tmp_path):
    names = [f"t{number}" for number in range(12)]
    folder = a_data_folder(tmp_path / "d", *(a_target(name, a_version(as_printed='"many"')) for name in names))
    lines = [int(line.split(":")[1]) for line in check("--data", folder)[1].splitlines()]
    assert len(lines) == 12
    assert lines == sorted(lines)


@pytest.mark.parametrize("kind", ["nowhere", "file", "folder_for_file", "no_registry", "not_utf8", "text", "list"])
def test_2_where_nothing_could_be_read(tmp_path, kind):
    folder = a_data_folder(tmp_path / "d")
    registry = folder / "targets.yaml"
    if kind == "nowhere":
        folder = tmp_path / "nowhere"
    elif kind == "file":
        folder = registry
    elif kind in ("folder_for_file", "no_registry"):
        registry.unlink()
        if kind == "folder_for_file":
            registry.mkdir()
    else:
        registry.write_bytes({"not_utf8": "가".encode("cp949"), "text": b"hello\n", "list": b"- 1\n"}[kind])
    code, out, _ = check("--data", folder)
    assert code == 2
    assert len(out.splitlines()) == 1
    assert LINE.fullmatch(out.strip())


@pytest.mark.parametrize("argv", [("--data",), ("--nothing",), ("extra",), ("--sources", "nowhere")])
def test_2_where_the_command_was_wrong(argv):
    assert check(*argv)[0] == 2


def test_places_name_the_folder_as_it_was_given(tmp_path, monkeypatch):
    a_data_folder(tmp_path / "d", a_target("a", kind="levle"))
    monkeypatch.chdir(tmp_path)
    assert check("--data", "d")[1].startswith("d/targets.yaml:19:11: schema.choice a.kind:")


def test_a_byte_order_mark_is_no_fault(tmp_path):
    folder = a_data_folder(tmp_path / "d")
    (folder / "targets.yaml").write_bytes(b"\xef\xbb\xbf" + registry_text().encode())
    assert check("--data", folder)[0] == 0


def test_a_fault_in_the_values_leaves_the_registry(tmp_path):
    folder = a_data_folder(tmp_path / "d", rows=(row("unicorns", "2024", "x"), row("unicorns", "2025", "3")))
    code, out, _ = check("--data", folder)
    assert code == 1
    assert out.startswith(f"{folder}/actuals/a.csv:2:4: actuals.number")


@pytest.mark.parametrize("name", ["w[th", "nullable", "constrained-str", "__class__", "ko", "", "1", "[", "a b"])
def test_no_unknown_field_however_named_crashes_the_check(tmp_path, name):
    folder = a_data_folder(tmp_path / "d", a_target("unicorns", a_version(), **{f'"{name}"': "5"}))
    code, out, _ = check("--data", folder)
    assert code == 1
    assert "schema.unknown_field" in out
    assert name in out


@pytest.mark.parametrize("raw", [b"a,b\n1,2\n", "대상".encode("cp949")])
def test_no_broken_record_of_publication_crashes_the_check(tmp_path, raw):
    folder = a_data_folder(tmp_path / "d")
    (folder / "published.csv").write_bytes(raw)
    assert check("--data", folder)[0] == 1


def test_sources_are_proved(tmp_path):
    folder = a_data_folder(tmp_path / "d")
    registry = folder / "targets.yaml"
    registry.write_text(registry.read_text(encoding="utf-8").replace("2023-12-31}", "2023-12-31, file: p.txt}", 1))
    (tmp_path / "p.txt").write_text("0 → 10\n", encoding="utf-8")
    code, _, err = check("--data", folder, "--sources", tmp_path)
    assert (code, "1 printed figures found" in err) == (0, True)
    (tmp_path / "p.txt").write_text("0 → 11\n", encoding="utf-8")
    code, out, _ = check("--data", folder, "--sources", tmp_path)
    assert (code, "source.not_on_lines" in out) == (1, True)


def test_recording_needs_clean_data(tmp_path):
    folder = a_data_folder(tmp_path / "d", a_target("a", kind="levle"))
    assert check("--data", folder, "--record")[0] == 1
    assert not (folder / "published.csv").exists()


def test_as_a_process_without_heavy_imports(tmp_path):
    folder = a_data_folder(tmp_path / "d", a_target("a", kind="levle"))
    code = (
        "import sys\nfrom dashboard.cli import main\n"
        f"try: main(['check', '--data', {str(folder)!r}])\nexcept SystemExit as end: print('exit', end.code)\n"
        "print(sorted({'pandas', 'numpy', 'streamlit', 'plotly'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-2:] == ["exit 1", "[]"]
    assert "Traceback" not in done.stderr
