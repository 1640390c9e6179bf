"""What is "current" follows from the rows: the one place that reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from loaders.domain.workflow import OUT, State, state_of
from loaders.ledger.commands import Figures
from loaders.ledger.tables import FIGURES, decisions, drafts, releases, submissions, versions


@dataclass(frozen=True, slots=True)
class Entry:
    """One version of a submission with what was decided on it and when it goes out."""

    id: int
    number: int
    figures: Figures
    confirmed: str
    """JSON: code of a doubt -> the officer's reason."""
    unchanged: bool
    reason: str
    digest: str
    submitted_by: str
    submitted_at: str
    decision: str | None
    decision_reason: str
    decided_by: str | None
    decided_at: str | None
    release_at: str | None


@dataclass(frozen=True, slots=True)
class Submission:
    """A value of one thing in one period, with all its versions, oldest first."""

    id: int
    target: str
    indicator: str
    scope: str
    period: str
    ministry: str
    entries: tuple[Entry, ...]
    draft: Figures | None
    """What has been entered since the last version."""

    @property
    def place(self) -> dict[str, str]:
        """What it is a value of, as the audit log tells it."""
        keys = ("target", "indicator", "scope", "period", "ministry")
        return {key: getattr(self, key) for key in keys}

    @property
    def latest(self) -> Entry | None:
        """The last version handed in."""
        return self.entries[-1] if self.entries else None

    @property
    def version(self) -> int:
        """Number of the last version; 0 for a mere draft."""
        return len(self.entries)

    def state(self, now: str) -> State:
        """Where the latest version stands at ``now``."""
        last = self.latest
        return State.DRAFT if last is None else _state(last, now)

    def states(self, now: str) -> list[State]:
        """State of every version."""
        out = [_state(one, now) for one in self.entries]
        last_out = max((i for i, state in enumerate(out) if state in OUT), default=-1)
        return [State.CORRECTED if state in OUT and i < last_out else state for i, state in enumerate(out)]

    def released(self, now: str) -> Entry | None:
        """The version that the public sees at ``now``."""
        return next((one for one in reversed(self.entries) if _state(one, now) in OUT), None)


def _state(entry: Entry, now: str) -> State:
    return state_of(entry.number, entry.decision, entry.release_at, now)


def figures_of(row: Row[Any]) -> Figures:
    """The stated figures of a draft's or version's row."""
    return Figures(**{name: getattr(row, name) for name in FIGURES})


def releases_in_force() -> Any:
    """One row a version: the release with the highest number, as a subquery."""
    last = select(releases.c.version, func.max(releases.c.number).label("number")).group_by(releases.c.version)
    newest = last.subquery()
    return (
        select(releases.c.version, releases.c.release_at)
        .join(newest, (newest.c.version == releases.c.version) & (newest.c.number == releases.c.number))
        .subquery()
    )


def _entries(chosen: Select[Any]) -> Select[Any]:
    out = releases_in_force()
    wanted = chosen.subquery()
    return (
        select(
            versions,
            decisions.c.kind,
            decisions.c.reason.label("decision_reason"),
            decisions.c.decided_by,
            decisions.c.decided_at,
            out.c.release_at,
        )
        .join(wanted, wanted.c.id == versions.c.submission)
        .outerjoin(decisions, decisions.c.version == versions.c.id)
        .outerjoin(out, out.c.version == versions.c.id)
        .order_by(versions.c.submission, versions.c.number)
    )


def read_submissions(connection: Connection, where: Any = None) -> list[Submission]:
    """Submissions that meet ``where`` (a condition on their table), in the order in which they were opened."""
    chosen = select(submissions.c.id) if where is None else select(submissions.c.id).where(where)
    entries: dict[int, list[Entry]] = {}
    for row in connection.execute(_entries(chosen)):
        entries.setdefault(row.submission, []).append(_entry(row))
    saved: dict[int, tuple[Figures, str]] = {}
    wanted = chosen.subquery()
    kept = select(drafts).join(wanted, wanted.c.id == drafts.c.submission).order_by(drafts.c.id)
    for row in connection.execute(kept):
        saved[row.submission] = figures_of(row), row.saved_at
    rows = select(submissions).order_by(submissions.c.id)
    rows = rows if where is None else rows.where(where)
    return [_submission(row, entries.get(row.id, []), saved.get(row.id)) for row in connection.execute(rows)]


def read_submission(connection: Connection, number: int) -> Submission | None:
    """One submission by its number."""
    found = read_submissions(connection, submissions.c.id == number)
    return found[0] if found else None


def _submission(row: Row[Any], entries: list[Entry], saved: tuple[Figures, str] | None) -> Submission:
    newer = saved is not None and (not entries or saved[1] > entries[-1].submitted_at)
    draft = saved[0] if saved is not None and newer else None
    return Submission(row.id, row.target, row.indicator, row.scope, row.period, row.ministry, tuple(entries), draft)


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        row.id,
        row.number,
        figures_of(row),
        row.confirmed,
        bool(row.unchanged),
        row.reason,
        row.digest,
        row.submitted_by,
        row.submitted_at,
        row.kind,
        row.decision_reason or "",
        row.decided_by,
        row.decided_at,
        row.release_at,
    )
