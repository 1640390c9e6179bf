"""The whole table: every role × every action × own or other ministry × own or other work, through the service."""

import inspect
import itertools

import pytest
from builders import a_target
from ledger_world import REGISTRY, TEXT, Desk, figures, key
from sqlalchemy import select

from loaders.domain.policy import ALLOWED, OF_A_MINISTRY, Action, Role, permits
from loaders.domain.workflow import State
from loaders.ledger import commands as say
from loaders.ledger import service
from loaders.ledger.errors import DeniedError, FileRefusedError
from loaders.ledger.tables import accounts, audit, denials, metadata, versions
from loaders.ledger.whole_file import submit_file
from loaders.registry import parse_registry

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
    if action is Action.RESUME:
        desk.stop()
    run = {
        Action.WITHDRAW: lambda: desk.withdraw(actor=actor),
        Action.CORRECT: lambda: desk.correct(actor=actor),
        Action.RETURN: lambda: desk.send_back(actor=actor),
        Action.APPROVE: lambda: desk.approve(actor=actor),
        Action.SCHEDULE: lambda: desk.schedule(later, actor=actor),
        Action.STOP: lambda: desk.stop(actor=actor),
        Action.RESUME: lambda: desk.resume(actor=actor),
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
    desk.stop(actor="officer")  # to stop one's own is no decision in one's own favour; to let it go on is
    with pytest.raises(DeniedError):
        desk.resume(actor="officer")
    desk.resume(actor="second")
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
        run = {
            Action.RETURN: desk.send_back,
            Action.APPROVE: desk.approve,
            Action.WITHDRAW: desk.withdraw,
            Action.STOP: desk.stop,
            Action.RESUME: desk.resume,
        }.get(action)
        if action not in ALLOWED[role] and run is not None:
            with pytest.raises(DeniedError):
                run(actor=ACTOR[role])
    assert content() == before


WITHDRAWN_BY = {
    ("officer", "approved"): True,
    ("officer", "scheduled"): True,
    ("lead", "scheduled"): True,
    ("colleague", "scheduled"): False,
    ("stranger", "scheduled"): False,
    ("reviewer", "scheduled"): False,
    ("auditor", "scheduled"): False,
    ("admin", "approved"): False,
}


@pytest.mark.parametrize(("actor", "stage"), WITHDRAWN_BY)
def test_who_takes_back_what_was_approved(ledger, clock, actor, stage):
    desk = Desk(ledger)
    desk.submit()
    desk.approve(release_at=clock.now.replace(year=2027) if stage == "scheduled" else None)
    if WITHDRAWN_BY[actor, stage]:
        assert desk.withdraw(actor=actor).number
        assert desk.state() is State.WITHDRAWN
    else:
        with pytest.raises(DeniedError):
            desk.withdraw(actor=actor)
        assert desk.state() is State(stage)


@pytest.mark.parametrize("role", Role)
def test_who_hands_in_a_file(sqlite_ledger, role):
    desk, actor = Desk(sqlite_ledger), ACTOR[role]
    rows = [(key(), say.Submit(name, "2025", figures()), 0) for name in ("unicorns", "robots")]
    foreign = (key(), say.Submit(OTHER, "2025", figures()), 0)
    with pytest.raises(FileRefusedError) as refused:
        submit_file(sqlite_ledger, REGISTRY, actor, [*rows, foreign])
    assert desk.count(versions) == desk.count(audit) == 0, "one row that is not theirs, and none is in"
    own = role in OF_A_MINISTRY
    assert [place for place, _ in refused.value.refused] == ([2] if own else [0, 1, 2])
    assert desk.count(denials) == len(refused.value.refused)
    if own:
        assert len(submit_file(sqlite_ledger, REGISTRY, actor, rows)) == desk.count(versions) == 2


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


SPLIT = """\
  - {id: moef, name: {ko: 기재부, en: MOEF}, until: 2026-01-01, successors: [mofe, mpb]}
  - {id: mofe, name: {ko: 재경부, en: MOFE}, from: 2026-01-02}
  - {id: mpb, name: {ko: 기획처, en: MPB}, from: 2026-01-02}
pillars:"""


@pytest.mark.parametrize(
    ("ministry", "day", "allowed"),
    [
        ("moef", (2026, 1, 1), True),
        ("mofe", (2026, 1, 1), False),
        ("mofe", (2026, 1, 2), True),
        ("mpb", (2026, 1, 2), True),
        ("moef", (2026, 1, 2), True),  # until somebody changes the account
        ("msit", (2026, 1, 2), False),
    ],
)
def test_the_successors_of_a_ministry_enter_for_its_goals(sqlite_ledger, clock, ministry, day, allowed):
    """On the day of the act in Korea, whatever was right when the account was made."""
    registry, report = parse_registry(TEXT.replace("pillars:", SPLIT) + a_target("money", lead="moef"), "t.yaml")
    assert not list(report)
    year, month, date_ = day
    clock.now = clock.now.replace(year=year, month=month, day=date_, hour=3)
    with sqlite_ledger.write() as connection:
        connection.execute(accounts.update().where(accounts.c.id == "officer").values(ministry=ministry))
    desk = Desk(sqlite_ledger, registry)
    value = say.Submit("money", "2024", figures(published="2025-02"))
    if allowed:
        assert desk.do(service.submit, "officer", value).number
    else:
        with pytest.raises(DeniedError):
            desk.do(service.submit, "officer", value)
