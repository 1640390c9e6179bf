"""The pages of the desk through Streamlit's own tests: open, fill in, press, and leave the script in the middle."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.runtime.scriptrunner_utils.exceptions import RerunException
from streamlit.testing.v1 import AppTest

from dashboard import server
from loaders.ledger import service
from loaders.ledger.tables import audit, receipts

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
TIMES = 20


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
