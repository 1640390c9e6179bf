"""Values, dates and time gaps as people write them in Korean and English.

"1조 96억원" and "5만 1,000명" are a small function of ours: Babel's compact forms do not write
Korean amounts (DESIGN, "Facts about the stack").
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from dashboard.wording.number import (
    MINUS,
    Number,
    at,
    base_name,
    exact,
    grouped,
    has_numeral,
    korean,
    plain,
    rounded,
)
from loaders.domain.catalogue import Unit
from loaders.domain.period import SPAN, Period, parse_period

WHOLE_FROM_MONTHS = 2
"""Months are rounded from this on; below it they are one or none (LOOK, "Words")."""
ON_THE_PATH = 1.0
"""Months on either side within which a value counts as on its path."""
_SLACK = 1e-6
"""Months that a sum of decimal years may be off."""
SPLIT_FROM = 10_000
"""Counts from this on are written in 만."""
_ENDS = (Decimal(0), Decimal(100))
_MONTH_NAMES = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def plain_number(value: Number, decimals: int) -> str:
    """``value`` with separators and at most ``decimals`` decimals, no trailing zeros."""
    return grouped(plain(at(exact(value), decimals)))


def fixed(value: float, decimals: int = 2) -> str:
    """``value`` with exactly ``decimals`` decimals, for ratios that stand beside each other."""
    return f"{MINUS if value < 0 else ''}{abs(value):,.{decimals}f}"


def share_text(share: Number) -> str:
    """A share as whole percents; never 0 % or 100 % unless it is exactly that."""
    number, decimals = exact(share) * 100, 0
    while number not in _ENDS and at(number, decimals) in _ENDS:
        decimals += 1
    return f"{grouped(plain(at(number, decimals)))}%"


def value_text(value: Number, unit: Unit, language: str, *, decimals: int | None = None) -> str:
    """A published value with its unit and all of its digits; with ``decimals`` rounded to so many.

    5만 1,000명, 1조 96억원, 12.3%, 3위; 51,000 people, KRW 1.01 trillion, 3rd.
    """
    number = exact(value) if decimals is None else at(exact(value), decimals)
    if unit.style == "rank":
        return f"{grouped(number)}위" if language == "ko" else ordinal(number)
    if unit.style == "currency" and unit.base == "KRW":
        amount = number * exact(unit.scale)
        return f"{korean(amount)}원" if language == "ko" else won_en(amount)
    if unit.style == "percent":
        return f"{grouped(number)}{unit.name.ko if language == 'ko' else _percent_en(unit)}"
    if language == "ko":
        return _count_ko(number, unit) if unit.style in ("count", "currency") else f"{grouped(number)}{unit.name.ko}"
    times = "× " if unit.name.en[0].isdigit() else ""  # 12,345 × 10,000 people
    return f"{grouped(number)} {times}{_singular(unit.name.en) if number == 1 else unit.name.en}"


def computed_text(value: Number, unit: Unit, language: str, beside: Iterable[Number] = ()) -> str:
    """A computed value with its unit, rounded, but to none of the values ``beside`` it."""
    return value_text(rounded(value, unit, beside), unit, language)


def difference_text(value: Number, unit: Unit, language: str, *, sign: bool = True) -> str:
    """A difference of two values in the unit of differences: +3.5%p, −2계단, +1 pp. Never zero unless it is."""
    size = rounded(abs(exact(value)), unit)
    lead = ("+" if value > 0 else MINUS if value < 0 else "") if sign else ""
    if unit.difference is None and unit.style != "percent":
        return f"{lead}{value_text(size, unit, language)}"
    # Percentages differ by percentage points, whether or not the registry says so.
    name = unit.difference(language) if unit.difference else "%p" if language == "ko" else "pp"
    if language == "en" and size == 1:
        name = _singular(name)
    return f"{lead}{grouped(size)}{'' if language == 'ko' else ' '}{name}"


def pace_text(value: Number, unit: Unit, language: str) -> str:
    """A yearly change: 연 +6.4%p, +6.4 pp a year."""
    text = difference_text(value, unit, language)
    return f"연 {text}" if language == "ko" else f"{text} a year"


def won_en(amount: Decimal) -> str:
    """An amount of won: KRW 65 trillion, KRW 1.01 trillion, KRW 21 billion, KRW 10,320.

    Two decimals where that changes it by less than a thousandth, every digit else.
    """
    for power, name in ((12, "trillion"), (9, "billion"), (6, "million")):
        if abs(amount) >= Decimal(10) ** power:
            whole = amount.scaleb(-power)
            short = at(whole, 2)
            near = abs(short - whole) * 1000 < abs(whole)
            return f"KRW {grouped(plain(short if near else whole))} {name}"
    return f"KRW {grouped(plain(amount))}"


def _count_ko(number: Decimal, unit: Unit) -> str:
    """5만 1,000명; 2,890만명 where a unit of 천명 knows its scale, 28,900천명 where it does not."""
    base = base_name(unit)
    if base is not None:
        return f"{korean(number * exact(unit.scale))}{base}"
    large = abs(number) >= SPLIT_FROM and not has_numeral(unit) and unit.scale == 1
    return f"{korean(number) if large else grouped(number)}{unit.name.ko}"


def ordinal(place: Number) -> str:
    """1st, 2nd, 3rd, 4th, 11th …"""
    number = exact(place)
    if number != number.to_integral_value() or 10 <= number % 100 <= 20:
        return f"{grouped(number)}th"
    return f"{grouped(plain(number))}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(int(number % 10), 'th') }"


def period_text(period: str, language: str, *, edition: bool = False) -> str:
    """A reference period: 2025년 말, 2023년 6월; end of 2025, June 2023.

    ``edition`` is for ranks and indices, which belong to a year's edition and not to its end.
    """
    found = parse_period(period)
    year, end = found.end.year, found.end
    if found.own_year:
        return _own_year_text(found, language)
    if found.long:
        return _span_text(found, language)
    if len(period) == 4:
        if edition:
            return f"{year}년" if language == "ko" else str(year)
        return f"{year}년 말" if language == "ko" else f"end of {year}"
    if "-H" in period:
        half = int(period[-1])
        return f"{year}년 {'상반기' if half == 1 else '하반기'}" if language == "ko" else f"H{half} {year}"
    if "-Q" in period:
        return f"{year}년 {period[-1]}분기" if language == "ko" else f"Q{period[-1]} {year}"
    if len(period) == 7:
        return f"{year}년 {end.month}월" if language == "ko" else f"{_MONTH_NAMES[end.month - 1]} {year}"
    return date_text(end, language)


SCHOOL_YEAR = 3
"""Month in which Korean school years begin; other years that do not follow the calendar are fiscal ones."""


def _own_year_text(period: Period, language: str) -> str:
    """2024학년도, 2024회계연도; school year 2024/25, fiscal year 2024, fiscal years 2022/23–2024/25."""
    starts = period.start.month
    last = period.end.year - (starts > 1)
    years = [period.start.year, last] if last > period.start.year else [period.start.year]
    if language == "ko":
        return f"{'~'.join(str(one) for one in years)}{'학년도' if starts == SCHOOL_YEAR else '회계연도'}"
    name = "school year" if starts == SCHOOL_YEAR else "fiscal year"
    shown = [str(one) if starts == 1 else f"{one}/{(one + 1) % 100:02d}" for one in years]
    return f"{name}{'s' if len(years) > 1 else ''} {'–'.join(shown)}"


def _span_text(period: Period, language: str) -> str:
    """2020~2024년, 2024년 1분기~2024년 3분기; 2020–2024, Q1 2024–Q3 2024."""
    first, _, last = period.text.partition(SPAN)
    if len(first) == 4:
        return f"{first}~{last}년" if language == "ko" else f"{first}–{last}"
    between = "~" if language == "ko" else "–"
    return between.join(period_text(one, language) for one in (first, last))


def date_text(day: date, language: str) -> str:
    """2026년 11월 23일; 23 November 2026."""
    if language == "ko":
        return f"{day.year}년 {day.month}월 {day.day}일"
    return f"{day.day} {_MONTH_NAMES[day.month - 1]} {day.year}"


def whole_months(months: float) -> int:
    """Size of a time gap in whole months; 0 where the value is on its path."""
    size = abs(months) + _SLACK
    if size < ON_THE_PATH:
        return 0
    return 1 if size < WHOLE_FROM_MONTHS else round(size)


def _percent_en(unit: Unit) -> str:
    return unit.name.en if unit.name.en == "%" else f" {unit.name.en}"


_IRREGULAR = {"people": "person", "companies": "company", "factories": "factory", "countries": "country"}


def _singular(plural: str) -> str:
    if plural in _IRREGULAR:
        return _IRREGULAR[plural]
    return plural[:-1] if plural.endswith("s") and not plural.endswith("ss") else plural
