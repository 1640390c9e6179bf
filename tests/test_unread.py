"""Nothing that looks like data lies in the folder unread without a word."""

from datetime import date

import pytest
from builders import a_data_folder, a_target, row

from loaders import dataset as datasets
from loaders.dataset import load_dataset

TODAY = date(2026, 11, 27)


def codes(folder, **more):
    return [(issue.code, issue.level) for issue in load_dataset(folder, label="d", **more).report]


@pytest.mark.parametrize(
    ("path", "unread"),
    [
        ("Actuals/a.csv", True),
        ("ACTUALS/a.csv", True),
        ("Targets.yaml", True),
        ("targets.yml", True),
        ("actuals/b.CSV", True),
        ("actuals/b.xlsx", True),
        ("actuals/2026/b.csv", True),
        ("actuals/2026/q1/b.CSV", True),
        ("actuals/notes.txt", False),
        ("actuals/README.md", False),
        ("actuals/.b.CSV", False),
        ("actuals/~$b.xlsx", False),
        ("actuals/old/notes.md", False),
        ("local/targets/x.csv", False),
        ("targets.schema.json", False),
    ],
)
def test_what_nobody_reads_is_said(tmp_path, path, unread):
    folder = a_data_folder(tmp_path / "d", rows=(row("unicorns", "2024", "3"),))
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text("x", encoding="utf-8")
    assert codes(folder) == ([("file.unread", "error")] if unread else [])


def test_control_without_the_look_around_it_is_silent(tmp_path, monkeypatch):
    folder = a_data_folder(tmp_path / "d", rows=(row("unicorns", "2024", "3"),))
    (folder / "actuals" / "b.CSV").write_text("x", encoding="utf-8")
    monkeypatch.setattr(datasets, "check_unread", lambda *_: None)
    assert codes(folder) == []


def test_a_folder_without_values_is_legal_and_said(tmp_path):
    folder = a_data_folder(tmp_path / "d")
    (folder / "actuals" / "a.csv").unlink()
    assert codes(folder) == []
    (folder / "actuals").rmdir()
    assert codes(folder) == [("file.no_values", "warning")]
    assert load_dataset(folder).report.ok


def test_values_of_an_indicator_that_nobody_names(tmp_path):
    rows = row("unicorn", "2024", "3"), row("unicorn", "2025", "4"), row("unicorns", "2025", "4")
    assert codes(a_data_folder(tmp_path / "d", rows=rows)) == [("actuals.unknown_indicator", "error")]


def test_values_of_a_target_with_an_error_are_not_blamed(tmp_path):
    series = "{indicator: stars, alternatives: [{indicator: comets, name: {ko: 가, en: a}}]}"
    bad = a_target("bad", kind="levle", series=series)
    rows = row("stars", "2024", "3"), row("comets", "2024", "3"), row("unicorns", "2024", "3")
    folder = a_data_folder(tmp_path / "d", a_target(), bad, rows=rows)
    assert codes(folder) == [("schema.choice", "error")]


@pytest.mark.parametrize(
    ("published", "known", "far"),
    [
        ("2027-11-27", "2027-11-27", False),
        ("2027-11-28", "2027-11-28", True),
        ("2027", "", False),
        ("2028", "", True),
        ("2199", "", True),
        ("2025-01", "2027-12", True),
    ],
)
def test_a_day_more_than_a_year_ahead_is_an_error(tmp_path, published, known, far):
    folder = a_data_folder(tmp_path / "d", rows=(row("unicorns", "2024", "3", published=published, known=known),))
    assert {code for code, _ in codes(folder, today=TODAY)} == ({"actuals.far_ahead"} if far else set())
    assert codes(folder) == [], "without a day nothing is ahead"
