"""Looking through the audit log. Whoever may not read values sees that something was done, not what was stated.

That holds for searching as well: a search for a number would otherwise say whose draft holds it.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, or_, select

from loaders.ledger.tables import audit

PLAIN = ("account ", "round ")
"""Beginnings of subjects whose details hold no figures, reasons or notes of a value."""


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One entry of the log as somebody may see it."""

    seq: int
    recorded_at: str
    actor: str
    action: str
    subject: str
    detail: str | None
    """Canonical JSON; None where it is not for the reader."""
    hash: str


def look_up(connection: Connection, query: str, *, figures: bool, most: int) -> list[LogEntry]:
    """The latest ``most`` entries that hold every word of ``query``; ``figures`` for whoever may read all values."""
    chosen = select(audit).order_by(audit.c.seq.desc())
    for word in query.split():
        chosen = chosen.where(_holds(word, figures=figures))
    return [
        LogEntry(
            row.seq,
            row.recorded_at,
            row.actor,
            row.action,
            row.subject,
            row.detail if figures or row.subject.startswith(PLAIN) else None,
            row.hash,
        )
        for row in connection.execute(chosen.limit(most))
    ]


def _holds(word: str, *, figures: bool) -> ColumnElement[bool]:
    seen = or_(*(audit.c[name].icontains(word, autoescape=True) for name in ("actor", "action", "subject")))
    detail = audit.c.detail.icontains(word, autoescape=True)
    if figures:
        return seen | detail
    return seen | (or_(*(audit.c.subject.startswith(start) for start in PLAIN)) & detail)
