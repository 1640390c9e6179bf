"""Ranges, yearly quotas, dated deliverables and breakdowns through the public assessment."""

from datetime import date

import pytest
from builders import a_registry, a_target, a_version, assessed, observed, row

from loaders.assessment import assess
from loaders.domain.method.status import Overlay, Reason, Status
from loaders.record import record

RANGE = "{low: 20, high: 30, due: 2030, comparator: within}"


def a_range(*rows, as_of=date(2027, 6, 1), **fields):
    version = a_version(
        **({"baseline": "{value: 10, period: 2023}", "target": RANGE, "as_printed": '"20~30"'} | fields)
    )
    return assessed(a_target("share", version, kind="range", unit="percent"), *rows, as_of=as_of)


@pytest.mark.parametrize(
    ("value", "progress", "status"),
    [
        ("15", 0.5, Status.ON_TRACK),
        ("12", 0.2, Status.OFF_TRACK),
        ("13", 0.3, Status.NEEDS_ACCELERATION),
        ("5", -0.5, Status.REGRESSING),
        ("20", 1.0, Status.ACHIEVED),
        ("30", 1.0, Status.ACHIEVED),
        ("35", 0.5, Status.ON_TRACK),
    ],
)
def test_a_range_is_judged_on_the_distance_to_it(value, progress, status):
    """δ(B) = 10 at 2024.0 falls to 0 at 2031.0; at 2027.0 it should be 10 · 4/7."""
    item = a_range(row("share", "2026", value))
    assert item.status is status
    assert item.current.progress == pytest.approx(progress)
    assert item.current.expected_progress == pytest.approx(3 / 7)
    assert item.current.gap_to_target == pytest.approx(10 * (1 - progress))


def test_a_range_that_was_reached_from_the_start():
    inside = {"baseline": "{value: 25, period: 2023}"}
    assert a_range(row("share", "2026", "28"), **inside).status is Status.ACHIEVED
    assert a_range(row("share", "2026", "31"), **inside).status is Status.REGRESSING
    bare = {"baseline": None}
    assert a_range(row("share", "2026", "28"), **bare).status is Status.ACHIEVED
    assert a_range(row("share", "2026", "31"), **bare).current.reason is Reason.NO_BASELINE


def a_quota(*rows, as_of=date(2027, 6, 1), **fields):
    version = a_version(
        **({"baseline": None, "start": "2024", "target": "{value: 100, comparator: at_least}"} | fields)
    )
    return assessed(a_target("trained", version, kind="recurring", measure="flow"), *rows, as_of=as_of)


@pytest.mark.parametrize(
    ("last", "status"),
    [("100", Status.ACHIEVED), ("96", Status.ON_TRACK), ("60", Status.NEEDS_ACCELERATION), ("59", Status.OFF_TRACK)],
)
def test_a_quota_is_that_of_the_last_complete_year(last, status):
    item = a_quota(row("trained", "2024", "120"), row("trained", "2025", "90"), row("trained", "2026", last))
    assert item.status is status
    assert (item.current.periods_met, item.current.periods_due) == (1 + (last == "100"), 3)
    assert item.current.delivery_ratio == pytest.approx(float(last) / 100)


def test_a_quota_counts_years_without_a_value_and_no_part_of_a_year():
    item = a_quota(row("trained", "2024", "120"), row("trained", "2026", "100"), row("trained", "2027-H1", "10"))
    assert (item.current.periods_met, item.current.periods_due, item.current.periods_unknown) == (2, 3, 1)
    assert item.status is Status.ACHIEVED
    early = a_quota(row("trained", "2024-H1", "120"), as_of=date(2024, 9, 1))
    assert (early.status, early.current.reason) == (Status.NOT_ASSESSABLE, Reason.NO_OBSERVATION)


STEPS = (
    "[{name: {ko: 가, en: a}, weight: 0.3, due: 2024}, {name: {ko: 나, en: b}, weight: 0.3, due: 2026}, "
    "{name: {ko: 다, en: c}, weight: 0.4, due: 2028}]"
)


def a_ladder(*rows, as_of=date(2027, 6, 1), kind="ladder", **fields):
    base = {"baseline": None, "steps": STEPS, "target": "{value: 1, due: 2028, comparator: at_least}"}
    return assessed(a_target("steps", a_version(**(base | fields)), kind=kind, unit="year"), *rows, as_of=as_of)


@pytest.mark.parametrize(
    ("done", "status", "ratio"),
    [("0.6", Status.ON_TRACK, 1.0), ("0.4", Status.NEEDS_ACCELERATION, 0.6667), ("0.3", Status.OFF_TRACK, 0.5)],
)
def test_a_ladder_compares_weight_done_with_weight_due(done, status, ratio):
    item = a_ladder(row("steps", "2026", done))
    assert item.status is status
    assert item.current.progress == pytest.approx(float(done))
    assert item.current.expected_progress == pytest.approx(0.6)
    assert item.current.delivery_ratio == pytest.approx(ratio, abs=5e-5)


def test_a_ladder_done_and_missed_and_before_anything_is_due():
    assert a_ladder(row("steps", "2026", "1")).status is Status.ACHIEVED
    late = a_ladder(row("steps", "2028", "0.6"), as_of=date(2029, 6, 1))
    assert late.status is Status.MISSED
    assert a_ladder(row("steps", "2023-12", "0")).status is Status.TOO_EARLY
    undated = STEPS.replace(", due: 2024", "").replace(", due: 2026", "").replace(", due: 2028", "")
    bare = a_ladder(row("steps", "2026", "0.3"), steps=undated, target="{value: 1, comparator: at_least}")
    assert bare.current.reason is Reason.NO_DUE_DATE


def test_one_deliverable():
    one = {"steps": None, "kind": "binary", "target": "{value: 1, due: 2025, comparator: at_least}"}
    assert a_ladder(row("steps", "2024-06", "0"), as_of=date(2025, 6, 1), **one).status is Status.TOO_EARLY
    assert a_ladder(row("steps", "2025", "1"), **one).status is Status.ACHIEVED
    assert a_ladder(row("steps", "2024", "0"), as_of=date(2026, 1, 15), **one).status is Status.AWAITING_OUTCOME
    assert a_ladder(row("steps", "2025", "0"), as_of=date(2026, 6, 1), **one).status is Status.MISSED


ROWS = (row("good", "2025", "9"), row("slow", "2025", "2"))


def a_whole(rule, *rows, weights=(0.5, 0.5)):
    children = ", ".join(f"{{target: {name}, weight: {w}}}" for name, w in zip(("good", "slow"), weights, strict=True))
    whole = a_target("whole", kind="breakdown", breakdown=f"{{rule: {rule}, children: [{children}]}}")
    registry = a_registry(whole, a_target("good"), a_target("slow"))
    found = {item.id: item for item in assess(registry, observed(*rows), date(2026, 6, 1))}
    return found["whole"]


def test_the_latest_part_decides():
    assert a_whole("worst", *ROWS).status is Status.NEEDS_ACCELERATION
    assert a_whole("all", *ROWS).status is Status.NEEDS_ACCELERATION
    one = a_whole("worst", ROWS[0])
    assert one.status is Status.ON_TRACK
    every = a_whole("all", ROWS[0])
    assert (every.status, every.current.reason) == (Status.NOT_ASSESSABLE, Reason.CHILD_NOT_ASSESSABLE)
    assert a_whole("worst").current.reason is Reason.CHILD_NOT_ASSESSABLE


def test_weighted_parts_add_up():
    item = a_whole("weighted", *ROWS)
    assert item.current.progress == pytest.approx(0.55)
    assert item.current.expected_progress == pytest.approx(2 / 7)
    assert item.status is Status.ON_TRACK
    slow = a_whole("weighted", *ROWS, weights=(0.1, 0.9))
    assert slow.current.progress == pytest.approx(0.27)
    assert slow.status is Status.NEEDS_ACCELERATION


def test_the_headline_rule_keeps_its_own_series():
    assert a_whole("headline", *ROWS, row("whole", "2025", "10")).status is Status.ACHIEVED
    assert a_whole("headline", *ROWS).current.reason is Reason.NO_OBSERVATION


def test_a_declared_status_is_shown_and_never_used():
    target = a_target("unicorns", declared="[{status: on_track, on: 2026-03, source: 업무보고}]")
    item = assessed(target, row("unicorns", "2025", "1"))
    assert item.status is Status.OFF_TRACK
    assert Overlay.DECLARED_DIFFERS in item.current.overlays
    agreed = assessed(target, row("unicorns", "2025", "3"))
    assert Overlay.DECLARED_DIFFERS not in agreed.current.overlays
    before = assessed(target, row("unicorns", "2025", "1", published="2026-01"), as_of=date(2026, 3, 30))
    assert before.declared is None


def test_every_null_of_the_record_has_its_reason():
    samples = [a_range(row("share", "2026", "15")), a_quota(row("trained", "2026", "1")), assessed(a_target())]
    samples += [a_whole("worst", *ROWS), a_ladder(row("steps", "2026", "0.6"))]
    for item in samples:
        found = record(item)
        flat = {
            k: v for k, v in found.items() if k not in ("crosscheck", "projection", "outcome", "undefined", "reason")
        }
        for name in ("crosscheck", "projection", "outcome"):
            flat |= {f"{name}.{key}": value for key, value in found[name].items() if key != "event"}
        assert {key for key, value in flat.items() if value is None} == set(found["undefined"])
        assert all(found["undefined"].values())
