"""How a value, a decision and a release are written; each inside the transaction of its action."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, NoReturn

from sqlalchemy import Connection, func, insert, select

from loaders.domain.model import Target
from loaders.domain.period import parse_period
from loaders.domain.workflow import OUT, WAITING, WITH_THE_MINISTRY, Decision, Hold, State
from loaders.ledger import chain
from loaders.ledger.acts import Act, Told
from loaders.ledger.clock import day_in_korea
from loaders.ledger.commands import Figures
from loaders.ledger.errors import AlreadyDecidedError, ClosedError, Fault, InvalidError, StaleError, WrongStateError
from loaders.ledger.figures import composed, faults
from loaders.ledger.rows import Entry, Submission, read_submission
from loaders.ledger.tables import decisions, holds, releases, rounds, submissions, versions


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
    if decision is Decision.APPROVED and found.state(act.now) not in WAITING:
        raise WrongStateError(state=found.state(act.now).value)
    if digest is not None and digest != latest.digest:
        raise StaleError(by=latest.submitted_by, at=latest.submitted_at)
    why = stated_reason(reason) if decision is not Decision.APPROVED else ""
    row = {"version": latest.id, "kind": decision.value, "reason": why, "decided_by": act.actor, "decided_at": act.now}
    connection.execute(insert(decisions).values(row))
    told = {"number": latest.number, "kind": decision.value, "reason": why, "digest": latest.digest}
    return f"submission {number}", found.version, told


def set_release(connection: Connection, act: Act, entry: Entry, when: str) -> dict[str, Any]:
    """Write the release of an approved version; a moment that has passed means now. What the audit row tells."""
    due = max(when, act.now)
    count = select(func.count()).select_from(releases).where(releases.c.version == entry.id)
    row = {
        "version": entry.id,
        "number": connection.execute(count).scalar_one() + 1,
        "release_at": due,
        "scheduled_by": act.actor,
        "scheduled_at": act.now,
    }
    connection.execute(insert(releases).values(row))
    return {"number": entry.number, "release": row["number"], "release_at": due}


def hold(connection: Connection, act: Act, found: Submission, kind: Hold, reason: str) -> Told:
    """Stop the release of all versions so far that are not out, let it go on, or withdraw them."""
    row = {
        "submission": found.id,
        "number": len(found.holds) + 1,
        "through": found.version,
        "kind": kind.value,
        "reason": stated_reason(reason),
        "held_by": act.actor,
        "held_at": act.now,
    }
    connection.execute(insert(holds).values(row))
    told = {"hold": row["number"], "through": row["through"], "kind": row["kind"], "reason": row["reason"]}
    return f"submission {found.id}", found.version, told


def withdraw_from(connection: Connection, act: Act, number: int, reason: str) -> Told:
    """The ministry takes back what is not out: a decision where there is none, a hold for good after the approval."""
    found, _ = act.submission(number)
    entry = found.candidate(act.now)
    if entry is None:
        _refuse_late(found, act.now)
    elif entry.decision is None:
        return decide(connection, act, number, Decision.WITHDRAWN, reason)
    return hold(connection, act, found, Hold.WITHDRAWN, reason)


def _refuse_late(found: Submission, now: str) -> NoReturn:
    """Nothing of it can be held back any more."""
    latest, state = found.latest, found.state(now)
    if latest is not None and latest.decision is not None and state not in OUT:
        raise AlreadyDecidedError(by=latest.decided_by or "", at=latest.decided_at or "")
    raise WrongStateError(state=state.value)


def stop_release(connection: Connection, act: Act, number: int, reason: str) -> Told:
    """A reviewer holds back every version of a value that is not out, whoever was there before."""
    found, _ = act.submission(number)
    seen = found.states(act.now)[: act.expected]
    # Whoever means the version that has just come out is told so, even where a correction of it waits.
    if found.candidate(act.now) is None or (seen and seen[-1] in OUT):
        raise WrongStateError(state=(seen[-1] if seen else found.state(act.now)).value)
    return hold(connection, act, found, Hold.STOPPED, reason)


def resume_release(connection: Connection, act: Act, number: int, seen: int, reason: str) -> Told:
    """End the holds that were displayed; one that came meanwhile stands."""
    found, _ = act.submission(number)
    stop = found.stop
    entry = found.candidate(act.now)
    if stop is None or entry is None or entry.hold is None:
        raise WrongStateError(state=found.state(act.now).value)
    if stop.number != seen:
        raise StaleError(by=stop.by, at=stop.at)
    return hold(connection, act, found, Hold.RESUMED, reason)
