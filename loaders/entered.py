"""What people type where a number or a period is asked, read without guessing.

A number that could be meant in two ways is refused with a suggestion, never converted: whether "3억" means
3 or 300000000 depends on a unit that nobody sees. Full-width digits are the one exception, because they can be
read in one way only; the officer is shown what they were read as.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from loaders.domain.numeral import refused
from loaders.domain.period import parse_period

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_EMPTY = {
    "-",
    "--",
    "–",
    "—",
    ".",
    "..",
    "...",
    "…",
    "·",
    "x",
    "n/a",
    "#n/a",
    "na",
    "nan",
    "none",
    "null",
    "없음",
    "미정",
}

_REFUSED: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (code, re.compile(form, re.ASCII | re.IGNORECASE))
    for code, form in (
        ("thousands", r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?"),
        ("thousands", r"[+-]?\d{1,3}( \d{3})+(\.\d+)?"),
        ("decimal_comma", r"[+-]?\d{1,3}(\.\d{3})*,\d+"),
        ("leading_zero", r"[+-]?0\d+(\.\d+)?"),
        ("exponent", r"[+-]?\d+(\.\d*)?e[+-]?\d+"),
        ("underscore", r"[+-]?\d+(_\d+)+(\.\d+)?"),
        ("not_finite", r"[+-]?(inf|infinity)"),
        ("percentage_point", r".*(%\s*p|퍼센트\s*포인트)"),
        ("percent", r".*(%|퍼센트|프로)"),
        ("triangle", r"[△▲▽▼].*"),
        ("parentheses", r"\(.*\)"),
        ("minus_sign", r"[−–—﹣]\s*\d.*"),
        ("formula", r"[=@].*"),
        ("korean_units", r".*\d.*[십백천만억조경].*"),
    )
)
_PERIOD_FORMS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(form, re.ASCII), shape)
    for form, shape in (
        (r"(\d{4})\s*년(?:\s*말)?", "{0}"),
        (r"(\d{4})\s*(?:학년도|회계연도)", "{0}-FY"),
        (r"(\d{4})\s*년?\s*[-~–∼～]\s*(\d{4})\s*년?", "{0}..{1}"),
        (r"(\d{4}-\d{2})\s*[/~]\s*(\d{4}-\d{2})", "{0}..{1}"),
        (r"(\d{4})[-.년\s]*([1-4])\s*/?4?\s*분기", "{0}-Q{1}"),
        (r"(\d{4})\s*-?[Qq]([1-4])", "{0}-Q{1}"),
        (r"(\d{4})\s*년?\s*상반기", "{0}-H1"),
        (r"(\d{4})\s*년?\s*하반기", "{0}-H2"),
        (r"(\d{4})\s*[-./년]\s*(\d{1,2})\s*월?\.?", "{0}-{1:0>2}"),
        (r"(\d{4})\s*[-./년]\s*(\d{1,2})\s*[-./월]\s*(\d{1,2})\s*일?\.?", "{0}-{1:0>2}-{2:0>2}"),
        (r"(\d{4}-\d{2}-\d{2}) \d{2}:\d{2}:\d{2}", "{0}"),
    )
)


class Numeral(NamedTuple):
    """A plain decimal number, its decimals as typed (they carry the margin of error)."""

    text: str
    normalised: bool = False
    """True where it was typed in full-width digits."""


class NotPlainError(ValueError):
    """What was typed is not plain; ``suggestion`` is what it may have meant, or empty."""

    def __init__(self, code: str, suggestion: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.suggestion = suggestion


def number(entered: str) -> Numeral:
    """Read a number of the published grammar (`loaders.domain.numeral`); raises NotPlainError with the reason."""
    typed = entered.strip()
    plain = typed.translate(_FULL_WIDTH)
    fault = refused(plain)
    if fault is not None:
        raise NotPlainError(fault) if fault != "number" else _refusal(typed, plain)
    size = plain.lstrip("+-")
    minus = "-" if plain.startswith("-") and size.strip("0.") else ""
    return Numeral(f"{minus}{size}", plain != typed)


def _refusal(typed: str, plain: str) -> NotPlainError:
    if plain.lower() in _EMPTY:
        return NotPlainError("placeholder")
    if any(unicodedata.category(letter) in ("Cf", "Cc") for letter in plain):
        return NotPlainError("invisible")
    code = next((code for code, form in _REFUSED if form.fullmatch(plain)), None)
    if code is None:
        # int("١٢٣") and float("①") style digits: a person reads them, a ledger does not.
        foreign = any(letter.isdigit() and not letter.isascii() for letter in plain)
        return NotPlainError("foreign_digits" if foreign else "number")
    return NotPlainError(code, _meant(code, plain))


def _meant(code: str, plain: str) -> str:
    """The plain number that a refused text most likely stands for; empty where there are two readings."""
    if code == "leading_zero":
        text = re.sub(r"^([+-]?)0+(?=\d)", r"\1", plain)
    elif code in ("thousands", "underscore"):
        text = re.sub(r"[, _]", "", plain)
    elif code in ("triangle", "parentheses", "minus_sign"):
        text = "-" + re.sub(r"[△▲▽▼()−–—﹣\s]", "", plain)
    else:
        return ""
    return text if refused(text) is None else ""


def period(entered: str) -> str:
    """Read a reference period or a date in the registry's form; raises NotPlainError with a suggestion."""
    typed = entered.strip().translate(_FULL_WIDTH)
    if _is_period(typed):
        return typed
    for form, shape in _PERIOD_FORMS:
        found = form.fullmatch(typed)
        if found and _is_period(shape.format(*found.groups())):
            raise NotPlainError("period", shape.format(*found.groups()))
    raise NotPlainError("period")


def _is_period(text: str) -> bool:
    try:
        parse_period(text)
    except ValueError:
        return False
    return True
