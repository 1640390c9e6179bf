"""Reference periods and dates as decimal years.

Decimal year of a date d: ``Y + day_of_year / days_in_year``, so that 31 December 2023 is exactly
2024.0 (METHOD, "Time"). An observation stands at the *end* of its reference period; a registry year
means 31 December of it.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

_FORMS = re.compile(
    r"""(?P<year>\d{4})
    (?:-H(?P<half>[12])|-Q(?P<quarter>[1-4])|-(?P<own>FY(?P<starts>\d{2})?)|-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?""",
    re.VERBOSE | re.ASCII,
)
_MONTH_OF_YEAR = re.compile(r"-FY\d{2}", re.ASCII)
SPAN = ".."
"""Between the first and the last year (half-year, quarter, month) of a longer period."""
ACCEPTED = "2023, 2023-H1, 2023-Q2, 2023-06, 2023-06-30, 2023-FY or 2021..2023"

EARLIEST_YEAR, LATEST_YEAR = 1900, 2200
"""Years outside this span are slips of the pen, not periods."""


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A reference period: its first and last day, and the text that named it."""

    end: date
    start: date
    text: str

    @property
    def tau(self) -> float:
        """End of the period as a decimal year: where an observation stands."""
        return decimal_year(self.end)

    @property
    def begins(self) -> float:
        """Start of the period as a decimal year: the end of the day before, so 2024 begins at 2024.0."""
        return decimal_year(self.start - timedelta(days=1))

    @property
    def months(self) -> int:
        """Length in whole months; 0 for a single day."""
        if self.start == self.end:
            return 0
        return (self.end.year - self.start.year) * 12 + self.end.month - self.start.month + 1

    @property
    def written(self) -> str:
        """The text as files and people write it: a fiscal year without the month in which it starts."""
        return _MONTH_OF_YEAR.sub("-FY", self.text)

    @property
    def own_year(self) -> bool:
        """True for a fiscal or school year, or several."""
        return "-FY" in self.text

    @property
    def long(self) -> bool:
        """True for a period of several years, half-years, quarters or months."""
        return SPAN in self.text

    def covers(self, other: Period) -> bool:
        """True where ``other`` lies inside this period."""
        return self.start <= other.start and other.end <= self.end


def decimal_year(day: date) -> float:
    """Decimal year of ``day``'s end: 31 Dec 2023 → 2024.0, 30 Jun 2024 → 2024.4973."""
    return day.year + day.timetuple().tm_yday / (366 if calendar.isleap(day.year) else 365)


def date_of(tau: float) -> date:
    """The day whose end lies nearest to decimal year ``tau`` (inverse of `decimal_year`)."""
    year = int(tau)
    days = 366 if calendar.isleap(year) else 365
    return date(year, 1, 1) + timedelta(days=round((tau - year) * days) - 1)


@lru_cache(maxsize=4096)
def parse_period(text: str) -> Period:
    """Read ``2023``, ``2023-H1``, ``2023-Q2``, ``2023-06``, ``2023-06-30``, ``2023-FY`` or ``2021..2023``.

    ``2023-FY`` begins in January unless the month stands behind it (``2023-FY03``); in files it is
    written without, and `loaders.domain.own_years` puts the month that the registry declares.

    Raises
    ------
    ValueError
        with the accepted forms, where the text is none of them or names no real day.
    """
    if SPAN not in text:
        return _simple(text)
    first, _, last = text.partition(SPAN)
    if not (_FORMS.fullmatch(first) and _FORMS.fullmatch(last)):
        raise ValueError(f'"{text}" is not a period: write {ACCEPTED}')
    start, end = _simple(first), _simple(last)
    if _shape(first) != _shape(last) or not start.months:
        raise ValueError(f'"{text}": both ends of a longer period are written alike: 2021..2023')
    if end.start <= start.start:
        raise ValueError(f'"{text}" does not run forward: write the earlier end first')
    return Period(end.end, start.start, text)


def parse_day(text: str) -> Period:
    """Read a date that may be known only by its month or year; a longer period is none.

    Raises
    ------
    ValueError
        as for `parse_period`.
    """
    if SPAN in text or "-FY" in text or not _FORMS.fullmatch(text):
        raise ValueError(f'"{text}" is not a date: write 2023-06-30, 2023-06 or 2023')
    return parse_period(text)


def _simple(text: str) -> Period:
    match = _FORMS.fullmatch(text)
    if match is None:
        raise ValueError(f'"{text}" is not a period: write {ACCEPTED}')
    year = int(match["year"])
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise ValueError(f'"{text}": the year must lie between {EARLIEST_YEAR} and {LATEST_YEAR}')
    if match["day"]:
        try:
            day = date(year, int(match["month"]), int(match["day"]))
        except ValueError:
            raise ValueError(f'"{text}" is not a day of the calendar') from None
        return Period(day, day, text)
    if match["own"]:
        starts = int(match["starts"] or 1)
        if not 1 <= starts <= 12 or match["starts"] == "01":
            raise ValueError(f'"{text}": the month in which the year starts lies between 02 and 12')
        first_day = date(year, starts, 1)
        return Period(add_months(first_day, 12) - timedelta(days=1), first_day, text)
    if match["month"]:
        first = last = int(match["month"])
        if not 1 <= first <= 12:
            raise ValueError(f'"{text}": the month must lie between 01 and 12')
    elif match["quarter"]:
        last = 3 * int(match["quarter"])
        first = last - 2
    elif match["half"]:
        last = 6 * int(match["half"])
        first = last - 5
    else:
        first, last = 1, 12
    return Period(date(year, last, calendar.monthrange(year, last)[1]), date(year, first, 1), text)


def _shape(text: str) -> str:
    """The form of a simple period, its figures left out; a fiscal year's month belongs to the form."""
    return text[4:] if "-FY" in text else re.sub(r"\d+", "", text)


FREQUENCY_MONTHS = {
    "monthly": 1,
    "quarterly": 3,
    "semiannual": 6,
    "annual": 12,
    "biennial": 24,
    "triennial": 36,
    "quadrennial": 48,
}
"""Length of one release cycle in months; ``irregular`` and ``once`` have none."""


def add_months(day: date, months: int) -> date:
    """The same day of the month ``months`` later (earlier where negative); the month's last day where it has none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def month_end(day: date) -> date:
    """The last day of ``day``'s month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def next_period_end(end: date, months: int) -> date:
    """End of the reference period that ends ``months`` after the one that ends on ``end``.

    A period that ends with its month is followed by one that does (30 June, 31 December); one that
    is a single day is followed by the same day.
    """
    last = add_months(end, months)
    return month_end(last) if end == month_end(end) else last


def first_end(day: date, months: int, anchor: date | None, year_starts: int = 1) -> date:
    """End of the first period of ``months`` that ends on or after ``day``.

    Periods follow one another from ``anchor``, the end of a known one; without it from the start of
    the year, which is that of ``year_starts``.
    """
    start = month_end(add_months(date(day.year, year_starts, 1), -1) if anchor is None else anchor)
    distance = (day.year - start.year) * 12 + day.month - start.month
    return next_period_end(start, -(-distance // months) * months)


def release_due(end: date, frequency: str, lag_days: int, grace_days: int, nth: int = 1) -> date | None:
    """Day by which the ``nth`` release after the one that ends on ``end`` is expected.

    End of that reference period + release lag + grace (METHOD, "Staleness"); None where the series
    has no rhythm.
    """
    months = FREQUENCY_MONTHS.get(frequency)
    if months is None:
        return None
    return next_period_end(end, months * nth) + timedelta(days=lag_days + grace_days)
