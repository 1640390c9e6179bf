"""How many stand how, as one stacked bar; the grey part is never left out."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from loaders.domain.status import Status

HEIGHT, GAP = 18, 0.3


def tally_bar(counts: Mapping[Status, int], labels: Mapping[Status, str], alt: str) -> str:
    """A bar over the full width, one part a status in the order of ``counts``, with a tooltip each."""
    total = sum(counts.values()) or 1
    room = 100 - GAP * max(len(counts) - 1, 0)
    parts, left = [], 0.0
    for status, count in counts.items():
        width = room * count / total
        title = f"<title>{escape(labels[status])} {count}</title>"
        parts.append(
            f'<rect x="{left:.2f}" y="0" width="{width:.2f}" height="{HEIGHT}" '
            f'fill="var(--kpi-{status})">{title}</rect>'
        )
        left += width + GAP
    box = f'width="100%" height="{HEIGHT}" viewBox="0 0 100 {HEIGHT}" preserveAspectRatio="none"'
    return f'<svg {box} role="img" aria-label="{escape(alt)}" class="kpi-tally">{"".join(parts)}</svg>'
