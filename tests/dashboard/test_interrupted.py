"""A click, and another input while its page is being drawn: the page always ends in what the ledger holds.

Streamlit leaves a running script at any of its commands when another input arrives. Here it is made to
leave at chosen places: from the first command after the click to the last of the page.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import streamlit as st
from builders import csv_text, row
from ledger_world import TEXT, Clock, Desk, populated
from sqlalchemy import select
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.runtime.scriptrunner_utils.exceptions import RerunException
from streamlit.testing.v1 import AppTest

from dashboard import context, desk, outbox, server
from dashboard.auth import viewer
from dashboard.cli import DEFAULT_DATA
from loaders.ledger import service
from loaders.ledger.accounts import account
from loaders.ledger.errors import NotSavedError, UnknownOutcomeError, UnreadableLedgerError
from loaders.ledger.store import FILE, open_ledger
from loaders.ledger.tables import audit, drafts, receipts, versions

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
TIMES = 20


@pytest.fixture
def board(tmp_path, monkeypatch):
    """A desk on its own data, and a way to be somebody."""
    folder = tmp_path / "data"
    (folder / "actuals").mkdir(parents=True)
    (folder / "targets.yaml").write_text(TEXT, encoding="utf-8")
    rows = [row("unicorns", "2024", "3", published="2025-02-01", known="2025-02-01")]
    (folder / "actuals" / "a.csv").write_text(csv_text(*rows), encoding="utf-8")
    ledger = populated(open_ledger(f"sqlite:///{folder / FILE}", Clock(NOW, timedelta(microseconds=1))))
    monkeypatch.setattr(desk, "_ledger", ledger)
    monkeypatch.setattr(desk, "_mode", desk.Mode.BOTH)
    monkeypatch.setattr(desk, "_clock", lambda: NOW)
    context.use_folder(folder)

    def become(name):
        monkeypatch.setattr(viewer, "current", lambda: viewer._viewer(account(ledger, name)))
        monkeypatch.setattr("dashboard.deskwork.current", viewer.current)

    board = Desk(ledger)
    board.become = become
    yield board
    context.use_folder(DEFAULT_DATA)
    ledger.close()


def opened(page, **query):
    test = AppTest.from_file(str(Path(server.SCRIPT)), default_timeout=60)
    for key, value in query.items():
        test.query_params[key] = value
    test.switch_page(f"views/{page}.py")
    return test.run()


def press(test, key):
    """Press the button that bears ``key``."""
    (button,) = [one for one in test.button if one.key == key]
    return button.click().run()


def fill(test, **texts):
    for name, text in texts.items():
        (field,) = [one for one in (*test.text_input, *test.text_area) if one.key.startswith(f"{name} ")]
        field.set_value(text)


class Interrupter:
    """Leaves the script once at its ``at``-th command after a click, as for another input without that click."""

    def __init__(self, monkeypatch):
        self.at = self.count = 0
        self.asked = None
        original, start = ScriptRunner._maybe_handle_execution_control_request, ScriptRunner.request_rerun

        def request(runner, data):
            self.asked = data
            return start(runner, data)

        def look(runner):
            if runner._execing and self.at:
                self.count += 1
                if self.count == self.at:
                    self.at = 0
                    raise RerunException(replace(self.asked, widget_states=without_clicks(self.asked.widget_states)))
            return original(runner)

        monkeypatch.setattr(ScriptRunner, "request_rerun", request)
        monkeypatch.setattr(ScriptRunner, "_maybe_handle_execution_control_request", look)

    def arm(self, at):
        self.at, self.count = at, 0


def without_clicks(states):
    kept = WidgetStates()
    kept.widgets.extend(one for one in states.widgets if one.WhichOneof("value") != "trigger_value")
    return kept


@pytest.fixture
def interrupter(monkeypatch):
    return Interrupter(monkeypatch)


STATED = {"value": "4", "source": "중기부", "url": "https://mss.kr/1"}


def a_submission(board, n, *, approved=False, release=None):
    board.submit(period=str(2000 + n))
    if approved:
        board.approve(submission=n, release_at=release)


def entry(board, n):
    board.become("officer")
    test = opened("entry", id="unicorns", period=str(2000 + n))
    fill(test, **STATED)
    return test


def review(board, n, reviewer="reviewer"):
    board.become(reviewer)
    return opened("review", submission=str(n))


LATER = datetime(2027, 1, 1, tzinfo=UTC)


def save(board, n):
    return entry(board, n), f"save unicorns {2000 + n}"


def submit(board, n):
    return entry(board, n), f"submit unicorns {2000 + n}"


def correct(board, n):
    a_submission(board, n, approved=True, release=LATER)
    test = entry(board, n)
    fill(test, **{"reason correct": "집계 오류"})
    return test, f"correct unicorns {2000 + n}"


def withdraw(board, n):
    a_submission(board, n, approved=True, release=LATER)
    test = entry(board, n)
    fill(test, **{"reason withdraw": "집계 오류"})
    return test, f"withdraw {n}"


def approve(board, n):
    a_submission(board, n)
    return review(board, n), f"approve {n}"


def send_back(board, n):
    a_submission(board, n)
    test = review(board, n)
    (field,) = [one for one in test.text_input if one.key == f"reason {n}"]
    field.set_value("출처가 없습니다")
    return test, f"return {n}"


def schedule(board, n):
    a_submission(board, n, approved=True)
    return review(board, n), f"schedule {n}"


def stop(board, n):
    a_submission(board, n, approved=True, release=LATER)
    test = review(board, n)
    fill(test, **{"reason stop": "의심됨"})
    return test, f"stop {n} 0"


def resume(board, n):
    a_submission(board, n, approved=True, release=LATER)
    board.stop(submission=n)
    test = review(board, n, "second")
    fill(test, **{"reason resume": "확인함"})
    return test, f"resume {n} 1"


ACTIONS = {
    "save_draft": save,
    "submit": submit,
    "correct": correct,
    "withdraw": withdraw,
    "approve": approve,
    "return": send_back,
    "schedule": schedule,
    "stop": stop,
    "resume": resume,
}


def shown(test):
    """All messages on the page."""
    return " ".join(one.value for one in (*test.success, *test.error, *test.warning))


def told(board, action):
    """Receipts of ``action``, oldest first; each row has its audit row and its receipt."""
    with board.ledger.read() as connection:
        found = connection.execute(select(receipts.c.number, audit.c.action).join(audit).order_by(audit.c.seq)).all()
    assert len(found) == board.count(audit)
    return [one.number for one in found if one.action == action]


def places(test, key, interrupter):
    """Numbers of commands after a click at which to leave the script: ``TIMES`` of them, from first to last."""
    interrupter.arm(10**9)
    press(test, key)
    last = interrupter.count
    # 1 is Streamlit's own look before it knows of the click: nobody can tell such a click from none.
    return sorted({2 + round(n * (last - 2) / (TIMES - 1)) for n in range(TIMES)})


@pytest.mark.parametrize("action", ACTIONS)
def test_a_click_that_is_interrupted_anywhere_ends_in_its_receipt(board, interrupter, action):
    chosen = places(*ACTIONS[action](board, 1), interrupter)
    assert len(chosen) == TIMES
    assert len(told(board, action)) == 1
    for n, place in enumerate(chosen, 2):
        test, key = ACTIONS[action](board, n)
        interrupter.arm(place)
        press(test, key)
        assert interrupter.at == 0, "it was interrupted"
        assert not test.exception
        numbers = told(board, action)
        assert len(numbers) == n, (place, shown(test))
        assert numbers[-1] in shown(test), (place, shown(test))
        assert not test.error, "no conflict with oneself"


@pytest.mark.parametrize("action", ["save_draft", "submit", "approve", "stop"])
def test_ten_double_clicks_make_one_row_each(board, interrupter, action):
    for n in range(1, 11):
        test, key = ACTIONS[action](board, n)
        interrupter.arm(2 + 5 * n)
        press(test, key)
        if [one for one in test.button if one.key == key]:
            press(test, key)
        numbers = told(board, action)
        assert len(numbers) == n
        assert numbers[-1] in shown(test)
        assert not test.error


def test_a_draft_and_a_submission_have_different_words(board):
    test, key = save(board, 1)
    press(test, key)
    (draft,) = [one.value for one in test.success]
    assert draft.startswith("임시 저장되었습니다. 아직 제출되지 않았습니다.")
    assert "접수되었습니다" not in draft
    press(test, "submit unicorns 2001")
    (handed,) = [one.value for one in test.success]
    assert handed.startswith("접수되었습니다. 검토를 기다립니다.")
    assert (board.count(drafts), board.count(versions)) == (1, 1)


def test_what_was_said_stays_for_a_while_and_no_longer(board, monkeypatch):
    now = [100.0]
    monkeypatch.setattr(outbox, "monotonic", lambda: now[0])
    test, key = save(board, 1)
    press(test, key)
    (number,) = told(board, "save_draft")
    now[0] += outbox.SHOWN_SECONDS / 2
    assert number in shown(test.run())
    now[0] += outbox.SHOWN_SECONDS
    assert number not in shown(test.run())


def test_a_changed_draft_is_another_one_and_the_same_later_as_well(board, monkeypatch):
    now = [100.0]
    monkeypatch.setattr(outbox, "monotonic", lambda: now[0])
    test, key = save(board, 1)
    press(test, key)
    fill(test, value="5")
    press(test, key)
    press(test, key)
    assert board.count(drafts) == 2
    now[0] += outbox.REPEAT_SECONDS + 1
    press(test, key)
    assert board.count(drafts) == 3


def failing(monkeypatch, error, after=None):
    """The ledger fails once, ``after`` having done its work or before."""
    left, real = [1], service.ACTIONS.copy()

    def wrapped(action):
        def run(*arguments):
            if not left[0]:
                return real[action](*arguments)
            left[0] = 0
            if after:
                real[action](*arguments)
            raise error

        return run

    for action in real:
        monkeypatch.setitem(service.ACTIONS, action, wrapped(action))


@pytest.mark.parametrize("cause", ["full", "locked", "away", "read_only"])
@pytest.mark.parametrize("action", ["submit", "stop"])
def test_what_was_not_saved_is_called_so_and_can_be_sent_again(board, monkeypatch, action, cause):
    test, key = ACTIONS[action](board, 1)
    failing(monkeypatch, NotSavedError(cause=cause))
    press(test, key)
    assert shown(test).startswith("저장되지 않았습니다. ")
    assert told(board, action) == []
    press(test, key)
    (number,) = told(board, action)
    assert number in shown(test)
    assert "저장되지 않았습니다" not in shown(test)


@pytest.mark.parametrize("written", [True, False])
def test_what_nobody_knows_is_looked_up_at_the_next_sight(board, monkeypatch, written):
    test, key = submit(board, 1)
    failing(monkeypatch, UnknownOutcomeError(cause="away"), after=written)
    press(test, key)
    assert "저장되었는지 지금은 알 수 없습니다" in shown(test)
    test.run()
    if written:
        assert told(board, "submit")[0] in shown(test)
    else:
        assert "‘제출’은(는) 기록되지 않았습니다" in shown(test)
    assert "알 수 없습니다" not in shown(test.run())
    assert board.count(versions) == int(written)


def gone(*_, **__):
    raise UnreadableLedgerError(cause="away")


def test_without_the_ledger_nothing_is_said_to_be_saved_and_the_fields_stay(board, monkeypatch):
    test, key = submit(board, 1)
    with monkeypatch.context() as away:
        away.setattr("loaders.ledger.rows.read_submissions", gone)
        press(test, key)
        assert "새로 저장된 것은 없습니다" in shown(test)
        assert not test.exception
    test.run()
    assert {field.key.split()[0]: field.value for field in test.text_input}["source"] == STATED["source"]
    assert board.count(versions) == 0
    press(test, key)
    assert told(board, "submit")[0] in shown(test)


def test_a_page_whose_head_needs_the_ledger_says_the_same(board, monkeypatch):
    said = []
    monkeypatch.setattr("dashboard.deskwork.st.error", said.append)
    assert server.report_failure(UnreadableLedgerError(cause="locked"))
    (text,) = said
    assert text.startswith(
        "지금 장부를 읽을 수 없습니다. 다른 작업이 장부를 쓰고 있습니다. 이 화면에서 새로 저장된 것은 없습니다."
    )


def test_a_button_that_is_gone_before_it_was_acted_upon_is_said_to_have_done_nothing(board):
    """The submission was decided on by somebody else between the click and the page."""
    test, key = approve(board, 1)
    board.send_back(submission=1, actor="second")
    press(test, key)
    assert told(board, "approve") == []
    assert "방금 누른 일은 기록되지 않았습니다" in shown(test)


def lost_or_untold(board, interrupter):
    """How many of a few interrupted submissions were lost, and how many nobody was told of."""
    lost = untold = 0
    for n in range(1, 13):
        test, key = submit(board, n)
        before = board.count(versions)
        interrupter.arm(2 + 9 * n)
        press(test, key)
        is_in = board.count(versions) > before
        lost += not is_in
        untold += is_in and told(board, "submit")[-1] not in shown(test)
    return lost, untold


def test_a_click_that_is_not_written_down_is_lost(board, interrupter, monkeypatch):
    """The control: the button's own value, which is gone with the run that it came in."""
    monkeypatch.setattr("dashboard.deskwork.pressed", lambda label, form, **more: st.button(label, key=form, **more))
    lost, _ = lost_or_untold(board, interrupter)
    assert lost > 0


def test_a_message_that_is_taken_away_when_it_is_read_is_not_seen(board, interrupter, monkeypatch):
    """The control: said once, at the beginning of a run that is left in the middle."""
    monkeypatch.setattr(outbox.Said, "is_over", lambda one: bool(one.since))
    real = outbox.Outbox.say

    def say_once(box, kind, text):
        real(box, kind, text)
        box.said[-1].since = 1.0

    monkeypatch.setattr(outbox.Outbox, "say", say_once)
    _, untold = lost_or_untold(board, interrupter)
    assert untold > 0
