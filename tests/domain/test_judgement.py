"""Overlays, milestones and missed targets: what stands beside a status and when a date is final."""

from datetime import date

import pytest
from builders import a_target, a_version, assessed, row

from loaders.domain.method.status import Overlay, Reason, Status
from loaders.record import record

DAY = date(2026, 6, 1)
DUE_2024 = a_version(target="{value: 10, due: 2024, comparator: at_least}")
ANNUAL = "{indicator: unicorns, frequency: annual, release_lag_days: 60, grace_days: 30}"


def unicorns(version, *rows, as_of=DAY, **fields):
    return assessed(a_target("unicorns", version, **fields), *rows, as_of=as_of)


def value(period, number, **changes):
    return row("unicorns", period, number, **changes)


def test_a_known_result_counts_at_once_and_a_missing_one_waits_for_lag_and_grace():
    short = value("2024", "9")
    last_day = date(2025, 3, 31)  # 31 December 2024 and 90 days
    assert unicorns(DUE_2024, short, series=ANNUAL, as_of=date(2024, 12, 31)).status is Status.NEEDS_ACCELERATION
    assert unicorns(DUE_2024, short, series=ANNUAL, as_of=date(2025, 1, 1)).status is Status.MISSED
    before = value("2023-06", "4")
    assert unicorns(DUE_2024, series=ANNUAL, as_of=last_day).status is Status.AWAITING_OUTCOME
    late = unicorns(DUE_2024, before, series=ANNUAL, as_of=date(2025, 4, 1))
    assert (late.status, late.current.reason) == (Status.NOT_ASSESSABLE, Reason.OUTCOME_UNKNOWN)


def test_missed_needs_a_final_value_for_the_due_period():
    later = date(2026, 1, 15)
    provisional = unicorns(DUE_2024, value("2024", "9", status="P"), as_of=later)
    assert (provisional.status, provisional.current.overlays) == (Status.MISSED, (Overlay.PROVISIONAL,))
    for status in "EF":
        assert unicorns(DUE_2024, value("2024", "9", status=status), as_of=later).status is not Status.MISSED
    assert unicorns(DUE_2024, value("2024-06", "4", published="2025"), as_of=later).status is not Status.MISSED
    assert unicorns(DUE_2024, value("2024", "9"), as_of=later).status is Status.MISSED


def test_a_later_value_stands_for_the_due_period_only_with_its_date_unproven():
    """The goal may have been met in time and lost since: the overlay says that nobody knows."""
    found = unicorns(DUE_2024, value("2025", "9"))
    assert (found.status, found.current.overlays) == (Status.MISSED, (Overlay.DATE_UNPROVEN,))


def test_a_goal_that_was_met_in_time_is_never_missed_later():
    item = unicorns(DUE_2024, value("2024", "10"), value("2025", "9"))
    assert (item.status, item.current.overlays) == (Status.ACHIEVED, (Overlay.LOST, Overlay.BORDERLINE))
    early = unicorns(a_version(), value("2024", "10"))
    assert early.status is Status.ACHIEVED
    lost = unicorns(a_version(), value("2024", "10"), value("2025", "9"))
    assert lost.status is Status.ON_TRACK
    assert Overlay.LOST in lost.current.overlays


HALFWAY = a_version(milestones="[{value: 5, due: 2025}]")


@pytest.mark.parametrize(
    ("period", "number", "missed"), [("2024", "1", False), ("2025", "4", True), ("2025", "5", False)]
)
def test_milestone_missed(period, number, missed):
    overlays = unicorns(HALFWAY, value(period, number)).current.overlays
    assert (Overlay.MILESTONE_MISSED in overlays) is missed


def test_borderline_by_half_of_the_last_digit():
    # expected 2.857 at the end of 2025: on track from 2.714
    assert Overlay.BORDERLINE in unicorns(a_version(), value("2025", "3")).current.overlays
    assert Overlay.BORDERLINE not in unicorns(a_version(), value("2025", "3.0")).current.overlays
    assert Overlay.BORDERLINE in unicorns(a_version(), value("2025", "2.7")).current.overlays


def test_overlays_never_change_the_status():
    plain = unicorns(a_version(), value("2025", "3"))
    marked = unicorns(
        a_version(baseline="{value: 0, period: 2023, assumed: true}"), value("2025", "3", status="E"), series=ANNUAL
    )
    assert marked.status is plain.status is Status.ON_TRACK
    assert {Overlay.PROVISIONAL, Overlay.ASSUMED_BASELINE} <= set(marked.current.overlays)


def test_stale_stands_beside_the_status_after_one_missed_release():
    seen = value("2024", "2")
    assert Overlay.STALE not in unicorns(a_version(), seen, series=ANNUAL, as_of=date(2026, 3, 31)).current.overlays
    item = unicorns(a_version(), seen, series=ANNUAL, as_of=date(2026, 4, 1))
    assert Overlay.STALE in item.current.overlays
    assert item.status is Status.ON_TRACK


def test_not_assessable_always_says_why():
    for item in (
        unicorns(a_version()),
        unicorns(a_version(), value("2023", "0")),
        unicorns(a_version(baseline=None), value("2025", "1")),
        unicorns(a_version(baseline=None, start="2024"), value("2025-H1", "1"), kind="recurring"),
        unicorns(a_version(), value("2025", "1", scope="world")),
    ):
        assert item.status is Status.NOT_ASSESSABLE
        assert isinstance(item.current.reason, Reason)


def test_assumed_baseline_is_shown_on_a_target_that_cannot_be_judged():
    item = unicorns(a_version(baseline="{value: 0, period: 2023, assumed: true}"))
    assert item.current.overlays == (Overlay.ASSUMED_BASELINE,)


def test_a_scope_mismatch_shows_the_other_value_and_judges_nothing():
    found = record(unicorns(a_version(), value("2025", "12", scope="world")))
    assert found["observation"]["value"] == 12
    assert [found[name] for name in ("expected", "progress", "delivery_ratio", "deviation", "months")] == [None] * 5


@pytest.mark.parametrize(
    ("number", "status"),
    [("4", Status.REGRESSING), ("5", Status.NEEDS_ACCELERATION), ("7", Status.ACHIEVED)],
)
def test_keeping_a_value_with_a_buffer(number, status):
    keep = a_version(baseline=None, target="{value: 5, comparator: at_least}", buffer="2")
    assert unicorns(keep, value("2025", number), kind="maintain").status is status


@pytest.mark.parametrize(
    ("comparator", "number", "status"),
    [
        ("at_most", "17", Status.WITHIN_LIMIT),
        ("at_most", "18", Status.EXCEEDED),
        ("up_to", "16", Status.WITHIN_LIMIT),
        ("up_to", "18", Status.EXCEEDED),
        ("at_least", "17", Status.WITHIN_LIMIT),
        ("at_least", "16", Status.EXCEEDED),
    ],
)
def test_ceilings_and_floors(comparator, number, status):
    limit = a_version(baseline=None, target=f"{{value: 17, comparator: {comparator}}}")
    assert unicorns(limit, value("2025", number), kind="limit").status is status


def test_a_jump_in_one_month_does_not_crash_the_cross_check():
    version = a_version(baseline="{value: 1, period: 2023}", target="{value: 20000, due: 2030, comparator: at_least}")
    assert unicorns(version, value("2024-01", "10000"), as_of=date(2024, 6, 1)).status is Status.TOO_EARLY


def test_later_paces_look_ahead_of_today():
    item = unicorns(HALFWAY, value("2024", "2"), as_of=date(2025, 6, 1)).current
    assert (item.required_pace_next, item.required_pace_final) == (3, pytest.approx(8 / 6))
    item = unicorns(HALFWAY, value("2024", "2"), as_of=date(2026, 6, 1)).current
    assert item.required_pace_next == pytest.approx(8 / 6)
    item = unicorns(HALFWAY, value("2024", "2"), as_of=date(2031, 6, 1)).current
    assert (item.required_pace_next, item.required_pace_final) == (None, None)
