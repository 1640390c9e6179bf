"""How a promise may end, drawn: values on their way past a due date, one small picture for each outcome.

The numbers are made up and the same in all pictures, so that only the end differs.
"""

from __future__ import annotations

from html import escape
from typing import NamedTuple

from loaders.domain.method.outcome import Verdict

WIDTH, HEIGHT = 200, 64
DUE, GOAL = 116, 20
"""Where the due date and the target stand, in pixels from the left and the top."""
TAKEN_BACK = 84
"""Where the document stands that takes a goal back."""
DOT = 3


class Drawn(NamedTuple):
    """What is known of a promise: values at (x, y), and the value that nobody found."""

    values: tuple[tuple[int, int], ...]
    unknown: int | None = None
    """Where a value is missing or still awaited, in pixels from the left."""


_START = ((20, 54), (52, 44))
PICTURES: dict[Verdict, Drawn] = {
    Verdict.KEPT: Drawn((*_START, (84, 30), (DUE, 15))),
    Verdict.KEPT_LATE: Drawn((*_START, (84, 40), (DUE, 34), (148, 26), (180, 15))),
    Verdict.DATE_UNPROVEN: Drawn((*_START, (84, 36), (180, 14)), DUE),
    Verdict.BROKEN: Drawn((*_START, (84, 40), (DUE, 34))),
    Verdict.AWAITING: Drawn((*_START, (84, 32)), DUE),
    Verdict.UNKNOWN: Drawn((*_START,), DUE),
    Verdict.WITHDRAWN: Drawn((*_START,)),
}
"""One for every outcome; a value on or above the target's line meets it."""


def outcome_picture(verdict: Verdict, said: str) -> str:
    """The picture of one outcome with ``said`` as its words for who cannot see it."""
    drawn, told = PICTURES[verdict], escape(said)
    line = " ".join(f"{x},{y}" for x, y in drawn.values)
    end = TAKEN_BACK if verdict is Verdict.WITHDRAWN else WIDTH
    parts = [
        f'<line x1="0" x2="{end}" y1="{GOAL}" y2="{GOAL}" class="kpi-path"/>',
        f'<line x1="{DUE}" x2="{DUE}" y1="0" y2="{HEIGHT}" class="kpi-today"/>',
        f'<polyline points="{line}" class="kpi-run"/>',
        *(f'<circle cx="{x}" cy="{y}" r="{DOT}" class="kpi-dot"/>' for x, y in drawn.values),
    ]
    if verdict is Verdict.WITHDRAWN:
        x, y = TAKEN_BACK, GOAL
        parts.append(f'<path d="M{x - 5} {y - 5}L{x + 5} {y + 5}M{x - 5} {y + 5}L{x + 5} {y - 5}" class="kpi-run"/>')
    if drawn.unknown is not None:
        mark = "…" if verdict is Verdict.AWAITING else "?"
        parts.append(f'<text x="{drawn.unknown + 6}" y="{HEIGHT - 22}" class="kpi-asked">{mark}</text>')
    box = f'width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
    return f'<svg {box} class="kpi-outcome" role="img" aria-label="{told}"><title>{told}</title>{"".join(parts)}</svg>'
