"""Columns that a file of values may have after the fixed ones, in any choice and order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from loaders.domain.period import parse_day

OPTIONAL = ("recorded", "grade", "restates", "of_n", "note_ko", "note_en", "licence", "checked")
GRADES = ("primary", "secondary", "own")
TRUE, FALSE = ("true", "yes", "1"), ("", "false", "no", "0")


def optional_columns(header: Sequence[str], fixed: Sequence[str]) -> tuple[str, ...] | None:
    """The optional columns of a file; None where its first line is not the fixed ones and then these."""
    extra = tuple(header[len(fixed) :])
    known = tuple(header[: len(fixed)]) == tuple(fixed) and set(extra) <= set(OPTIONAL)
    return extra if known and len(set(extra)) == len(extra) else None


def optional_fields(row: Mapping[str, str]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Fields of the observation from the optional columns of one row, and (column, what is wrong) of each fault."""
    fields: dict[str, Any] = {key: row.get(key, "") for key in ("note_ko", "note_en", "licence", "checked")}
    wrong: list[tuple[str, str]] = []
    if recorded := row.get("recorded"):
        try:
            fields["recorded"] = parse_day(recorded).end
        except ValueError as error:
            wrong.append(("recorded", f"{error}."))
    grade = row.get("grade", "")
    fields["grade"] = grade
    if grade and grade not in GRADES:
        wrong.append(("grade", f'"{grade[:20]}" is not a grade: one of {", ".join(GRADES)}.'))
    restates = row.get("restates", "").lower()
    fields["restates"] = restates in TRUE
    if restates not in (*TRUE, *FALSE):
        wrong.append(("restates", f'"{restates[:20]}" is neither true nor false.'))
    if of_n := row.get("of_n"):
        if of_n.isascii() and of_n.isdigit() and int(of_n) > 0:
            fields["of_n"] = int(of_n)
        else:
            wrong.append(("of_n", f'"{of_n[:20]}" is not a number of countries.'))
    return fields, wrong
