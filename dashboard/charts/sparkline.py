"""The trend on a card: 220 × 48, drawn on the server because a page of Plotly charts is 9 MB."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape

from dashboard.charts.data import ChartData, Point
from loaders.domain.trajectory import Node

WIDTH, HEIGHT = 220, 48
PAD_X, PAD_Y = 7, 7
DOT, DIAMOND = 2.6, 4.5
# Colours are custom properties on the marks themselves: the drawing follows a change of theme
# without being drawn again, and it stands alone where no style sheet of ours is loaded.
DOTTED = 'stroke="var(--kpi-muted)" stroke-width="1.2" stroke-dasharray="1.5 3" stroke-linecap="round"'
FAINT = 'stroke="var(--kpi-muted)" stroke-width=".8" stroke-dasharray="1 3"'
HOLLOW = ' fill="var(--kpi-surface)"'

Scale = Callable[[float], float]


def sparkline(data: ChartData, alt: str) -> str:
    """Promised path dotted, values as dots joined where comparable, target a diamond, today a hairline."""
    x, y = _scales(data)
    at = f"{x(data.today):.1f}"
    parts = [f'<path d="M{at} 0V{HEIGHT}" stroke="var(--kpi-muted)" stroke-width=".6"/>']
    dotted = [_line(path.corners(), x, y) for path in data.earlier if len(path.nodes) > 1]
    if dotted:
        parts.append(f'<path d="{"".join(dotted)}" {FAINT}/>')
    if data.path is not None:
        parts.append(f'<path d="{_line(data.path.corners(), x, y)}" {DOTTED}/>')
    elif data.goal is not None:
        parts.append(f'<path d="M{PAD_X} {y(data.goal):.1f}H{WIDTH - PAD_X}" {DOTTED}/>')
    joined = "".join(_line(run, x, y) for run in data.runs if len(run) > 1)
    if joined:
        parts.append(f'<path d="{joined}" stroke="var(--kpi-ink)" stroke-width="1.6"/>')
    dots = "".join(
        f'<circle cx="{x(point.tau):.1f}" cy="{y(point.value):.1f}" r="{DOT}"{HOLLOW if point.preliminary else ""}/>'
        for point in data.points
    )
    if dots:
        parts.append(f'<g fill="var(--kpi-ink)" stroke="var(--kpi-ink)" stroke-width="1.2">{dots}</g>')
    if data.goal is not None:
        parts.append(_diamond(WIDTH - PAD_X if data.due is None else x(data.due), y(data.goal)))
    said = escape(alt)
    box = f'width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" style="max-width:100%"'
    return f'<svg {box} fill="none" role="img" aria-label="{said}"><title>{said}</title>{"".join(parts)}</svg>'


def _scales(data: ChartData) -> tuple[Scale, Scale]:
    first, last = data.span(others=False)
    values = data.values()
    low, high = min(values), max(values)
    if data.from_zero:
        low = min(low, 0.0)
    across, up = (last - first) or 1.0, (high - low) or 1.0

    def x(tau: float) -> float:
        return PAD_X + (tau - first) / across * (WIDTH - 2 * PAD_X)

    def y(value: float) -> float:
        share = (value - low) / up
        return PAD_Y + (share if data.ranked else 1 - share) * (HEIGHT - 2 * PAD_Y)

    return x, y


def _line(points: Iterable[Node | Point], x: Scale, y: Scale) -> str:
    return "M" + "L".join(f"{x(point.tau):.1f} {y(point.value):.1f}" for point in points)


def _diamond(x: float, y: float) -> str:
    size = DIAMOND
    return (
        f'<path d="M{x:.1f} {y - size:.1f}L{x + size:.1f} {y:.1f}L{x:.1f} {y + size:.1f}L{x - size:.1f} {y:.1f}Z"'
        ' fill="var(--kpi-surface)" stroke="var(--kpi-ink)" stroke-width="1.4"/>'
    )
