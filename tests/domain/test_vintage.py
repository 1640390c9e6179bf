"""What was in force and known on a day, and what may be compared."""

from datetime import date

from builders import a_registry, a_target, a_version, observed, row

from loaders.domain.model import Series
from loaders.domain.vintage import Evidence, evidence, latest_known, versions_in_force

NOTE = {"ko": "개편", "en": "revised"}
PLAIN = Series(indicator="m")


def known(*rows, as_of=date(2030, 1, 1), series=PLAIN):
    return [(item.period.text, item.value) for item in latest_known(observed(*rows), series, as_of).rows]


TARGET = a_registry(a_target("m")).target["m"]


def seen(*rows, as_of=date(2030, 1, 1), series=None, target=TARGET) -> Evidence:
    own = target if series is None else target.model_copy(update={"series": series})
    return evidence(latest_known(observed(*rows), own.series, as_of), own, own.versions[-1])


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


BOTH = row("m", "2024", "3", source="A"), row("m", "2024", "4", source="B")


def test_the_registry_decides_between_two_sources():
    for wanted, value in (("A", 3), ("B", 4)):
        chosen = {"period": 2024, "source": wanted, "note": NOTE}
        series = Series.model_validate({"indicator": "m", "preferences": [chosen]})
        assert known(*BOTH, series=series) == [("2024", value)]
        assert seen(*BOTH, series=series).conflicts == frozenset()


def test_a_preference_names_a_source_and_not_a_number():
    """A revision by the preferred source replaces its value; one by the other source changes nothing."""
    series = Series.model_validate({"indicator": "m", "preferences": [{"period": 2024, "source": "A", "note": NOTE}]})
    own, other = row("m", "2024", "5", source="A", known="2026"), row("m", "2024", "9", source="B", known="2027")
    assert known(*BOTH, own, other, series=series) == [("2024", 5)]
    by_number = Series.model_validate({"indicator": "m", "preferences": [{"period": 2024, "value": 3, "note": NOTE}]})
    assert known(*BOTH, own, other, series=by_number) == [("2024", 5)]


def test_two_values_without_a_decision_decide_nothing():
    found = seen(*BOTH)
    assert (found.points, [one.text for one in found.conflicts]) == ((), ["2024"])
    agreeing = row("m", "2024", "3", source="A"), row("m", "2024", "3", source="B")
    assert [one.value for one in seen(*agreeing).points] == [3]


def test_a_later_row_withdraws_and_an_earlier_day_still_has_the_value():
    rows = row("m", "2024", "3"), row("m", "2024", "", status="M", known="2025-05-31")
    assert known(*rows, as_of=date(2025, 5, 30)) == [("2024", 3)]
    assert known(*rows, as_of=date(2025, 5, 31)) == []
    again = row("m", "2024", "4", known="2025-08")
    assert known(*rows, again, as_of=date(2025, 9, 1)) == [("2024", 4)]


def test_a_later_row_of_another_definition_takes_the_place_of_the_value():
    plain, other = row("m", "2024", "3"), row("m", "2024", "9", status="D", known="2025-06")
    assert [item.value for item in seen(plain, other, as_of=date(2025, 1, 1)).points] == [3]
    found = seen(plain, other)
    assert ([item.value for item in found.points], [item.value for item in found.others]) == ([], [9])


def test_a_row_of_another_definition_published_with_the_value_stands_beside_it():
    plain, other = row("m", "2024", "3"), row("m", "2024", "9", status="D", source="B")
    assert [item.value for item in seen(plain, other).points] == [3]


def test_nothing_counts_before_it_is_published():
    early = row("m", "2024", "3", published="2026-12-15", known="2026-12-15")
    assert known(early, as_of=date(2026, 12, 14)) == []
    assert known(early, as_of=date(2026, 12, 15)) == [("2024", 3)]


FLOW = a_registry(
    a_target(
        "m",
        a_version(baseline="{value: 80, period: 2023}", target="{value: 120, due: 2030, comparator: at_least}"),
        measure="flow",
        series="{indicator: m, frequency: annual}",
    )
).target["m"]


def test_a_half_year_is_never_read_as_a_year():
    found = seen(row("m", "2025", "92"), row("m", "2026-H1", "51"), target=FLOW)
    assert ([one.value for one in found.points], [one.value for one in found.aside]) == ([92], [51])
    stock = FLOW.model_copy(update={"measure": "stock"})
    assert [one.value for one in seen(row("m", "2025", "92"), row("m", "2026-H1", "51"), target=stock).points] == [
        92,
        51,
    ]


def test_averages_compare_with_averages_of_equal_length():
    series = FLOW.series.model_copy(update={"statistic": "average"})
    target = FLOW.model_copy(update={"measure": "ratio"})
    rows = row("m", "2025", "92"), row("m", "2025-12", "99")
    assert [one.value for one in seen(*rows, target=target, series=series).points] == [92]
    ends = series.model_copy(update={"statistic": "end"})
    assert [
        one.value for one in seen(row("m", "2025", "92"), row("m", "2026-06", "99"), target=target, series=ends).points
    ] == [92, 99]


def test_of_periods_that_end_on_one_day_the_series_own_counts():
    target = FLOW.model_copy(update={"measure": "stock"})
    rows = row("m", "2025-12", "99"), row("m", "2025", "92"), row("m", "2025-Q4", "97")
    assert [one.value for one in seen(*rows, target=target).points] == [92]
    monthly = FLOW.series.model_copy(update={"frequency": "monthly"})
    assert [one.value for one in seen(*rows, target=target, series=monthly).points] == [99]


def test_an_impossible_value_is_set_apart():
    found = evidence(
        latest_known(observed(row("m", "2025", "104")), None, date(2030, 1, 1)), TARGET, TARGET.versions[0], (0, 100)
    )
    assert (found.points, [one.value for one in found.faulty]) == ((), [104])


def test_only_the_targets_own_scope_is_compared():
    assert seen(row("m", "2024", "3"), row("m", "2025", "9", scope="world")).latest.value == 3
    assert seen().latest is None


def test_points_since_the_last_break():
    series = Series.model_validate({"indicator": "m", "breaks": [{"period": 2024, "note": NOTE}]})
    found = seen(row("m", "2023", "1"), row("m", "2024", "2"), row("m", "2025", "3"), series=series)
    assert [item.value for item in found.since_break()] == [2, 3]
    assert len(found.points) == 3


def test_a_bridged_break_is_none():
    series = Series.model_validate({"indicator": "m", "breaks": [{"period": 2024, "bridge": True, "note": NOTE}]})
    rows = row("m", "2023", "1"), row("m", "2024", "2", status="B")
    found = seen(*rows, series=series)
    assert found.breaks == ()
    assert len(found.since_break()) == 2
    assert seen(*rows).breaks == (2024.0,)
