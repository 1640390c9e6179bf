"""The trend on a card: 220 × 48, drawn on the server because a page of Plotly charts is 9 MB."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from dashboard.charts.data import ChartData, Path

WIDTH, HEIGHT = 220, 48
PAD_X, PAD_Y = 7, 7
DOT, DIAMOND = 2.6, 4.5

Scale = Callable[[float], float]


def sparkline(data: ChartData, alt: str) -> str:
    """Promised path dotted, values as dots joined where comparable, target a diamond, today a hairline."""
    x, y = _scales(data)
    parts = [f'<line x1="{x(data.today):.1f}" x2="{x(data.today):.1f}" y1="0" y2="{HEIGHT}" class="kpi-today"/>']
    parts += [_path(path, x, y, "kpi-earlier") for path in data.earlier if len(path.nodes) > 1]
    if data.path is not None:
        parts.append(_path(data.path, x, y, "kpi-path"))
    elif data.goal is not None:
        level = y(data.goal)
        parts.append(f'<line x1="{PAD_X}" x2="{WIDTH - PAD_X}" y1="{level:.1f}" y2="{level:.1f}" class="kpi-path"/>')
    for run in data.runs:
        line = " ".join(f"{x(point.tau):.1f},{y(point.value):.1f}" for point in run)
        parts.append(f'<polyline points="{line}" class="kpi-run"/>')
        for point in run:
            kind = "kpi-dot kpi-hollow" if point.preliminary else "kpi-dot"
            parts.append(f'<circle cx="{x(point.tau):.1f}" cy="{y(point.value):.1f}" r="{DOT}" class="{kind}"/>')
    if data.goal is not None:
        parts.append(_diamond(WIDTH - PAD_X if data.due is None else x(data.due), y(data.goal)))
    said = escape(alt)
    box = f'width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
    return f'<svg {box} role="img" aria-label="{said}"><title>{said}</title>{"".join(parts)}</svg>'


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


def _path(path: Path, x: Scale, y: Scale, css: str) -> str:
    line = " ".join(f"{x(node.tau):.1f},{y(node.value):.1f}" for node in path.corners())
    return f'<polyline points="{line}" class="{css}"/>'


def _diamond(x: float, y: float) -> str:
    size = DIAMOND
    return (
        f'<path d="M{x:.1f} {y - size:.1f}L{x + size:.1f} {y:.1f}L{x:.1f} {y + size:.1f}L{x - size:.1f} {y:.1f}Z"'
        ' class="kpi-goal"/>'
    )
