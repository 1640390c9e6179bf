"""How many stand how, as one stacked bar; the grey part is never left out."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from loaders.domain.method.status import Status

HEIGHT, GAP = 18, 2
"""In pixels at every width: the parts are stretched, the gaps are strokes that are not."""


def tally_bar(counts: Mapping[Status, int], labels: Mapping[Status, str], alt: str) -> str:
    """A bar over the full width, one part a status in the order of ``counts``, with a tooltip each."""
    shown = {status: count for status, count in counts.items() if count > 0}
    total, before = sum(shown.values()) or 1, 0
    parts, gaps = [], []
    for status, count in shown.items():
        left, width = 100 * before / total, 100 * count / total
        if before:
            gaps.append(f"M{left:.3f} 0V{HEIGHT}")
        parts.append(
            f'<rect x="{left:.3f}" width="{width:.3f}" height="{HEIGHT}" fill="var(--kpi-{status})">'
            f"<title>{escape(labels[status])} {count}</title></rect>"
        )
        before += count
    look = f'stroke="var(--kpi-surface)" stroke-width="{GAP}" vector-effect="non-scaling-stroke"'
    box = f'width="100%" height="{HEIGHT}" viewBox="0 0 100 {HEIGHT}" preserveAspectRatio="none"'
    return (
        f'<svg {box} role="img" aria-label="{escape(alt)}" class="kpi-tally">'
        f'{"".join(parts)}<path d="{"".join(gaps)}" {look}/></svg>'
    )
