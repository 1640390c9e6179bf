"""The small drawings: sparkline, tally and status marks."""

import re
import timeit
from datetime import date
from xml.etree import ElementTree

import pytest
from builders import a_target, a_version, assessed, row

from dashboard.charts.from_assessment import chart_data
from dashboard.charts.sparkline import HEIGHT, WIDTH, sparkline
from dashboard.charts.tally import tally_bar
from dashboard.charts.theme import status_mark
from loaders.domain.method.status import Status

DAY = date(2026, 6, 1)
UNDATED = a_version(baseline=None, target="{value: 10, comparator: at_least}")
VALUES = [row("unicorns", "2023", "0"), row("unicorns", "2024", "1"), row("unicorns", "2025", "2", status="P")]


def drawn(target, *rows, alt="x"):
    return ElementTree.fromstring(sparkline(chart_data(assessed(target, *rows), DAY), alt))


def marks(svg, kind):
    return [mark for mark in svg.iter() if kind in mark.get("class", "").split()]


def test_dots_stand_in_time_order_and_a_provisional_one_is_hollow():
    svg = drawn(a_target("unicorns", a_version()), *VALUES)
    dots = marks(svg, "kpi-dot")
    xs = [float(dot.get("cx")) for dot in dots]
    assert xs == sorted(xs)
    assert xs[0] == 7
    assert [dot.get("class") for dot in dots] == ["kpi-dot", "kpi-dot", "kpi-dot kpi-hollow"]
    assert float(dots[0].get("cy")) > float(dots[2].get("cy")), "more stands higher"


def test_better_ranks_stand_higher():
    version = a_version(baseline="{value: 6, period: 2023}", target="{value: 3, due: 2030, comparator: at_most}")
    svg = drawn(
        a_target("place", version, kind="rank", unit="rank", measure="rank"),
        row("place", "2024", "6"),
        row("place", "2025", "4"),
    )
    first, second = (float(dot.get("cy")) for dot in marks(svg, "kpi-dot"))
    assert first > second


@pytest.mark.parametrize("rows", [[], VALUES[:1], VALUES])
@pytest.mark.parametrize("version", [a_version(), UNDATED])
def test_everything_stays_in_the_box(rows, version):
    svg = drawn(a_target("unicorns", version), *rows)
    assert (svg.get("viewBox"), svg.get("role")) == (f"0 0 {WIDTH} {HEIGHT}", "img")
    for dot in marks(svg, "kpi-dot"):
        assert 0 < float(dot.get("cx")) < WIDTH
        assert 0 < float(dot.get("cy")) < HEIGHT
    assert len(marks(svg, "kpi-goal")) == 1
    assert len(marks(svg, "kpi-path")) == 1


def test_a_value_of_another_scope_neither_shows_nor_takes_room():
    svg = drawn(a_target("unicorns", a_version()), *VALUES, row("unicorns", "2010", "99", scope="world"))
    assert float(marks(svg, "kpi-dot")[0].get("cx")) == 7


def test_the_name_is_escaped():
    text = sparkline(chart_data(assessed(a_target()), DAY), "a < b")
    assert "<title>a &lt; b</title>" in text


def test_a_sparkline_is_quick():
    data = chart_data(assessed(a_target("unicorns", a_version()), *VALUES), DAY)
    assert min(timeit.repeat(lambda: sparkline(data, "x"), number=100, repeat=5)) / 100 < 0.0002


def test_tally_parts_fill_the_bar_and_leave_out_what_is_not_there():
    counts = {Status.ACHIEVED: 1, Status.OFF_TRACK: 0, Status.NOT_ASSESSABLE: 3}
    text = tally_bar(counts, dict.fromkeys(Status, "a < b"), "n < m")
    svg = ElementTree.fromstring(text)
    parts = [mark for mark in svg.iter() if mark.tag == "rect"]
    assert [float(part.get("width")) for part in parts] == [25, 75]
    assert [part.get("fill") for part in parts] == ["var(--kpi-achieved)", "var(--kpi-not_assessable)"]
    assert [part[0].text for part in parts] == ["a < b 1", "a < b 3"]
    assert 'vector-effect="non-scaling-stroke"' in text
    assert tally_bar({}, {}, "x").count("<rect") == 0


def test_what_nothing_is_known_of_is_an_outline_and_an_unknown_outcome_is_not():
    counts = {"outcome_unknown": 1, "no_statistic": 3}
    text = tally_bar(counts, {"outcome_unknown": "u", "no_statistic": "n"}, "x", {"no_statistic"})
    found, empty = (mark for mark in ElementTree.fromstring(text).iter() if mark.tag == "rect")
    assert found.get("fill") == "var(--kpi-outcome_unknown)"
    assert (empty.get("fill"), empty.get("stroke")) == ("var(--kpi-sunken)", "var(--kpi-no_statistic)")
    assert (float(found.get("width")), float(empty.get("width"))) == (25, 75)


@pytest.mark.parametrize("status", Status)
def test_shapes_are_drawn_in_their_text_colour(status):
    svg = status_mark(status, 16)
    assert 'width="16" height="16" viewBox="0 0 16 16" aria-hidden="true"' in svg
    assert 'fill="currentColor"' in svg
    assert re.search(r' d="M[\d.]', svg)
