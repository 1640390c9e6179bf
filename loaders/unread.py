"""Files of a data folder that look like data and that nobody reads: silence here hides values from everybody.

Windows saves ``A.CSV``, people make a folder a year, ``targets.yml`` is what many other programs call it.
"""

from __future__ import annotations

import os
from itertools import islice
from pathlib import Path

from loaders.diagnostics import Issue, Place, Report
from loaders.observations import FOLDER
from loaders.registry import FILE_NAME

DATA = frozenset({".csv", ".tsv", ".xls", ".xlsx", ".xlsm", ".ods", ".yaml", ".yml"})
"""Kinds of files that hold values or targets; others (notes, licences) may lie anywhere in the folder."""
MOST_SEEN = 10_000
"""Entries of the folder that are looked at."""


def check_unread(folder: Path, label: str, report: Report) -> None:
    """Report what should be called otherwise, or lie elsewhere, to be read."""
    for entry in _entries(folder):
        lower = Path(entry.name.lower())
        if lower.name == FOLDER and entry.name != FOLDER and entry.is_dir():
            _add(report, f"{label}/{entry.name}", f"Call it {FOLDER}.")
        elif lower.stem == Path(FILE_NAME).stem and lower.suffix in (".yaml", ".yml") and entry.name != FILE_NAME:
            _add(report, f"{label}/{entry.name}", f"Call it {FILE_NAME}.")
    for entry in _entries(folder / FOLDER):
        if entry.is_dir():
            if _holds_data(Path(entry.path)):
                _add(report, f"{label}/{FOLDER}/{entry.name}", f"Put its files into {FOLDER} itself.")
        elif Path(entry.name.lower()).suffix in DATA and not entry.name.endswith(".csv"):
            _add(report, f"{label}/{FOLDER}/{entry.name}", "Only files whose name ends in .csv are.")


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    """Entries of a folder by name, hidden ones left out; none where there is no such folder."""
    try:
        with os.scandir(folder) as found:
            seen = [entry for entry in islice(found, MOST_SEEN) if not entry.name.startswith((".", "~"))]
    except OSError:
        return []
    return sorted(seen, key=lambda entry: entry.name)


def _holds_data(folder: Path) -> bool:
    names = (name for _, _, files in os.walk(folder) for name in files)
    return any(Path(name.lower()).suffix in DATA for name in islice(names, MOST_SEEN))


def _add(report: Report, path: str, hint: str) -> None:
    report.add(Issue("file.unread", "nobody reads this.", Place(path), hint))
