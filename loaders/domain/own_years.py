"""Fiscal and school years, and the period that follows another.

``2024-FY`` says which year is meant and not when it begins; that is declared once, for the site or
for one series (METHOD, "Which values count"). So what is read gets the month behind it
(``2024-FY03``) as soon as it is known whose year it is, and from then on the text stands for itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from loaders.domain.model import Registry, Target
from loaders.domain.observation import Observation
from loaders.domain.period import SPAN, Period, next_period_end, parse_period

_UNTOLD = re.compile(r"(\d{4}-FY)(?!\d)", re.ASCII)
PERIODS = frozenset({"due", "period", "start"})
"""Fields of a target that name a period."""


def told(text: str, year_starts: int) -> str:
    """The period with the month in which its years start: 2024-FY → 2024-FY03; others as they are."""
    return text if year_starts == 1 else _UNTOLD.sub(rf"\g<1>{year_starts:02d}", text)


def tell_target(entry: Any, site_starts: object) -> Any:
    """A target's entry as read, its fiscal years with the month of its series; without one the site's is put there."""
    series = entry.get("series") if isinstance(entry, Mapping) else None
    own = series.get("year_starts") if isinstance(series, Mapping) else None
    starts = own if own is not None else site_starts
    if not isinstance(starts, int) or isinstance(starts, bool) or not 2 <= starts <= 12:
        return entry  # a month that is none is refused with the rest of the entry
    told_entry = _tell(entry, starts)
    if isinstance(series, Mapping):
        told_entry["series"]["year_starts"] = starts
    return told_entry


def _tell(entry: Any, starts: int, field: object = "") -> Any:
    if isinstance(entry, Mapping):
        return {key: _tell(value, starts, key) for key, value in entry.items()}
    if isinstance(entry, list):
        return [_tell(value, starts, field) for value in entry]
    return told(entry, starts) if isinstance(entry, str) and field in PERIODS else entry


def year_starts_of(registry: Registry, target: Target) -> int:
    """Month in which the years of a target's statistic begin: its series', else the site's."""
    return (target.series.year_starts if target.series else None) or registry.site.year_starts


def own_period(text: str, target: Target, registry: Registry | None = None) -> Period:
    """The period that is meant where a value of ``target`` is asked for; raises ValueError as `parse_period` does."""
    starts = target.series.year_starts if target.series else None
    return parse_period(told(text, starts or (registry.site.year_starts if registry else 1)))


def tell_observations(registry: Registry, observations: Iterable[Observation]) -> list[Observation]:
    """The values, those of fiscal years standing where their years end."""
    found, starts = [], dict[str, int]()
    for item in observations:
        if not item.period.own_year:
            found.append(item)
            continue
        starts = starts or {one.indicator: year_starts_of(registry, one) for one in reversed(registry.targets)}
        month = starts.get(item.indicator, registry.site.year_starts)
        found.append(replace(item, period=parse_period(told(item.period.text, month))))
    return found


def following(period: Period, months: int) -> str:
    """The period of a series that comes ``months`` after ``period``: 2025, 2026-Q1, 2025-FY03, 2023..2025."""
    if period.long:
        first, _, last = period.text.partition(SPAN)
        return f"{_shifted(first, months)}{SPAN}{_shifted(last, months)}"
    return _shifted(period.text, months) if period.own_year else _ending(next_period_end(period.end, months), months)


def _shifted(text: str, months: int) -> str:
    """The same form so many months later."""
    period = parse_period(text)
    if period.own_year or period.months == 12:
        return f"{period.start.year + months // 12}{text[4:]}"
    return _ending(next_period_end(period.end, months), period.months)


def _ending(end: date, months: int) -> str:
    """The month, quarter, half-year or year that ends with the month of ``end``."""
    if months == 1:
        return f"{end.year}-{end.month:02d}"
    if months == 3:
        return f"{end.year}-Q{(end.month + 2) // 3}"
    if months == 6:
        return f"{end.year}-H{1 if end.month <= 6 else 2}"
    return str(end.year)


def last_whole_year(day: date, year_starts: int) -> str:
    """The last year that was over before ``day``: 2025 in 2026; 2024-FY03 until the end of February 2026."""
    if year_starts == 1:
        return str(day.year - 1)
    return told(f"{day.year - 1 - (day.month < year_starts)}-FY", year_starts)
