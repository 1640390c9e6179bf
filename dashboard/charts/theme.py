"""The only owner of colours, shapes and type: CSS, SVG and Plotly all draw from these tokens.

Colour is spent on status and on nothing else; everything else is ink and grey. Text reaches
4.5 : 1 and marks 3 : 1 on their surface; a test computes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from loaders.domain.method.status import Status

if TYPE_CHECKING:
    import plotly.graph_objects as go

FONT = "'Pretendard GOV', Pretendard, 'Noto Sans KR', 'Noto Sans CJK KR', 'Apple SD Gothic Neo', system-ui, sans-serif"
TYPE_SCALE = SMALL, BODY, LEAD, TITLE, DISPLAY = 13, 15, 18, 24, 36
"""Sizes in pixels; nothing is set in another."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """Colours of one theme."""

    surface: str
    sunken: str
    ink: str
    muted: str
    line: str
    """Borders and grid: decoration, carries no meaning."""
    focus: str
    status: dict[Status, str]
    outcome_unknown: str
    """Past its due date with no result found: a gap in what is known, not a grey nothing."""


def _status(achieved: str, on_track: str, slow: str, off: str, back: str, missed: str, grey: str) -> dict[Status, str]:
    return {
        Status.ACHIEVED: achieved,
        Status.ON_TRACK: on_track,
        Status.NEEDS_ACCELERATION: slow,
        Status.OFF_TRACK: off,
        Status.REGRESSING: back,
        Status.MISSED: missed,
        Status.WITHIN_LIMIT: achieved,
        Status.EXCEEDED: missed,
        Status.AWAITING_OUTCOME: grey,
        Status.TOO_EARLY: grey,
        Status.NOT_ASSESSABLE: grey,
        Status.DROPPED: grey,
        Status.SUPERSEDED: grey,
    }


LIGHT = Tokens(
    surface="#FFFFFF",
    sunken="#F3F5F7",
    ink="#1A1F26",
    muted="#5B6470",
    line="#D5DAE0",
    focus="#0B50D0",
    status=_status("#0B5CAD", "#00795A", "#9A5B00", "#C2410C", "#A3123F", "#6B0F2A", "#5B6470"),
    outcome_unknown="#6B4C9A",
)
DARK = Tokens(
    surface="#0F141A",
    sunken="#1A212A",
    ink="#E6EAF0",
    muted="#A7B0BC",
    line="#2E3742",
    focus="#7FB0FF",
    status=_status("#6FB1FF", "#3DD6A5", "#F2B03D", "#FF8A5B", "#FF7A9C", "#E8A0B4", "#A7B0BC"),
    outcome_unknown="#C3A6F0",
)

SHAPES: dict[Status, str] = {
    Status.ACHIEVED: "M8 1 15 8 8 15 1 8Z",
    Status.ON_TRACK: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Z",
    Status.NEEDS_ACCELERATION: "M8 1.5 15 14.5H1Z",
    Status.OFF_TRACK: "M2 2h12v12H2Z",
    Status.REGRESSING: "M8 14.5 1 1.5h14Z",
    Status.MISSED: "M3.5 1 8 5.5 12.5 1 15 3.5 10.5 8 15 12.5 12.5 15 8 10.5 3.5 15 1 12.5 5.5 8 1 3.5Z",
    Status.WITHIN_LIMIT: "M8 1 15 8 8 15 1 8Zm0 2.9L3.9 8 8 12.1 12.1 8Z",
    Status.EXCEEDED: "M1.5 1.5h13v13h-13Z",
    Status.AWAITING_OUTCOME: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Zm0 1.8V8h4.7A4.7 4.7 0 1 1 8 3.3Z",
    Status.TOO_EARLY: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Zm0 2.2a4.3 4.3 0 1 1 0 8.6 4.3 4.3 0 0 1 0-8.6Z",
    Status.NOT_ASSESSABLE: "M2 6.8h12v2.4H2Z",
    Status.DROPPED: "M12.2 1.5 14 3 3.8 14.5 2 13Z",
    Status.SUPERSEDED: "M1.5 6.8h7.2L6.2 4.3 8 2.5 13.5 8 8 13.5 6.2 11.7 8.7 9.2H1.5Z",
}
"""Drawn in a box of 16 × 16, never taken from a font."""


def tokens(dark: bool) -> Tokens:
    """The colours of the theme in use."""
    return DARK if dark else LIGHT


OUTCOME_UNKNOWN = (
    "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Zm0 1.6a4.9 4.9 0 1 1 0 9.8 4.9 4.9 0 0 1 0-9.8Z"
    "M5.6 6.6C5.6 5.1 6.6 4.2 8 4.2s2.4.9 2.4 2.2c0 1-.5 1.6-1.2 2.1-.4.3-.5.5-.5.9H7.3c0-1 .3-1.5.9-2"
    ".5-.4.8-.6.8-1 0-.5-.4-.8-1-.8s-1 .4-1 1ZM7.2 10.2h1.6v1.5H7.2Z"
)
"""A question mark in a ring."""


def outcome_unknown_mark(size: int = 12) -> str:
    """The shape of a passed due date whose result nobody found."""
    return _drawn(OUTCOME_UNKNOWN, size)


def status_mark(status: Status, size: int = 12) -> str:
    """The status's shape as inline SVG in the colour of its text; the word stands beside it."""
    return _drawn(SHAPES[status], size)


def _drawn(path: str, size: int) -> str:
    box = f'width="{size}" height="{size}" viewBox="0 0 16 16"'
    return f'<svg {box} aria-hidden="true"><path fill="currentColor" fill-rule="evenodd" d="{path}"/></svg>'


def css(dark: bool) -> str:
    """The tokens as CSS custom properties."""
    colours = tokens(dark)
    names = {
        "surface": colours.surface,
        "sunken": colours.sunken,
        "ink": colours.ink,
        "muted": colours.muted,
        "line": colours.line,
        "focus": colours.focus,
        "font": FONT,
        "outcome_unknown": colours.outcome_unknown,
        "awaiting": colours.status[Status.AWAITING_OUTCOME],
        "no_statistic": colours.status[Status.NOT_ASSESSABLE],
        "closed": colours.status[Status.DROPPED],
    } | {status.value: colour for status, colour in colours.status.items()}
    return ":root{" + "".join(f"--kpi-{name}:{value};" for name, value in names.items()) + "}"


def plotly_template(dark: bool) -> go.layout.Template:
    """The Plotly look: no frame, faint horizontal grid, our font."""
    import plotly.graph_objects as go

    colours = tokens(dark)
    axis = {
        "showline": False,
        "zeroline": False,
        "ticks": "",
        "tickfont": {"size": SMALL, "color": colours.muted},
        "title": {"font": {"size": SMALL, "color": colours.muted}},
        "gridcolor": colours.line,
    }
    layout = go.Layout(
        font={"family": FONT, "size": SMALL, "color": colours.ink},
        paper_bgcolor=colours.surface,
        plot_bgcolor=colours.surface,
        xaxis={**axis, "showgrid": False},
        yaxis=axis,
        showlegend=False,
        hoverlabel={
            "bgcolor": colours.sunken,
            "bordercolor": colours.line,
            "font": {"family": FONT, "color": colours.ink},
        },
        margin={"l": 8, "r": 16, "t": 24, "b": 8},
    )
    return go.layout.Template(layout=layout)
