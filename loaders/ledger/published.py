"""What the public may see: values whose release is due, as observations beside those of the CSV files.

The one way from the ledger to public pages. Whether a release is due is asked of the database on the
ledger's own clock, with every read; nothing is copied or prepared before its time.
"""

from __future__ import annotations

import hashlib

from sqlalchemy import Connection, select

from loaders.domain.observation import Observation, half_of_last_digit
from loaders.domain.period import parse_period
from loaders.ledger.clock import day_in_korea
from loaders.ledger.rows import figures_of, releases_in_force
from loaders.ledger.store import Ledger
from loaders.ledger.tables import submissions, versions

FILE = "ledger"
"""Name of the source in messages."""


def released(ledger: Ledger) -> list[Observation]:
    """Every version that has been released by now; a correction is a later row of the same period."""
    out = releases_in_force()
    chosen = (
        select(submissions.c.indicator, submissions.c.scope, submissions.c.period, versions, out.c.release_at)
        .join(versions, versions.c.submission == submissions.c.id)
        .join(out, out.c.version == versions.c.id)
        .order_by(out.c.release_at, versions.c.id)
    )
    with ledger.read() as connection:
        rows = connection.execute(chosen.where(out.c.release_at <= ledger.now())).all()
    found = []
    for line, row in enumerate(rows, 1):
        figures, known = figures_of(row), day_in_korea(row.release_at)
        address = figures.url or f"evidence:{figures.evidence}"
        found.append(
            Observation(
                row.indicator,
                row.scope,
                parse_period(row.period),
                float(figures.value) if figures.value else None,
                half_of_last_digit(figures.value),
                figures.status,
                known,  # so that of two values of one day the one released later counts
                known,
                ((figures.source, address),),
                figures.note,
                figures.published,
                line,
                FILE,
                digits=figures.value,
                corrects=True,  # two releases of one day are told apart by their order
            )
        )
    return found


def epoch(ledger: Ledger) -> str:
    """Changes when, and only when, what the public may see changes: part of every public cache's key."""
    with ledger.read() as connection:
        return _epoch(connection, ledger.now())


def _epoch(connection: Connection, now: str) -> str:
    out = releases_in_force()
    rows = connection.execute(
        select(out.c.version, out.c.release_at).where(out.c.release_at <= now).order_by(out.c.version)
    ).all()
    return hashlib.sha256(repr([tuple(row) for row in rows]).encode()).hexdigest()[:16]
