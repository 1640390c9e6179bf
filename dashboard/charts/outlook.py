"""What lies behind and ahead of the path: ranges, the projection's band, flip points, yearly bars."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from dashboard.charts.axes import Words, Write, plain, value_range
from dashboard.charts.data import ChartData, Point
from dashboard.charts.theme import SMALL, Tokens

if TYPE_CHECKING:
    import plotly.graph_objects as go

BAND, FADED = 0.22, 0.10
"""Opacity of the projection's band, and beyond the horizon that its points bear."""
RANGE = 0.16
WORD_ROOM = 0.06
"""Share of the height that a word beside a tick needs; of two that stand closer only the lower bears one."""
BAR_YEARS = 0.7


def add_ground(figure: go.Figure, data: ChartData, colours: Tokens, words: Words, write: Write) -> None:
    """The range to be reached and the projection, both behind everything else and both grey."""
    if data.band is not None:
        low, high = data.band
        figure.add_hrect(
            y0=low, y1=high, fillcolor=colours.muted, opacity=RANGE, line={"width": 0}, layer="below", name="range"
        )
        figure.add_annotation(
            xref="paper",
            x=0,
            xanchor="left",
            y=high,
            yanchor="bottom",
            text=f"{words('chart.goal')} {plain(write(low))}–{plain(write(high))}",
            showarrow=False,
            font={"size": SMALL, "color": colours.ink},
        )
    if data.outlook is not None:
        near = [point for point in data.outlook.points if point[0] <= data.outlook.fades]
        far = data.outlook.points[max(len(near) - 1, 0) :]
        for points, opacity in ((near, BAND), (far, FADED)):
            if len(points) > 1:
                _add_band(figure, points, opacity, colours, words)


def _add_band(
    figure: go.Figure,
    points: list[tuple[float, float, float, float]] | tuple[tuple[float, float, float, float], ...],
    opacity: float,
    colours: Tokens,
    words: Words,
) -> None:
    taus = [point[0] for point in points]
    figure.add_scatter(
        x=[*taus, *reversed(taus)],
        y=[*(point[3] for point in points), *(point[1] for point in reversed(points))],
        mode="lines",
        fill="toself",
        fillcolor=_see_through(colours.muted, opacity),
        line={"width": 0},
        hoverinfo="skip",
        name=words("chart.projection"),
    )


def _see_through(colour: str, opacity: float) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"


def add_ticks(figure: go.Figure, data: ChartData, colours: Tokens, words: Words, write: Write) -> None:
    """Values of the next release at which the status would change, each in the colour of the new status."""
    if not data.ticks:
        return
    shades = [colours.status[tick.status] for tick in data.ticks]
    names = [words(f"status.{tick.status}") for tick in data.ticks]
    low, high = value_range(data)
    figure.add_scatter(
        x=[tick.tau for tick in data.ticks],
        y=[tick.value for tick in data.ticks],
        mode="markers",
        marker={"symbol": "line-ew", "size": 14, "line": {"width": 3, "color": shades}},
        cliponaxis=False,
        customdata=[[plain(write(tick.value)), name] for tick, name in zip(data.ticks, names, strict=True)],
        hovertemplate=f"{words('chart.flip')}: %{{customdata[0]}} → %{{customdata[1]}}<extra></extra>",
        name=words("chart.flip"),
    )
    said = _apart([tick.value for tick in data.ticks], names, WORD_ROOM * (high - low))
    for tick, name, shade in zip(data.ticks, said, shades, strict=True):
        if name and low <= tick.value <= high:
            # On a ground of its own, because the path may run behind the word.
            figure.add_annotation(
                x=tick.tau,
                y=tick.value,
                xshift=9,
                xanchor="left",
                text=plain(name),
                showarrow=False,
                bgcolor=colours.surface,
                borderpad=1,
                font={"size": SMALL, "color": shade},
            )


FAINT = 0.6


def add_beside(
    figure: go.Figure, data: ChartData, colours: Tokens, words: Words, write: Write, when: Callable[[str], str]
) -> None:
    """Other statistics as small faint dots, the latest of each with its number; never in a status colour."""
    first, last = data.span()
    low, high = value_range(data)
    for one in data.beside:
        shown = [point for point in one.points if first <= point.tau <= last and low <= point.value <= high]
        if not shown:
            continue
        figure.add_scatter(
            x=[point.tau for point in shown],
            y=[point.value for point in shown],
            mode="markers",
            marker={"symbol": "circle", "size": 6, "color": colours.muted, "opacity": FAINT},
            cliponaxis=False,
            customdata=[[plain(when(point.period)), plain(write(point.value)), plain(one.name)] for point in shown],
            hovertemplate="%{customdata[2]}<br>%{customdata[0]}: %{customdata[1]}<extra></extra>",
            name=words("chart.beside"),
        )
    for text, tau, value, right in numbers(data):
        figure.add_annotation(
            x=tau,
            y=value,
            xshift=5 if right else -5,
            xanchor="left" if right else "right",
            text=text,
            showarrow=False,
            borderpad=0,
            font={"size": SMALL, "color": colours.muted},
        )


NUMBER_WIDTH, NUMBER_HEIGHT = 0.07, 0.045
"""Shares of width and height that a number takes on a phone."""


def numbers(data: ChartData) -> list[tuple[str, float, float, bool]]:
    """Text, place and side (True: right) of the numbers beside the latest dot of each other statistic.

    Dots that lie closer than a number is wide share one ("7·8"); where the target's own marks stand to
    the right, the number goes left.
    """
    first, last = data.span()
    low, high = value_range(data)
    across, up = NUMBER_WIDTH * ((last - first) or 1.0), NUMBER_HEIGHT * ((high - low) or 1.0)
    own = [(point.tau, point.value) for point in data.points] + [(tick.tau, tick.value) for tick in data.ticks]
    clusters: list[tuple[list[int], float, float]] = []
    for one in data.beside:
        shown = [point for point in one.points if first <= point.tau <= last and low <= point.value <= high]
        if not shown:
            continue
        tau, value = shown[-1].tau, shown[-1].value
        near = next((found for found in clusters if abs(found[1] - tau) < across and abs(found[2] - value) < up), None)
        if near is None:
            clusters.append(([one.number], tau, value))
        else:
            near[0].append(one.number)
    placed = []
    for held, tau, value in clusters:
        blocked = any(-across / 4 <= x - tau <= 1.5 * across and abs(y - value) < up for x, y in own)
        placed.append(("·".join(map(str, held)), tau, value, not blocked))
    return placed


def _apart(values: Sequence[float], names: Sequence[str], room: float) -> list[str]:
    """Each name, or none where the value stands less than ``room`` above one that bears its name."""
    shown, last = {}, -math.inf
    for place in sorted(range(len(values)), key=values.__getitem__):
        if values[place] - last >= room:
            shown[place], last = names[place], values[place]
    return [shown.get(place, "") for place in range(len(values))]


def add_bars(
    figure: go.Figure,
    run: tuple[Point, ...],
    data: ChartData,
    colours: Tokens,
    words: Words,
    write: Write,
    when: Callable[[str], str],
) -> None:
    """A yearly quota: one bar a year, standing over the year's name."""
    figure.add_bar(
        x=[point.tau for point in run],
        y=[point.value for point in run],
        width=BAR_YEARS,
        marker={"color": colours.status[data.status]},
        text=[plain(write(point.value)) if point is data.points[-1] else "" for point in run],
        textposition="outside",
        textfont={"size": SMALL, "color": colours.ink},
        constraintext="none",
        textangle=0,
        cliponaxis=False,
        customdata=[[plain(when(point.period)), plain(write(point.value)), plain(point.source)] for point in run],
        hovertemplate="%{customdata[0]}: %{customdata[1]}<br>%{customdata[2]}<extra></extra>",
        name=words("chart.value"),
    )
