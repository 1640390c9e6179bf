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
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

from loaders.diagnostics import Issue, Place, Report, close_to, did_you_mean
from loaders.domain.model import Registry, Target
from loaders.domain.numeral import ADVICE, refused
from loaders.domain.observation import NOT_COMPARABLE, STATUSES, Observation, half_of_last_digit
from loaders.domain.period import add_months, parse_day, parse_period
from loaders.files import FileRefusedError, read_bounded
from loaders.optional_columns import optional_columns, optional_fields
from loaders.web_address import is_web_address
from loaders.yaml_plain import hidden_character

COLUMNS = ("indicator", "scope", "period", "value", "status", "published", "known", "source", "url", "note")
REQUIRED = ("indicator", "scope", "period", "value", "published", "source", "url")
FOLDER = "actuals"
SEPARATOR = " | "
"""Between several sources of one value, and between their addresses in the same order."""

_NO_NUMBER = {
    "number": "is not a plain decimal number",
    "too_long": "has too many digits before the point",
    "too_fine": "has too many digits",
}
_ID = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_LINE = re.compile(r"doc:\S+")
EARLIEST_DAYS = 184
"""A budget or quota is known before its year begins; a value known earlier than this is a forecast or a slip."""
MAX_BYTES = 16 * 1024 * 1024
"""Of all files together, as of one."""
MAX_FILES = 1_000
MAX_ROWS = 20_000
"""Lines of all files together: what `kpi check` reads in half a second. A nation's targets have some hundreds."""
MAX_LINE = 100_000
"""Bytes of a line."""


def value_files(folder: Path) -> list[Path]:
    """The files of values, in the order in which they are read."""
    return sorted((folder / FOLDER).glob("*.csv"))


def load_observations(
    folder: Path, label: str | None = None, *, today: date | None = None, most: int = MAX_ROWS
) -> tuple[list[Observation], Report]:
    """All observations below ``folder/actuals``, in the order of files and lines, and what is wrong.

    A row with an error is left out and reported; the others stand. Without ``today`` no date lies too
    far ahead; ``most`` bounds the lines of all files.
    """
    found: list[Observation] = []
    report = Report()
    paths = value_files(folder)
    if len(paths) > MAX_FILES:
        report.add(Issue("file.too_many", f"more than {MAX_FILES:,} files.", Place(f"{label or folder}/{FOLDER}")))
    left_bytes, left_lines = MAX_BYTES, most
    for path in paths[:MAX_FILES]:
        name = f"{label or folder}/{FOLDER}/{path.name}"
        try:
            raw = read_bounded(path, left_bytes)
        except OSError as error:
            code = error.code if isinstance(error, FileRefusedError) else "unreadable"
            report.add(Issue(f"file.{code}", f"{error.strerror or 'not readable'}.", Place(name)))
            continue
        found += read_observations(raw, name, report, today=today, most=left_lines)
        left_bytes -= len(raw)
        left_lines -= raw.count(b"\n")
        if report.hopeless:
            break
    return found, report


def read_observations(
    raw: bytes, name: str, report: Report, *, today: date | None = None, most: int = MAX_ROWS
) -> list[Observation]:
    """Observations of one CSV file of at most ``most`` lines; problems go to ``report``."""
    if len(raw) > MAX_BYTES:
        report.add(Issue("file.too_large", f"larger than {MAX_BYTES // 2**20} MiB.", Place(name)))
        return []
    if raw.count(b"\n") > most:
        hint = f"All files of {FOLDER} together may have {MAX_ROWS:,}."
        report.add(Issue("file.too_many_lines", f"more lines than the {max(most, 0):,} left.", Place(name), hint))
        return []
    if len(raw) > MAX_LINE:
        lengths = [len(line) for line in raw.split(b"\n")]
        if max(lengths) > MAX_LINE:
            message, place = f"a line of {max(lengths):,} bytes.", Place(name, lengths.index(max(lengths)) + 1, 1)
            report.add(Issue("actuals.csv", message, place, f"At most {MAX_LINE:,}."))
            return []
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        report.add(Issue("file.encoding", "the file is not UTF-8 text.", Place(name), "Save it as UTF-8."))
        return []
    text = text.replace("\r\n", "\n")
    unseen = hidden_character(text) is not None
    latest = add_months(today, 12) if today else date.max
    rows = csv.reader(io.StringIO(text), strict=True)
    found: list[Observation] = []
    try:
        header = next(rows, None)
        extra = optional_columns(header, COLUMNS) if header is not None else None
        if extra is None:
            hint = f"The first line must be {','.join(COLUMNS)}"
            report.add(Issue("actuals.header", "unexpected columns.", Place(name, 1, 1), hint))
            return []
        for cells in rows:
            if not any(cell.strip() for cell in cells):
                continue
            columns = (*COLUMNS, *extra)
            item = _read_row(cells, name, rows.line_num, report, columns, latest, unseen=unseen)
            if item is not None:
                found.append(item)
            if report.hopeless:
                break
    except csv.Error as error:
        report.add(
            Issue("actuals.csv", f"not readable as CSV: {error}.", Place(name, rows.line_num, 1), "Check the quotes.")
        )
    return found


def _read_row(
    cells: list[str], name: str, line: int, report: Report, columns: tuple[str, ...], latest: date, *, unseen: bool
) -> Observation | None:
    """One row; ``latest`` is the last day on which anything may be published, ``unseen`` asks for hidden characters."""
    if len(cells) != len(columns):
        message = f"{len(cells)} cells where {len(columns)} columns are declared."
        hint, subject = "Put texts with commas in quotes.", cells[0].strip()
        report.add(Issue("actuals.cells", message, Place(name, line, 1), hint, subject=subject))
        return None
    row = {key: cell.strip() for key, cell in zip(columns, cells, strict=True)}
    problems: list[tuple[str, str, str, str]] = []
    for key in REQUIRED:
        if not row[key] and not (key == "value" and row["status"] == "M"):
            code = "source" if key in ("source", "url") else "missing"
            problems.append(
                (code, key, "is empty.", "A value without a source is not entered." if code == "source" else "")
            )
    for key in ("indicator", "scope"):
        if row[key] and not _ID.fullmatch(row[key]):
            problems.append(("id", key, f'"{row[key][:60]}" is not a word in lower case joined by _.', ""))
    if row["value"] and (fault := refused(row["value"])) is not None:
        problems.append((fault, "value", f'"{row["value"][:40]}" {_NO_NUMBER[fault]}.', ADVICE[fault]))
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
                found = parse_period(row[key]) if key == "period" else parse_day(row[key])
            except ValueError as error:
                problems.append(("period" if key == "period" else "date", key, f"{error}.", ""))
                continue
            if key != "period" and found.start > latest:
                message = f"{row[key]} lies more than a year ahead."
                problems.append(("far_ahead", key, message, "Check the year."))
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
    problems += [("optional", key, message, "") for key, message in optional_fields(row)[1]]
    for key, text in row.items() if unseen else ():
        hidden = hidden_character(text)
        if hidden is not None:
            problems.append(("invisible", key, f"an invisible character (U+{ord(hidden):04X}).", "Remove it."))
    for code, key, message, hint in problems:
        place, subject = Place(name, line, columns.index(key) + 1), f"{row['indicator'] or '?'}.{key}"
        issue = Issue(f"actuals.{code}", f"{subject}: {message}", place, hint, subject=subject, given=row[key])
        report.add(issue)
    return None if problems else _observation(row, name, line, report)


def _observation(row: dict[str, str], name: str, line: int, report: Report) -> Observation | None:
    names, addresses = row["source"].split(SEPARATOR), row["url"].split(SEPARATOR)
    if len(names) != len(addresses):
        subject, place = f"{row['indicator']}.url", Place(name, line, COLUMNS.index("url") + 1)
        message = f"{subject}: {len(names)} sources but {len(addresses)} addresses."
        report.add(Issue("actuals.source", message, place, "One address for each source.", subject=subject))
        return None
    period, published = parse_period(row["period"]), parse_period(row["published"]).end
    known = parse_period(row["known"]).end if row["known"] else published
    if row["known"] and known < parse_day(row["published"]).start:
        subject, hint = f"{row['indicator']}.known", "Nothing counts before it was published: check both dates."
        message = f"{subject}: known {row['known']}, before it was published ({row['published']})."
        place = Place(name, line, COLUMNS.index("known") + 1)
        report.add(Issue("actuals.known_first", message, place, hint, subject=subject, given=row["known"]))
        return None
    if (period.start - known).days > EARLIEST_DAYS and row["status"] != "F":
        subject, hint = f"{row['indicator']}.period", "Check the year; mark a forecast with status F."
        message = f"{subject}: {row['period']} begins more than half a year after the value became known."
        report.add(Issue("actuals.future", message, Place(name, line, 3), hint, subject=subject, given=row["period"]))
        return None
    return Observation(
        row["indicator"],
        row["scope"],
        period,
        float(row["value"]) if row["value"] else None,
        half_of_last_digit(row["value"]),
        row["status"] or "A",
        published,
        known,
        tuple(zip(names, addresses, strict=True)),
        row["note"],
        row["published"],
        line,
        name,
        digits=row["value"],
        **optional_fields(row)[0],
    )


def check_observations(registry: Registry, observations: Iterable[Observation], report: Report) -> None:
    """Rules between values and registry: conflicts without a decision, bounds, whole numbers."""
    by_indicator: dict[str, list[Observation]] = defaultdict(list)
    for item in observations:
        by_indicator[item.indicator].append(item)
    asked = set()
    for target in registry.targets:
        decided = frozenset(one.period for one in target.series.preferences) if target.series else frozenset[str]()
        question = target.indicator, frozenset(scopes_of(target)), target.unit, decided
        if question in asked:  # another target asks the same of the same rows
            continue
        asked.add(question)
        rows = [item for item in by_indicator.get(target.indicator, []) if item.scope in question[1]]
        unit = registry.unit.get(target.unit)
        low, high = unit.bounds if unit else (None, None)
        for item in rows:
            if item.value is None:
                continue
            if (low is not None and item.value < low) or (high is not None and item.value > high):
                subject, given = f"{item.indicator}.value", f"{item.value:g}"
                message = f"{subject}: {given} lies outside the bounds of {target.unit}."
                place = Place(item.file, item.line, 4)
                report.add(Issue("actuals.bounds", message, place, "Check the scale.", subject=subject, given=given))
        seen: dict[tuple, Observation] = {}
        for item in rows:
            if item.status in NOT_COMPARABLE:
                continue
            key = (item.scope, item.period, item.known)
            held = seen.setdefault(key, item)
            if None not in (held.value, item.value) and held.value != item.value and item.period.text not in decided:
                message = f"{item.indicator}.value: {held.value:g} and {item.value:g} for {item.period.text}."
                hint = "Say in the registry's series.preferences which one counts, and why."
                place, given = Place(item.file, item.line, 4), f"{held.value:g}, {item.value:g}"
                found = Issue("actuals.conflict", message, place, hint, target=target.id, given=given)
                report.add(replace(found, subject=f"{item.indicator}.{item.period.text}"))


def check_indicators(
    registry: Registry, observations: Iterable[Observation], declared: Callable[[], set[str]], report: Report
) -> None:
    """Every value belongs to an indicator that a target names; otherwise nobody would ever see it.

    ``declared`` gives the indicators of the file's faulty targets too; it is asked only where that matters.
    """
    rows: dict[str, list[Observation]] = defaultdict(list)
    for item in observations:
        rows[item.indicator].append(item)
    known = {name for target in registry.targets for name in _named(target)} | {one.id for one in registry.removed}
    unknown = sorted(rows.keys() - known)
    if unknown:
        known |= declared()
    for name in unknown:
        if name in known:
            continue
        first, meant = rows[name][0], "" if report.rest else close_to(name, known)
        message = f"{name}: no target names this indicator, so nobody sees its values ({len(rows[name])})."
        hint = did_you_mean(meant) or "Name it in a target's series, or as one of its alternatives."
        place = Place(first.file, first.line, 1)
        report.add(Issue("actuals.unknown_indicator", message, place, hint, subject=name, meant=meant))


def _named(target: Target) -> set[str]:
    others = target.series.alternatives if target.series else ()
    return {target.indicator, *(one.indicator for one in others)}


def scopes_of(target: Target) -> set[str]:
    """Scopes that a target counts in any of its versions."""
    return {target.scope.id} | {version.scope.id for version in target.versions if version.scope}
