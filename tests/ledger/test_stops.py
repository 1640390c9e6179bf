"""A release can be stopped until its second, by a reviewer, a withdrawal or a correction; on both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from ledger_world import Desk, at_once
from sqlalchemy import false, select

from loaders.domain.workflow import State
from loaders.ledger import rows as ledger_rows
from loaders.ledger.errors import (
    AlreadyDecidedError,
    DeniedError,
    InvalidError,
    StaleError,
    WrongStateError,
)
from loaders.ledger.published import epoch, released
from loaders.ledger.rows import read_submission
from loaders.ledger.store import open_ledger
from loaders.ledger.tables import audit, decisions, holds, releases

T = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def desk(ledger):
    return Desk(ledger)


def public(desk, clock, when):
    """The values that are out at ``when``."""
    clock.now = when - SECOND  # it moves on by a second at the next look
    return [one.value for one in released(desk.ledger)]


def scheduled(desk, when=T):
    desk.submit()
    desk.approve(release_at=when)


def at(clock, when):
    """Let the next action be at ``when``."""
    clock.now = when - SECOND


def acts(desk):
    with desk.ledger.read() as connection:
        return connection.execute(select(audit.c.action).order_by(audit.c.seq)).scalars().all()


STAGES = {
    State.SUBMITTED: lambda desk: desk.submit(),
    State.RESUBMITTED: lambda desk: (desk.submit(), desk.send_back(), desk.submit(expected=1)),
    State.APPROVED: lambda desk: (desk.submit(), desk.approve()),
    State.SCHEDULED: scheduled,
}


@pytest.mark.parametrize("stage", STAGES)
def test_any_reviewer_stops_it_in_every_state(desk, clock, stage):
    STAGES[stage](desk)
    assert desk.state() is stage
    version = 2 if stage is State.RESUBMITTED else 1
    desk.stop(expected=version, actor="second")
    assert desk.state() is State.STOPPED
    for act in (lambda: desk.approve(expected=version), lambda: desk.schedule(T, expected=version)):
        with pytest.raises((WrongStateError, AlreadyDecidedError)):
            act()
    assert public(desk, clock, T + 9 * SECOND) == []


def test_stopped_a_second_before_its_release_and_everything_is_in_the_log(desk, clock):
    scheduled(desk)
    before = epoch(desk.ledger)
    at(clock, T - SECOND)
    desk.stop()
    assert public(desk, clock, T) == public(desk, clock, T + timedelta(days=400)) == []
    assert epoch(desk.ledger) == before
    assert acts(desk) == ["submit", "approve", "stop"]
    with desk.ledger.read() as connection:
        found = read_submission(connection, 1)
    assert [(one.version, one.release_at) for one in found.planned] == [(1, "2026-11-24T00:00:00.000000Z")]
    assert [(one.kind, one.by, one.through) for one in found.holds] == [("stopped", "reviewer", 1)]


def test_at_its_second_it_is_too_late(desk, clock):
    scheduled(desk)
    at(clock, T)
    with pytest.raises(WrongStateError) as refused:
        desk.stop()
    assert refused.value.parameters["state"] == "released"
    assert public(desk, clock, T + SECOND) == [3.0]
    assert desk.count(holds) == 0


def test_two_reviewers_at_once_with_a_correction_and_a_restart(ledger, address, clock):
    desk = Desk(ledger)
    scheduled(desk)
    at(clock, T - timedelta(seconds=30))
    out = at_once(lambda: desk.stop(actor="reviewer"), lambda: desk.stop(actor="second"), lambda: desk.correct())
    assert [one for one in out if isinstance(one, Exception)] == [], "no brake is refused because somebody else braked"
    assert sorted(acts(desk)[2:]) == ["correct", "stop", "stop"]
    assert len({one.number for one in out}) == 3
    ledger.close()
    again = Desk(open_ledger(address, clock))
    assert public(again, clock, T) == public(again, clock, T + timedelta(days=1)) == []
    again.ledger.close()


def test_a_correction_filed_before_the_release_holds_it_by_itself(desk, clock):
    scheduled(desk)
    at(clock, T - SECOND)
    desk.correct("4")
    assert public(desk, clock, T + timedelta(hours=1)) == []
    desk.approve(expected=2, release_at=T + timedelta(hours=2))
    assert public(desk, clock, T + timedelta(hours=1, minutes=30)) == []
    assert public(desk, clock, T + timedelta(hours=2)) == [4.0], "and the wrong value never was"


def test_a_correction_that_came_back_lets_nothing_out_by_itself(desk, clock):
    scheduled(desk)
    at(clock, T - timedelta(hours=3))
    desk.correct("4")
    desk.send_back(expected=2)
    assert desk.state() is State.RETURNED
    assert public(desk, clock, T + SECOND) == [], "the ministry has said that the value is wrong"
    desk.schedule(T + timedelta(hours=5), expected=2, actor="second")
    assert public(desk, clock, T + timedelta(hours=5)) == [3.0], "a reviewer who knows of it has set it anew"


def test_a_release_set_anew_is_held_by_the_next_correction_and_by_a_stop(desk, clock):
    scheduled(desk)
    at(clock, T - timedelta(hours=3))
    desk.correct("4")
    desk.withdraw(expected=2)
    desk.schedule(T, expected=2)
    desk.stop(expected=2)
    assert public(desk, clock, T) == []
    desk.resume(expected=2)
    desk.schedule(T + timedelta(hours=2), expected=2)
    desk.submit(expected=2, value="5")
    assert public(desk, clock, T + timedelta(hours=3)) == []


def test_it_goes_on_when_a_reviewer_says_so_and_not_for_the_past(desk, clock):
    scheduled(desk)
    at(clock, T - timedelta(hours=2))
    desk.stop()
    desk.resume(actor="second")
    assert desk.state() is State.SCHEDULED
    assert public(desk, clock, T) == [3.0]
    desk.submit(target="robots")
    desk.approve(submission=2, release_at=T + timedelta(hours=1))
    at(clock, T + timedelta(minutes=30))
    desk.stop(submission=2)
    at(clock, T + timedelta(hours=2))
    desk.resume(submission=2)
    assert desk.state(2) is State.APPROVED, "its hour has passed; the next is set by a person"
    assert public(desk, clock, T + timedelta(days=9)) == [3.0]


def test_who_lets_it_go_on_has_seen_every_stop(desk, clock):
    scheduled(desk)
    desk.stop(actor="reviewer")
    desk.stop(actor="second", reason="나도 의심됨")
    with pytest.raises(StaleError) as refused:
        desk.resume(hold=1)
    assert refused.value.parameters["by"] == "second"
    desk.resume(hold=2)
    with pytest.raises(WrongStateError):
        desk.resume(hold=2)


@pytest.mark.parametrize("stop", ["stop", "resume", "withdraw"])
def test_a_hold_needs_its_reason(desk, stop):
    scheduled(desk)
    if stop == "resume":
        desk.stop()
    with pytest.raises(InvalidError, match="reason missing"):
        getattr(desk, stop)(reason=" ")


@pytest.mark.parametrize("actor", ["officer", "lead"])
def test_the_ministry_takes_back_what_is_not_out(desk, clock, actor):
    scheduled(desk)
    at(clock, T - SECOND)
    desk.withdraw(actor=actor)
    assert desk.state() is State.WITHDRAWN
    assert public(desk, clock, T + SECOND) == []
    assert desk.count(decisions) == 1, "one decision a version"
    for act in (lambda: desk.schedule(T + timedelta(days=1)), desk.resume, desk.stop):
        with pytest.raises((WrongStateError, AlreadyDecidedError)):
            act()
    desk.submit(expected=1, value="5")
    desk.approve(expected=2, release_at=T)
    assert public(desk, clock, T + timedelta(days=1)) == [5.0]


def test_what_is_out_stays_out(desk, clock):
    scheduled(desk)
    at(clock, T + SECOND)
    with pytest.raises(WrongStateError):
        desk.withdraw()
    desk.correct("4")
    with pytest.raises(WrongStateError) as refused:
        desk.stop(expected=1)
    assert refused.value.parameters["state"] == "released", "who means the value that is out is told so"
    desk.stop(expected=2)
    desk.resume(expected=2)
    desk.stop(expected=2)
    desk.withdraw(expected=2)
    assert public(desk, clock, T + timedelta(days=2)) == [3.0]


def test_a_stopped_submission_can_come_back_and_be_taken_back(desk):
    desk.submit()
    desk.stop()
    desk.send_back(actor="second")
    assert desk.state() is State.RETURNED
    desk.submit(expected=1)
    desk.stop(expected=2)
    desk.withdraw(expected=2)
    assert desk.state() is State.WITHDRAWN


def test_the_log_tells_all_that_is_in_the_rows(desk, clock):
    import json

    scheduled(desk)
    desk.stop(reason="의심")
    desk.resume(reason="확인")
    desk.withdraw(reason="철회")
    with desk.ledger.read() as connection:
        told = connection.execute(select(audit).where(audit.c.seq > 2).order_by(audit.c.seq)).all()
        kept = connection.execute(select(holds).order_by(holds.c.id)).all()
    again = []
    for row in told:
        one, number = json.loads(row.detail), int(row.subject.removeprefix("submission "))
        what = number, one["hold"], one["through"], one["kind"], one["reason"]
        again.append((*what, row.actor, row.recorded_at))
    assert again == [tuple(row)[1:] for row in kept]


@pytest.mark.parametrize("guard", ["_held", "_contested"])
def test_without_the_guard_the_stopped_value_comes_out(desk, clock, monkeypatch, guard):
    """The control: the release is asked of its time alone, as before."""
    scheduled(desk)
    at(clock, T - SECOND)
    desk.stop() if guard == "_held" else desk.correct("4")
    assert public(desk, clock, T) == []
    monkeypatch.setattr(ledger_rows, guard, false)
    assert public(desk, clock, T) == [3.0]


def test_an_officer_of_another_ministry_and_the_public_stop_nothing(desk):
    scheduled(desk)
    for actor in ("stranger", "officer", "lead", "auditor", "nobody", "gone"):
        with pytest.raises(DeniedError):
            desk.stop(actor=actor)
    assert desk.count(holds) == 0
    assert desk.count(releases) == 1
