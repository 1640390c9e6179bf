"""No published value is lost: `data/published_values.csv` says which values there were.

One line a series (indicator and scope), more for a long one, and on it one mark a value: its period and a digest of
period, value and status. Sources, notes and the order of rows may change, rows may move from file to file and new ones
may be added anywhere; what is recorded must still be there. A value that proves wrong is corrected by a later row, so
that the wrong one stays known; an indicator that was entered by mistake leaves with an entry under ``removed:``.
"""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from loaders.diagnostics import Issue, Place, Report
from loaders.domain.model import Registry
from loaders.domain.observation import Observation
from loaders.traceability import read_record, unreadable_record, write_record

VALUES = "published_values.csv"
COLUMNS = ("indicator", "scope", "values")
MOST_NAMED = 5
"""Periods that a message names."""
A_LINE = 50
"""Marks on a line."""

Series = tuple[str, str]
Marks = Mapping[Series, Counter[str]]


def mark(item: Observation) -> str:
    """Period and digest of what a row states: ``2025:5d41402a``."""
    value = None if item.value is None else float(item.value)
    stated = f"{item.period.text}|{value!r}|{item.status}"
    return f"{item.period.text}:{zlib.crc32(stated.encode()):08x}"


def marks(observations: Iterable[Observation]) -> dict[Series, Counter[str]]:
    """Marks of all values by indicator and scope; a value that stands twice counts twice."""
    found: dict[Series, Counter[str]] = defaultdict(Counter)
    for item in observations:
        found[item.indicator, item.scope][mark(item)] += 1
    return found


def read_values(folder: Path) -> dict[Series, Counter[str]]:
    """Recorded marks; empty where nothing was recorded yet.

    Raises
    ------
    ValueError
        where the file is not such a record.
    """
    found: dict[Series, Counter[str]] = defaultdict(Counter)
    for row in read_record(folder / VALUES, COLUMNS):
        found[row["indicator"], row["scope"]].update(row["values"].split())
    return dict(found)


def check_values(
    registry: Registry, observations: Iterable[Observation], folder: Path, label: str, report: Report
) -> bool:
    """Report every series with fewer values than recorded; returns False where there is one.

    Rows that were refused are missing too, but have been reported already.
    """
    try:
        recorded = read_values(folder)
    except ValueError as error:
        report.add(unreadable_record(f"{label}/{VALUES}", error))
        return False
    if not recorded:
        return True
    removed, lost = {one.id for one in registry.removed}, lost_values(recorded, marks(observations))
    refused = {issue.subject.partition(".")[0] for issue in report.errors if issue.code.startswith("actuals.")}
    unread = bool(report.rest) or any(issue.code in _WHOLE_FILES for issue in report.errors)
    gone = {series: found for series, found in lost.items() if series[0] not in removed}
    for series, found in gone.items():
        if unread or series[0] in refused:
            continue
        periods = ", ".join(sorted({one.partition(":")[0] for one in found})[:MOST_NAMED])
        message = f"{series[0]}: {found.total()} of {recorded[series].total()} published values are gone ({periods})."
        hint = "Put them back; a later row corrects a value, and status M withdraws it."
        place = Place(f"{label}/{VALUES}", 1, 1)
        report.add(Issue("values.lost", message, place, hint, subject=series[0], given=periods))
    return not gone


_WHOLE_FILES = frozenset(
    {"actuals.header", "actuals.csv", "file.encoding", "file.too_large", "file.too_many_lines", "file.unreadable"}
)
"""Errors by which a whole file, or an unknown part of it, is missing."""


def lost_values(before: Marks, now: Marks) -> dict[Series, Counter[str]]:
    """Marks that were there before and are not now, by series; no series without any."""
    missing = {series: had - now.get(series, Counter()) for series, had in before.items()}
    return {series: found for series, found in missing.items() if found}


def write_values(registry: Registry, observations: Iterable[Observation], folder: Path) -> int:
    """Record all values; returns how many were new. What is gone stays, unless the registry names it as removed."""
    recorded, current = read_values(folder), marks(observations)
    removed = {one.id for one in registry.removed}
    merged = {series: recorded.get(series, Counter()) | current.get(series, Counter()) for series in recorded | current}
    rows = [
        (*series, " ".join(some))
        for series in sorted(merged)
        if series[0] not in removed
        for some in _lines(sorted(merged[series].elements()))
    ]
    write_record(folder / VALUES, COLUMNS, rows)
    return sum((found - recorded.get(series, Counter())).total() for series, found in current.items())


def _lines(found: list[str]) -> list[list[str]]:
    return [found[start : start + A_LINE] for start in range(0, len(found), A_LINE)]
