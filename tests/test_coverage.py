"""How much can be measured: each figure counts what it names."""

from datetime import date

import pytest
from builders import a_registry, a_target, a_version, observed, row

from loaders.assessment import assess
from loaders.coverage import coverage, fresh, measured, owed

NO_DUE = a_version(target="{value: 10, comparator: at_least}")
NO_BASE = a_version(baseline=None)
ANNUAL = "{indicator: yearly, frequency: annual, release_lag_days: 90, grace_days: 0}"


def found(*rows, as_of=date(2026, 6, 1)):
    registry = a_registry(
        a_target("unicorns", lead="msit", headline="true"),
        a_target("undated", NO_DUE, lead="msit"),
        a_target("unbased", NO_BASE),
        a_target("yearly", series=ANNUAL),
    )
    return {item.id: item for item in assess(registry, observed(*rows), as_of)}


def counts(items, as_of=date(2026, 6, 1)):
    found = coverage(((item, item.version) for item in items.values()), as_of)
    return found.goals, found.headline, found.dated, found.based, found.measured, found.fresh, found.judged


def test_without_values():
    assert counts(found()) == (4, 1, 3, 3, 0, 0, 0)


def test_a_value_at_the_baseline_measures_nothing():
    items = found(row("unicorns", "2023", "0"), row("unbased", "2023", "1"))
    assert not measured(items["unicorns"])
    assert measured(items["unbased"]), "without a baseline any value measures"
    assert counts(items)[4:] == (1, 0, 0)


def test_values_after_the_baseline():
    items = found(row("unicorns", "2025", "3"), row("undated", "2025", "3"), row("yearly", "2025", "1"))
    assert counts(items) == (4, 1, 3, 3, 3, 3, 2)


def test_a_value_of_another_scope_measures_nothing():
    assert not measured(found(row("unicorns", "2025", "3", scope="world"))["unicorns"])


@pytest.mark.parametrize(
    ("name", "period", "as_of", "expected"),
    [
        ("unicorns", "2025", date(2026, 12, 31), True),
        ("unicorns", "2025", date(2027, 1, 1), False),
        ("yearly", "2024", date(2026, 3, 31), True),
        ("yearly", "2024", date(2026, 4, 1), False),
    ],
)
def test_fresh(name, period, as_of, expected):
    """Without a rhythm a year; with one until the next release is overdue."""
    assert fresh(found(row(name, period, "3"), as_of=as_of)[name], as_of) is expected


def test_owed_by_the_producer_and_never_by_the_lead():
    """All of these are led by a ministry or by nobody; only the one who publishes owes the value."""
    assert {who and who.en: [one.id for one in items] for who, items in owed(found().values()).items()} == {
        None: ["unicorns", "undated", "unbased", "yearly"],
    }
    produced = a_target("index", lead="msit", series="{indicator: index, producer: {ko: 연구소, en: Institute}}")
    (item,) = assess(a_registry(produced), [], date(2026, 6, 1))
    assert [who.en for who in owed([item])] == ["Institute"]
