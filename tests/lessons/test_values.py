"""Which values count: taken back, of another length, in error, published anew."""

import json
from datetime import date

import pytest
from builders import a_registry, a_target, a_version, observed, row
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
    assert found.check() == (0, ["rule.baseline_restated"])
    said = found.run("check").stdout
    assert "tons: plan-2023 prints 727.6 for 2018, but 783.9 is published for that period now." in said
    assert "reason: rebased" in said


@pytest.mark.parametrize(
    ("published", "asked"),
    [("727.6", False), ("727.64", False), ("727.7", True), ("783.9", True)],
)
def test_a_baseline_is_asked_about_beyond_its_last_digit(told, published, asked):
    printed = goal(
        "tons", "{value: 436.6, due: 2030, comparator: at_most}", "{value: 727.6, period: 2018}", unit="krw_trillion"
    )
    found = told(printed, rows=(value("tons", "2018", published),))
    assert found.check() == (0, ["rule.baseline_restated"] if asked else [])


@pytest.mark.parametrize(("published", "asked"), [("54999", False), ("55001", True)])
def test_a_baseline_printed_in_ten_thousands_is_good_to_half_of_one(told, published, asked):
    printed = goal(
        "people",
        "{value: 200000, due: 2030, comparator: at_least}",
        "{value: 50000, period: 2023}",
        unit="company",
        as_printed="5만명 → 20만명",
    )
    found = told(printed, rows=(value("people", "2023", published),))
    assert ("rule.baseline_restated" in found.check()[1]) is asked


def test_a_rebased_version_answers_the_question_of_its_baseline(told):
    rebased = a_version(
        "plan-2025",
        baseline="{value: 783.9, period: 2018}",
        target="{value: 470, due: 2030, comparator: at_most}",
        reason="rebased",
    )
    printed = goal(
        "tons",
        "{value: 436.6, due: 2030, comparator: at_most}",
        "{value: 727.6, period: 2018}",
        (rebased,),
        unit="krw_trillion",
    )
    assert told(printed, rows=(value("tons", "2018", "783.9"),)).check() == (0, [])


def test_control_without_the_question_a_restated_baseline_passes_in_silence(told, monkeypatch):
    monkeypatch.setattr("loaders.dataset.check_restated", lambda *args: None)
    printed = goal(
        "tons", "{value: 436.6, due: 2030, comparator: at_most}", "{value: 727.6, period: 2018}", unit="krw_trillion"
    )
    assert told(printed, rows=(value("tons", "2018", "783.9"),)).check() == (0, [])


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


FROM_80, TO_120 = "{value: 80, period: 2023}", "{value: 120, due: 2030, comparator: at_least}"


def statistic(more="", frequency="annual"):
    return f"{{indicator: one, frequency: {frequency}, release_lag_days: 60, grace_days: 30{more}}}"


def one(target=TO_120, baseline=FROM_80, more="", **fields):
    series = fields.pop("series", statistic(more))
    return goal("one", target, baseline, series=series, **{"unit": "krw_trillion"} | fields)


def at(period, number, published="2026-02-10", **changes):
    return value("one", period, number, published, **changes)


DUE = "{value: 90, due: 2024, comparator: at_least}"
BREAK = ", breaks: [{{period: {}, note: {{ko: 가, en: x}}}}]"
AVERAGE = ", statistic: average"
KOSIS = ", preferences: [{period: 2025, source: KOSIS, note: {ko: 가, en: x}}]"
TWO = at("2025", "90", source="KOSIS"), at("2025", "99", source="Press")
FLOW, QUARTERS = {"measure": "flow"}, {"measure": "flow", "series": statistic(frequency="quarterly")}


@pytest.mark.parametrize(
    ("target", "rows", "read"),
    [
        # Periods compare with periods of their length and sense.
        (one(**FLOW), (at("2025", "92"), at("2026-H1", "51", "2026-08-01")), ("2025", 92)),
        (one(**QUARTERS), (at("2025", "92"), at("2025-Q4", "30")), ("2025", 92)),
        (one(baseline="{value: 20, period: 2023-Q1}", **QUARTERS), (at("2025", "92"), at("2025-Q4", "30")), ("2025-Q4", 30)),
        (one(more=AVERAGE), (at("2025", "92"), at("2025-12", "99")), ("2025", 92)),
        (one(more=AVERAGE), (at("2025-12", "99"),), None),
        (one(), (at("2025", "92"), at("2025-12", "99")), ("2025", 92)),
        (one(baseline="{value: 80, period: 2019..2021}", more=AVERAGE), (at("2023..2025", "92"), at("2025", "99")), ("2023..2025", 92)),
        (one(DUE, None, AVERAGE), (at("2022..2024", "92"),), ("2022..2024", 92)),
        (one(DUE, None, AVERAGE), (at("2022..2024", "92"), at("2023", "99")), ("2023", 99)),
        (one(DUE, None, **FLOW), (at("2022..2024", "92"),), None),
        # A preference names a source: its revision and its withdrawal count, those of others do not.
        (one(more=KOSIS), TWO, ("2025", 90)),
        (one(more=KOSIS), (*TWO, at("2025", "95", "2026-06-01", source="KOSIS")), ("2025", 95)),
        (one(more=KOSIS), (*TWO, at("2025", "70", "2026-06-01", source="Press")), ("2025", 90)),
        (one(more=KOSIS), (*TWO, at("2025", "", "2026-06-01", source="Press", status="M")), ("2025", 90)),
        (one(more=KOSIS), (*TWO, at("2025", "", "2026-06-01", source="KOSIS", status="M")), None),
        # One value from two sources is no conflict, and a conflict of an older year does not touch the newest.
        (one(), (at("2025", "92", source="KOSIS"), at("2025", "92.0", source="Press")), ("2025", 92)),
    ],
)  # fmt: skip
def test_which_value_is_read(told, target, rows, read):
    seen = told(target, rows=rows).status("2026-11-27")["one"]["observation"]
    assert (seen and (seen["period"], seen["value"])) == read


@pytest.mark.parametrize(
    ("target", "rows", "expected"),
    [
        (one(DUE, None), (at("2024", "95", scope="other"),), "scope_mismatch unknown"),
        (one(DUE, None, ", unit: company"), (at("2024", "95"),), "unit_mismatch unknown"),
        (one(DUE, None), (at("2024", "85", source="A"), at("2024", "95", source="B"), at("2025", "97")), "value_conflict unknown"),
        (one(DUE, None, unit="percent"), (at("2024", "104"),), "value_error unknown"),
        (one(DUE, None), (at("2024", "95"), at("2024", "95", "2026-03-01", status="D")), "scope_mismatch unknown"),
        (one(DUE, None, **FLOW), (at("2024-H2", "95"),), "outcome_unknown unknown"),
        # The document of 2021 cannot have meant a method of 2023; nor one that had ended before it.
        (one(DUE, None, BREAK.format(2023)), (at("2024", "95"),), "series_break unknown"),
        (one(DUE, None, BREAK.format(2023)), (at("2022", "85"), at("2024", "95")), "outcome_unknown unknown"),
        (one(DUE, None, BREAK.format(2020)), (at("2018", "95"),), "outcome_unknown unknown"),
        (one(DUE, None, BREAK.format(2020)), (at("2018", "95"), at("2024", "85")), "missed broken"),
        (one(DUE, None), (at("2018", "95"), at("2024", "85")), "missed broken lost"),
    ],
)  # fmt: skip
def test_which_values_decide_an_outcome(told, target, rows, expected):
    assert sorted(told(target, rows=rows).ended("2026-11-27").split()) == sorted(expected.split())


def test_a_rebased_version_has_its_own_start(told):
    later = a_version("plan-2025", baseline="{value: 81, period: 2023}", target=TO_120, reason="rebased")
    rows = at("2023", "81", "2024-02-10"), at("2025", "92.0")
    plain = told(one(), rows=rows)
    assert "baseline_restated" in plain.status()["one"]["overlays"]
    text = plain.folder.joinpath("targets.yaml").read_text("utf-8")
    plain.folder.joinpath("targets.yaml").write_text(text + later, encoding="utf-8")
    found = plain.status()["one"]
    assert (found["overlays"], found["baseline"]) == ([], 81)


@pytest.mark.parametrize(
    ("more", "measure", "codes"),
    [
        ("", "ratio", ["actuals.doubt_length"]),
        (AVERAGE, "ratio", []),
        (", statistic: end", "ratio", []),
        ("", "stock", []),
    ],
)
def test_a_december_beside_whole_years_is_asked_for_its_sense(told, more, measure, codes):
    """An average of a year and the state at its end are two numbers; which one is meant is said, never guessed."""
    rows = at("2024", "86", "2025-02-10"), at("2025-12", "92")
    assert told(one(more=more, measure=measure), rows=rows).check() == (0, codes)
