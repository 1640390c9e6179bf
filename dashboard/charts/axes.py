"""The ground of the path chart: sensible floors, round values, year ends, today and breaks."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from html import escape
from typing import TYPE_CHECKING

from dashboard.charts.data import ChartData
from dashboard.charts.theme import SMALL, Tokens

if TYPE_CHECKING:
    import plotly.graph_objects as go

Words = Callable[..., str]
Write = Callable[[float], str]
ROW = 17
"""Height of a row of words above the plot, in pixels."""
WORD_SHARE = 0.18
"""Share of the width that a word above the plot takes on a phone."""

MOST_YEARS = 8
"""Ticks that still stand apart on a phone."""
TICKS = 5
FLOOR_SHARE = 0.4
"""Values that all lie above this share of the largest one may have an axis that does not begin at zero."""
HEADROOM = 0.16
"""Share of the height above the highest mark, for its label."""
WORTH_SPARING = 3
"""Letters of a unit from which on it is written once and not at every tick."""
_FRONT, _BACK = re.compile(r"^[^0-9−]*"), re.compile(r"[^0-9]*$")
HALF_A_BAR = 0.5
"""Room beside the outermost bars, in years."""
RUNG = 0.6
"""Room beside the outermost ranks, in places."""


def year_ends(data: ChartData) -> list[int]:
    """Decimal years of the ticks, counted back from the due date so that it carries one."""
    first, last = data.span()
    step = max(1, math.ceil((last - first) / MOST_YEARS))
    anchor = math.floor(data.due if data.due is not None else last)
    return [end for end in range(math.ceil(first), math.floor(last) + 1) if (end - anchor) % step == 0]


def year_label(end: int) -> str:
    """The year that ends at decimal year ``end``: 2024.0 is the end of 2023, hence '23."""
    return f"'{(end - 1) % 100:02d}"


BESIDE_SHARE, BESIDE_ALONE = 0.5, 2.0
"""Share of the axis by which other statistics may lengthen it, and where the target has no value of its own; those
further off are not drawn."""


def value_range(data: ChartData) -> tuple[float, float]:
    """Lowest and highest value of the axis, a little longer where other statistics lie close by."""
    low, high = _own_range(data)
    if data.ranked or not data.beside:
        return low, high
    first, last = data.span()
    if not data.points and low > 0:
        low = 0.0  # a goal alone has no scale of its own: zero tells how far off the others are
    room = (BESIDE_SHARE if data.points else BESIDE_ALONE) * (high - low)
    values = [point.value for one in data.beside for point in one.points if first <= point.tau <= last]
    near = [value for value in values if low - room <= value <= high + room]
    return min([low, *near]), max([high, *(value + HEADROOM * (high - low) for value in near if value > high)])


def _own_range(data: ChartData) -> tuple[float, float]:
    """Lowest and highest value that the target's own marks need.

    Ranks begin at the 1st. Zero for stocks, money and whatever comes near it; else a little below the lowest value, and
    never below the unit's natural bound. Above there is room for a label, even above a bound.
    """
    values = [*data.values(), *(point.value for point in data.others)]
    low, high = min(values), max(values)
    room = (high - low) or abs(high) or 1.0
    if data.ranked:
        return 1 - RUNG, high + 0.14 * room + RUNG
    near_zero = data.from_zero or low < FLOOR_SHARE * high
    floor = min(0.0, low) if near_zero else low - 0.15 * room
    bound = data.bounds[0]
    if bound is not None and low >= bound:
        floor = max(floor, bound)
    return floor, high + HEADROOM * ((high - floor) or room)


def value_ticks(low: float, high: float, data: ChartData) -> list[float]:
    """About five round values between ``low`` and ``high``; whole for whole things and ranks, 1 among ranks."""
    raw = (high - low) / TICKS or 1.0
    magnitude = 10 ** math.floor(math.log10(raw))
    step = next(size * magnitude for size in (1, 2, 2.5, 5, 10) if size * magnitude >= raw)
    if data.ranked:
        places = max(1, round(step))
        return [float(tick) for tick in (1, *range(max(2, places), math.floor(high) + 1, places)) if tick >= low]
    if data.whole:
        step = max(1.0, math.ceil(step))
    bottom, top = data.bounds
    start = math.ceil(low / step) * step
    ticks = [round(start + i * step, 10) for i in range(math.floor((high - start) / step) + 1)]
    return [tick for tick in ticks if (bottom is None or tick >= bottom) and (top is None or tick <= top)]


def unit_once(texts: Sequence[str]) -> tuple[list[str], str]:
    """The numbers of ``texts`` and the unit that all of them bear, where writing it once spares room.

    "12 companies", "9 companies" -> "12", "9" and "companies"; short ones ("12개", "30%") stay as they are.
    """
    fronts, backs = {_FRONT.findall(text)[0] for text in texts}, {_BACK.findall(text)[0] for text in texts}
    if len(texts) < 2 or len(fronts) > 1 or len(backs) > 1:
        return list(texts), ""
    front, back = fronts.pop(), backs.pop()
    if len(front) + len(back) < WORTH_SPARING:
        return list(texts), ""
    return [text.removeprefix(front).removesuffix(back) for text in texts], f"{front.strip()} {back.strip()}".strip()


def plain(text: str) -> str:
    """``text`` as Plotly shows it letter by letter: names and sources are not ours to trust with its HTML tags."""
    return escape(text, quote=False)


def add_marks(figure: go.Figure, data: ChartData, colours: Tokens, words: Words) -> int:
    """Today as a hairline, breaks as a double stroke, each with its word above the plot; rows of words."""
    marks = [(data.today, words("chart.today"), (0,))]
    marks += [(one.at, words("chart.break"), (-2, 2)) for one in data.breaks]
    first, last = data.span()
    ends: list[float] = []
    for x, text, offsets in sorted(marks):
        for offset in offsets:
            figure.add_shape(
                type="line",
                xsizemode="pixel",
                xanchor=x,
                x0=offset,
                x1=offset,
                yref="paper",
                y0=0,
                y1=1,
                line={"color": colours.muted, "width": 1},
                layer="below",
            )
        row = next((i for i, end in enumerate(ends) if x >= end), len(ends))
        ends[row : row + 1] = [x + WORD_SHARE * (last - first)]
        figure.add_annotation(
            x=x,
            y=1,
            yref="paper",
            yanchor="bottom",
            yshift=ROW * row,
            text=text,
            showarrow=False,
            font={"size": SMALL, "color": colours.muted},
        )
    return len(ends)


def set_axes(figure: go.Figure, data: ChartData, words: Words, write: Write) -> None:
    """Years along the foot, values up the side; ranks upside down, 1st on top."""
    first, last = data.span()
    room = HALF_A_BAR if data.yearly else 0.05 * ((last - first) or 1.0)
    ends = year_ends(data)
    figure.update_xaxes(
        range=[first - room, last + room],
        tickvals=ends,
        ticktext=[year_label(end) for end in ends],
        tickangle=0,
        ticklabelstandoff=5,
        title={"text": "" if data.yearly else words("chart.year_end"), "standoff": 6},
        automargin=True,
        fixedrange=True,
    )
    low, high = value_range(data)
    ticks = value_ticks(low, high, data)
    shown, unit = unit_once([write(tick) for tick in ticks])
    if unit:
        figure.add_annotation(
            xref="paper",
            x=0,
            xanchor="left",
            y=1,
            yref="paper",
            yanchor="bottom",
            text=plain(unit),
            showarrow=False,
            font={"size": SMALL, "color": figure.layout.template.layout.font.color},
        )
    figure.update_yaxes(
        range=[high, low] if data.ranked else [low, high],
        tickvals=ticks,
        ticktext=[plain(text) for text in shown],
        ticklabelstandoff=5,
        automargin=True,
        fixedrange=True,
    )
