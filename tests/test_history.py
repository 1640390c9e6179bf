"""The history of a target's statuses is what each day would have said."""

from datetime import date, timedelta

import pytest
from builders import a_registry, a_target, a_version, observed, row

from loaders.assessment import assess
from loaders.history import history

ANNUAL = "{indicator: unicorns, frequency: annual, release_lag_days: 30, grace_days: 10}"
RAISED = a_version("plan-2025", target="{value: 20, due: 2030, comparator: at_least}", reason="raised")
ROWS = (
    row("unicorns", "2024", "2", published="2025-02-10"),
    row("unicorns", "2024", "0", published="2025-02-10", known="2025-12-01"),
    row("unicorns", "2025", "9", published="2026-02-10"),
)


@pytest.fixture(scope="module")
def registry():
    return a_registry(a_target("unicorns", a_version(), RAISED, series=ANNUAL))


def test_each_stretch_begins_on_the_day_that_brought_it(registry):
    found = history(registry, observed(*ROWS), registry.target["unicorns"], date(2029, 1, 1))
    assert [(one.since.isoformat(), one.item.status.value) for one in found] == [
        ("2023-12-31", "not_assessable"),
        ("2025-02-10", "on_track"),
        ("2025-06-30", "needs_acceleration"),
        ("2025-12-01", "off_track"),
        ("2026-02-10", "on_track"),
        ("2028-02-10", "not_assessable"),
    ]


def test_no_day_in_between_says_anything_else(registry):
    """The control: every single day judged by itself gives the same stretches."""
    rows, until = observed(*ROWS), date(2028, 6, 1)
    found = history(registry, rows, registry.target["unicorns"], until)
    day, held, slow = date(2023, 12, 31), None, []
    while day <= until:
        (item,) = assess(registry, rows, day)
        now = item.current.status, item.current.reason
        if now != held:
            slow.append((day, *now))
            held = now
        day += timedelta(days=1)
    assert [(one.since, one.item.current.status, one.item.current.reason) for one in found] == slow


def test_what_comes_later_is_not_there(registry):
    found = history(registry, observed(*ROWS), registry.target["unicorns"], date(2025, 7, 1))
    assert [one.since.isoformat() for one in found] == ["2023-12-31", "2025-02-10", "2025-06-30"]


def test_what_became_of_a_goal_begins_the_day_after_its_due_date():
    due = a_version(target="{value: 10, due: 2024, comparator: at_least}")
    registry = a_registry(a_target("unicorns", due, series=ANNUAL))
    rows = observed(row("unicorns", "2023-06", "2"), row("unicorns", "2025", "11", published="2026-02-10"))
    found = history(registry, rows, registry.target["unicorns"], date(2027, 1, 1))
    assert [(one.since.isoformat(), one.item.current.status.value, one.item.current.reason) for one in found] == [
        ("2023-12-31", "not_assessable", "single_point"),
        ("2025-01-01", "awaiting_outcome", None),
        ("2025-02-10", "not_assessable", "outcome_unknown"),
        ("2026-02-10", "achieved", None),
    ]
