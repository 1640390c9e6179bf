"""Numbers as people write them: Korean in 만, 억, 조 and 경, English in groups of three.

Two kinds of number meet here. One that was *published* keeps the digits that it was published with;
one that we *computed* is rounded for the eye, but never to zero and never to a number that it is
not (`rounded`). All of it is decimal arithmetic, so that 4.96 of 5 leaves 0.04.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal

from loaders.domain.model import Unit

MINUS = "−"
KOREAN_STEPS = (("경", 16), ("조", 12), ("억", 8), ("만", 4))
DECIMAL_FROM = 12
"""Power of ten from which one decimal is written instead of a second step: 14.9조, 1.5경; but 1억 2,000만."""
NUMERALS = {"천": 3, "만": 4, "십만": 5, "백만": 6, "천만": 7, "억": 8, "십억": 9, "백억": 10, "천억": 11, "조": 12}
"""Numerals that a unit's Korean name may begin with (천명, 백만원), as powers of ten."""
SMALL_COUNT = 100
"""Computed counts below this keep one decimal."""
MONEY_DIGITS = 5
"""Digits to which a computed amount of money is rounded."""
SHORT = 4
"""Digits up to which a number is read as easily as a rounded one."""
MOST_DECIMALS = 20
_WIDE = Context(prec=60, rounding=ROUND_HALF_UP)

Number = float | Decimal


def exact(value: Number) -> Decimal:
    """The number as it stands; of a float its 15 digits, so that no sum shows the machine's own noise."""
    return value if isinstance(value, Decimal) else Decimal(f"{value:.15g}")


def at(value: Decimal, decimals: int) -> Decimal:
    """``value`` rounded half up to so many decimals, negative ones to tens and hundreds."""
    return value.quantize(Decimal(1).scaleb(-decimals), context=_WIDE)


def rounded(value: Number, unit: Unit, beside: Iterable[Number] = ()) -> Decimal:
    """A computed value rounded for the eye.

    One digit more than it needs not to be zero, as many as the unit asks for, and more where it
    would be read as one of the values ``beside`` it and is none of them.
    """
    number = exact(value)
    if not number:
        return Decimal(0)
    decimals = max(_decimals(number, unit), 1 - number.adjusted() if number.adjusted() < 0 else 0)
    others = [one for one in map(exact, beside) if one != number]
    while decimals < MOST_DECIMALS and any(at(number, decimals) == at(one, decimals) for one in others):
        decimals += 1
    return plain(at(number, decimals))


def _decimals(number: Decimal, unit: Unit) -> int:
    size = abs(number)
    if unit.style == "currency":
        # Money is rounded where it stands: of 14.912345조 the 억 are enough, of 4,020원 every won counts.
        smallest = max(0, round(exact(unit.scale).log10())) if unit.scale >= 1 else 0
        return min(smallest, MONEY_DIGITS - 1 - number.adjusted()) if smallest else 0
    if unit.decimals == 0:
        return 1 if size < SMALL_COUNT and unit.style != "rank" else 0
    if unit.decimals is not None:
        return unit.decimals
    return 1 if unit.style == "percent" or size >= SMALL_COUNT else 2


def is_short(value: Number) -> bool:
    """True where there is nothing to round: at most `SHORT` digits."""
    return len(exact(value).normalize(_WIDE).as_tuple().digits) <= SHORT


def plain(number: Decimal) -> Decimal:
    """The same number without zeros at its end: 4.960 → 4.96."""
    short = number.normalize(_WIDE)
    return short.quantize(Decimal(1), context=_WIDE) if short.as_tuple().exponent > 0 else short  # type: ignore[operator]


def grouped(number: Decimal) -> str:
    """With separators and every decimal: 1,234.50; −3."""
    return f"{MINUS if number < 0 else ''}{abs(number):,f}"


def korean(number: Decimal) -> str:
    """In 경, 조, 억 and 만 from ten thousand on: 5만 1,000; 1조 96억; 14.9조; 1.5경."""
    size = plain(abs(number))
    lead = MINUS if number < 0 else ""
    if size < 10_000:
        return f"{lead}{size:,f}"
    largest = next((name, power) for name, power in KOREAN_STEPS if size >= Decimal(10) ** power)
    if largest[1] >= DECIMAL_FROM:
        short = plain(size.scaleb(-largest[1], _WIDE))
        if -int(short.as_tuple().exponent) <= 1:
            return f"{lead}{short:,f}{largest[0]}"
    parts, rest = [], size
    for name, power in KOREAN_STEPS:
        count, rest = _WIDE.divmod(rest, Decimal(10) ** power)
        if count:
            parts.append(f"{count:,f}{name}")
    if rest:
        parts.append(f"{plain(rest):,f}")
    return f"{lead}{' '.join(parts)}"


def base_name(unit: Unit) -> str | None:
    """What a scaled unit counts: 명 for 천명 with its scale of 1,000; None where name and scale say nothing alike."""
    found = _numeral(unit)
    return unit.name.ko[len(found) :].lstrip() if found and 10 ** NUMERALS[found] == unit.scale else None


def has_numeral(unit: Unit) -> bool:
    """True where the name begins with a numeral (천명), before which no 만 may stand."""
    return bool(_numeral(unit))


def _numeral(unit: Unit) -> str:
    fitting = (one for one in NUMERALS if unit.name.ko.startswith(one) and len(unit.name.ko) > len(one))
    return max(fitting, key=len, default="")
