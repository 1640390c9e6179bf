"""What the public may see: values whose release is due, as observations beside those of the CSV files.

The one way from the ledger to public pages. Whether a release is due is asked of the database on the
ledger's own clock, with every read; nothing is copied or prepared before its time. What log and tables
do not agree on is no public value (`loaders.ledger.proof`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from loaders.domain.observation import Observation, half_of_last_digit
from loaders.domain.period import parse_period
from loaders.ledger import chain
from loaders.ledger.chain import Flaw, Head
from loaders.ledger.clock import day_in_korea
from loaders.ledger.errors import FlawedError
from loaders.ledger.proof import PUBLIC, compare
from loaders.ledger.replay import rebuilt
from loaders.ledger.rows import figures_of, releases_in_force
from loaders.ledger.store import Ledger
from loaders.ledger.tables import submissions, versions

FILE = "ledger"
"""Name of the source in messages."""


def released(ledger: Ledger, anchors: Iterable[Head] = ()) -> list[Observation]:
    """Every version that has been released by now; a correction is a later row of the same period.

    Raises
    ------
    FlawedError
        where log and tables do not say the same of what is public. Whoever can keep the last state
        that verified, or show the rest and say so, asks `verified_released`.
    """
    found, flaws = verified_released(ledger, anchors)
    if flaws:
        raise FlawedError(*flaws)
    return found


def verified_released(ledger: Ledger, anchors: Iterable[Head] = ()) -> tuple[list[Observation], list[Flaw]]:
    """What has been released and verifies, and everything that does not.

    The whole chain is walked and replayed against the tables that public values follow from, so this
    is asked once for each `epoch`, never for each request. A submission of which any row or entry is
    flawed is left out whole: without its correction, an older value would pass for the current one.
    What stands in the log at or after a break in the chain proves nothing; where the end is missing
    or was written anew, nothing does.
    """
    with ledger.read(patient=True) as connection:
        _, broken = chain.verify(chain.rows(connection), anchors)
        state = rebuilt(chain.rows(connection))
        flaws = state.flaws + compare(connection, state, PUBLIC)
        rows = _due(connection, ledger.now())
    doubted = {flaw.submission for flaw in flaws}
    if broken is not None:
        first = 1 if broken.code in ("missing", "rewritten") else broken.seq
        doubted |= {number for number, last in state.entries.items() if last >= first}
        flaws = [broken, *flaws]
    return [_observation(row, line) for line, row in enumerate(rows, 1) if row.submission not in doubted], flaws


def _due(connection: Connection, now: str) -> Sequence[Row[Any]]:
    out = releases_in_force()
    chosen = (
        select(submissions.c.indicator, submissions.c.scope, submissions.c.period, versions, out.c.release_at)
        .join(versions, versions.c.submission == submissions.c.id)
        .join(out, out.c.version == versions.c.id)
        .order_by(out.c.release_at, versions.c.id)
    )
    return connection.execute(chosen.where(out.c.release_at <= now)).all()


def _observation(row: Row[Any], line: int) -> Observation:
    figures, known = figures_of(row), day_in_korea(row.release_at)
    address = figures.url or f"evidence:{figures.evidence}"
    return Observation(
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
