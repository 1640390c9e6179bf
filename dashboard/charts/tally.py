"""How many stand how, as one stacked bar; the grey part is never left out."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from loaders.domain.status import Status

HEIGHT, GAP = 18, 2
"""In pixels at every width: the parts are in percent, the gaps are strokes of the surface's colour."""


def tally_bar(counts: Mapping[Status, int], labels: Mapping[Status, str], alt: str) -> str:
    """A bar over the full width, one part a status in the order of ``counts``, with a tooltip each."""
    shown = {status: count for status, count in counts.items() if count > 0}
    total, before = sum(shown.values()) or 1, 0
    parts, gaps = [], []
    for status, count in shown.items():
        left, width = 100 * before / total, 100 * count / total
        if before:
            gaps.append(f'<line x1="{left:.3f}%" x2="{left:.3f}%" y1="0" y2="{HEIGHT}"/>')
        parts.append(
            f'<rect x="{left:.3f}%" width="{width:.3f}%" height="{HEIGHT}" fill="var(--kpi-{status})">'
            f"<title>{escape(labels[status])} {count}</title></rect>"
        )
        before += count
    strokes = f'<g stroke="var(--kpi-surface)" stroke-width="{GAP}">{"".join(gaps)}</g>' if gaps else ""
    box = f'width="100%" height="{HEIGHT}" role="img" aria-label="{escape(alt)}"'
    return f'<svg {box} class="kpi-tally">{"".join(parts)}{strokes}</svg>'
