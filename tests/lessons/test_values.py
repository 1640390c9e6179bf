"""Which values count: taken back, of another length, in error, published anew."""

import json
from datetime import date

import pytest
from builders import a_registry, a_target, observed, row
from telling import ISSUED, goal, value

from loaders.assessment import assess
from loaders.changes import Cause, changes
from loaders.ledger import clock
from loaders.record import record


@pytest.mark.parametrize(
    ("again", "code"),
    [({"status": "M", "value": "99"}, 0), ({"status": "M", "value": ""}, 0), ({"status": "D", "value": "99"}, 0)],
)
def test_a_value_that_was_taken_back_no_longer_counts(told, again, code):
    rows = (
        value("share", "2024", "30"),
        value("share", "2025", "99"),
        row("share", "2025", again["value"], status=again["status"], published="2026-05"),
    )
    found = told(goal("share", "{value: 100, due: 2030, comparator: at_least}"), rows=rows)
    assert found.check() == (code, [])
    assert found.status("2026-04-30")["share"]["observation"]["value"] == 99
    assert found.status("2026-05-31")["share"]["observation"]["value"] == 30


def test_a_withdrawal_is_an_event_and_no_new_statistic():
    registry = a_registry(goal("share", "{value: 100, due: 2030, comparator: at_least}"), issued=ISSUED)
    gone = row("share", "2025", "", status="M", published="2026-05")
    rows = observed(value("share", "2024", "30"), value("share", "2025", "99"), gone)
    (found,) = changes(registry, rows, date(2026, 4, 30), date(2026, 6, 30))
    assert (found.cause, found.observation.status) == (Cause.WITHDRAWN, "M")


def test_half_a_year_is_not_read_as_a_year(told):
    yearly = goal(
        "exports",
        "{value: 120, due: 2030, comparator: at_least}",
        "{value: 80, period: 2023}",
        unit="krw_trillion",
        measure="flow",
    )
    rows = value("exports", "2025", "92"), value("exports", "2026-H1", "51", published="2026-08")
    found = told(yearly, rows=rows).status()["exports"]
    assert (found["status"], found["observation"]["period"]) == ("on_track", "2025")


def test_a_baseline_that_was_published_anew_is_said(told):
    printed = goal(
        "tons", "{value: 436.6, due: 2030, comparator: at_most}", "{value: 727.6, period: 2018}", unit="krw_trillion"
    )
    rows = (
        value("tons", "2018", "727.6", published="2020-09"),
        value("tons", "2018", "783.9", published="2024-12"),
        value("tons", "2024", "640", published="2026-03"),
    )
    found = told(printed, rows=rows)
    assert "baseline_restated" in found.status()["tons"]["overlays"]
    assert found.status()["tons"]["baseline"] == 727.6
    assert "baseline_restated" not in found.status("2024-11-30")["tons"]["overlays"]


def test_values_in_error_decide_nothing(told):
    targets = [goal(name, "{value: 100, due: 2030, comparator: at_least}") for name in ("conflict", "impossible")]
    rows = (
        value("conflict", "2025", "20", source="A"),
        value("conflict", "2025", "99", source="B"),
        value("impossible", "2025", "104"),
    )
    found = told(*targets, rows=rows)
    assert found.check() == (1, ["actuals.conflict", "actuals.bounds"])
    assert found.stand() == {
        "conflict": ("not_assessable", "value_conflict"),
        "impossible": ("not_assessable", "value_error"),
    }


def test_one_indicator_is_not_read_in_two_units(told):
    targets = [
        a_target(name, unit=unit, series="{indicator: money}")
        for name, unit in (("one", "krw_trillion"), ("two", "company"))
    ]
    assert told(*targets).check() == (1, ["rule.one_unit", "rule.one_unit"])


def test_command_line_and_page_have_one_clock(told, monkeypatch):
    """Between 15:00 and 24:00 UTC it is already tomorrow in Korea."""
    from datetime import UTC, datetime

    found = told(
        goal("share", "{value: 100, due: 2030, comparator: at_least}"),
        rows=(value("share", "2025", "50", published="2026-11-28"),),
    )
    monkeypatch.setattr(clock, "system_clock", lambda: datetime(2026, 11, 27, 17, 47, tzinfo=UTC))
    now = json.loads(found.run("status", "--format", "json").stdout)
    assert [one["observation"]["value"] for one in now] == [50]
    path = found.folder / "targets.yaml"
    path.write_text("site: {time_zone: UTC}\n" + path.read_text("utf-8"), encoding="utf-8")
    (utc,) = json.loads(found.run("status", "--format", "json").stdout)
    assert utc["observation"] is None


def test_a_value_for_a_later_date_without_a_new_measurement_moves_nothing():
    registry = a_registry(goal("share", "{value: 100, due: 2030, comparator: at_least}"), issued=ISSUED)
    old, again = observed(value("share", "2024", "30"), value("share", "2025", "30"))
    from dataclasses import replace

    (plain,) = assess(registry, [old], date(2026, 6, 1))
    (restated,) = assess(registry, [old, replace(again, restates=True)], date(2026, 6, 1))
    assert record(restated) == record(plain)
    (control,) = assess(registry, [old, again], date(2026, 6, 1))
    assert record(control) != record(plain)
