"""The gate, versions, overlays and time travel through the public assessment."""

import re
from datetime import date

import pytest
from builders import a_registry, a_target, a_version, assessed, observed, row

from loaders.assessment import assess, late_first, tally
from loaders.domain.method.status import Overlay, Reason, Status
from loaders.record import record

DAY = date(2026, 6, 1)
LATER = a_version("plan-2025", target="{value: 20, due: 2030, comparator: at_least}", reason="raised")
RANKED = {"kind": "rank", "unit": "rank"}


def reason(target, *rows, as_of=DAY):
    item = assessed(target, *rows, as_of=as_of)
    return item.status, item.current.reason


def test_no_observation():
    assert reason(a_target()) == (Status.NOT_ASSESSABLE, Reason.NO_OBSERVATION)
    assert reason(a_target(series=None)) == (Status.NOT_ASSESSABLE, Reason.NO_STATISTIC)


def test_no_baseline_and_no_due_date():
    value = row("unicorns", "2025", "3")
    bare = a_version(baseline=None)
    assert reason(a_target("unicorns", bare), value) == (Status.NOT_ASSESSABLE, Reason.NO_BASELINE)
    undated = a_version(target="{value: 10, comparator: at_least}")
    assert reason(a_target("unicorns", undated), value) == (Status.NOT_ASSESSABLE, Reason.NO_DUE_DATE)


def test_a_value_that_meets_the_target_overrules_a_missing_baseline():
    item = assessed(a_target("unicorns", a_version(baseline=None)), row("unicorns", "2025", "10"))
    assert (item.status, item.current.reason) == (Status.ACHIEVED, None)


def test_a_value_of_another_scope_never_counts():
    target = a_target()
    other = row("unicorns", "2025", "12", scope="world")
    assert reason(target, other) == (Status.NOT_ASSESSABLE, Reason.SCOPE_MISMATCH)
    assert reason(target, row("unicorns", "2023", "0"), other) == (Status.NOT_ASSESSABLE, Reason.SCOPE_MISMATCH)
    own = row("unicorns", "2025", "3")
    assert assessed(target, own, other).current.value == 3


def test_a_series_in_another_unit_is_not_compared():
    target = a_target(series="{indicator: unicorns, unit: percent}")
    assert reason(target, row("unicorns", "2025", "12")) == (Status.NOT_ASSESSABLE, Reason.UNIT_MISMATCH)


def test_single_point():
    assert reason(a_target(), row("unicorns", "2023", "0")) == (Status.NOT_ASSESSABLE, Reason.SINGLE_POINT)


def test_a_break_forbids_the_comparison_unless_it_is_bridged():
    note = "note: {ko: 바뀜, en: changed}"
    broken = a_target(series=f"{{indicator: unicorns, breaks: [{{period: 2024, {note}}}]}}")
    bridged = a_target(series=f"{{indicator: unicorns, breaks: [{{period: 2024, bridge: true, {note}}}]}}")
    value = row("unicorns", "2025", "3")
    assert reason(broken, value) == (Status.NOT_ASSESSABLE, Reason.SERIES_BREAK)
    assert assessed(bridged, value).status is Status.ON_TRACK
    marked = row("unicorns", "2025", "3", status="B")
    assert reason(a_target(), marked) == (Status.NOT_ASSESSABLE, Reason.SERIES_BREAK)


def test_an_index_that_stops_ranking_is_broken_not_current():
    version = a_version(baseline="{value: 15, period: 2018}", target="{value: 3, due: 2030, comparator: at_most}")
    series = "{indicator: gci, breaks: [{period: 2024, note: {ko: 등급, en: tiers}}]}"
    target = a_target("gci", version, series=series, **RANKED)
    rows = [row("gci", "2020", "4", published="2021-06"), row("gci", "2024", "1", scope="tier", status="D")]
    assert reason(target, *rows, as_of=date(2025, 6, 1)) == (Status.NOT_ASSESSABLE, Reason.SERIES_BREAK)
    assert assessed(target, *rows, as_of=date(2023, 12, 31)).status is Status.ON_TRACK


def test_two_missed_releases_are_stale_one_is_an_overlay():
    target = a_target(series="{indicator: unicorns, frequency: annual, release_lag_days: 90, grace_days: 30}")
    value = row("unicorns", "2024", "3", published="2025-03")
    assert Overlay.STALE not in assessed(target, value, as_of=date(2026, 4, 30)).current.overlays
    late = assessed(target, value, as_of=date(2026, 5, 1))
    assert late.status is Status.ON_TRACK
    assert Overlay.STALE in late.current.overlays
    assert reason(target, value, as_of=date(2027, 5, 1)) == (Status.NOT_ASSESSABLE, Reason.STALE)


def test_missed_needs_the_date_to_have_passed_and_a_final_value():
    version = a_version(target="{value: 10, due: 2024, comparator: at_least}")
    target = a_target("unicorns", version, series="{indicator: unicorns, release_lag_days: 60, grace_days: 30}")
    final, provisional = row("unicorns", "2024", "9"), row("unicorns", "2024", "9", status="P")
    assert assessed(target, final, as_of=date(2024, 12, 31)).status is Status.NEEDS_ACCELERATION
    assert assessed(target, final, as_of=date(2025, 1, 1)).status is Status.MISSED
    found = assessed(target, provisional, as_of=date(2025, 1, 1))
    assert (found.status, found.current.overlays) == (Status.MISSED, (Overlay.PROVISIONAL,))
    assert assessed(target, row("unicorns", "2024", "10"), as_of=date(2025, 4, 1)).status is Status.ACHIEVED


@pytest.mark.parametrize(
    ("place", "tau", "status"),
    [
        (3, "2025", Status.ACHIEVED),
        (6, "2025", Status.ON_TRACK),
        (7, "2025", Status.REGRESSING),
        (4, "2027", Status.ON_TRACK),
        (5, "2027", Status.NEEDS_ACCELERATION),
        (6, "2027", Status.OFF_TRACK),
    ],
)
def test_ranks_count_places(place, tau, status):
    version = a_version(
        baseline="{value: 6, period: 2023}",
        milestones="[{value: 4, due: 2027}]",
        target="{value: 3, due: 2030, comparator: at_most}",
    )
    item = assessed(a_target("place", version, **RANKED), row("place", tau, str(place)), as_of=date(2028, 1, 1))
    assert item.status is status
    assert item.current.progress is None
    assert (Overlay.MILESTONE_MISSED in item.current.overlays) == (tau == "2027" and place > 4)


def test_limits_are_kept_or_passed():
    version = a_version(baseline=None, start="2024", target="{value: 17, due: 2027, comparator: at_most}")
    target = a_target("loans", version, kind="limit", unit="krw_trillion")
    assert assessed(target, row("loans", "2025", "4.3")).status is Status.WITHIN_LIMIT
    assert assessed(target, row("loans", "2025", "17.1")).status is Status.EXCEEDED


def test_current_and_original_version():
    target = a_target("unicorns", a_version(), LATER)
    item = assessed(target, row("unicorns", "2025", "3"))
    assert (item.version.document, item.status, item.original.status) == (
        "plan-2025",
        Status.OFF_TRACK,
        Status.ON_TRACK,
    )
    assert Overlay.TARGET_REVISED in item.current.overlays


def test_time_travel():
    target = a_target("unicorns", a_version(), LATER)
    rows = [
        row("unicorns", "2024", "2", published="2025-01"),
        row("unicorns", "2024", "1", published="2025-01", known="2025-09"),
    ]
    before = assessed(target, *rows, as_of=date(2025, 6, 29))
    assert (before.version.document, before.current.value) == ("plan-2023", 2)
    raised = assessed(target, *rows, as_of=date(2025, 6, 30))
    assert (raised.version.document, raised.current.value) == ("plan-2025", 2)
    revised = assessed(target, *rows, as_of=date(2025, 9, 30))
    assert revised.current.value == 1
    assert assess(a_registry(target), observed(*rows), date(2023, 12, 30)) == []


def test_provisional_assumed_and_borderline():
    assumed = a_version(baseline="{value: 0, period: 2023, assumed: true}")
    item = assessed(a_target("unicorns", assumed, integer="true"), row("unicorns", "2026-03", "3", status="P"))
    assert set(item.current.overlays) == {Overlay.PROVISIONAL, Overlay.ASSUMED_BASELINE, Overlay.BORDERLINE}


def test_a_hole_ends_a_total():
    version = a_version(baseline=None, start="2024", target="{value: 100, due: 2027, comparator: at_least}")
    target = a_target("money", version, kind="cumulative", unit="krw_trillion")
    whole = assessed(target, row("money", "2024", "20"), row("money", "2025-H1", "10"), row("money", "2025", "25"))
    assert (whole.current.value, whole.current.expected) == (45, 50)
    holed = assessed(target, row("money", "2024", "20"), row("money", "2026", "30"), as_of=date(2027, 3, 1))
    assert holed.current.value == 20


def test_a_dropped_goal_and_a_superseded_one():
    dropped = a_version("plan-2025", baseline=None, target=None, reason="dropped")
    assert assessed(a_target("unicorns", a_version(), dropped)).status is Status.DROPPED
    old = a_target("old", a_version(), superseded_by="new")
    new = a_target("new", a_version("plan-2025"))
    found = {item.id: item.status for item in assess(a_registry(old, new), [], DAY)}
    assert found["old"] is Status.SUPERSEDED
    found = {item.id: item.status for item in assess(a_registry(old, new), [], date(2024, 6, 1))}
    assert found == {"old": Status.NOT_ASSESSABLE}


def test_counts_add_up_and_late_ones_come_first():
    targets = [a_target(name, a_version()) for name in ("good", "bad", "none")]
    items = assess(a_registry(*targets), observed(row("good", "2025", "3"), row("bad", "2025", "1")), DAY)
    counts = tally(items)
    assert sum(counts.values()) == 3
    assert (counts[Status.ON_TRACK], counts[Status.OFF_TRACK], counts[Status.NOT_ASSESSABLE]) == (1, 1, 1)
    assert [item.id for item in late_first(items)] == ["bad", "good", "none"]


def test_the_record_has_every_field_of_the_contract_and_no_infinity():
    found = record(assessed(a_target()))
    fields = """id version kind status reason overlays baseline target due observation expected progress
        expected_progress delivery_ratio gap_to_target deviation months required_pace_next required_pace_final
        recent_pace acceleration crosscheck projection outcome group versions original undefined"""
    assert sorted(found) == sorted(re.findall(r"\w+", fields))
    assert found["observation"] is None
    assert found["due"] == "2030-12-31"
    assert found["crosscheck"]["eurostat_ratio"] is None
