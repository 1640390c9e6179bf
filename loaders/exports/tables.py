"""The open data as tables: how targets stand, what each document promised, and what was published.

Column names are the record's; texts are guarded against spreadsheets' formulas in one place, numbers
stay numbers. CSV begins with a byte order mark, without which Excel reads Hangul as gibberish.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from loaders.assessment import Assessment
from loaders.domain.model import Registry
from loaders.domain.observation import Observation
from loaders.exports.neutral import guard
from loaders.record import record
from loaders.responsibility import answering

Row = dict[str, Any]
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""Characters that a workbook's XML must not hold, and that no program shows in a CSV."""
OBSERVATION = ("period", "value", "tau")


def status_rows(found: Iterable[Assessment], registry: Registry) -> list[Row]:
    """One row a target: names, then every field of the record, nested ones joined by a dot."""
    rows = []
    for item in found:
        target = item.target
        names = {
            "name_ko": target.name.ko,
            "name_en": target.name.en,
            "pillar": target.pillar,
            "lead": target.lead,
            "answers": answering(target),
            "unit": registry.unit[target.unit].name.en,
            "headline": target.headline,
        }
        flat = flattened(record(item), {"observation": OBSERVATION})
        rows.append({"id": flat.pop("id")} | names | flat)
    return rows


def flattened(row: Mapping[str, Any], parts: Mapping[str, Sequence[str]]) -> Row:
    """Nested fields joined by a dot; ``parts`` names those whose columns stand even where the whole is missing."""
    flat: Row = {}
    for key, value in row.items():
        if key == "undefined":
            flat[key] = " ".join(f"{name}:{reason}" for name, reason in value.items())
        elif isinstance(value, dict):
            flat |= {f"{key}.{inner}": cell for inner, cell in value.items()}
        elif key in parts:
            flat |= {f"{key}.{inner}": None for inner in parts[key]}
        elif key == "versions":
            flat[key] = " ".join(_version(one) for one in value)
        else:
            flat[key] = " ".join(value) if isinstance(value, list) else value
    return flat


def _version(one: Mapping[str, Any]) -> str:
    """document:status:verdict, a verdict only once the version's due date has passed."""
    return ":".join(filter(None, (one["document"], one["status"], one["outcome"]["verdict"])))


def version_rows(found: Iterable[Assessment]) -> list[Row]:
    """One row a version: what which document promised, on which lines, as printed."""
    rows = []
    for item in found:
        for number, version in enumerate(item.versions, 1):
            goal, start = version.target, version.baseline
            rows.append(
                {
                    "id": item.id,
                    "version": number,
                    "document": version.document,
                    "lines": " ".join(map(str, version.lines)),
                    "as_printed": version.as_printed,
                    "baseline": start.value if start else None,
                    "baseline_period": start.period if start else None,
                    "milestones": " ".join(f"{one.due}:{one.value:g}" for one in version.milestones),
                    "target": goal.value if goal else None,
                    "low": goal.low if goal else None,
                    "high": goal.high if goal else None,
                    "comparator": goal.comparator.value if goal else None,
                    "due": goal.due if goal else None,
                    "reason": " ".join(version.reason) or None,
                }
            )
    return rows


def observation_rows(rows: Iterable[Observation]) -> list[Row]:
    """One row a published value with its sources."""
    return [
        {
            "indicator": one.indicator,
            "scope": one.scope,
            "period": one.period.written,
            "value": None if one.value is None else one.as_published,
            "status": one.status,
            "published": one.published_text or one.published.isoformat(),
            "known": one.known.isoformat(),
            "recorded": one.recorded.isoformat() if one.recorded else None,
            "grade": one.grade or None,
            "source": " | ".join(name for name, _ in one.sources),
            "url": " | ".join(address for _, address in one.sources),
            "note": one.note,
        }
        for one in rows
    ]


def to_csv(rows: Sequence[Row]) -> bytes:
    """UTF-8 with a byte order mark, one line a row."""
    out = io.StringIO()
    writer = csv.DictWriter(out, _columns(rows), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({key: _safe(value) for key, value in row.items()} for row in rows)
    return out.getvalue().encode("utf-8-sig")


def to_xlsx(sheets: Mapping[str, Sequence[Row]]) -> bytes:
    """A workbook with one sheet a table, header frozen, numbers as numbers."""
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        bold = book.add_format({"bold": True})
        for name, rows in sheets.items():
            sheet, columns = book.add_worksheet(name), _columns(rows)
            sheet.write_row(0, 0, columns, bold)
            sheet.freeze_panes(1, 1)
            for number, row in enumerate(rows, 1):
                for column, key in enumerate(columns):
                    value = _safe(row.get(key))
                    if value is not None and value != "":
                        sheet.write(number, column, value)
            sheet.autofit(320)
    return out.getvalue()


def _columns(rows: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(key for row in rows for key in row))


def _safe(value: Any) -> Any:
    """A cell's text guarded, and without what XML forbids; an infinite number raises, for it is none."""
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{value} is no number")
    return guard(_FORBIDDEN.sub("\ufffd", value)) if isinstance(value, str) else value
