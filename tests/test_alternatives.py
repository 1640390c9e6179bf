"""Other statistics beside a target's own: what is read, which is the best to name, and what they span."""

from dataclasses import replace
from datetime import date

import pytest
from builders import a_registry, a_target, a_version, assessed, observed, row

from loaders import alternatives
from loaders.alternatives import best, readings, span
from loaders.assessment import assess

DAY = date(2026, 6, 1)
OTHERS = "[{indicator: other_a, name: {ko: A, en: A}}, {indicator: other_b, name: {ko: B, en: B}}, {indicator: other_c, name: {ko: C, en: C}, unit: percent}]"
TARGET = a_target("unicorns", series=f"{{indicator: unicorns, alternatives: {OTHERS}}}")


def read(*rows, day=DAY, grades=()):
    target = a_registry(TARGET).target["unicorns"]
    found = [replace(one, grade=grade) for one, grade in zip(observed(*rows), grades or [""] * len(rows), strict=True)]
    return readings(target, found, day)


def chosen(*rows, grades=()):
    found = best(read(*rows, grades=grades))
    return found.other.indicator if found else None


@pytest.mark.parametrize(
    ("rows", "grades", "name"),
    [
        (
            (row("other_a", "2023", "3"), row("other_b", "2024", "4")),
            ("primary", "own"),
            "other_b",
        ),  # the latest period first
        (
            (row("other_a", "2024", "3"), row("other_b", "2024", "4")),
            ("secondary", "primary"),
            "other_b",
        ),  # then whose word it is
        ((row("other_a", "2024", "3"), row("other_b", "2024", "4")), ("own", "secondary"), "other_b"),
        (
            (row("other_a", "2024", "3"), row("other_b", "2024", "4")),
            ("primary", "primary"),
            "other_a",
        ),  # then the registry's order
        (
            (row("other_a", "2020", "3"), row("other_c", "2025", "4")),
            ("own", "primary"),
            "other_a",
        ),  # the same unit before everything
        ((row("other_c", "2025", "4"),), ("own",), "other_c"),
        ((), (), None),
    ],
)
def test_the_best_other_statistic(rows, grades, name):
    assert chosen(*rows, grades=grades) == name


def test_another_unit_would_win_without_the_rule(monkeypatch):
    """The control: by period alone a share of firms is put beside a number of firms."""
    rows = row("other_a", "2020", "3"), row("other_c", "2025", "4")
    assert chosen(*rows) == "other_a"
    monkeypatch.setattr(alternatives, "_rank", lambda one: -one.latest.period.end.toordinal())
    assert chosen(*rows) == "other_c"


def test_only_what_is_known_and_stands_is_read():
    rows = (
        row("other_a", "2023", "3"),
        row("other_a", "2024", "5", published="2026-12"),
        row("other_b", "2023", "4"),
        row("other_b", "2023", "", status="M", published="2025-01"),
        row("other_c", "2026", "9", status="F", published="2026-02"),
        row("stranger", "2025", "1"),
    )
    assert [(one.other.indicator, one.latest.value) for one in read(*rows)] == [("other_a", 3)]
    later = read(*rows, day=date(2027, 1, 1))
    assert [(one.other.indicator, [value.value for value in one.values]) for one in later] == [("other_a", [3, 5])]


def test_what_they_span_leaves_other_units_out():
    found = span(
        read(
            row("other_a", "2021", "3"),
            row("other_a", "2024", "5"),
            row("other_b", "2023", "8"),
            row("other_c", "2025", "99"),
        )
    )
    assert (found.count, found.low.value, found.high.value) == (2, 3, 8)
    assert (found.first, found.last) == (date(2021, 12, 31), date(2024, 12, 31))
    assert span(read(row("other_c", "2025", "99"))) is None


def test_they_never_enter_a_status():
    alone = assessed(TARGET, row("unicorns", "2025", "1"))
    registry = a_registry(TARGET)
    beside = observed(row("unicorns", "2025", "1"), row("other_a", "2025", "10"), row("other_b", "2025", "0"))
    (together,) = assess(registry, beside, DAY)
    assert together.current == alone.current
    plain = a_target("plain", a_version())
    assert readings(a_registry(plain).target["plain"], beside, DAY) == []
