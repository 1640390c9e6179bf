"""What `kpi status` prints: a table for people, JSON and CSV for programs. No pandas needed."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import click

from dashboard.wording.catalog import Words
from dashboard.wording.sentences import Speaker
from loaders.assessment import Assessment, late_first
from loaders.changes import record as change_record
from loaders.countable import assess_countable, records
from loaders.dataset import Dataset
from loaders.exports.tables import OBSERVATION, flattened


def write_status(dataset: Dataset, day: date, form: str, language: str, targets: Sequence[str] = ()) -> str:
    """The assessment on ``day`` as ``table``, ``json`` or ``csv`` text, for all or the named targets."""
    assert dataset.registry is not None, "the caller checks that a registry was read"
    found, left_out = assess_countable(dataset.registry, dataset.observations, day)
    if targets:
        found = [item for item in found if item.id in targets]
    told, odd = records(found)
    for name, why in (left_out | odd).items():
        click.echo(f"{name} is left out: {why}", err=True)
    if form == "json":
        return json.dumps(told, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    if form == "csv":
        return _csv(told, STATUS_PARTS)
    return _table([item for item in found if item.id not in odd], Speaker(dataset.registry, Words(language)))


def write_method1(dataset: Dataset, day: date, form: str, targets: Sequence[str] = ()) -> str:
    """What version 1 of the method said on ``day``: status, reason and overlays."""
    from loaders.method1.assess import assess as assess1
    from loaders.method1.assess import record as record1

    assert dataset.registry is not None, "the caller checks that a registry was read"
    found = [record1(one) for one in assess1(dataset.registry, dataset.observations, day)]
    found = [one for one in found if not targets or one["id"] in targets]
    if form == "json":
        return json.dumps(found, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    if form == "csv":
        return _csv(found, {})
    return _aligned([[one["status"], one["reason"] or "", one["id"]] for one in found])


def write_changes(dataset: Dataset, since: date, day: date, form: str, language: str, targets: Sequence[str]) -> str:
    """What changed from ``since`` to ``day`` and why, for all or the named targets."""
    from loaders.changes import changes

    assert dataset.registry is not None, "the caller checks that a registry was read"
    found = changes(dataset.registry, dataset.observations, since, day)
    if targets:
        found = [one for one in found if one.after.id in targets]
    records = [change_record(one, dataset.registry) for one in found]
    if form == "json":
        return json.dumps(records, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    if form == "csv":
        return _csv(records, CHANGE_PARTS)
    say = Speaker(dataset.registry, Words(language))
    rows = [[say.words(f"changes.col.{key}") for key in ("name", "before", "after", "why")]]
    for one in found:
        before = say.status(one.before) if one.before else say.words("changes.none_before")
        rows.append([f"{say.name(one.after.target)} ({one.after.id})", before, say.status(one.after), say.cause(one)])
    return _aligned(rows)


STATUS_PARTS = {"observation": OBSERVATION}
CHANGE_PARTS = {"observation": ("period", "value"), "before": ("status", "reason")}
"""Fields with parts that may be missing as a whole: their columns stand all the same."""


def _csv(records: Sequence[dict[str, Any]], parts: Mapping[str, Sequence[str]]) -> str:
    rows = [flattened(row, parts) for row in records]
    columns = list(dict.fromkeys(key for row in rows for key in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _table(found: Sequence[Assessment], say: Speaker) -> str:
    words = say.words
    head = [words(f"targets.col.{key}") for key in ("status", "name", "value", "target", "due", "months")]
    rows = [head]
    for item in late_first(found):
        seen = item.current.observation
        value = words("card.no_value") if seen is None else say.latest(item)
        goal, due = say.goal(item.target, item.version), say.due(item.version)
        rows.append([say.status(item), f"{say.name(item.target)} ({item.id})", value, goal, due, say.lag(item)])
    return _aligned(rows)


def _aligned(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(_width(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    lines = []
    for row in rows:
        cells = [cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=False)]
        lines.append("  ".join([*cells, row[-1]]).rstrip())
    return "\n".join(lines) + "\n"


def _width(text: str) -> int:
    """Columns on a terminal: Hangul takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
