"""No published value is lost: `data/published_values.csv` says which values there were.

One line a series (indicator and scope), and on it one mark a value: its period and a digest of period, value and
status. Sources, notes and the order of rows may change, rows may move from file to file and new ones may be added
anywhere; what is recorded must still be there. A value that proves wrong is corrected by a later row, so that the
wrong one stays known; an indicator that was entered by mistake leaves with an entry under ``removed:``.
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

Series = tuple[str, str]
Marks = Mapping[Series, Counter[str]]


def mark(item: Observation) -> str:
    """Period and digest of what a row states: ``2025:5d41402a``."""
    stated = f"{item.period.text}|{item.value!r}|{item.status}"
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
    rows = read_record(folder / VALUES, COLUMNS)
    return {(row["indicator"], row["scope"]): Counter(row["values"].split()) for row in rows}


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
    lines = {series: line for line, series in enumerate(recorded, start=2)}
    gone = {series: found for series, found in lost.items() if series[0] not in removed}
    for series, found in gone.items():
        if unread or series[0] in refused:
            continue
        periods = ", ".join(sorted({one.partition(":")[0] for one in found})[:MOST_NAMED])
        message = f"{series[0]}: {found.total()} of {recorded[series].total()} published values are gone ({periods})."
        hint = "Put them back; a later row corrects a value, and status M withdraws it."
        place = Place(f"{label}/{VALUES}", lines[series], 1)
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
    rows = (
        (*series, " ".join(sorted(merged[series].elements()))) for series in sorted(merged) if series[0] not in removed
    )
    write_record(folder / VALUES, COLUMNS, rows)
    return sum((found - recorded.get(series, Counter())).total() for series, found in current.items())
