"""What was in force and known on a day, and what may be compared."""

from datetime import date

from builders import a_registry, a_target, a_version, observed, row

from loaders.domain.model import Series
from loaders.domain.vintage import evidence, latest_known, versions_in_force

NOTE = {"ko": "개편", "en": "revised"}
PLAIN = Series(indicator="m")


def known(*rows, as_of=date(2030, 1, 1), series=PLAIN):
    return [(item.period.text, item.value) for item in latest_known(observed(*rows), series, as_of)]


def test_a_version_is_in_force_from_the_day_of_its_document():
    later = a_version("plan-2025", target="{value: 20, due: 2030, comparator: at_least}", reason="raised")
    registry = a_registry(a_target("unicorns", a_version(), later))
    target = registry.target["unicorns"]
    days = {date(2023, 12, 30): 0, date(2023, 12, 31): 1, date(2025, 6, 29): 1, date(2025, 6, 30): 2}
    assert {day: len(versions_in_force(target, registry.document, day)) for day in days} == days


def test_a_value_is_known_from_its_day_and_a_bare_month_from_its_last():
    one = row("m", "2024", "3", published="2025-03")
    assert known(one, as_of=date(2025, 3, 30)) == []
    assert known(one, as_of=date(2025, 3, 31)) == [("2024", 3)]


def test_a_later_revision_wins_from_its_own_day_whatever_the_order_of_rows():
    first = row("m", "2024", "3", published="2025-03")
    revised = row("m", "2024", "4", published="2025-03", known="2025-09-15")
    for rows in ((first, revised), (revised, first)):
        assert known(*rows, as_of=date(2025, 9, 14)) == [("2024", 3)]
        assert known(*rows, as_of=date(2025, 9, 15)) == [("2024", 4)]


def test_periods_come_in_time_order():
    assert known(row("m", "2025", "2"), row("m", "2023", "1")) == [("2023", 1), ("2025", 2)]


def test_the_registry_decides_between_two_values():
    both = row("m", "2024", "3"), row("m", "2024", "4")
    for wanted in (3, 4):
        series = Series.model_validate(
            {"indicator": "m", "preferences": [{"period": 2024, "value": wanted, "note": NOTE}]}
        )
        assert known(*both, series=series) == [("2024", wanted)]


def test_another_definition_stands_beside_the_value_it_does_not_revise_it():
    plain, other = row("m", "2024", "3"), row("m", "2024", "9", status="D", known="2025-06")
    found = evidence(latest_known(observed(plain, other), PLAIN, date(2030, 1, 1)), PLAIN, "kr")
    assert [item.value for item in found.points] == [3]
    assert [item.value for item in found.others] == [9]


def test_only_the_targets_own_scope_is_compared():
    rows = observed(row("m", "2024", "3"), row("m", "2025", "9", scope="world"))
    found = evidence(latest_known(rows, PLAIN, date(2030, 1, 1)), PLAIN, "kr")
    assert found.latest.value == 3
    assert evidence((), PLAIN, "kr").latest is None


def test_points_since_the_last_break():
    series = Series.model_validate({"indicator": "m", "breaks": [{"period": 2024, "note": NOTE}]})
    rows = observed(row("m", "2023", "1"), row("m", "2024", "2"), row("m", "2025", "3"))
    found = evidence(latest_known(rows, series, date(2030, 1, 1)), series, "kr")
    assert [item.value for item in found.since_break()] == [2, 3]
    assert len(found.points) == 3


def test_a_bridged_break_is_none():
    series = Series.model_validate({"indicator": "m", "breaks": [{"period": 2024, "bridge": True, "note": NOTE}]})
    rows = observed(row("m", "2023", "1"), row("m", "2024", "2", status="B"))
    found = evidence(latest_known(rows, series, date(2030, 1, 1)), series, "kr")
    assert found.breaks == ()
    assert len(found.since_break()) == 2
    control = evidence(latest_known(rows, PLAIN, date(2030, 1, 1)), PLAIN, "kr")
    assert control.breaks == (2024.0,)
