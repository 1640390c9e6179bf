"""`as_of` reproduces what was known on a day, on every surface: values, versions, documents, revisions."""

import json
from datetime import date

import pytest
from builders import a_data_folder, a_registry, a_target, a_version, observed, row
from click.testing import CliRunner

from dashboard.cli import main
from loaders.assessment import assess
from loaders.domain.model import Registry
from loaders.record import record

RAISED = a_version("plan-2025", target="{value: 20, due: 2030, comparator: at_least}", reason="raised")
ROWS = (
    row("unicorns", "2024", "2", published="2025-02-10"),
    row("unicorns", "2024", "1", published="2025-02-10", known="2025-09-01"),
    row("unicorns", "2025", "4", published="2026-02-10"),
)


def on(day: str, *rows: str, registry: Registry | None = None) -> dict | None:
    found = assess(
        registry or a_registry(a_target("unicorns", a_version(), RAISED)),
        observed(*(rows or ROWS)),
        date.fromisoformat(day),
    )
    return record(found[0]) if found else None


@pytest.mark.parametrize(
    ("day", "version", "value", "target"),
    [
        ("2025-02-09", "plan-2023", None, 10),
        ("2025-02-10", "plan-2023", 2, 10),
        ("2025-06-29", "plan-2023", 2, 10),
        ("2025-06-30", "plan-2025", 2, 20),
        ("2025-08-31", "plan-2025", 2, 20),
        ("2025-09-01", "plan-2025", 1, 20),
        ("2026-02-10", "plan-2025", 4, 20),
    ],
)
def test_each_day_shows_what_was_known_then(day, version, value, target):
    found = on(day)
    assert (found["version"], found["target"]) == (version, target)
    assert (found["observation"] or {}).get("value") == value


def test_before_its_first_document_a_target_does_not_exist():
    assert on("2023-12-30") is None
    assert on("2023-12-31") is not None


def test_what_comes_later_changes_nothing_earlier():
    """The control: the same rows without their dates of knowledge do change the earlier day."""
    past = on("2025-06-29")
    assert on("2025-06-29", ROWS[0], registry=a_registry(a_target("unicorns", a_version()))) == past
    careless = row("unicorns", "2024", "1", published="2025-02-10", known="2025-02-11")
    assert on("2025-06-29", ROWS[0], careless) != past


def test_the_command_line_travels_too(tmp_path):
    folder = str(a_data_folder(tmp_path / "data", a_target("unicorns", a_version(), RAISED), rows=ROWS))
    for day in ("2025-02-10", "2025-06-30", "2025-09-01"):
        done = CliRunner().invoke(main, ["status", "--data", folder, "--as-of", day, "--format", "json"])
        assert json.loads(done.stdout) == [on(day)]


def test_what_changed_on_the_command_line(tmp_path):
    folder = str(a_data_folder(tmp_path / "data", a_target("unicorns", a_version(), RAISED), rows=ROWS))

    def since(start, end, *more):
        call = ["status", "--data", folder, "--since", start, "--as-of", end, *more]
        return CliRunner().invoke(main, call)

    (change,) = json.loads(since("2025-01-01", "2025-03-01", "--format", "json").stdout)
    assert change == {
        "id": "unicorns",
        "before": {"status": "not_assessable", "reason": "no_observation"},
        "after": {"status": "on_track", "reason": None},
        "cause": "new_observation",
        "observation": {"period": "2024", "value": 2.0},
        "version": None,
        "known": "2025-02-10",
    }
    (change,) = json.loads(since("2025-07-01", "2025-10-01", "--format", "json").stdout)
    assert (change["cause"], change["known"]) == ("revised_observation", "2025-09-01")
    assert "새 통계: 2024년 말 2개" in since("2025-01-01", "2025-03-01").stdout
    assert since("2025-01-01", "2025-03-01", "--format", "csv").stdout.splitlines() == [
        "id,before.status,before.reason,after.status,after.reason,cause,observation.period,observation.value,version,known",
        "unicorns,not_assessable,no_observation,on_track,,new_observation,2024,2.0,,2025-02-10",
    ]
    new = since("2023-01-01", "2024-03-01", "--format", "csv").stdout.splitlines()[1]
    assert new == "unicorns,,,not_assessable,no_observation,new_target,,,plan-2023,2023-12-31"
    backwards = since("2025-03-01", "2025-01-01")
    assert backwards.exit_code == 2
    assert "--since: 2025-03-01 lies after 2025-01-01" in backwards.stderr
    assert since("someday", "2025-01-01").exit_code == 2
