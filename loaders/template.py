"""The officers' workbook: one row for each value that is due, filled in as far as is known.

Locked are the columns that say what is asked; open are those that answer. Lists and number checks help while
typing, and nothing relies on them: the upload is checked cell by cell (`loaders.intake`). Headings and
explanations are written here in both languages, because the workbook leaves the product as a whole.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from loaders import entered
from loaders.domain.model import Kind, Registry, Target
from loaders.entry_columns import (
    COLUMNS,
    ENTRY_SHEET,
    HELP_SHEET,
    IDENTITY_SHEET,
    STATUS_NAMES,
    VERSION,
    registry_digest,
    status_label,
)
from loaders.exports.neutral import guard

_WIDEST = 999_999_999_999_999
_MADE = datetime(2000, 1, 1)
"""Date of making that the file states: none, so that the same rows give the same bytes."""
_NO_NUMBER = {
    "ko": ("숫자만 적어 주세요", "구분 기호와 단위 없이 {unit} 단위의 숫자만 적습니다. 예: 1234.5"),
    "en": ("Numbers only", "Write the number in {unit}, without separators or units, e.g. 1234.5"),
}
_NO_STATUS = {
    "ko": ("목록에서 골라 주세요", "통계 상태는 목록에서 고릅니다."),
    "en": ("Choose from the list", "Choose the status from the list."),
}
_HELP = {
    "ko": (
        "실적 입력 방법",
        "1. ‘실적 입력’ 시트의 흰 칸만 채웁니다. 회색 칸은 무엇을 묻는지 알려 주는 칸이며 고칠 수 없습니다.",
        "2. 실적은 ‘단위’ 칸의 단위로, 쉼표와 단위 없이 숫자만 적습니다. 1,234는 1234로 적습니다.",
        "3. 마지막 자리까지 공표된 대로 적습니다. 12.0과 12는 오차가 다릅니다.",
        "4. 낼 값이 없는 행은 실적을 비워 둡니다. 그 행은 제출되지 않습니다.",
        "5. 통계 상태는 목록에서 고릅니다. 잠정치와 추정치를 확정으로 적지 않습니다.",
        "6. 공표일은 2026-03-15 또는 2026-03처럼 적습니다. 비워 두면 공개일이 공표일이 됩니다.",
        "7. 출처와 링크(https://…)는 꼭 적습니다.",
        "8. 파일을 올리면 틀린 칸이 하나라도 있을 때 아무것도 저장되지 않고, 틀린 칸을 모두 알려 드립니다.",
    ),
    "en": (
        "How to fill in this workbook",
        "1. Fill in the white cells of the sheet “Entries”. Grey cells say what is asked and are locked.",
        "2. Write the value in the unit of its row, as a plain number: 1234 rather than 1,234, and no unit.",
        "3. Write it as published, to the last digit: 12.0 and 12 differ in their margin of error.",
        "4. Leave the value blank where you have none. That row is then not submitted.",
        "5. Choose the status from the list. A provisional or estimated value is not final.",
        "6. Write the date of publication as 2026-03-15 or 2026-03. Left blank, it is the day of release.",
        "7. Source and link (https://…) are needed.",
        "8. If a single cell is wrong, nothing of the file is saved, and every wrong cell is named.",
    ),
}


class DueValue(NamedTuple):
    """One value that a ministry is asked for."""

    target: Target
    period: str
    last: str = ""
    """The last value as text, empty where there is none."""


def template(
    registry: Registry, ministry: str, duties: Sequence[DueValue], language: str = "ko", version: str = VERSION
) -> bytes:
    """The workbook as XLSX bytes for `ministry` (its id)."""
    import xlsxwriter

    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"created": _MADE, "title": ENTRY_SHEET[language]})
        _entries(book, registry, duties, language)
        _help(book, language)
        identity = book.add_worksheet(IDENTITY_SHEET)
        stated = {"version": version, "ministry": ministry, "registry": registry_digest(registry)}
        for row, pair in enumerate(stated.items()):
            identity.write_row(row, 0, pair)
        identity.very_hidden()
    return buffer.getvalue()


def _entries(book: Any, registry: Registry, duties: Sequence[DueValue], language: str) -> None:
    sheet = book.add_worksheet(ENTRY_SHEET[language])
    head = book.add_format({"bold": True, "bg_color": "#E6EAF2", "border": 1, "text_wrap": True, "valign": "vcenter"})
    asked = book.add_format({"bg_color": "#F3F4F6", "border": 1, "text_wrap": True, "valign": "top"})
    number = book.add_format({"locked": False, "border": 1, "valign": "top"})
    # Text format: a spreadsheet would turn 2026-03 into the first of March.
    words = book.add_format({"locked": False, "border": 1, "num_format": "@", "text_wrap": True, "valign": "top"})
    for at, column in enumerate(COLUMNS):
        sheet.set_column(at, at, column.width, None, {"hidden": column.key == "target"})
        sheet.write_string(0, at, column.heading(language), head)
    for row, duty in enumerate(duties, 1):
        filled = _filled(registry, duty, language)
        for at, column in enumerate(COLUMNS):
            style = (number if column.key == "value" else words) if column.entry else asked
            _write(sheet, row, at, filled.get(column.key, ""), style)
        _checks(sheet, row, registry, duty.target, language)
    sheet.freeze_panes(1, 1)
    sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _filled(registry: Registry, duty: DueValue, language: str) -> dict[str, str | float]:
    target = duty.target
    producer = target.series.producer if target.series else None
    return {
        "name": guard(target.name(language)),
        "series": guard(producer(language) if producer else target.indicator),
        "period": guard(duty.period),
        "unit": guard(registry.unit[target.unit].name(language)),
        "last": _number(duty.last),
        "status": status_label("A", language),
        "target": target.id,
    }


def _number(text: str) -> str | float:
    try:
        return float(entered.number(text).text)
    except entered.NotPlainError:
        return guard(text)


def _write(sheet: Any, row: int, at: int, value: str | float, style: Any) -> None:
    if isinstance(value, float):
        sheet.write_number(row, at, value, style)
    elif value:
        sheet.write_string(row, at, value, style)
    else:
        sheet.write_blank(row, at, None, style)


def _checks(sheet: Any, row: int, registry: Registry, target: Target, language: str) -> None:
    unit = registry.unit[target.unit]
    low, high = unit.bounds
    whole = target.integer or target.kind is Kind.RANK
    title, message = _NO_NUMBER[language]
    sheet.data_validation(
        row,
        _place("value"),
        row,
        _place("value"),
        {
            "validate": "integer" if whole else "decimal",
            "criteria": "between",
            "minimum": -_WIDEST if low is None else low,
            "maximum": _WIDEST if high is None else high,
            "error_title": title,
            "error_message": message.format(unit=unit.name(language)[:60]),
        },
    )
    title, message = _NO_STATUS[language]
    labels = [status_label(code, language) for code in STATUS_NAMES]
    sheet.data_validation(
        row,
        _place("status"),
        row,
        _place("status"),
        {"validate": "list", "source": labels, "error_title": title, "error_message": message},
    )


def _place(key: str) -> int:
    return next(at for at, column in enumerate(COLUMNS) if column.key == key)


def _help(book: Any, language: str) -> None:
    sheet = book.add_worksheet(HELP_SHEET[language])
    title, *lines = _HELP[language]
    sheet.set_column(0, 0, 110)
    sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for row, line in enumerate(lines, 2):
        sheet.write_string(row, 0, line, wrapped)
    sheet.hide_gridlines(2)
