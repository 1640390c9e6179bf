"""The columns and sheets of the officers' file: what the template writes and the intake reads."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from loaders.domain.model import Registry

VERSION = "1"
"""Version of the template's layout; a file of another version is refused."""
ENTRY_SHEET = {"ko": "실적 입력", "en": "Entries"}
HELP_SHEET = {"ko": "설명", "en": "How to fill in"}
IDENTITY_SHEET = "kpi_template"
"""Hidden sheet of keys and values: `version`, `ministry`, `registry`."""


class Column(NamedTuple):
    """One column: its name in both languages, its width in characters, and whether the officer fills it."""

    key: str
    ko: str
    en: str
    width: int
    entry: bool = False

    def heading(self, language: str) -> str:
        """Its heading in ``language``."""
        return self.en if language == "en" else self.ko


COLUMNS = (
    Column("name", "목표", "Target", 34),
    Column("series", "지표", "Statistic", 34),
    Column("period", "기간", "Period", 11),
    Column("unit", "단위", "Unit", 12),
    Column("last", "직전 값", "Last value", 14),
    Column("value", "실적", "Value", 16, True),
    Column("status", "통계 상태", "Status", 16, True),
    Column("published", "공표일", "Published", 13, True),
    Column("source", "출처", "Source", 30, True),
    Column("url", "링크", "Link", 34, True),
    Column("note", "비고", "Note", 34, True),
    Column("target", "목표 코드", "Target code", 24),
)
"""In the order of the template; the last one is hidden there."""
COLUMN = {column.key: column for column in COLUMNS}
NEEDED = ("target", "period", "value", "status", "published", "source", "url", "note")
"""Columns that a file must have; the others help the officer and are checked where they are."""

STATUS_NAMES = {
    "A": ("확정", "Final"),
    "P": ("잠정", "Provisional"),
    "E": ("추정", "Estimated"),
    "F": ("전망", "Forecast"),
    "B": ("방법 변경 후 첫 값", "First after a break"),
    "D": ("정의 다름", "Definition differs"),
}
"""Observation statuses that an officer can choose; M, missing, is a row left blank."""


def status_label(code: str, language: str) -> str:
    """How the template's list writes a status: "P 잠정"."""
    return f"{code} {STATUS_NAMES[code][language == 'en']}"


def registry_digest(registry: Registry) -> str:
    """Which registry a template was made from."""
    return hashlib.sha256(registry.model_dump_json().encode()).hexdigest()[:16]
