"""How a value, a decision and a release are written; each inside the transaction of its action."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from sqlalchemy import Connection, func, insert, select

from loaders.domain.model import Target
from loaders.domain.period import parse_period
from loaders.domain.workflow import WAITING, WITH_THE_MINISTRY, Decision, State
from loaders.ledger import chain
from loaders.ledger.acts import Act, Told
from loaders.ledger.clock import day_in_korea
from loaders.ledger.commands import Figures
from loaders.ledger.errors import AlreadyDecidedError, ClosedError, Fault, InvalidError, StaleError, WrongStateError
from loaders.ledger.figures import composed, faults
from loaders.ledger.rows import Submission, read_submission
from loaders.ledger.tables import decisions, releases, rounds, submissions, versions


def submission_for(connection: Connection, act: Act, target: Target, period: str) -> Submission:
    """The submission of a target's value for ``period``, opened where there is none."""
    try:
        parse_period(period)
    except ValueError:
        raise InvalidError(Fault("period", "period", period)) from None
    scope = (target.versions[-1].scope or target.scope).id
    keys = {"indicator": target.indicator, "scope": scope, "period": period}
    same = [submissions.c[key] == value for key, value in keys.items()]
    number = connection.execute(select(submissions.c.id).where(*same)).scalar()
    if number is None:
        row = {**keys, "target": target.id, "ministry": act.ministry, "opened_by": act.actor, "opened_at": act.now}
        connection.execute(insert(submissions).values(row))
        number = connection.execute(select(submissions.c.id).where(*same)).scalar_one()
    found = read_submission(connection, number)
    assert found is not None, "just read or written"
    return found


def hand_in(
    connection: Connection,
    act: Act,
    target: Target,
    period: str,
    figures: Figures,
    *,
    confirmed: Mapping[str, str] | None = None,
    unchanged: bool = False,
) -> Told:
    """A first value, or another after the first came back."""
    found = submission_for(connection, act, target, period)
    act.expect(found)
    if found.state(act.now) not in WITH_THE_MINISTRY:
        raise WrongStateError(state=found.state(act.now).value)
    return new_version(connection, act, found, target, figures, confirmed or {}, unchanged=unchanged)


def new_version(
    connection: Connection,
    act: Act,
    found: Submission,
    target: Target,
    figures: Figures,
    confirmed: Mapping[str, str],
    *,
    unchanged: bool = False,
    reason: str = "",
) -> Told:
    """Check the figures and write them as the next version."""
    stated = composed(figures)
    wrong = faults(stated, target, found.period, act.registry, day_in_korea(act.now))
    wrong += [Fault("missing", f"confirmed.{code}") for code, text in confirmed.items() if not text.strip()]
    if wrong:
        raise InvalidError(*wrong)
    number, told = found.version + 1, dict(confirmed)
    row = {
        "submission": found.id,
        "number": number,
        **asdict(stated),
        "confirmed": chain.canonical(told),
        "unchanged": int(unchanged),
        "reason": reason.strip(),
        "digest": stated.digest(),
        "round": round_open_now(connection, act.now),
        "submitted_by": act.actor,
        "submitted_at": act.now,
    }
    connection.execute(insert(versions).values(row))
    seen = {key: row[key] for key in ("number", "digest", "unchanged", "reason", "round")}
    return f"submission {found.id}", number, {**found.place, **asdict(stated), "confirmed": told, **seen}


def round_open_now(connection: Connection, now: str) -> str | None:
    """The round that is open; None where there has never been one.

    Raises
    ------
    ClosedError
        where rounds exist and none is open.
    """
    found = connection.execute(select(rounds).order_by(rounds.c.closes_at.desc())).all()
    for row in found:
        if row.opens_at <= now < row.closes_at:
            return row.id
    if found:
        coming = [row.opens_at for row in found if row.opens_at > now]
        raise ClosedError(closed_at=found[0].closes_at, opens_at=min(coming, default=""))
    return None


def stated_reason(text: str) -> str:
    """A reason without which the action is not taken."""
    if not text.strip():
        raise InvalidError(Fault("missing", "reason"))
    return text.strip()


def decide(
    connection: Connection, act: Act, number: int, decision: Decision, reason: str, digest: str | None = None
) -> Told:
    """The one decision on the latest version, in the state and with the content that the actor saw."""
    found, _ = act.submission(number)
    latest = found.latest
    if latest is None:
        raise WrongStateError(state=State.DRAFT.value)
    if latest.decision is not None:
        raise AlreadyDecidedError(by=latest.decided_by or "", at=latest.decided_at or "")
    if found.state(act.now) not in WAITING:
        raise WrongStateError(state=found.state(act.now).value)
    if digest is not None and digest != latest.digest:
        raise StaleError(by=latest.submitted_by, at=latest.submitted_at)
    why = stated_reason(reason) if decision is not Decision.APPROVED else ""
    row = {"version": latest.id, "kind": decision.value, "reason": why, "decided_by": act.actor, "decided_at": act.now}
    connection.execute(insert(decisions).values(row))
    told = {"number": latest.number, "kind": decision.value, "reason": why, "digest": latest.digest}
    return f"submission {number}", found.version, told


def set_release(connection: Connection, act: Act, number: int, when: str) -> str:
    """Write the release; a moment that has passed means now."""
    found = read_submission(connection, number)
    assert found is not None, "read before in this transaction"
    assert found.latest is not None, "approved in this transaction or before"
    due = max(when, act.now)
    count = select(func.count()).select_from(releases).where(releases.c.version == found.latest.id)
    row = {
        "version": found.latest.id,
        "number": connection.execute(count).scalar_one() + 1,
        "release_at": due,
        "scheduled_by": act.actor,
        "scheduled_at": act.now,
    }
    connection.execute(insert(releases).values(row))
    return due
