"""The picture that stands for a target where its address is shared: 1200 × 630, with the words of its page."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from dashboard.charts.theme import LIGHT, SHAPES, Tokens
from loaders.domain.method.status import Status

WIDTH, HEIGHT = 1200, 630
MARGIN = 72
NAME, LEAD, SMALL, MARK = 64, 38, 26, 40
"""Sizes of this picture's type; on a phone's timeline it is shown at a third."""
FAMILY = "Pretendard GOV"


@dataclass(frozen=True, slots=True)
class Card:
    """What the picture says."""

    name: str
    status: Status
    status_word: str
    lead: str
    """One sentence."""
    foot: str


def social_card(card: Card, colours: Tokens = LIGHT) -> str:
    """The picture as SVG: name, status with shape and word, sentence, foot."""
    colour = colours.status[card.status]
    lines, y = [], MARGIN + NAME
    for text in wrapped(card.name, NAME, 2):
        lines.append(_text(text, y, NAME, colours.ink))
        y += round(1.25 * NAME)
    y += 12
    place = f"translate({MARGIN} {y - LEAD + 2}) scale({MARK / 16})"
    mark = f'<path d="{SHAPES[card.status]}" transform="{place}" fill="{colour}"/>'
    lines += [mark, _text(card.status_word, y, LEAD + 6, colour, x=MARGIN + 56)]
    y += round(1.9 * LEAD)
    for text in wrapped(card.lead, LEAD, 3):
        lines.append(_text(text, y, LEAD, colours.ink))
        y += round(1.45 * LEAD)
    lines.append(_text(card.foot, HEIGHT - MARGIN, SMALL, colours.muted))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{colours.surface}"/>'
        f'<rect width="{WIDTH}" height="16" fill="{colour}"/>{"".join(lines)}</svg>'
    )


def _text(text: str, y: float, size: int, colour: str, x: int = MARGIN) -> str:
    font = f'font-family="{FAMILY}" font-weight="600" font-size="{size}"'
    return f'<text x="{x}" y="{y}" {font} fill="{colour}">{escape(text)}</text>'


def wrapped(text: str, size: int, most: int) -> list[str]:
    """``text`` in at most ``most`` lines that fit the width; what does not fit ends in an ellipsis."""
    room, lines, line = WIDTH - 2 * MARGIN, [], ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if _width(longer, size) <= room or not line:
            line = longer
        else:
            lines.append(line)
            line = word
    lines.append(line)
    if len(lines) > most:
        lines = [*lines[: most - 1], f"{lines[most - 1]} …"]
    return lines


def _width(text: str, size: int) -> float:
    """About as wide as the font draws it: Hangul is square, Latin and digits a good half of that."""
    return size * sum(0.88 if ord(char) > 0x1100 else 0.3 if char in " .,:·" else 0.58 for char in text)
