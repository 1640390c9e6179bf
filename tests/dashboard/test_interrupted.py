"""A click, and another input while its page is being drawn: the page always ends in what the ledger holds.

Streamlit leaves a running script at any of its commands when another input arrives. Here it is made to
leave at chosen places: from the first command after the click to the last of the page.
"""

from __future__ import annotations

import pytest
import streamlit as st
from desk_pages import ACTIONS, STATED, TIMES, approve, failing, fill, places, press, save, shown, submit, told

from dashboard import outbox, server
from loaders.ledger.errors import NotSavedError, UnknownOutcomeError, UnreadableLedgerError
from loaders.ledger.tables import drafts, versions


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
