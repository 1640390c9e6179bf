"""A file handed in whole or not at all: one transaction, one receipt a row, and what of it is in already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection

from loaders.domain.model import Registry, Target
from loaders.domain.policy import Action
from loaders.domain.workflow import WITH_THE_MINISTRY
from loaders.ledger.acts import Act, Effect, Step, Told, recorded_together
from loaders.ledger.commands import Figures, Receipt, Submit
from loaders.ledger.figures import composed
from loaders.ledger.handling import hand_in
from loaders.ledger.rows import Submission, read_submissions
from loaders.ledger.store import Ledger
from loaders.ledger.tables import submissions


class Standing(StrEnum):
    """What the ledger holds of one row of a file."""

    FREE = "free"
    """It can be handed in."""
    IN = "in"
    """The very same figures are under review, approved or out."""
    BUSY = "busy"
    """Other figures are."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file beside what is on record of it."""

    target: Target
    period: str
    figures: Figures
    found: Submission | None
    standing: Standing

    @property
    def version(self) -> int:
        """Number of the last version on record."""
        return self.found.version if self.found is not None else 0


def held_against(ledger: Ledger, rows: Sequence[tuple[Target, str, Figures]]) -> list[Row]:
    """Each row of a file with what is on record of the same series, scope and period."""
    wanted = submissions.c.indicator.in_({target.indicator for target, _, _ in rows})
    with ledger.read() as connection:
        there = {(one.indicator, one.scope, one.period): one for one in read_submissions(connection, wanted)}
    now, out = ledger.now(), []
    for target, period, figures in rows:
        found = there.get((target.indicator, (target.versions[-1].scope or target.scope).id, period))
        out.append(Row(target, period, figures, found, _standing(found, figures, now)))
    return out


def _standing(found: Submission | None, figures: Figures, now: str) -> Standing:
    if found is None or found.latest is None or found.state(now) in WITH_THE_MINISTRY:
        return Standing.FREE
    return Standing.IN if found.latest.digest == composed(figures).digest() else Standing.BUSY


def submit_file(
    ledger: Ledger, registry: Registry, actor: str, rows: Iterable[tuple[str, Submit, int]]
) -> list[Receipt]:
    """Hand in all ``rows`` (idempotency key, command, version seen), or none of them.

    Raises
    ------
    FileRefusedError
        with every row that was refused.
    """
    steps = [Step(Action.SUBMIT, command, key, expected, _effect(command)) for key, command, expected in rows]
    return recorded_together(ledger, registry, actor, steps)


def _effect(command: Submit) -> Effect:
    def effect(connection: Connection, act: Act) -> Told:
        target = act.target(command.target)
        return hand_in(connection, act, target, command.period, command.figures, confirmed=command.confirmed)

    return effect
