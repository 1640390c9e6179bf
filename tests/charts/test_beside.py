"""Other statistics on the chart: faint, numbered, never in the way of the target's own marks."""

from datetime import date

import pytest
from builders import a_registry, a_target, a_version, observed, row

from dashboard.charts.axes import value_range
from dashboard.charts.from_assessment import chart_data
from dashboard.charts.outlook import FAINT, numbers
from dashboard.charts.path_chart import path_alt, path_figure
from dashboard.charts.theme import LIGHT
from loaders.alternatives import readings
from loaders.assessment import assess

DAY = date(2026, 6, 1)
SERIES = (
    "{indicator: share, alternatives: [{indicator: other_a, name: {ko: A <b>, en: A <b>}}, {indicator: other_b, name: {ko: B, en: B}}, "
    "{indicator: other_c, name: {ko: C, en: C}}, {indicator: other_d, name: {ko: D, en: D}, unit: year}]}"
)
VERSION = a_version(baseline="{value: 10, period: 2020}", target="{value: 50, due: 2030, comparator: at_least}")
OWN = row("share", "2024", "30")


def data_of(*rows, **fields):
    target = a_target("share", VERSION, **({"unit": "percent", "series": SERIES} | fields))
    registry, found = a_registry(target), observed(*rows)
    (item,) = assess(registry, found, DAY)
    return chart_data(item, DAY, beside=readings(registry.target["share"], found, DAY))


def words(key, /, **values):
    return key


def figure_of(data):
    return path_figure(data, words, lambda value: f"{value:g}", {}, dark=False)


def test_they_are_small_grey_and_faint_and_the_latest_bears_its_number():
    data = data_of(OWN, row("other_a", "2021", "12"), row("other_a", "2023", "14"), row("other_b", "2022", "40"))
    (first, second) = (trace for trace in figure_of(data).data if trace.name == "chart.beside")
    assert (list(first.y), list(second.y)) == ([12, 14], [40])
    assert (first.marker.color, first.marker.opacity, first.marker.size) == (LIGHT.muted, FAINT, 6)
    assert first.customdata[0][2] == "A &lt;b&gt;", "names are shown letter by letter"
    assert [(text, value) for text, _, value, _ in numbers(data)] == [("1", 14), ("2", 40)]
    assert "chart.alt.beside" in path_alt(data, words, str)


def test_another_unit_is_not_drawn():
    data = data_of(OWN, row("other_d", "2023", "40"))
    assert data.beside == ()
    assert "chart.alt.beside" not in path_alt(data, words, str)


def test_dots_that_touch_share_a_number_and_give_way_to_the_targets_own_marks():
    data = data_of(
        row("share", "2024", "30"),
        row("other_a", "2022", "20"),
        row("other_b", "2022", "20.2"),
        row("other_c", "2024", "30"),
    )
    assert [(text, right) for text, _, _, right in numbers(data)] == [("1·2", True), ("3", False)]


def test_the_axis_grows_a_little_and_what_is_far_off_is_left_out():
    alone, near = data_of(OWN), data_of(OWN, row("other_a", "2023", "70"))
    far = data_of(OWN, row("other_a", "2023", "99"))
    assert value_range(near)[1] > 70 > value_range(alone)[1]
    assert value_range(far) == value_range(alone)
    assert numbers(far) == []
    assert [trace for trace in figure_of(far).data if trace.name == "chart.beside"] == []


def test_beside_a_goal_without_values_the_axis_begins_at_zero():
    version = a_version(baseline=None, target="{value: 20, due: 2030, comparator: at_least}")
    target = a_target("share", version, unit="percent", series=SERIES)
    found = observed(row("other_a", "2023", "8"), row("other_b", "2023", "35"))
    registry = a_registry(target)
    (item,) = assess(registry, found, DAY)
    data = chart_data(item, DAY, beside=readings(registry.target["share"], found, DAY))
    assert value_range(data)[0] == 0
    assert [text for text, *_ in numbers(data)] == ["1", "2"]


@pytest.mark.parametrize("kind", ["cumulative"])
def test_a_yearly_value_is_not_put_beside_a_total(kind):
    flows = {
        "kind": kind,
        "measure": "flow",
        "unit": "krw_trillion",
        "series": SERIES.replace("unit: year", "unit: year"),
    }
    target = a_target("share", a_version(baseline=None, start="2024"), **flows)
    registry, found = a_registry(target), observed(row("share", "2024", "3"), row("other_a", "2024", "4"))
    (item,) = assess(registry, found, DAY)
    assert chart_data(item, DAY, beside=readings(registry.target["share"], found, DAY)).beside == ()
