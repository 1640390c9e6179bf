"""The replay knows every action that is ever logged, and is honest about entries of an earlier form."""

import ast
import json
from pathlib import Path

import pytest
from ledger_world import Desk
from sqlalchemy import select

import loaders.ledger
from loaders.domain.policy import Action
from loaders.ledger import chain, proof, replay, service
from loaders.ledger.accounts import change_account
from loaders.ledger.chain import Flaw
from loaders.ledger.tables import accounts, audit, drafts, submissions, versions


def logged_words():
    """Every action that a function of the package writes into the log by name."""
    found = set()
    for path in Path(loaders.ledger.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "_told":
                found.add(node.args[3].value)
    return found


def test_every_action_can_be_replayed():
    assert set(replay.REPLAY) == set(service.ACTIONS), "a new action needs its line in REPLAY"
    assert set(service.ACTIONS) <= set(Action)
    once = {"sign_in_locked"}  # written until names were no longer locked
    assert set(replay.REPLAY_ACCOUNTS) == logged_words() | once, "a new entry about accounts needs its line"
    assert {"add_account", "sign_out"} <= logged_words(), "the control: the words are found"


def test_an_action_without_its_line_is_a_flaw(logged_ledger, monkeypatch):
    Desk(logged_ledger).submit()
    monkeypatch.delitem(replay.REPLAY, Action.SUBMIT)
    flaws = proof.verify(logged_ledger).flaws
    assert Flaw(12, "unknown", "audit", "12", submission=1) in flaws
    assert ("unlogged", "version") in {(flaw.code, flaw.table) for flaw in flaws}


@pytest.mark.parametrize("detail", ["", "nonsense", "[]", "null", '{"version":"x"}', '{"number":1}'])
def test_an_entry_that_cannot_be_read_is_a_flaw_not_a_crash(logged_ledger, detail):
    Desk(logged_ledger).submit()
    with logged_ledger.read() as connection:
        rows = [dict(row) for row in chain.rows(connection)]
    state = replay.rebuilt([*rows[:-1], rows[-1] | {"detail": detail}])
    assert state.flaws == [Flaw(12, "unreadable", "audit", "12", submission=1)]


def earlier(row):
    """An entry as it was written before the log told everything."""
    told = json.loads(row["detail"])
    told.pop("request", None)
    if row["subject"].startswith("submission"):
        told.pop("role", None)
    gone = {"add_account": ("name", "subject", "password", "created_at"), "save_draft": replay.PLACE}
    for key in (*gone.get(row["action"], ()), "ministry" if row["subject"].startswith("submission") else ""):
        told.pop(key, None)
    if "password" in told:
        told["password"] = "changed"
    return row | {"detail": chain.canonical(told)}


@pytest.fixture
def of_long_ago(logged_ledger):
    """A ledger whose log has the earlier form; its state, and the rest of it, as today."""
    from loaders.ledger import commands as say

    desk = Desk(logged_ledger)
    desk.do(service.save_draft, "officer", say.SaveDraft("robots", "2024", say.Figures(value="1")))
    desk.do(service.save_draft, "officer", say.SaveDraft("unicorns", "2025", say.Figures(value="1")))
    desk.submit()
    desk.approve(2, release_at=logged_ledger.clock())
    change_account(logged_ledger, "officer", password="correct horse battery")
    with logged_ledger.read() as connection:
        rows = [earlier(dict(row)) for row in chain.rows(connection)]
    return logged_ledger, replay.rebuilt(rows)


def test_what_an_earlier_log_does_not_tell_is_counted_not_held_against_it(of_long_ago):
    ledger, state = of_long_ago
    with ledger.read() as connection:
        assert proof.compare(connection, state) == state.flaws == []
    people = len(state.rows["account"]) * 4  # name, subject, password, moment
    assert proof.open_fields(state) == people + 3 * len(state.rows["receipt"]) + len(replay.PLACE), (
        "of the receipts the command, its digest and key; of the draft that was never handed in, of what it is"
    )
    assert state.rows["submission"][2, 0].fields["ministry"] == "msit", "from the officer's account at that time"


def test_what_an_earlier_log_tells_is_held(of_long_ago):
    ledger, state = of_long_ago
    with ledger.write() as connection:
        connection.execute(accounts.update().where(accounts.c.id == "officer").values(name="다른 이름", epoch=1))
        for table in ("submission", "version"):
            connection.exec_driver_sql(f"DROP TRIGGER {table}_no_update")
        connection.execute(submissions.update().where(submissions.c.id == 2).values(period="2023"))
        connection.execute(versions.update().values(note="x"))
    with ledger.read() as connection:
        flaws = proof.compare(connection, state)
    assert {(flaw.table, flaw.row, flaw.field) for flaw in flaws} == {
        ("account", "officer", "epoch"),
        ("submission", "2", "period"),
        ("version", "1", "note"),
        ("version", "1", "digest"),
    }


def test_a_draft_is_the_same_in_either_form_of_its_letters(logged_ledger):
    """Drafts keep what was typed, the log keeps composed letters: that is no flaw."""
    from loaders.ledger import commands as say

    typed = say.Figures(value="1", note="\u1112\u1161\u11ab")
    Desk(logged_ledger).do(service.save_draft, "officer", say.SaveDraft("unicorns", "2025", typed))
    with logged_ledger.read() as connection:
        assert connection.execute(select(drafts.c.note)).scalar_one() == typed.note
    assert proof.verify(logged_ledger).sound


def test_no_password_and_no_identity_reaches_the_log(logged_ledger):
    change_account(logged_ledger, "officer", password="correct horse battery")
    with logged_ledger.read() as connection:
        details = connection.execute(select(audit.c.detail)).scalars().all()
    assert not any(word in text for text in details for word in ("argon2", "correct horse", "@kpi.kr"))
    with logged_ledger.write() as connection:
        connection.execute(accounts.update().where(accounts.c.id == "officer").values(password="$argon2id$mine"))
        connection.execute(accounts.update().where(accounts.c.id == "lead").values(subject="me@kpi.kr"))
    flaws = {(flaw.row, flaw.field) for flaw in proof.verify(logged_ledger).flaws}
    assert flaws == {("officer", "password"), ("lead", "subject")}, "and yet a changed one is found"


def test_a_look_at_the_ledger_sees_one_state(ledger):
    """What is written meanwhile is not half seen: log and tables are of one moment."""
    desk = Desk(ledger)
    desk.submit()
    with ledger.read() as connection:
        before = connection.execute(select(audit.c.seq)).all()
        desk.approve()
        assert connection.execute(select(audit.c.seq)).all() == before


def test_a_look_through_everything_may_take_its_time(ledger):
    """A page waits five seconds for PostgreSQL; walking a long log takes longer, and only that may."""
    if ledger.on_sqlite:
        with ledger.read(patient=True) as connection:
            assert connection.execute(select(audit.c.seq)).all() == []
        return
    for patient, limits in ((True, ["10min", "10min"]), (False, ["5s", "10s"])):
        with ledger.read(patient=patient) as connection:
            names = ("statement_timeout", "idle_in_transaction_session_timeout")
            assert [connection.exec_driver_sql(f"SHOW {name}").scalar() for name in names] == limits
