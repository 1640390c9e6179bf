"""What changed and why: each cause, found by swapping one input at a time; counts on a fixed basket."""

from datetime import date

import pytest
from builders import a_registry, a_target, a_version, observed, row

from loaders.assessment import assess
from loaders.changes import Cause, changes, record
from loaders.tallies import fixed_basket, grouped, tally_of

SINCE, UNTIL = date(2025, 3, 1), date(2026, 3, 1)
RAISED = a_version(
    "plan-2025",
    baseline="{value: 0, period: 2023}",
    target="{value: 40, due: 2030, comparator: at_least}",
    reason="raised",
)
OLD = row("unicorns", "2024", "2", published="2025-01")
ANNUAL = "{indicator: unicorns, frequency: annual, grace_days: 30}"


def found(target, *rows, since=SINCE, until=UNTIL, earlier=None):
    return changes(a_registry(target), observed(*rows), since, until, earlier)


def only(*args, **kwargs):
    (change,) = found(*args, **kwargs)
    return change


def test_nothing_changed():
    assert found(a_target(), OLD) == []
    assert found(a_target(), OLD, row("unicorns", "2025", "3", published="2026-01")) == []


def test_a_new_value():
    change = only(a_target(), OLD, row("unicorns", "2025", "1", published="2026-01"))
    assert (change.before.status, change.after.status, change.cause) == ("on_track", "off_track", Cause.NEW_OBSERVATION)
    assert change.observation.period.text == "2025"


def test_a_revised_value():
    change = only(a_target(), OLD, row("unicorns", "2024", "1", published="2025-01", known="2025-09"))
    assert (change.after.status, change.cause) == ("needs_acceleration", Cause.REVISED_OBSERVATION)
    assert change.observation.value == 1


def test_a_raised_target():
    change = only(a_target("unicorns", a_version(), RAISED), OLD)
    assert (change.after.status, change.cause) == ("off_track", Cause.VERSION)
    assert change.version.document == "plan-2025"


def test_time_alone():
    change = only(a_target(series=ANNUAL), OLD, until=date(2027, 6, 1))
    assert (change.after.status, change.after.current.reason, change.cause) == ("not_assessable", "stale", Cause.TIME)


def test_thresholds():
    registry = a_registry(a_target())
    milder = registry.model_copy(update={"method": registry.method.model_copy(update={"needs_acceleration": 0.3})})
    short = row("unicorns", "2024", "0.5", published="2025-01")
    (change,) = changes(registry, observed(short), SINCE, UNTIL, milder)
    assert (change.before.status, change.after.status, change.cause) == (
        "needs_acceleration",
        "off_track",
        Cause.THRESHOLDS,
    )


def test_several_together():
    """A value of another scope counts only once the target counts that scope."""
    later = RAISED.replace("        reason", "        scope: {id: world}\n        reason")
    world = row("unicorns", "2025", "20", scope="world", published="2026-01")
    before = only(a_target("unicorns", a_version(), later), world)
    assert before.after.status == "on_track"
    assert before.cause in (Cause.NEW_OBSERVATION, Cause.SEVERAL)


def test_a_new_target():
    change = only(a_target("unicorns", a_version("plan-2025", baseline="{value: 0, period: 2024}")), OLD)
    assert (change.before, change.cause) == (None, Cause.NEW_TARGET)
    registry = a_registry(a_target("unicorns", a_version("plan-2025", baseline="{value: 0, period: 2024}")))
    assert record(change, registry)["known"] == "2025-06-30"


@pytest.mark.parametrize("swap", [1, 2])
def test_only_what_was_known_by_the_second_day_counts(swap):
    later = row("unicorns", "2025", "1", published="2026-06")
    assert found(a_target(), OLD, later) == []
    assert len(found(a_target(), OLD, later, until=date(2026, 6, 30))) == 1


def test_a_fixed_basket_leaves_new_goals_out():
    registry = a_registry(
        a_target("unicorns"), a_target("new", a_version("plan-2025", baseline="{value: 0, period: 2024}"))
    )
    rows = observed(OLD, row("new", "2025", "9"), row("unicorns", "2025", "1", published="2026-01"))
    before, after = assess(registry, rows, SINCE), assess(registry, rows, date(2026, 6, 1))
    then, now = fixed_basket(before, after)
    assert (then.total, then.judged, now.total, now.judged) == (1, 1, 1, 1)
    assert (then.counts["on_track"], now.counts["off_track"]) == (1, 1)
    assert tally_of(after).total == 2
    groups = grouped(after, lambda item: item.id)
    assert sum(one.total for one in groups.values()) == len(after)
