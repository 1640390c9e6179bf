"""Values, dates and time gaps as people write them in Korean and English.

"1조 96억원" and "5만 1,000명" are a small function of ours: Babel's compact forms do not write
Korean amounts (DESIGN, "Facts about the stack").
"""

from __future__ import annotations

import math
from datetime import date

from loaders.domain.model import Unit
from loaders.domain.period import SPAN, Period, parse_period

MINUS = "−"
DECIMALS_BELOW_MONTHS = 24
"""Months carry one decimal only below this (LOOK, "Words")."""
ON_THE_PATH = 0.5
"""Months on either side within which a target counts as on its path."""
SMALL_COUNT = 100
"""Computed counts below this keep one decimal."""
SMALLEST_WHOLE = 0.5
"""Values below this would be rounded to zero."""
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
_KOREAN_STEPS = ((1e12, "조"), (1e8, "억"), (1e4, "만"))


def plain_number(value: float, decimals: int) -> str:
    """``value`` with separators and at most ``decimals`` decimals, no trailing zeros."""
    text = f"{abs(value):,.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return f"{MINUS}{text}" if value < 0 and text.strip("0.,") else text


def fixed(value: float, decimals: int = 2) -> str:
    """``value`` with exactly ``decimals`` decimals, for ratios that stand beside each other."""
    return f"{MINUS if value < 0 else ''}{abs(value):,.{decimals}f}"


def value_text(value: float, unit: Unit, language: str, *, decimals: int | None = None) -> str:
    """``value`` with its unit: 5만 1,000명, 1조 96억원, 12.3%, 3위; 51,000 people, KRW 1.01 trillion, 3rd."""
    places = max(_decimals(value, unit) if decimals is None else decimals, _visible(value))
    if unit.style == "rank":
        return f"{plain_number(value, 0)}위" if language == "ko" else ordinal(round(value))
    if unit.style == "currency" and unit.base == "KRW":
        amount = value * unit.scale
        return won_ko(amount) if language == "ko" else won_en(amount)
    if unit.style == "percent":
        text = plain_number(value, places)
        return f"{text}{unit.name.ko}" if language == "ko" else f"{text}{_percent_en(unit)}"
    if language == "ko":
        text = _korean_count(value) if unit.style == "count" and abs(value) >= 1e4 else plain_number(value, places)
        return f"{text}{unit.name.ko}"
    return f"{plain_number(value, places)} {_singular(unit.name.en) if value == 1 else unit.name.en}"


def difference_text(value: float, unit: Unit, language: str, *, sign: bool = True) -> str:
    """A difference of two values in the unit of differences: +3.5%p, −2계단, +1 pp."""
    lead = ("+" if value > 0 else MINUS if value < 0 else "") if sign else ""
    size = abs(value)
    if unit.difference is None:
        return f"{lead}{value_text(size, unit, language)}"
    name = unit.difference(language)
    gap = "" if language == "ko" else " "
    if language == "en" and size == 1:
        name = _singular(name)
    return f"{lead}{plain_number(size, 1 if unit.style == 'percent' else 0)}{gap}{name}"


def pace_text(value: float, unit: Unit, language: str) -> str:
    """A yearly change: 연 +6.4%p, +6.4 pp a year."""
    small = unit.decimals is not None and abs(value) < SMALL_COUNT
    finer = unit.model_copy(update={"decimals": max(unit.decimals or 0, 1)}) if small else unit
    if unit.style in ("rank", "percent"):
        text = difference_text(value, finer, language)
    else:
        lead = "+" if value > 0 else MINUS if value < 0 else ""
        text = lead + value_text(abs(value), finer, language)
    return f"연 {text}" if language == "ko" else f"{text} a year"


def won_ko(amount: float) -> str:
    """An amount of won: 65조원, 14.9조원, 1조 96억원, 210억원."""
    trillions = amount / 1e12
    if abs(trillions) >= 1 and math.isclose(trillions, round(trillions, 1), rel_tol=1e-9):
        return f"{plain_number(trillions, 1)}조원"
    rest, parts = round(abs(amount) / 1e4) * 1e4, []
    for size, name in _KOREAN_STEPS:
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count:,.0f}{name}")
    return f"{MINUS if amount < 0 else ''}{' '.join(parts) or '0'}원"


def won_en(amount: float) -> str:
    """An amount of won: KRW 65 trillion, KRW 1.01 trillion, KRW 21 billion."""
    for size, name in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if abs(amount) >= size:
            return f"KRW {plain_number(amount / size, 2)} {name}"
    return f"KRW {plain_number(amount, 0)}"


def ordinal(place: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th …"""
    if 10 <= place % 100 <= 20:
        return f"{place}th"
    return f"{place}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(place % 10, 'th') }"


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


def months_number(months: float) -> str:
    """Size of a time gap, one decimal only below 24 months."""
    size = abs(months)
    return f"{size:.1f}" if size < DECIMALS_BELOW_MONTHS else f"{size:.0f}"


def _decimals(value: float, unit: Unit) -> int:
    if unit.decimals is not None:
        return unit.decimals
    if unit.style == "percent":
        return 1
    return 2 if abs(value) < 100 else 1


def _visible(value: float) -> int:
    """Decimals below which ``value`` would be written as zero without being zero: 3 for 0.001, 0 from 0.5 on."""
    return -math.floor(math.log10(abs(value))) if 1e-9 < abs(value) < SMALLEST_WHOLE else 0


def _korean_count(value: float) -> str:
    rest, parts = float(round(abs(value))), []
    for size, name in _KOREAN_STEPS:
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count:,.0f}{name}")
    if rest:
        parts.append(f"{rest:,.0f}")
    return f"{MINUS if value < 0 else ''}{' '.join(parts)}"


def _percent_en(unit: Unit) -> str:
    return unit.name.en if unit.name.en == "%" else f" {unit.name.en}"


_IRREGULAR = {"people": "person", "companies": "company", "factories": "factory", "countries": "country"}


def _singular(plural: str) -> str:
    if plural in _IRREGULAR:
        return _IRREGULAR[plural]
    return plural[:-1] if plural.endswith("s") and not plural.endswith("ss") else plural
