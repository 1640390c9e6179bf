"""A value that was published stays: the record knows each one, wherever its row stands."""

import random

import pytest
from builders import a_data_folder, a_target, a_version, csv_text, registry_text, row

from loaders import dataset as datasets
from loaders.dataset import load_dataset
from loaders.published_values import VALUES, marks, read_values, write_values

START = "{value: 8, period: 2023}"
"""What is published for its period, so that nothing is asked about it."""
ROWS = tuple(row("unicorns", str(year), str(year - 2015), note=f"n{year}") for year in range(2016, 2025))


@pytest.fixture
def recorded(tmp_path):
    """A folder whose nine values are recorded."""
    folder = a_data_folder(tmp_path / "d", a_target("unicorns", a_version(baseline=START)), rows=ROWS)
    held = load_dataset(folder)
    assert write_values(held.registry, held.observations, folder) == len(ROWS)
    return folder


def found(folder, *rows, registry=None):
    """Codes of the folder with these rows, and whether it is incomplete."""
    (folder / "actuals" / "a.csv").write_text(csv_text(*rows), encoding="utf-8")
    if registry is not None:
        (folder / "targets.yaml").write_text(registry, encoding="utf-8")
    held = load_dataset(folder, label="d")
    return [issue.code for issue in held.report], held.incomplete


WHOLE, LOST = ([], False), (["values.lost"], True)


def test_everyday_editing_is_free(recorded):
    shuffled = random.Random(1).sample(ROWS, len(ROWS))
    assert found(recorded, *shuffled) == WHOLE, "the order"
    assert found(recorded, *ROWS, row("unicorns", "2025", "9")) == WHOLE, "a new value"
    assert found(recorded, *ROWS, row("unicorns", "2024", "8", known="2026-01")) == WHOLE, "a correction"
    renamed = [text.replace("https://s.kr/x", "https://s.kr/y").replace(",n2", ",m2") for text in ROWS]
    assert found(recorded, *renamed) == WHOLE, "sources and notes"


def test_rows_may_move_to_another_file(recorded):
    (recorded / "actuals" / "b.csv").write_text(csv_text(*ROWS[:5]), encoding="utf-8")
    assert found(recorded, *ROWS[5:]) == WHOLE


@pytest.mark.parametrize(
    "rows",
    [
        ROWS[1:],
        ROWS[:-1],
        (),
        (*ROWS[:-1], row("unicorns", "2024", "8")),
        (*ROWS[:-1], row("unicorns", "2024", "9", status="P")),
        (*ROWS[:-1], row("unicorns", "2024", "9", scope="world")),
    ],
    ids=["first", "last", "all", "another value", "another status", "another scope"],
)
def test_a_value_that_is_gone_shows(recorded, rows):
    assert found(recorded, *rows) == LOST


def test_a_value_that_stood_twice_must_stand_twice(recorded):
    twice = (*ROWS, row("unicorns", "2024", "9", known="2025-06"))
    assert found(recorded, *twice) == WHOLE
    held = load_dataset(recorded)
    assert write_values(held.registry, held.observations, recorded) == 1
    assert found(recorded, *ROWS) == LOST


def test_a_refused_row_is_said_once_and_still_missing(recorded):
    assert found(recorded, *ROWS[:-1], row("unicorns", "2024", "x")) == (["actuals.number"], True)
    (recorded / "actuals" / "a.csv").write_bytes(b"a,b\n")
    held = load_dataset(recorded)
    assert ([issue.code for issue in held.report], held.incomplete) == (["actuals.header"], True)


def test_an_indicator_leaves_with_its_reason(recorded):
    removed = "removed:\n  - {id: unicorns, on: 2026-01-05, why: {ko: 목표가 아님, en: no goal}}\n"
    registry = registry_text(a_target("another")) + removed
    assert found(recorded, registry=registry) == WHOLE
    held = load_dataset(recorded)
    write_values(held.registry, held.observations, recorded)
    assert read_values(recorded) == {}


def test_recording_keeps_what_is_lost(recorded):
    before = (recorded / VALUES).read_bytes()
    (recorded / "actuals" / "a.csv").write_text(csv_text(*ROWS[3:]), encoding="utf-8")
    held = load_dataset(recorded)
    assert write_values(held.registry, held.observations, recorded) == 0
    assert (recorded / VALUES).read_bytes() == before


def test_a_long_series_takes_several_lines_and_comes_back(tmp_path):
    months = [row("unicorns", f"{year}-{month:02d}", "1") for year in range(2000, 2020) for month in range(1, 13)]
    folder = a_data_folder(tmp_path / "d", rows=tuple(months))
    held = load_dataset(folder)
    write_values(held.registry, held.observations, folder)
    assert len((folder / VALUES).read_text(encoding="utf-8").splitlines()) == 1 + 5
    assert read_values(folder) == marks(held.observations)
    assert found(folder, *months[:-1]) == LOST


def test_control_without_the_check_a_lost_value_passes(recorded, monkeypatch):
    monkeypatch.setattr(datasets, "check_values", lambda *_: True)
    assert found(recorded, *ROWS[3:]) == WHOLE


@pytest.mark.parametrize("raw", [b"a,b\n1,2\n", "지표".encode("cp949"), b"indicator,scope,values\nx\n", b"\xff\xfe"])
def test_a_broken_record_is_an_issue_and_no_traceback(recorded, raw):
    (recorded / VALUES).write_bytes(raw)
    held = load_dataset(recorded, label="d")
    assert ([issue.code for issue in held.report], held.incomplete) == (["published.unreadable"], True)
