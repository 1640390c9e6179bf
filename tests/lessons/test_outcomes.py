"""What became of a promise once its date has passed, and of one that was replaced or dropped."""

from datetime import date

from builders import a_registry, a_version, observed
from telling import ANNUAL, ISSUED, goal, value

from loaders.assessment import assess


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
