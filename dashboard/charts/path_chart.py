"""The path of one target: what was promised, what was published, what is still open."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from dashboard.charts.data import ChartData, Path, Point
from dashboard.charts.theme import SMALL, Tokens, plotly_template, tokens

if TYPE_CHECKING:
    import plotly.graph_objects as go

HEIGHT = 380
MOST_TICKS = 8
Words = Callable[..., str]
Write = Callable[[float], str]


def path_figure(data: ChartData, words: Words, write: Write, names: Mapping[str, str], dark: bool) -> go.Figure:
    """A Plotly figure of ``data``.

    ``write`` puts a value into words, ``names`` maps a document's id to its short name.
    """
    import plotly.graph_objects as go

    colours = tokens(dark)
    figure = go.Figure()
    for path in data.earlier:
        _add_path(figure, path, colours.muted, words, write, width=1, opacity=0.7)
        _label(
            figure,
            path.nodes[-1].tau,
            path.nodes[-1].value,
            names.get(path.document, ""),
            colours.muted,
            "top left",
        )
    if data.path is not None:
        _add_path(figure, data.path, colours.ink, words, write, width=1.6)
        _add_nodes(figure, data.path, colours, write)
    elif data.goal is not None:
        figure.add_hline(y=data.goal, line={"color": colours.ink, "width": 1.4, "dash": "dot"})
        first, last = data.span()
        at = (first + last) / 2
        _label(figure, at, data.goal, f"{words('chart.goal')} {write(data.goal)}", colours.ink, "top center")
    for run in data.runs:
        _add_values(figure, run, data, colours, words, write)
    if data.others:
        _add_others(figure, data.others, colours, words, write)
    _add_marks(figure, data, colours, words)
    _set_axes(figure, data, words, write)
    figure.update_layout(template=plotly_template(dark), height=HEIGHT, hovermode="closest", dragmode=False)
    return figure


def _add_path(
    figure: go.Figure, path: Path, colour: str, words: Words, write: Write, *, width: float, opacity: float = 1
) -> None:
    figure.add_scatter(
        x=[node.tau for node in path.nodes],
        y=[node.value for node in path.nodes],
        mode="lines",
        line={"color": colour, "width": width, "dash": "dot", "shape": "hv" if path.step else "linear"},
        opacity=opacity,
        name=words("chart.path"),
        customdata=[write(node.value) for node in path.nodes],
        hovertemplate=f"{words('chart.path')}: %{{customdata}}<extra></extra>",
    )


def _add_nodes(figure: go.Figure, path: Path, colours: Tokens, write: Write) -> None:
    """Milestones as squares, the target as a diamond, each with its value."""
    nodes = path.nodes[1:]
    last = len(nodes) - 1
    figure.add_scatter(
        x=[node.tau for node in nodes],
        y=[node.value for node in nodes],
        mode="markers+text",
        marker={
            "symbol": ["diamond" if i == last else "square" for i in range(len(nodes))],
            "size": [12 if i == last else 9 for i in range(len(nodes))],
            "color": colours.surface,
            "line": {"color": colours.ink, "width": 1.6},
        },
        text=[write(node.value) for node in nodes],
        textposition="top left" if nodes[-1].value >= path.nodes[0].value else "top right",
        textfont={"size": SMALL, "color": colours.ink},
        cliponaxis=False,
        hoverinfo="skip",
        name="nodes",
    )


def _add_values(
    figure: go.Figure, run: tuple[Point, ...], data: ChartData, colours: Tokens, words: Words, write: Write
) -> None:
    colour = colours.status[data.status]
    last = data.points[-1]
    figure.add_scatter(
        x=[point.tau for point in run],
        y=[point.value for point in run],
        mode="lines+markers+text",
        line={"color": colour, "width": 2},
        marker={
            "symbol": ["circle-open" if point.preliminary else "circle" for point in run],
            "size": 9,
            "color": colour,
            "line": {"color": colour, "width": 2},
        },
        text=[write(point.value) if point is last else "" for point in run],
        textposition="bottom right",
        textfont={"size": SMALL, "color": colour},
        cliponaxis=False,
        customdata=[[point.period, write(point.value), point.source] for point in run],
        hovertemplate="%{customdata[0]}: %{customdata[1]}<br>%{customdata[2]}<extra></extra>",
        name=words("chart.value"),
    )


def _add_others(figure: go.Figure, points: tuple[Point, ...], colours: Tokens, words: Words, write: Write) -> None:
    said = "%{customdata[0]}: %{customdata[1]}<br>%{customdata[2]}<extra></extra>"
    figure.add_scatter(
        x=[point.tau for point in points],
        y=[point.value for point in points],
        mode="markers",
        marker={"symbol": "x-thin", "size": 9, "line": {"color": colours.muted, "width": 1.6}},
        customdata=[[point.period, write(point.value), point.source] for point in points],
        hovertemplate=f"{words('chart.other')}<br>{said}",
        name=words("chart.other"),
    )


def _add_marks(figure: go.Figure, data: ChartData, colours: Tokens, words: Words) -> None:
    """Today as a hairline, breaks as a double stroke, each with its word above the plot."""
    figure.add_vline(x=data.today, line={"color": colours.muted, "width": 1})
    marks = [(data.today, words("chart.today"))]
    first, _ = data.span()
    for tau, _note in data.breaks:
        if tau < first:
            continue
        for offset in (-0.03, 0.03):
            # A break lies before the first value of the new method, so just left of where it stands.
            figure.add_vline(x=tau - 0.5 + offset, line={"color": colours.muted, "width": 1})
        marks.append((tau - 0.5, words("chart.break")))
    for x, text in marks:
        figure.add_annotation(
            x=x,
            y=1,
            yref="paper",
            yanchor="bottom",
            text=text,
            showarrow=False,
            font={"size": SMALL, "color": colours.muted},
        )


def _label(figure: go.Figure, x: float, y: float, text: str, colour: str, position: str) -> None:
    figure.add_scatter(
        x=[x],
        y=[y],
        mode="text",
        text=[text],
        textposition=position,
        textfont={"size": SMALL, "color": colour},
        cliponaxis=False,
        hoverinfo="skip",
        name="label",
    )


def _set_axes(figure: go.Figure, data: ChartData, words: Words, write: Write) -> None:
    first, last = data.span()
    step = max(1, math.ceil((last - first) / MOST_TICKS))
    ends = list(range(math.ceil(first), math.floor(last) + 1, step))
    figure.update_xaxes(
        range=[first - 0.05 * (last - first), last + 0.05 * (last - first)],
        tickvals=ends,
        # The end of 2023 is τ = 2024.0: the tick at 2024 carries the year that ends there.
        ticktext=[f"'{(end - 1) % 100:02d}" for end in ends],
        title={"text": words("chart.year_end"), "standoff": 6},
        automargin=True,
        fixedrange=True,
    )
    low, high = _floor_and_top(data)
    ticks = _ticks(low, high, data)
    figure.update_yaxes(
        range=[high, low] if data.ranked else [low, high],
        tickvals=ticks,
        ticktext=[write(tick) for tick in ticks],
        automargin=True,
        fixedrange=True,
    )


def _floor_and_top(data: ChartData) -> tuple[float, float]:
    values = data.values() + [point.value for point in data.others]
    low, high = min(values), max(values)
    room = (high - low) or abs(high) or 1.0
    if data.ranked:
        return max(0.4, low - 0.08 * room - 0.6), high + 0.14 * room + 0.6
    floor = min(0.0, low) if data.from_zero or low < 0.4 * high else low - 0.15 * room
    return floor, high + 0.16 * room


def _ticks(low: float, high: float, data: ChartData) -> list[float]:
    """Four to six round values between ``low`` and ``high``; whole numbers for whole things and ranks."""
    raw = (high - low) / 5 or 1.0
    magnitude = 10 ** math.floor(math.log10(raw))
    step = next(size * magnitude for size in (1, 2, 2.5, 5, 10) if size * magnitude >= raw)
    if data.whole:
        step = max(1.0, math.ceil(step))
    if data.ranked:
        step = max(1, round(step))
        return [1.0, *(float(tick) for tick in range(step if step > 1 else 2, math.floor(high) + 1, step))]
    start = math.ceil(low / step) * step
    return [round(start + i * step, 10) for i in range(math.floor((high - start) / step) + 1)]


def path_alt(data: ChartData, words: Words, write: Write) -> str:
    """One sentence that says what the chart shows."""
    points = data.points
    parts = []
    if data.path is not None:
        start, goal = data.path.nodes[0], data.path.nodes[-1]
        parts.append(
            words(
                "chart.alt.path",
                start=write(start.value),
                goal=write(goal.value),
                first=_year_of(start.tau),
                last=_year_of(goal.tau),
            )
        )
    elif data.goal is not None:
        parts.append(words("chart.alt.goal", goal=write(data.goal)))
    if points:
        parts.append(
            words("chart.alt.values", count=len(points), value=write(points[-1].value), period=points[-1].period)
        )
    else:
        parts.append(words("chart.alt.none"))
    return " ".join(parts)


def _year_of(tau: float) -> int:
    return math.ceil(tau) - 1
