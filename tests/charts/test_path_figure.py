"""The figure of one target: positions, marks, labels and words."""

from datetime import date

from builders import a_target, a_version, assessed, row

from dashboard.charts.from_assessment import chart_data
from dashboard.charts.path_chart import path_alt, path_figure
from dashboard.charts.theme import LIGHT
from loaders.domain.method.status import Status

DAY = date(2026, 6, 1)
HALF = {"milestones": "[{value: 5, due: 2027}]"}
VALUES = [row("unicorns", "2023", "0"), row("unicorns", "2024", "1", status="P"), row("unicorns", "2025", "2")]


def words(key, /, **values):
    return " ".join([key, *(f"{name}={value}" for name, value in values.items())])


def write(value):
    return f"{value:g}개"


def figure_of(target, *rows, names=None, dark=False, when=str):
    return path_figure(chart_data(assessed(target, *rows), DAY), words, write, names or {}, dark, when)


def traces(figure, name):
    return [trace for trace in figure.data if trace.name == name]


def test_nodes_stand_at_their_dates_with_their_values_as_labels():
    figure = figure_of(a_target("unicorns", a_version(**HALF)), *VALUES)
    (nodes,) = traces(figure, "nodes")
    assert (list(nodes.x), list(nodes.y), list(nodes.text)) == ([2028.0, 2031.0], [5, 10], ["5개", "10개"])
    assert nodes.cliponaxis is False
    (path,) = traces(figure, "chart.path.declared")
    assert (path.line.dash, path.mode, path.x[0]) == ("dot", "lines", 2024.0)


def test_hollow_marks_are_not_struck_through():
    figure = figure_of(a_target("unicorns", a_version(**HALF)), *VALUES)
    (line,), (values,) = traces(figure, "run"), traces(figure, "chart.value")
    assert list(values.marker.symbol) == ["circle", "circle-open", "circle"]
    assert line.marker.color == LIGHT.surface
    assert values.mode == "markers+text"
    assert [text for text in values.text if text] == ["2개"]


def test_values_take_the_colour_of_the_status():
    figure = figure_of(a_target("unicorns", a_version(**HALF)), *VALUES)
    assert traces(figure, "chart.value")[0].marker.color == LIGHT.status[Status.NEEDS_ACCELERATION]


def test_a_break_is_a_double_stroke_and_no_line_crosses_it():
    series = "{indicator: unicorns, breaks: [{period: 2025, note: {ko: 바뀜, en: changed}}]}"
    figure = figure_of(a_target("unicorns", series=series), *VALUES)
    assert [list(run.x) for run in traces(figure, "run")] == [[2024.0, 2025.0], [2026.0]]
    strokes = [(shape.xanchor, shape.x0) for shape in figure.layout.shapes if shape.xanchor == 2025.5]
    assert strokes == [(2025.5, -2), (2025.5, 2)]
    shifts = {note.text: note.yshift for note in figure.layout.annotations}
    assert shifts["chart.break"] != shifts["chart.today"], "words close to each other stand in two rows"


def test_rank_axes_are_reversed_with_whole_ticks():
    version = a_version(baseline="{value: 6, period: 2023}", target="{value: 3, due: 2030, comparator: at_most}")
    figure = figure_of(a_target("place", version, kind="rank", unit="rank", measure="rank"), row("place", "2025", "5"))
    top, bottom = figure.layout.yaxis.range
    assert top > 6 > 1 > bottom
    assert list(figure.layout.yaxis.tickvals)[:2] == [1, 2]
    assert list(traces(figure, "nodes")[0].textposition) == ["top left"], "a better rank climbs"


def test_labels_of_a_falling_path_leave_it_free():
    version = a_version(
        baseline="{value: 13, period: 2023}",
        target="{value: 5, due: 2030, comparator: at_most}",
        milestones="[{value: 10, due: 2027}]",
    )
    figure = figure_of(a_target("gap", version, unit="year", measure="index"), row("gap", "2025", "12"))
    assert list(traces(figure, "nodes")[0].textposition) == ["top right", "bottom left"]
    assert traces(figure, "chart.value")[0].textposition == "top right"


def test_a_goal_without_a_path_is_a_line_and_with_a_date_a_diamond():
    figure = figure_of(a_target("unicorns", a_version(baseline=None)), *VALUES)
    (goal,) = traces(figure, "goal")
    assert (list(goal.x), list(goal.y), goal.marker.symbol) == ([2031.0], [10], "diamond")
    assert "chart.goal 10개" in [note.text for note in figure.layout.annotations]
    undated = a_version(baseline=None, target="{value: 10, comparator: at_least}")
    assert traces(figure_of(a_target("unicorns", undated), *VALUES), "goal") == []


def test_texts_from_outside_are_shown_letter_by_letter():
    later = a_version("plan-2025", target="{value: 20, due: 2030, comparator: at_least}", reason="raised")
    rows = [row("unicorns", "2025", "2", source="<b>S</b>")]
    figure = figure_of(a_target("unicorns", a_version(), later), *rows, names={"plan-2023": "A <i>B</i>"})
    assert traces(figure, "chart.value")[0].customdata[0][2] == "&lt;b&gt;S&lt;/b&gt;"
    assert [trace.text[0] for trace in traces(figure, "label")] == ["A &lt;i&gt;B&lt;/i&gt;"]


def test_every_trace_says_its_mode_and_there_is_no_legend():
    figure = figure_of(a_target("unicorns", a_version(**HALF)), *VALUES, row("unicorns", "2025", "9", scope="world"))
    assert all(trace.mode for trace in figure.data)
    assert figure.layout.template.layout.showlegend is False
    assert (figure.layout.height, figure.layout.xaxis.title.text) == (380, "chart.year_end")


def test_periods_are_said_in_words_where_words_are_given():
    target = a_target("unicorns", a_version(**HALF))
    figure = figure_of(target, *VALUES, when="{}년 말".format)
    assert traces(figure, "chart.value")[0].customdata[0][0] == "2023년 말"
    data = chart_data(assessed(target, *VALUES), DAY)
    assert path_alt(data, words, write, "{}년 말".format) == (
        "chart.alt.path line=Path.declared start=0개 goal=10개 first=2023 last=2030 chart.alt.values count=3 value=2개 period=2025년 말"
    )
