"""What is "current" follows from the rows: the one place that reads it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, Select, exists, func, select

from loaders.domain.workflow import OUT, STOPPABLE, Decision, Hold, State, state_of
from loaders.ledger.commands import Figures
from loaders.ledger.tables import FIGURES, decisions, drafts, holds, releases, submissions, versions


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
    """When it goes out; None where no release is set, or where the one that was set will not happen."""
    hold: str | None = None
    """What holds it back now: `stopped` or `withdrawn`."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A release as it was set, whether it happens or not."""

    version: int
    """Number of the version."""
    release_at: str
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class Held:
    """A release stopped, going on, or withdrawn."""

    number: int
    through: int
    """It is about the versions up to this number that were not out."""
    kind: str
    reason: str
    by: str
    at: str


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
    planned: tuple[Planned, ...] = ()
    holds: tuple[Held, ...] = ()

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

    def candidate(self, now: str) -> Entry | None:
        """The newest version that may come out yet: what came back and what was withdrawn is passed over."""
        for one in reversed(self.entries):
            state = _state(one, now)
            if state in OUT or state in STOPPABLE:
                return one if state in STOPPABLE else None
        return None

    @property
    def stop(self) -> Held | None:
        """The hold in force; None where nothing was stopped or all goes on."""
        last = next((one for one in reversed(self.holds) if one.kind != Hold.WITHDRAWN), None)
        return last if last is not None and last.kind == Hold.STOPPED else None

    def states(self, now: str) -> list[State]:
        """State of every version."""
        out = [_state(one, now) for one in self.entries]
        last_out = max((i for i, state in enumerate(out) if state in OUT), default=-1)
        return [State.CORRECTED if state in OUT and i < last_out else state for i, state in enumerate(out)]

    def released(self, now: str) -> Entry | None:
        """The version that the public sees at ``now``."""
        return next((one for one in reversed(self.entries) if _state(one, now) in OUT), None)


def _state(entry: Entry, now: str) -> State:
    return state_of(entry.number, entry.decision, entry.release_at, now, hold=entry.hold)


def figures_of(row: Row[Any]) -> Figures:
    """The stated figures of a draft's or version's row."""
    return Figures(**{name: getattr(row, name) for name in FIGURES})


def releases_in_force() -> Any:
    """One row a version whose release happens: the last one set, unless something holds it at its moment.

    What held a release back when it came due goes on doing so: a value never comes out by itself later on,
    and what is out stays out whatever is filed or stopped afterwards. A release that was held is set anew.
    """
    last = select(releases.c.version, func.max(releases.c.number).label("number")).group_by(releases.c.version)
    newest = last.subquery()
    return (
        select(releases.c.version, releases.c.release_at)
        .join(newest, (newest.c.version == releases.c.version) & (newest.c.number == releases.c.number))
        .join(versions, versions.c.id == releases.c.version)
        .where(~_contested(), ~_held())
        .subquery()
    )


def _contested() -> Any:
    """A later version was handed in before the release, and had not come back when the release was set.

    An approved correction takes the place of the value for good; one that came back leaves it to a
    reviewer to set the release of the earlier value anew, knowing of it.
    """
    later, answer = versions.alias("later"), decisions.alias("answer")
    dismissed = exists().where(
        answer.c.version == later.c.id,
        answer.c.kind != Decision.APPROVED.value,
        answer.c.decided_at <= releases.c.scheduled_at,
    )
    return exists().where(
        later.c.submission == versions.c.submission,
        later.c.number > versions.c.number,
        later.c.submitted_at < releases.c.release_at,
        ~dismissed,
    )


def _held() -> Any:
    """A hold on the version, placed before the release and not ended by then."""
    hold, end = holds.alias("hold_on"), holds.alias("hold_end")
    ended = exists().where(
        hold.c.kind == Hold.STOPPED.value,
        end.c.submission == hold.c.submission,
        end.c.kind == Hold.RESUMED.value,
        end.c.number > hold.c.number,
        end.c.held_at <= releases.c.release_at,
    )
    return exists().where(
        hold.c.submission == versions.c.submission,
        hold.c.through >= versions.c.number,
        hold.c.kind != Hold.RESUMED.value,
        hold.c.held_at < releases.c.release_at,
        ~ended,
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
    planned, held = _planned(connection, chosen), _holds(connection, chosen)
    rows = select(submissions).order_by(submissions.c.id)
    rows = rows if where is None else rows.where(where)
    return [
        _submission(row, entries.get(row.id, []), saved.get(row.id), planned.get(row.id, []), held.get(row.id, []))
        for row in connection.execute(rows)
    ]


def read_submission(connection: Connection, number: int) -> Submission | None:
    """One submission by its number."""
    found = read_submissions(connection, submissions.c.id == number)
    return found[0] if found else None


def _planned(connection: Connection, chosen: Select[Any]) -> dict[int, list[Planned]]:
    wanted, out = chosen.subquery(), {}
    rows = (
        select(versions.c.submission, versions.c.number.label("version_number"), releases)
        .join(versions, versions.c.id == releases.c.version)
        .join(wanted, wanted.c.id == versions.c.submission)
        .order_by(releases.c.id)
    )
    for row in connection.execute(rows):
        one = Planned(row.version_number, row.release_at, row.scheduled_by, row.scheduled_at)
        out.setdefault(row.submission, []).append(one)
    return out


def _holds(connection: Connection, chosen: Select[Any]) -> dict[int, list[Held]]:
    wanted, out = chosen.subquery(), {}
    rows = select(holds).join(wanted, wanted.c.id == holds.c.submission).order_by(holds.c.submission, holds.c.number)
    for row in connection.execute(rows):
        one = Held(row.number, row.through, row.kind, row.reason, row.held_by, row.held_at)
        out.setdefault(row.submission, []).append(one)
    return out


def _held_now(number: int, held: list[Held]) -> str | None:
    """What holds version ``number`` back, should it not be out."""
    on_it = [one for one in held if one.kind == Hold.RESUMED or one.through >= number]
    if any(one.kind == Hold.WITHDRAWN for one in on_it):
        return Hold.WITHDRAWN.value
    return Hold.STOPPED.value if on_it and on_it[-1].kind == Hold.STOPPED else None


def _submission(
    row: Row[Any],
    entries: list[Entry],
    saved: tuple[Figures, str] | None,
    planned: list[Planned],
    held: list[Held],
) -> Submission:
    newer = saved is not None and (not entries or saved[1] > entries[-1].submitted_at)
    draft = saved[0] if saved is not None and newer else None
    entries = [replace(one, hold=_held_now(one.number, held)) for one in entries] if held else entries
    place = row.id, row.target, row.indicator, row.scope, row.period, row.ministry
    return Submission(*place, tuple(entries), draft, tuple(planned), tuple(held))


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
