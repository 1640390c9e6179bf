"""Published values: the CSV files of `data/actuals` into validated observations.

There is deliberately no pandas here: `kpi check` reads every value in milliseconds, and strings
stay strings until this module's own grammar has read them ("NA" is not a missing value, "0012" is
not 12, "1,000" is not a number).
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from loaders.diagnostics import Issue, Place, Report
from loaders.domain.model import Registry, Target
from loaders.domain.observation import NOT_COMPARABLE, STATUSES, Observation, half_of_last_digit
from loaders.domain.period import parse_period
from loaders.web_address import is_web_address

COLUMNS = ("indicator", "scope", "period", "value", "status", "published", "known", "source", "url", "note")
REQUIRED = ("indicator", "scope", "period", "value", "published", "source", "url")
FOLDER = "actuals"
SEPARATOR = " | "
"""Between several sources of one value, and between their addresses in the same order."""

_NUMBER = re.compile(r"[+-]?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,6})?")
_ID = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_LINE = re.compile(r"doc:\S+")
EARLIEST_DAYS = 366
"""A budget is known before its year begins; a value known earlier than this is a forecast or a slip."""
MAX_BYTES = 16 * 1024 * 1024


def load_observations(folder: Path, label: str | None = None) -> tuple[list[Observation], Report]:
    """All observations below ``folder/actuals``, in the order of files and lines, and what is wrong.

    A row with an error is left out and reported; the others stand.
    """
    found: list[Observation] = []
    report = Report()
    for path in sorted((folder / FOLDER).glob("*.csv")):
        name = f"{label or folder}/{FOLDER}/{path.name}"
        try:
            raw = path.read_bytes()
        except OSError as error:
            report.add(Issue("file.unreadable", error.strerror or "not readable.", Place(name)))
            continue
        found += read_observations(raw, name, report)
    return found, report


def read_observations(raw: bytes, name: str, report: Report) -> list[Observation]:
    """Observations of one CSV file; problems go to ``report``."""
    if len(raw) > MAX_BYTES:
        report.add(Issue("file.too_large", f"larger than {MAX_BYTES // 2**20} MiB.", Place(name)))
        return []
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        report.add(Issue("file.encoding", "the file is not UTF-8 text.", Place(name), "Save it as UTF-8."))
        return []
    rows = csv.reader(io.StringIO(text), strict=True)
    found: list[Observation] = []
    try:
        header = next(rows, None)
        if header is None or tuple(header) != COLUMNS:
            hint = f"The first line must be {','.join(COLUMNS)}"
            report.add(Issue("actuals.header", "unexpected columns.", Place(name, 1, 1), hint))
            return []
        for cells in rows:
            if not any(cell.strip() for cell in cells):
                continue
            item = _read_row(cells, name, rows.line_num, report)
            if item is not None:
                found.append(item)
    except csv.Error as error:
        report.add(
            Issue("actuals.csv", f"not readable as CSV: {error}.", Place(name, rows.line_num, 1), "Check the quotes.")
        )
    return found


def _read_row(cells: list[str], name: str, line: int, report: Report) -> Observation | None:
    if len(cells) != len(COLUMNS):
        message = f"{len(cells)} cells where {len(COLUMNS)} columns are declared."
        report.add(Issue("actuals.cells", message, Place(name, line, 1), "Put texts with commas in quotes."))
        return None
    row = {key: cell.strip() for key, cell in zip(COLUMNS, cells, strict=True)}
    problems: list[tuple[str, str, str, str]] = []
    for key in REQUIRED:
        if not row[key]:
            code = "source" if key in ("source", "url") else "missing"
            problems.append(
                (code, key, "is empty.", "A value without a source is not entered." if code == "source" else "")
            )
    for key in ("indicator", "scope"):
        if row[key] and not _ID.fullmatch(row[key]):
            problems.append(("id", key, f'"{row[key][:60]}" is not a word in lower case joined by _.', ""))
    if row["value"] and not _NUMBER.fullmatch(row["value"]):
        problems.append(
            (
                "number",
                "value",
                f'"{row["value"][:40]}" is not a plain decimal number.',
                "Write 1234.5, without separators or units.",
            )
        )
    if (row["status"] or "A") not in STATUSES:
        problems.append(
            (
                "status",
                "status",
                f'"{row["status"][:20]}" is not an observation status.',
                f"One of {' '.join(STATUSES)}.",
            )
        )
    for key in ("period", "published", "known"):
        if row[key]:
            try:
                parse_period(row[key])
            except ValueError as error:
                problems.append(("period" if key == "period" else "date", key, f"{error}.", ""))
    for address in row["url"].split(SEPARATOR) if row["url"] else ():
        if not (is_web_address(address) or _LINE.fullmatch(address)):
            problems.append(
                (
                    "url",
                    "url",
                    f'"{address[:60]}" is not a web address or a document line.',
                    "https://… or doc:DOCUMENT#L12",
                )
            )
    for code, key, message, hint in problems:
        place = Place(name, line, COLUMNS.index(key) + 1)
        report.add(Issue(f"actuals.{code}", f"{row['indicator'] or '?'}.{key}: {message}", place, hint))
    return None if problems else _observation(row, name, line, report)


def _observation(row: dict[str, str], name: str, line: int, report: Report) -> Observation | None:
    names, addresses = row["source"].split(SEPARATOR), row["url"].split(SEPARATOR)
    if len(names) != len(addresses):
        message = f"{row['indicator']}.url: {len(names)} sources but {len(addresses)} addresses."
        report.add(
            Issue(
                "actuals.source", message, Place(name, line, COLUMNS.index("url") + 1), "One address for each source."
            )
        )
        return None
    period, published = parse_period(row["period"]), parse_period(row["published"]).end
    known = parse_period(row["known"]).end if row["known"] else published
    if (period.start - known).days > EARLIEST_DAYS and row["status"] != "F":
        message = f"{row['indicator']}.period: {row['period']} begins more than a year after the value became known."
        report.add(Issue("actuals.future", message, Place(name, line, 3), "Mark a forecast with status F."))
        return None
    return Observation(
        row["indicator"],
        row["scope"],
        period,
        float(row["value"]),
        half_of_last_digit(row["value"]),
        row["status"] or "A",
        published,
        known,
        tuple(zip(names, addresses, strict=True)),
        row["note"],
        row["published"],
        line,
        name,
    )


def check_observations(registry: Registry, observations: Iterable[Observation], report: Report) -> None:
    """Rules between values and registry: conflicts without a decision, bounds, whole numbers."""
    by_indicator: dict[str, list[Observation]] = defaultdict(list)
    for item in observations:
        by_indicator[item.indicator].append(item)
    for target in registry.targets:
        if target.series is None:
            continue
        rows = [item for item in by_indicator.get(target.series.indicator, []) if item.scope in scopes_of(target)]
        unit = registry.unit.get(target.unit)
        low, high = unit.bounds if unit else (None, None)
        for item in rows:
            if (low is not None and item.value < low) or (high is not None and item.value > high):
                message = f"{item.indicator}.value: {item.value:g} lies outside the bounds of {target.unit}."
                report.add(Issue("actuals.bounds", message, Place(item.file, item.line, 4), "Check the scale."))
        decided = {one.period for one in target.series.preferences}
        seen: dict[tuple, Observation] = {}
        for item in rows:
            if item.status in NOT_COMPARABLE:
                continue
            key = (item.scope, item.period, item.known)
            held = seen.setdefault(key, item)
            if held.value != item.value and item.period.text not in decided:
                message = f"{item.indicator}.value: {held.value:g} and {item.value:g} for {item.period.text}."
                hint = "Say in the registry's series.preferences which one counts, and why."
                report.add(Issue("actuals.conflict", message, Place(item.file, item.line, 4), hint, target=target.id))


def scopes_of(target: Target) -> set[str]:
    """Scopes that a target counts in any of its versions."""
    return {target.scope.id} | {version.scope.id for version in target.versions if version.scope}
