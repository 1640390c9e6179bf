"""The path of one target: what was promised, what was published, what is still open."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from dashboard.charts.axes import ROW, Words, Write, add_marks, plain, set_axes, value_range
from dashboard.charts.data import ChartData, Path, Point
from dashboard.charts.outlook import add_bars, add_beside, add_ground, add_ticks
from dashboard.charts.theme import SMALL, Tokens, plotly_template, tokens
from loaders.domain.method.trajectory import Node

if TYPE_CHECKING:
    import plotly.graph_objects as go

HEIGHT = 380
EDGE_SHARE = 0.85
"""Right of this share of the width there is no room for a label beside its mark."""
LOW_SHARE = 0.08
"""Below this share of the height there is no room for a label under its mark."""
When = Callable[[str], str]


def path_figure(
    data: ChartData, words: Words, write: Write, names: Mapping[str, str], dark: bool, when: When = str
) -> go.Figure:
    """A Plotly figure of ``data``.

    ``write`` puts a value into words, ``when`` a reference period; ``names`` maps a document's id
    to its short name.
    """
    import plotly.graph_objects as go

    colours = tokens(dark)
    figure = go.Figure()
    add_ground(figure, data, colours, words, write)
    add_beside(figure, data, colours, words, write, when)
    for path in data.earlier:
        _add_earlier(figure, path, names.get(path.document, ""), colours, words, write)
    if data.path is not None:
        _add_path(figure, data.path, colours.ink, words, write, width=1.6)
        _add_nodes(figure, data.path, data, colours, write)
    elif data.goal is not None:
        _add_goal(figure, data, data.goal, colours, words, write)
    if data.others:
        _add_others(figure, data.others, colours, words, write, when)
    for run in data.runs:
        if data.yearly:
            add_bars(figure, run, data, colours, words, write, when)
        else:
            _add_values(figure, run, data, colours, words, write, when)
    add_ticks(figure, data, colours, words, write)
    rows = add_marks(figure, data, colours, words)
    set_axes(figure, data, words, write)
    figure.update_layout(template=plotly_template(dark), height=HEIGHT, hovermode="closest", dragmode=False)
    figure.update_layout(margin={"t": 8 + ROW * rows})
    return figure


def _add_path(
    figure: go.Figure, path: Path, colour: str, words: Words, write: Write, *, width: float, opacity: float = 1
) -> None:
    corners, name = path.corners(), words(f"chart.path.{path.name}")
    figure.add_scatter(
        x=[node.tau for node in corners],
        y=[node.value for node in corners],
        mode="lines",
        line={"color": colour, "width": width, "dash": "dot"},
        opacity=opacity,
        name=name,
        customdata=[plain(write(node.value)) for node in corners],
        hovertemplate=f"{name}: %{{customdata}}<extra></extra>",
    )


def _add_earlier(figure: go.Figure, path: Path, name: str, colours: Tokens, words: Words, write: Write) -> None:
    """A superseded path, fainter, with its document's name at its end."""
    end = path.nodes[-1]
    if len(path.nodes) > 1:
        _add_path(figure, path, colours.muted, words, write, width=1, opacity=0.7)
    figure.add_scatter(
        x=[end.tau],
        y=[end.value],
        mode="markers+text",
        marker={"symbol": "diamond-open", "size": 8, "color": colours.muted},
        text=[plain(name)],
        textposition="top left",
        textfont={"size": SMALL, "color": colours.muted},
        cliponaxis=False,
        customdata=[plain(write(end.value))],
        hovertemplate=f"{plain(name)}: %{{customdata}}<extra></extra>",
        name="label",
    )


def _add_nodes(figure: go.Figure, path: Path, data: ChartData, colours: Tokens, write: Write) -> None:
    """Milestones as squares, the target as a diamond, each with its value on the side the path leaves free."""
    nodes = path.nodes[1:]
    last = len(nodes) - 1
    if data.climbs:
        places = ["top left"] * len(nodes)
    else:
        end = "top center" if _height(nodes[-1].value, data) < LOW_SHARE else "bottom left"
        places = ["top right"] * last + [end]
    figure.add_scatter(
        x=[node.tau for node in nodes],
        y=[node.value for node in nodes],
        mode="markers+text",
        marker={
            "symbol": ["diamond" if i == last else "square" for i in range(len(nodes))],
            "size": [12 if i == last else 9 for i in range(len(nodes))],
            "opacity": 1,  # Plotly makes marks of several sizes see-through
            "color": colours.surface,
            "line": {"color": colours.ink, "width": 1.6},
        },
        text=[plain(name) for name in data.labels] if len(data.labels) == len(nodes) else _values_of(nodes, write),
        textposition=places,
        textfont={"size": SMALL, "color": colours.ink},
        cliponaxis=False,
        hoverinfo="skip",
        name="nodes",
    )


def _values_of(nodes: Iterable[Node], write: Write) -> list[str]:
    return [plain(write(node.value)) for node in nodes]


def _add_goal(figure: go.Figure, data: ChartData, goal: float, colours: Tokens, words: Words, write: Write) -> None:
    """A line at the target value, for want of a path; a diamond on it where there is a due date."""
    figure.add_hline(y=goal, line={"color": colours.ink, "width": 1.4, "dash": "dot"})
    figure.add_annotation(
        xref="paper",
        x=1 if data.yearly else 0,
        xanchor="right" if data.yearly else "left",
        y=goal,
        yanchor="bottom",
        text=f"{words('chart.goal')} {plain(write(goal))}",
        showarrow=False,
        bgcolor=colours.surface,
        font={"size": SMALL, "color": colours.ink},
    )
    if data.due is not None:
        figure.add_scatter(
            x=[data.due],
            y=[goal],
            mode="markers",
            marker={
                "symbol": "diamond",
                "size": 12,
                "color": colours.surface,
                "line": {"color": colours.ink, "width": 1.6},
            },
            cliponaxis=False,
            hoverinfo="skip",
            name="goal",
        )


def _said(points: Iterable[Point], write: Write, when: When) -> list[list[str]]:
    return [[plain(when(point.period)), plain(write(point.value)), plain(point.source)] for point in points]


_HOVER = "%{customdata[0]}: %{customdata[1]}<br>%{customdata[2]}<extra></extra>"


def _add_values(
    figure: go.Figure, run: tuple[Point, ...], data: ChartData, colours: Tokens, words: Words, write: Write, when: When
) -> None:
    colour = colours.status[data.status]
    latest = data.points[-1]
    # The line bears discs of the surface's colour, so that it does not run through the hollow marks.
    figure.add_scatter(
        x=[point.tau for point in run],
        y=[point.value for point in run],
        mode="lines+markers",
        line={"color": colour, "width": 2},
        marker={"color": colours.surface, "size": 9},
        cliponaxis=False,
        hoverinfo="skip",
        name="run",
    )
    figure.add_scatter(
        x=[point.tau for point in run],
        y=[point.value for point in run],
        mode="markers+text",
        marker={
            "symbol": ["circle-open" if point.preliminary else "circle" for point in run],
            "size": 9,
            "color": colour,
            "line": {"color": colour, "width": 2},
        },
        text=[plain(write(point.value)) if point is latest else "" for point in run],
        textposition=_beside(data),
        textfont={"size": SMALL, "color": colour},
        cliponaxis=False,
        customdata=_said(run, write, when),
        hovertemplate=_HOVER,
        name=words("chart.value"),
    )


def _height(value: float, data: ChartData) -> float:
    """Where ``value`` stands on the page, as a share of the height from the foot."""
    low, high = value_range(data)
    share = (value - low) / ((high - low) or 1.0)
    return 1 - share if data.ranked else share


def _beside(data: ChartData) -> str:
    """Where the latest value's label finds room: off the path, the axis, the edge and its own line."""
    latest = data.points[-1]
    first, last = data.span()
    height = _height(latest.value, data)
    if latest.tau > first + EDGE_SHARE * (last - first):
        before = data.runs[-1][-2:][0]
        return "top center" if _height(before.value, data) < height or height < LOW_SHARE else "bottom center"
    if not data.climbs:
        return "top right"
    if data.ticks and height >= LOW_SHARE:
        return "bottom center"  # the words of the flip points stand to the right
    return "middle right" if height < LOW_SHARE else "bottom right"


def _add_others(
    figure: go.Figure, points: tuple[Point, ...], colours: Tokens, words: Words, write: Write, when: When
) -> None:
    figure.add_scatter(
        x=[point.tau for point in points],
        y=[point.value for point in points],
        mode="markers",
        marker={"symbol": "x-thin", "size": 9, "line": {"color": colours.muted, "width": 1.6}},
        cliponaxis=False,
        customdata=_said(points, write, when),
        hovertemplate=f"{words('chart.other')}<br>{_HOVER}",
        name=words("chart.other"),
    )


def path_alt(data: ChartData, words: Words, write: Write, when: When = str) -> str:
    """What the chart shows, in words: the path, by its name, and the latest value."""
    points = data.points
    parts = []
    if data.path is not None:
        start, goal = data.path.nodes[0], data.path.nodes[-1]
        years = {"first": _year_of(start.tau), "last": _year_of(goal.tau)}
        line = words(f"path.{data.path.name}")
        line = f"{line[0].upper()}{line[1:]}"
        parts.append(words("chart.alt.path", line=line, start=write(start.value), goal=write(goal.value), **years))
    elif data.goal is not None:
        parts.append(words("chart.alt.goal", goal=write(data.goal)))
    if points:
        latest = points[-1]
        said = {"value": write(latest.value), "period": when(latest.period)}
        parts.append(
            words("chart.alt.value_one" if len(points) == 1 else "chart.alt.values", count=len(points), **said)
        )
    else:
        parts.append(words("chart.alt.none"))
    if data.beside:
        parts.append(words("chart.alt.beside", count=sum(len(one.points) for one in data.beside)))
    return " ".join(parts)


def _year_of(tau: float) -> int:
    return math.ceil(tau) - 1
