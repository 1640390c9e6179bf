"""The command line: exit codes, JSON figures, languages, and no heavy imports."""

import csv
import io
import json
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import pytest
from builders import a_data_folder, a_target, a_version, row
from click.testing import CliRunner
from examples import EXAMPLES, rows_of, target_of, tolerance

from dashboard.cli import main
from loaders.ledger import clock


def run(*argv):
    result = CliRunner().invoke(main, [str(part) for part in argv])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.fixture(scope="module")
def examples_folder(tmp_path_factory):
    rows = tuple(line for number in EXAMPLES for line in rows_of(number))
    targets = [target_of(number) for number in EXAMPLES]
    return a_data_folder(tmp_path_factory.mktemp("examples") / "data", *targets, rows=rows)


def test_json_gives_the_worked_examples(examples_folder):
    result = run("status", "--data", examples_folder, "--as-of", "2026-03-01", "--format", "json")
    assert result.exit_code == 0
    found = {item["id"].removeprefix("example_"): item for item in json.loads(result.stdout)}
    assert set(found) == set(EXAMPLES)
    for number, (_, _, _, columns) in EXAMPLES.items():
        for name, expected in columns.items():
            if name == "disagrees":
                assert ("method_disagreement" in found[number]["overlays"]) is expected
                continue
            value = found[number]["crosscheck"][name] if name.startswith("eurostat") else found[number][name]
            if isinstance(expected, (int, float)):
                assert value == pytest.approx(expected, abs=tolerance(expected)), (number, name)
            else:
                assert value == expected, (number, name)


def test_example_7c_by_its_true_half_year(tmp_path):
    plan = EXAMPLES["7a"][0]
    rows = [row("money", "2024", "11.0"), row("money", "2025", "15.5"), row("money", "2026-H1", "8.0")]
    folder = a_data_folder(
        tmp_path / "d", a_target("money", plan, kind="cumulative", unit="krw_trillion"), rows=tuple(rows)
    )
    (item,) = json.loads(run("status", "--data", folder, "--as-of", "2026-09-01", "--format", "json").stdout)
    assert item["expected"] == pytest.approx(27.7 + 19 * 181 / 365)
    assert item["status"] == "needs_acceleration"


def test_csv_and_table_in_both_languages(examples_folder):
    text = run("status", "--data", examples_folder, "--as-of", "2026-03-01", "--format", "csv", "example_1a").stdout
    (item,) = csv.DictReader(io.StringIO(text))
    assert (item["id"], item["status"], item["observation.value"]) == ("example_1a", "on_track", "13000.0")
    korean = run("status", "--data", examples_folder, "--as-of", "2026-03-01", "example_1b").stdout
    assert "지연" in korean
    assert "2025년 말 값은 목표까지 곧게 이은 선보다 약 12개월 늦음" in korean
    assert "약속" not in korean
    english = run("status", "--data", examples_folder, "--as-of", "2026-03-01", "--lang", "en", "example_1b").stdout
    assert "the end-2025 value is about 12 months behind a straight line to the goal" in english
    assert "promised" not in english


def test_as_of_decides_what_is_known(tmp_path):
    folder = a_data_folder(tmp_path / "d", a_target(), rows=(row("unicorns", "2024", "2", published="2025-03"),))
    early = json.loads(run("status", "--data", folder, "--as-of", "2025-03-30", "--format", "json").stdout)
    late = json.loads(run("status", "--data", folder, "--as-of", "2025-03-31", "--format", "json").stdout)
    assert early[0]["reason"] == "no_observation"
    assert late[0]["observation"] == {"period": "2024", "value": 2.0, "tau": 2025.0}
    assert json.loads(run("status", "--data", folder, "--as-of", "2023", "--format", "json").stdout) != []
    assert json.loads(run("status", "--data", folder, "--as-of", "2022", "--format", "json").stdout) == []


def test_exit_codes_and_ways_out(tmp_path, examples_folder):
    assert run("check", "--data", examples_folder).exit_code == 0
    missing = run("check", "--data", tmp_path / "nowhere")
    assert missing.exit_code == 2
    assert "file.unreadable" in missing.stdout
    assert run("status", "--data", tmp_path / "nowhere").exit_code == 2
    assert 'Did you mean "example_1a"' in run("status", "--data", examples_folder, "exampel_1a").stderr
    assert run("status", "--data", examples_folder, "--as-of", "yesterday").exit_code == 2


def test_status_on_a_broken_registry_prints_the_healthy_ones_and_says_so(tmp_path):
    bad = a_target("bad", a_version(target="{value: 0, due: 2030, comparator: at_least}"))
    folder = a_data_folder(tmp_path / "d", a_target("good"), bad)
    result = run("status", "--data", folder, "--format", "json")
    assert result.exit_code == 1
    assert [item["id"] for item in json.loads(result.stdout)] == ["good"]
    assert "1 errors" in result.stderr


def test_recording_versions_makes_an_edit_show(tmp_path):
    later = a_version("plan-2025", target="{value: 20, due: 2030, comparator: at_least}", reason="raised")
    folder = a_data_folder(tmp_path / "d", a_target("unicorns", a_version(), later))
    assert run("check", "--data", folder, "--record").exit_code == 0
    assert run("check", "--data", folder).exit_code == 0
    path = folder / "targets.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("value: 10,", "value: 11,"), encoding="utf-8")
    edited = run("check", "--data", folder)
    assert (edited.exit_code, "rule.version_edited" in edited.stdout) == (1, True)


def test_check_imports_neither_pandas_nor_streamlit(examples_folder):
    code = (
        "import sys\nfrom dashboard.cli import main\n"
        f"try: main(['check', '--data', {str(examples_folder)!r}])\nexcept SystemExit: pass\n"
        "print(sorted({'pandas', 'streamlit', 'plotly', 'babel'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-12-31T14:59:59", "2026-12-31"),
        ("2026-12-31T15:00:00", "2027-01-01"),
        ("2028-02-28T15:30:00", "2028-02-29"),
        ("2028-02-29T15:30:00", "2028-03-01"),
    ],
)
def test_today_is_the_day_in_korea(tmp_path, monkeypatch, moment, day):
    monkeypatch.setattr(clock, "system_clock", lambda: datetime.fromisoformat(moment).replace(tzinfo=UTC))
    published = row("unicorns", "2024", "2", published=day)
    folder = a_data_folder(tmp_path / "d", a_target(), rows=(published,))
    (found,) = json.loads(run("status", "--data", folder, "--format", "json").stdout)
    assert found["observation"] == {"period": "2024", "value": 2.0, "tau": 2025.0}, "known since today"
    before = (date.fromisoformat(day) - timedelta(days=1)).isoformat()
    (found,) = json.loads(run("status", "--data", folder, "--format", "json", "--as-of", before).stdout)
    assert found["observation"] is None, "control: it was not known the day before"
