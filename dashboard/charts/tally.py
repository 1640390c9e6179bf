"""How many stand how, as one stacked bar; the grey part is never left out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from html import escape

HEIGHT, GAP = 18, 2
"""In pixels at every width: the parts are stretched, the gaps are strokes that are not."""


EDGE = 1
"""Inset of a hollow part, so that its outline is not cut off."""


def tally_bar(counts: Mapping[str, int], labels: Mapping[str, str], alt: str, hollow: Collection[str] = ()) -> str:
    """A bar over the full width, one part a status or group in the order of ``counts``, with a tooltip each.

    ``hollow`` parts are outlines: of them nothing is known that could fill them.
    """
    shown = {part: count for part, count in counts.items() if count > 0}
    total, before = sum(shown.values()) or 1, 0
    parts, gaps = [], []
    for part, count in shown.items():
        left, width = 100 * before / total, 100 * count / total
        if before:
            gaps.append(f"M{left:.3f} 0V{HEIGHT}")
        if part in hollow:
            edge = f'stroke="var(--kpi-{part})" stroke-width="{EDGE}" vector-effect="non-scaling-stroke"'
            look, top, tall = f'fill="var(--kpi-sunken)" {edge}', EDGE, HEIGHT - 2 * EDGE
        else:
            look, top, tall = f'fill="var(--kpi-{part})"', 0, HEIGHT
        parts.append(
            f'<rect x="{left:.3f}" y="{top}" width="{width:.3f}" height="{tall}" {look}>'
            f"<title>{escape(labels[part])} {count}</title></rect>"
        )
        before += count
    look = f'stroke="var(--kpi-surface)" stroke-width="{GAP}" vector-effect="non-scaling-stroke"'
    box = f'width="100%" height="{HEIGHT}" viewBox="0 0 100 {HEIGHT}" preserveAspectRatio="none"'
    return (
        f'<svg {box} role="img" aria-label="{escape(alt)}" class="kpi-tally">'
        f'{"".join(parts)}<path d="{"".join(gaps)}" {look}/></svg>'
    )
