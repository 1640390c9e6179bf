"""Does each printed figure stand on its cited lines, and has nothing published been edited?

The documents' text is not part of the project; where it is at hand, `kpi check --sources DIR` (or
KPI_SOURCES) proves every citation. `data/published.csv` holds a digest of every version once
published, so that a superseded version cannot be edited, nor an entry vanish, without a trace;
`loaders.published_values` does the same for values.
"""

from __future__ import annotations

import csv
import io
import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from loaders.diagnostics import Issue, Place, Report
from loaders.domain.model import Registry, Version
from loaders.files import read_bounded

PUBLISHED = "published.csv"
COLUMNS = ("target", "document", "digest")
PART_SEPARATOR = " | "
MAX_TEXT, MAX_RECORD = 16 * 2**20, 2 * 2**20
"""Bytes of a document's text, and of a record."""

_SPACE = re.compile(r"\s+")
_MARKUP = re.compile(r"\*\*|<[^>]+>|\\(?=[*$_])")


def check_citations(registry: Registry, sources: Path, places: Mapping[str, Place], report: Report) -> int:
    """Look every printed figure up on its cited lines; returns how many versions were proved.

    Lines are compared with white space folded and Markdown emphasis removed; the parts of a figure
    that stands in several places are looked up one by one, each on one line or on lines that follow
    one another.
    """
    texts: dict[str, list[str] | None] = {}
    proved = 0
    for target in registry.targets:
        for version in target.versions:
            document = registry.document[version.document]
            if document.file is None or not version.lines:
                continue
            if document.file not in texts:
                texts[document.file] = _lines(sources / document.file)
            lines = texts[document.file]
            if lines is None:
                place = places.get(target.id, Place("targets.yaml"))
                message = f"{document.id}: the text {document.file} is not in the folder of sources, or is not UTF-8."
                report.add(Issue("source.missing_text", message, place, subject=document.id, given=document.file))
                texts[document.file] = []
                continue
            if not lines:
                continue
            missing = [part for part in version.as_printed.split(PART_SEPARATOR) if not _stands(part, version, lines)]
            for part in missing:
                place = places.get(target.id, Place("targets.yaml"))
                message = f'{target.id}: "{part}" does not stand on lines {version.lines} of {document.id}.'
                found = Issue("source.not_on_lines", message, place, "Open the lines and mend the citation.")
                report.add(replace(found, target=target.id, subject=target.id, given=part))
            proved += not missing
    return proved


def _lines(path: Path) -> list[str] | None:
    try:
        return read_bounded(path, MAX_TEXT).decode("utf-8").split("\n")
    except (OSError, UnicodeDecodeError):
        return None


def plain(text: str) -> str:
    """Text without Markdown emphasis, tags and escapes, with single spaces."""
    return _SPACE.sub(" ", _MARKUP.sub("", text)).strip()


def _stands(part: str, version: Version, lines: list[str]) -> bool:
    wanted = _figure(plain(part))
    cited = [number for number in sorted(set(version.lines)) if number <= len(lines)]
    if any(wanted.search(plain(lines[number - 1])) for number in cited):
        return True
    runs = _runs(cited)
    return any(wanted.search(plain(" ".join(lines[number - 1] for number in run))) for run in runs)


def _figure(text: str) -> re.Pattern[str]:
    """The text, not as a part of a longer number: "5개" does not stand in "15개" or "0.5개"."""
    before = r"(?<!\d)(?<!\d[.,])" if text[:1].isdigit() else ""
    after = r"(?!\d|[.,]\d)" if text[-1:].isdigit() else ""
    return re.compile(before + re.escape(text) + after)


def _runs(numbers: list[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number - runs[-1][-1] <= 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs


def digest(version: Version) -> str:
    """Digest of what a version states: its numbers, dates and citation, not its notes.

    A checksum against slips, not against forgers: who edits the record as well shows it in the
    change itself.
    """
    left_out = {"note", "reason", "corrected"}
    stated = version.model_dump(mode="json", exclude=left_out, exclude_none=True, exclude_defaults=True)
    return f"{zlib.crc32(repr(sorted(stated.items())).encode()):08x}"


def is_recorded(version: Version, known: str) -> bool:
    """True where ``version`` is what was recorded, or was before the corrections that it notes itself.

    Only what `corrected` puts back counts: a value changed besides is still found out.
    """
    data = version.model_dump(exclude_unset=True)
    if digest(version) == known:
        return True
    for one in reversed(version.corrected):
        *path, last = one.field.split(".")
        inside: Any = data
        for part in path:
            inside = inside[int(part)] if isinstance(inside, list) and part.isdigit() else inside.get(part, {})
        if isinstance(inside, list) and last.isdigit():
            inside[int(last)] = one.was
        elif one.was is None:
            inside.pop(last, None)
        else:
            inside[last] = one.was
        try:
            if digest(Version.model_validate(data)) == known:
                return True
        except ValidationError:
            return False
    return False


def read_published(folder: Path) -> dict[tuple[str, str], str]:
    """Recorded digests by target and document; empty where nothing was published yet.

    Raises
    ------
    ValueError
        where the file is not such a record.
    """
    return {(row["target"], row["document"]): row["digest"] for row in read_record(folder / PUBLISHED, COLUMNS)}


def read_record(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    """Rows of a record; none where there is no such file.

    Raises
    ------
    ValueError
        where the file is not a record of these columns.
    """
    try:
        text = read_bounded(path, MAX_RECORD).decode("utf-8")
    except FileNotFoundError:
        return []
    except UnicodeDecodeError:
        raise ValueError("not UTF-8 text") from None
    except OSError as error:
        raise ValueError(error.strerror or "not readable") from None
    rows = csv.DictReader(io.StringIO(text))
    if tuple(rows.fieldnames or ()) != columns:
        raise ValueError(f"the first line must be {','.join(columns)}")
    try:
        found = list(rows)
    except csv.Error as error:
        raise ValueError(str(error)) from None
    if any(None in row or None in row.values() for row in found):
        raise ValueError(f"every line must have {len(columns)} cells")
    return found


def write_record(path: Path, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    """Write a record in one step: it is whole at any moment."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_text(out.getvalue(), encoding="utf-8")
    temporary.replace(path)


def unreadable_record(path: str, error: ValueError) -> Issue:
    """What to say of a record that cannot be read."""
    hint = "Take it back from the project's history; kpi check --record writes it."
    return Issue("published.unreadable", f"{error}.", Place(path, 1, 1), hint)


def check_published(registry: Registry, folder: Path, label: str, places: Mapping[str, Place], report: Report) -> bool:
    """Nothing is edited after being superseded, and no published entry is lost.

    Returns False where the registry holds less than what is recorded: an entry is gone that is not
    `removed`, has an error and is left out, or the record itself cannot be read.
    """
    try:
        recorded = read_published(folder)
    except ValueError as error:
        report.add(unreadable_record(f"{label}/{PUBLISHED}", error))
        return False
    targets, removed = registry.target, {one.id for one in registry.removed}
    sick, whole = set(report.sick), True

    def place(target_id: str, line: int) -> Place:
        return places.get(target_id, Place(f"{label}/{PUBLISHED}", line, 1))

    for line, ((target_id, document), known) in enumerate(recorded.items(), start=2):
        target = targets.get(target_id)
        version = next((one for one in target.versions if one.document == document), None) if target else None
        if version is None:
            if target is None and target_id in removed:
                continue
            whole = False
            if target_id not in sick:
                message = f"{target_id}: the version of {document} was published and is gone."
                hint = "Put it back; what was no goal leaves with an entry under removed:."
                found = Issue("rule.version_lost", message, place(target_id, line), hint, target=target_id)
                report.add(replace(found, subject=target_id, given=document))
        elif target is not None and version is not target.versions[-1] and not is_recorded(version, known):
            message = f"{target_id}: the version of {document} was edited after it had been superseded."
            hint = "Restore it and add a new version; a slip of the pen is noted in corrected: on the version."
            found = Issue("rule.version_edited", message, place(target_id, line), hint, target=target_id)
            report.add(replace(found, subject=target_id, given=document))
    return whole


def write_published(registry: Registry, folder: Path) -> int:
    """Record the digests of all versions now in the registry; returns how many were new or renewed.

    Entries that are gone stay in the file, so that recording never hides a loss; what the registry
    names as removed leaves.
    """
    recorded, removed = read_published(folder), {one.id for one in registry.removed}
    current = {(target.id, one.document): digest(one) for target in registry.targets for one in target.versions}
    changed = sum(recorded.get(key) != value for key, value in current.items())
    write_digests(folder, {key: value for key, value in (recorded | current).items() if key[0] not in removed})
    return changed


def write_digests(folder: Path, merged: Mapping[tuple[str, str], str]) -> None:
    """Write the record of digests by target and document, whole or not at all."""
    write_record(folder / PUBLISHED, COLUMNS, ((*key, merged[key]) for key in sorted(merged)))
