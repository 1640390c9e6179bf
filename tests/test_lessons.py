"""Faults that users of other trackers reported, each as a small registry: what `kpi check` and `kpi status` say.

Every lesson is told through the command line, because that is where a wrong number leaves the house.
"""

import json
from datetime import date

import pytest
from builders import HEAD, a_data_folder, a_registry, a_target, a_version, observed, row
from click.testing import CliRunner

from dashboard.cli import main
from loaders.assessment import assess
from loaders.changes import Cause, changes
from loaders.domain.method import comparison
from loaders.ledger import clock
from loaders.record import record

ISSUED = "2021-06-30"
ANNUAL = "{{indicator: {id}, frequency: annual, release_lag_days: 90, grace_days: 30}}"
TODAY = "2026-11-27"


def goal(id, target, baseline="{value: 0, period: 2020}", later=(), **fields):
    """A target of a plan of 2021 with a yearly statistic."""
    base = {"series": ANNUAL.format(id=id), "unit": "percent"} | {k: v for k, v in fields.items() if k in TARGET_FIELDS}
    version = {"baseline": baseline, "target": target} | {k: v for k, v in fields.items() if k not in TARGET_FIELDS}
    return a_target(id, a_version(**version), *later, **base)


TARGET_FIELDS = ("kind", "unit", "measure", "series", "superseded_by", "breakdown")


def value(id, period, number, published=None, **changes):
    return row(id, period, number, published=published or f"{int(period[:4]) + 1}-03", **changes)


class Told:
    """What the command line says of a data folder."""

    def __init__(self, folder, targets, rows):
        self.folder = a_data_folder(folder, *targets, rows=rows, issued=ISSUED)

    def run(self, *args):
        result = CliRunner().invoke(main, [args[0], "--data", str(self.folder), *args[1:]])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    def check(self):
        result = self.run("check")
        return result.exit_code, [line.split(" ", 2)[1] for line in result.stdout.splitlines()]

    def status(self, as_of=TODAY):
        return {one["id"]: one for one in json.loads(self.run("status", "--as-of", as_of, "--format", "json").stdout)}

    def stand(self, as_of=TODAY):
        return {name: (one["status"], one["reason"]) for name, one in self.status(as_of).items()}


@pytest.fixture
def told(tmp_path):
    return lambda *targets, rows=(): Told(tmp_path / "d", targets, rows)


def test_a_ceiling_on_a_total_is_broken_and_never_achieved(told):
    """17 trillion won spent of at most 10 was praised as reached."""
    ceiling = goal(
        "spent",
        "{value: 10, due: 2028, comparator: at_most}",
        None,
        kind="cumulative",
        unit="krw_trillion",
        measure="flow",
        start="2024",
    )
    found = told(ceiling, rows=(value("spent", "2024", "8"), value("spent", "2025", "9")))
    assert found.check() == (0, [])
    assert found.stand("2025-06-01") == {"spent": ("within_limit", None)}
    assert found.stand() == {"spent": ("exceeded", None)}


def test_nothing_is_green_for_ever_after_its_date(told):
    """A goal of 2025 stayed on track where the series had no rhythm, skipped the year or stayed provisional."""
    due = "{value: 100, due: 2025, comparator: at_least}"
    targets = (
        goal("no_rhythm", due, series="{indicator: no_rhythm, release_lag_days: 90, grace_days: 30}"),
        goal("every_two_years", due, series=ANNUAL.format(id="every_two_years").replace("annual", "biennial")),
        goal("never_final", due.replace("2025", "2024")),
    )
    rows = (
        value("no_rhythm", "2024", "79"),
        value("every_two_years", "2024", "78"),
        value("every_two_years", "2026", "96"),
        value("never_final", "2024", "97", status="P"),
    )
    found = told(*targets, rows=rows)
    assert found.stand() == {
        "no_rhythm": ("not_assessable", "outcome_unknown"),
        "every_two_years": ("awaiting_outcome", None),
        "never_final": ("missed", None),
    }
    later = found.stand("2032-12-31")
    assert later["every_two_years"] == ("missed", None)
    assert not {status for status, _ in later.values()} & {"on_track", "needs_acceleration"}


def test_reached_in_time_late_and_lost_are_three_things(told):
    targets = [goal(name, "{value: 90, due: 2024, comparator: at_least}") for name in ("lost", "late")]
    rows = (
        value("lost", "2024", "91"),
        value("lost", "2025", "88"),
        value("late", "2024", "85"),
        value("late", "2025", "90"),
    )
    found = told(*targets, rows=rows).status()
    assert (found["lost"]["status"], found["lost"]["overlays"]) == ("achieved", ["lost"])
    assert found["lost"]["outcome"]["event"] == "lost 2025-12-31"
    assert (found["late"]["status"], found["late"]["overlays"][0]) == ("achieved", "late")
    assert found["late"]["outcome"]["months_late"] == 12


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


@pytest.mark.parametrize(
    ("comparator", "target", "baseline", "number", "status"),
    [
        ("equal", "2", "5", "0.1", "off_track"),
        ("equal", "2", "5", "2.4", "achieved"),
        ("equal", "1", "0.6", "1.7", "off_track"),
        ("about", "50", "5", "95", "off_track"),
        ("about", "50", "5", "52", "achieved"),
        ("about", "50", "5", "47.5", "achieved"),
    ],
)
def test_equal_and_about_have_two_sides(told, comparator, target, baseline, number, status):
    one = goal(
        "share",
        f"{{value: {target}, due: 2027, comparator: {comparator}}}",
        f"{{value: {baseline}, period: 2022}}",
        as_printed=f'"{target}"',
    )
    assert told(one, rows=(value("share", "2025", number),)).stand()["share"][0] == status


def test_a_raised_quota_does_not_rewrite_the_past(told):
    later = a_version(
        "plan-2025",
        baseline=None,
        start="2021",
        reason="raised",
        target="{value: 150, due: 2030, comparator: at_least}",
    )
    quota = goal(
        "trained",
        "{value: 100, due: 2030, comparator: at_least}",
        None,
        (later,),
        kind="recurring",
        unit="company",
        measure="flow",
        start="2021",
    )
    rows = [
        value("trained", str(year), number)
        for year, number in zip(range(2021, 2025), ("110", "105", "120", "101"), strict=True)
    ]
    found = told(quota, rows=tuple(rows))
    assert found.status()["trained"]["status"] == "achieved"
    assert found.status()["trained"]["progress"] == 1.0


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


def test_goals_that_were_merged_or_split_lead_on(told):
    gone = a_version("plan-2025", baseline=None, target=None, reason="{reason}")
    to_100 = "{value: 100, due: 2030, comparator: at_least}"
    merged = goal("merged", to_100, later=(gone.format(reason="merged"),), superseded_by="part")
    split = goal("split", to_100, later=(gone.format(reason="split"),), superseded_by="[part, other]")
    rows = (value("merged", "2025", "50"),)
    found = told(merged, split, goal("part", to_100), goal("other", to_100), rows=rows)
    assert found.check() == (0, [])
    stand = found.status()
    assert [stand[name]["status"] for name in ("merged", "split")] == ["superseded", "superseded"]
    assert stand["merged"]["outcome"] | {"result_due": None} == {
        "verdict": "withdrawn",
        "at": None,
        "months_late": None,
        "result_due": None,
        "event": "withdrawn 2025-06-30",
    }
    assert stand["split"]["group"] == "closed"


def test_what_took_a_merged_goal_over_is_asked_for(told):
    gone = a_version("plan-2025", baseline=None, target=None, reason="merged")
    assert told(goal("merged", "{value: 100, due: 2030, comparator: at_least}", later=(gone,))).check() == (
        0,
        ["rule.handed_on"],
    )


def test_a_reason_is_not_believed_against_the_numbers(told):
    later = a_version("plan-2025", target="{value: 60, due: 2030, comparator: at_least}", reason="raised")
    assert told(goal("lies", "{value: 100, due: 2028, comparator: at_least}", later=(later,))).check() == (
        1,
        ["rule.reason_fits"],
    )


def test_less_than_five_is_not_five(told):
    targets = [
        goal(name, f"{{value: 5, due: 2030, comparator: {name}}}", "{value: 20, period: 2020}")
        for name in ("less_than", "at_most")
    ]
    rows = [value(name, "2025", "5.0") for name in ("less_than", "at_most")]
    found = told(*targets, rows=tuple(rows))
    assert {name: status for name, (status, _) in found.stand().items()} == {
        "less_than": "on_track",
        "at_most": "achieved",
    }


def test_the_loss_of_a_version_in_the_middle_is_kept(told):
    """The goal of 2025 was replaced in June 2025, before its result: that it was missed must be told."""
    later = a_version(
        "plan-2025",
        baseline="{value: 50, period: 2024}",
        target="{value: 70, due: 2028, comparator: at_least}",
        reason="raised",
    )
    one = goal("share", "{value: 60, due: 2025, comparator: at_least}", "{value: 20, period: 2020}", (later,))
    rows = value("share", "2024", "50"), value("share", "2025", "52")
    found = told(one, rows=rows).status()["share"]
    assert [(entry["document"], entry["status"], entry["outcome"]["verdict"]) for entry in found["versions"]] == [
        ("plan-2023", "missed", "broken"),
        ("plan-2025", "off_track", None),
    ]


def test_how_long_before_its_result_a_goal_was_replaced():
    later = a_version("plan-2025", target="{value: 70, due: 2028, comparator: at_least}", reason="raised")
    one = goal("share", "{value: 60, due: 2025, comparator: at_least}", "{value: 0, period: 2020}", (later,))
    registry = a_registry(one, issued=ISSUED)
    (found,) = assess(registry, observed(value("share", "2025", "52")), date(2026, 6, 1))
    assert [entry.weeks_before_result for entry in found.standings] == [
        (date(2026, 3, 31) - date(2025, 6, 30)).days // 7,
        None,
    ]
    (early,) = assess(registry, observed(value("share", "2022", "61", published="2023-02")), date(2026, 6, 1))
    assert early.standings[0].weeks_before_result is None


def test_a_later_drop_never_erases_a_known_outcome(told):
    gone = a_version("plan-2025", baseline=None, target=None, reason="dropped")
    known = goal("known", "{value: 60, due: 2023, comparator: at_least}", later=(gone,))
    unknown = goal("unknown", "{value: 60, due: 2025, comparator: at_least}", later=(gone,))
    rows = value("known", "2023", "41"), value("unknown", "2025", "52")
    found = told(known, unknown, rows=rows).status()
    assert {name: (one["status"], one["outcome"]["verdict"]) for name, one in found.items()} == {
        "known": ("missed", "broken"),
        "unknown": ("dropped", "withdrawn"),
    }


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


def test_a_ceiling_that_begins_later_is_not_yet_broken(told):
    target = "{value: 50, comparator: at_most}"
    targets = goal("later", target, None, kind="limit", start="2030"), goal("now", target, None, kind="limit")
    rows = value("later", "2025", "60"), value("now", "2025", "60")
    found = told(*targets, rows=rows)
    assert found.stand() == {"later": ("too_early", "not_in_force"), "now": ("exceeded", None)}
    assert found.stand("2029-12-31")["later"] == ("too_early", "not_in_force")
    assert found.stand("2030-01-01")["later"][0] == "not_assessable"


def test_a_dropped_part_leaves_the_whole_and_a_replaced_one_is_followed(told):
    gone = a_version("plan-2025", baseline=None, target=None, reason="dropped")
    to_100 = "{value: 100, due: 2030, comparator: at_least}"
    parts = "{rule: all, children: [{target: one}, {target: two}]}"
    whole = goal("whole", to_100, None, kind="breakdown", breakdown=parts, series=None)
    rows = value("one", "2025", "60"), value("two", "2025", "60"), value("new", "2025", "10")
    dropped = told(whole, goal("one", to_100), goal("two", to_100, later=(gone,)), goal("new", to_100), rows=rows)
    assert dropped.stand()["whole"] == ("on_track", None)
    text = dropped.folder.joinpath("targets.yaml").read_text("utf-8").replace("reason: dropped", "reason: merged")
    text = text.replace("  - id: two\n", "  - id: two\n    superseded_by: new\n")
    dropped.folder.joinpath("targets.yaml").write_text(text, encoding="utf-8")
    assert dropped.stand()["whole"] == ("off_track", None)


def test_a_value_for_a_later_date_without_a_new_measurement_moves_nothing():
    registry = a_registry(goal("share", "{value: 100, due: 2030, comparator: at_least}"), issued=ISSUED)
    old, again = observed(value("share", "2024", "30"), value("share", "2025", "30"))
    from dataclasses import replace

    (plain,) = assess(registry, [old], date(2026, 6, 1))
    (restated,) = assess(registry, [old, replace(again, restates=True)], date(2026, 6, 1))
    assert record(restated) == record(plain)
    (control,) = assess(registry, [old, again], date(2026, 6, 1))
    assert record(control) != record(plain)


def test_the_act_of_a_ministry_without_a_lead_is_answered_for(told):
    assert HEAD.count("ministries:") == 1  # the builders' registry has one ministry
    answers = goal("share", "{value: 100, due: 2030, comparator: at_least}").replace(
        "    unit:", "    answers: {ministry: msit, note: 총괄}\n    unit:"
    )
    assert told(answers).check() == (0, [])


# -- careless twins -----------------------------------------------------------------------------


def test_control_a_strict_bound_read_as_a_loose_one_is_caught(told, monkeypatch):
    monkeypatch.setattr(comparison, "STRICT", frozenset())
    with pytest.raises(AssertionError):
        test_less_than_five_is_not_five(told)


PEAK = {"milestones": "[{value: 110, due: 2025}]", "target": "{value: 80, due: 2030, comparator: at_most}"}


@pytest.mark.parametrize(
    ("number", "status"), [("105", "on_track"), ("110", "on_track"), ("112", "regressing"), ("79", "achieved")]
)
def test_a_plan_that_peaks_first_is_followed_as_printed(told, number, status):
    """Emissions planned at 110 in 2025 before they fall to 80: 105 is ahead of the plan, not behind the baseline."""
    one = goal(
        "tons",
        PEAK["target"],
        "{value: 100, period: 2020}",
        unit="krw_trillion",
        milestones=PEAK["milestones"],
        as_printed="\"'25 110 → '30 80\"",
    )
    found = told(one, rows=(value("tons", "2025", number),))
    assert found.check() == (0, [])
    assert found.status()["tons"]["status"] == status
    assert found.status()["tons"]["months"] is None


def test_a_milestone_on_the_wrong_side_that_nobody_printed_is_a_slip(told):
    one = goal(
        "tons",
        PEAK["target"],
        "{value: 100, period: 2020}",
        unit="krw_trillion",
        milestones=PEAK["milestones"],
        as_printed='"80"',
    )
    assert told(one).check() == (1, ["rule.wrong_side"])
