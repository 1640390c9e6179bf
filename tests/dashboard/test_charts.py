"""Charts are functions: what they draw is asserted, not looked at."""

import re
from datetime import date

import pytest
from builders import a_target, a_version, assessed, row

from dashboard.charts import theme
from dashboard.charts.from_assessment import chart_data
from dashboard.charts.path_chart import path_alt, path_figure
from dashboard.charts.sparkline import sparkline
from dashboard.charts.tally import tally_bar
from dashboard.wording.catalog import Words
from loaders.domain.method.status import Status

DAY = date(2026, 6, 1)
HALF = {"milestones": "[{value: 5, due: 2027}]"}
VALUES = [row("unicorns", "2023", "0"), row("unicorns", "2025", "2", status="P")]
WORDS = Words("ko")


def drawn(item, **names):
    return chart_data(item, DAY), path_figure(chart_data(item, DAY), WORDS, str, names, dark=False)


def traces(figure, name):
    return [trace for trace in figure.data if trace.name == name]


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("tokens", [theme.LIGHT, theme.DARK])
def test_all_text_colours_reach_four_and_a_half_to_one(tokens):
    for colour in (tokens.ink, tokens.muted, tokens.focus, *tokens.status.values()):
        assert contrast(colour, tokens.surface) >= 4.5, colour
    assert contrast(tokens.ink, tokens.sunken) >= 4.5
    assert contrast(tokens.muted, tokens.sunken) >= 4.5


def test_control_a_pale_colour_would_fail():
    assert contrast("#D5DAE0", theme.LIGHT.surface) < 3


def test_every_status_has_colour_and_an_own_shape():
    assert set(theme.LIGHT.status) == set(theme.DARK.status) == set(theme.SHAPES) == set(Status)
    assert len(set(theme.SHAPES.values())) == len(Status)
    assert 'aria-hidden="true"' in theme.status_mark(Status.MISSED)


def test_the_path_is_dotted_with_a_square_and_a_diamond():
    _, figure = drawn(assessed(a_target("unicorns", a_version(**HALF)), *VALUES))
    (path,) = traces(figure, "약속한 길")
    assert (list(path.x), list(path.y), path.line.dash) == ([2024.0, 2028.0, 2031.0], [0, 5, 10], "dot")
    (nodes,) = traces(figure, "nodes")
    assert list(nodes.marker.symbol) == ["square", "diamond"]
    assert list(nodes.text) == ["5.0", "10.0"]


def test_values_stand_at_period_ends_and_provisional_ones_are_hollow():
    _, figure = drawn(assessed(a_target("unicorns", a_version(**HALF)), *VALUES))
    (values,) = traces(figure, "발표된 값")
    assert list(values.x) == [2024.0, 2026.0]
    assert list(values.marker.symbol) == ["circle", "circle-open"]
    ticks = dict(zip(figure.layout.xaxis.tickvals, figure.layout.xaxis.ticktext, strict=True))
    assert ticks[2024] == "'23"


def test_no_line_runs_over_a_break():
    series = "{indicator: unicorns, breaks: [{period: 2025, note: {ko: 바뀜, en: changed}}]}"
    item = assessed(a_target("unicorns", a_version(), series=series), *VALUES, row("unicorns", "2024", "1"))
    data, figure = drawn(item)
    assert [[point.value for point in run] for run in data.runs] == [[0, 1], [2]]
    assert len(traces(figure, "발표된 값")) == 2
    assert "방법 변경" in [note.text for note in figure.layout.annotations]
    assert sparkline(data, "x").count('class="kpi-run"') == 2


def test_rank_axes_run_upside_down():
    version = a_version(baseline="{value: 6, period: 2023}", target="{value: 3, due: 2030, comparator: at_most}")
    target = a_target("place", version, kind="rank", unit="rank", measure="rank")
    data, figure = drawn(assessed(target, row("place", "2025", "5")))
    top, bottom = figure.layout.yaxis.range
    assert top > bottom
    assert data.path.step
    assert all(tick == int(tick) for tick in figure.layout.yaxis.tickvals)


def test_other_scopes_are_grey_crosses_and_earlier_versions_carry_their_document():
    later = a_version("plan-2025", target="{value: 20, due: 2030, comparator: at_least}", reason="raised")
    item = assessed(a_target("unicorns", a_version(), later), *VALUES, row("unicorns", "2025", "9", scope="world"))
    data, figure = drawn(item, **{"plan-2023": "계획 2023"})
    (others,) = traces(figure, "범위나 정의가 다른 값")
    assert (list(others.y), others.marker.symbol) == ([9], "x-thin")
    assert len(data.earlier) == 1
    assert "계획 2023" in [trace.text[0] for trace in traces(figure, "label")]


def test_totals_are_drawn_as_running_sums():
    version = a_version(baseline=None, start="2024", target="{value: 100, due: 2027, comparator: at_least}")
    target = a_target("money", version, kind="cumulative", unit="krw_trillion", measure="flow")
    data, _ = drawn(assessed(target, row("money", "2024", "20"), row("money", "2025", "25")))
    assert [point.value for point in data.points] == [20, 45]
    assert data.path.nodes[-1] == (2028.0, 100)


def test_without_path_or_values_something_honest_is_drawn():
    undated = a_version(baseline=None, target="{value: 10, comparator: at_least}")
    data, _ = drawn(assessed(a_target("unicorns", undated), *VALUES))
    assert data.path is None
    assert data.goal == 10
    assert path_alt(data, WORDS, str).startswith("목표는 10.0이며 시한이나 출발값이 없어")
    empty, figure = drawn(assessed(a_target()))
    assert traces(figure, "발표된 값") == []
    assert path_alt(empty, WORDS, str).endswith("발표된 값은 없습니다.")


def test_the_sparkline_holds_its_mark_and_its_name():
    item = assessed(a_target("unicorns", a_version(**HALF)), *VALUES)
    svg = sparkline(chart_data(item, DAY), 'a <b> & "c"')
    assert 'aria-label="a &lt;b&gt; &amp; &quot;c&quot;"' in svg
    assert "<b>" not in svg
    assert svg.count("kpi-hollow") == 1
    assert svg.count("kpi-goal") == 1
    assert "fill=" not in svg
    assert "stroke=" not in svg


def test_the_tally_shows_every_status_to_scale():
    svg = tally_bar(
        {Status.ON_TRACK: 3, Status.NOT_ASSESSABLE: 1},
        {Status.ON_TRACK: "정상", Status.NOT_ASSESSABLE: "판정 불가"},
        "x",
    )
    widths = [float(width) for width in re.findall(r'width="([\d.]+)"', svg)]
    assert widths[0] / widths[1] == pytest.approx(3, rel=0.01)
    assert "<title>판정 불가 1</title>" in svg
    assert "var(--kpi-not_assessable)" in svg
