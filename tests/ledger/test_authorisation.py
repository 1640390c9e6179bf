"""The whole table: every role × every action × own or other ministry × own or other work, through the service."""

import inspect
import itertools

import pytest
from ledger_world import Desk
from sqlalchemy import select

from loaders.domain.policy import ALLOWED, OF_A_MINISTRY, Action, Role, permits
from loaders.ledger import commands as say
from loaders.ledger import service
from loaders.ledger.errors import DeniedError
from loaders.ledger.tables import accounts, denials, metadata

ACTOR = {
    Role.PUBLIC: "nobody",
    Role.OFFICER: "colleague",
    Role.LEAD: "lead",
    Role.REVIEWER: "second",
    Role.REGISTRY_EDITOR: "editor",
    Role.AUDITOR: "auditor",
    Role.ADMINISTRATOR: "admin",
}
ROUNDS = (Action.OPEN_ROUND, Action.CLOSE_ROUND)
OTHER = "shops"
"""A target of the other ministry."""


def attempt(desk, actor, action, *, own, clock):
    """Set up what the action needs, then let ``actor`` do it."""
    target, officer = ("unicorns", "officer") if own else (OTHER, "stranger")
    later = clock.now.replace(year=2027)
    if action in (Action.SAVE_DRAFT, Action.SUBMIT, Action.CONFIRM_UNCHANGED):
        from ledger_world import figures

        kind = {
            Action.SAVE_DRAFT: say.SaveDraft,
            Action.SUBMIT: say.Submit,
            Action.CONFIRM_UNCHANGED: say.ConfirmUnchanged,
        }[action]
        return desk.do(service.ACTIONS[action], actor, kind(target, "2025", figures()))
    if action in ROUNDS:
        if action is Action.CLOSE_ROUND:
            desk.do(service.open_round, "reviewer", say.OpenRound("r", "r", clock.now, later))
            return desk.do(service.close_round, actor, say.CloseRound("r"))
        return desk.do(service.open_round, actor, say.OpenRound("r", "r", clock.now, later))
    desk.submit(actor=officer, target=target)
    if action in (Action.CORRECT, Action.SCHEDULE):
        desk.approve()
    run = {
        Action.WITHDRAW: lambda: desk.withdraw(actor=actor),
        Action.CORRECT: lambda: desk.correct(actor=actor),
        Action.RETURN: lambda: desk.send_back(actor=actor),
        Action.APPROVE: lambda: desk.approve(actor=actor),
        Action.SCHEDULE: lambda: desk.schedule(later, actor=actor),
    }
    return run[action]()


@pytest.mark.parametrize("own", [True, False], ids=["own", "other"])
@pytest.mark.parametrize(("role", "action"), list(itertools.product(Role, service.ACTIONS)))
def test_every_cell_of_the_table(sqlite_ledger, clock, role, action, own):
    desk = Desk(sqlite_ledger)
    mine = own and role in OF_A_MINISTRY
    own_work = action in (Action.SAVE_DRAFT, Action.SUBMIT, Action.CONFIRM_UNCHANGED)
    if permits(role, action, own_ministry=mine, own_work=own_work):
        assert attempt(desk, ACTOR[role], action, own=own, clock=clock).number
        assert desk.count(denials) == 0
    else:
        with pytest.raises(DeniedError):
            attempt(desk, ACTOR[role], action, own=own, clock=clock)
        with sqlite_ledger.read() as connection:
            (row,) = connection.execute(select(denials)).all()
        assert (row.actor, row.action) == (ACTOR[role], action.value)


def test_refusals_on_both_databases(ledger, clock):
    desk = Desk(ledger)
    outsiders = [role for role in Role if Action.SUBMIT not in ALLOWED[role]]
    for number, role in enumerate(outsiders, 1):
        with pytest.raises(DeniedError):
            attempt(desk, ACTOR[role], Action.SUBMIT, own=True, clock=clock)
        assert desk.count(denials) == number
    assert len(outsiders) == 5


def test_who_submitted_never_decides(sqlite_ledger, clock):
    """A reviewer who was an officer when they submitted: the role changed, the work stays theirs."""
    desk = Desk(sqlite_ledger)
    desk.submit()
    with sqlite_ledger.write() as connection:
        connection.execute(accounts.update().where(accounts.c.id == "officer").values(role="reviewer", ministry=None))
    for decide in (desk.approve, desk.send_back):
        with pytest.raises(DeniedError):
            decide(actor="officer")
    desk.approve(actor="second")


def test_role_and_ministry_are_read_again_on_every_action(sqlite_ledger):
    desk = Desk(sqlite_ledger)
    desk.submit()
    for change in ({"role": "auditor"}, {"role": "officer", "ministry": "mss"}, {"ministry": "msit", "disabled": 1}):
        with sqlite_ledger.write() as connection:
            connection.execute(accounts.update().where(accounts.c.id == "officer").values(change))
        with pytest.raises(DeniedError):
            desk.submit(target="robots")
    with sqlite_ledger.write() as connection:
        connection.execute(accounts.update().where(accounts.c.id == "officer").values(disabled=0))
    desk.submit(target="robots")


def test_a_refusal_changes_nothing_but_the_log_of_refusals(sqlite_ledger, clock):
    desk = Desk(sqlite_ledger)
    desk.submit()

    def content():
        with sqlite_ledger.read() as connection:
            return {
                table.name: connection.execute(select(table)).all()
                for table in metadata.sorted_tables
                if table is not denials
            }

    before = content()
    for role, action in itertools.product(Role, service.ACTIONS):
        if action not in ALLOWED[role] and action in (Action.RETURN, Action.APPROVE, Action.WITHDRAW):
            with pytest.raises(DeniedError):
                run = {"return": desk.send_back, "approve": desk.approve, "withdraw": desk.withdraw}[action.value]
                run(actor=ACTOR[role])
    assert content() == before


def test_every_public_function_of_the_service_is_in_the_table():
    own = {
        function
        for _, function in inspect.getmembers(service, inspect.isfunction)
        if function.__module__ == service.__name__
    }
    assert own == set(service.ACTIONS.values())
    assert set(service.ACTIONS) <= set(Action)


def test_a_hole_in_the_policy_would_be_seen(sqlite_ledger, clock, monkeypatch):
    """The control: a role that is given too much gets through, which the table above would report."""
    monkeypatch.setitem(ALLOWED, Role.AUDITOR, ALLOWED[Role.AUDITOR] | {Action.APPROVE})
    assert attempt(Desk(sqlite_ledger), "auditor", Action.APPROVE, own=False, clock=clock).number
