"""A file at the desk: handed in whole, and the second time only what is not in yet."""

from __future__ import annotations

import pytest
from desk_pages import opened, places, press, shown, told

from dashboard.components import entries
from loaders.ledger.errors import NotSavedError, UnknownOutcomeError
from loaders.ledger.tables import audit, receipts, versions

HEAD = "목표 코드,기간,실적,통계 상태,공표일,출처,링크,비고"


def csv_file(*rows):
    """Rows of (target, period, value)."""
    lines = [f"{target},{period},{value},A,2026-02,과기정통부,https://msit.kr/1," for target, period, value in rows]
    return "\n".join([HEAD, *lines]).encode()


def years(first, count, value="4"):
    return [("robots", str(year), value) for year in range(first, first + count)]


def uploaded(board, *rows, actor="officer"):
    board.become(actor)
    test = opened("desk")
    test.file_uploader[0].set_value(("a.csv", csv_file(*rows), "text/csv"))
    return test.run()


def answered(test):
    """The page with a reason beside everything that looks odd."""
    for field in test.text_input:
        if field.key.startswith("why "):
            field.set_value("사업 확대")
    return test


def hand_in(test):
    answered(test)
    (button,) = [one for one in test.button if one.label.endswith("건 내기")]
    return button.click().run()


def button_key(test):
    (button,) = [one for one in answered(test).button if one.label.endswith("건 내기")]
    return button.key


def test_every_row_has_its_receipt_and_the_second_time_nothing_is_left(board, drawn):
    test = hand_in(uploaded(board, *years(1990, 24)))
    assert board.count(versions) == board.count(audit) == board.count(receipts) == 24
    assert "R-2026-000001 … R-2026-000024 (24)" in shown(test)
    drawn.clear()
    again = uploaded(board, *years(1990, 24))
    assert "24건은 이미 같은 값으로 접수되어 있습니다." in "".join(drawn)
    assert [one for one in again.button if one.label.endswith("건 내기")] == []


def test_a_second_upload_goes_on_with_the_rest(board, drawn):
    hand_in(uploaded(board, *years(1990, 5)))
    drawn.clear()
    test = uploaded(board, *years(1988, 9))
    assert "5건은 이미 같은 값으로 접수되어 있습니다. 나머지만 냅니다." in "".join(drawn)
    hand_in(test)
    assert board.count(versions) == 9
    with board.ledger.read() as connection:
        from loaders.ledger.rows import read_submissions

        assert {one.version for one in read_submissions(connection)} == {1}


def test_another_value_on_record_keeps_the_whole_file_out(board, drawn):
    hand_in(uploaded(board, *years(1990, 5)))
    drawn.clear()
    test = uploaded(board, *years(1989, 5), ("robots", "1994", "5"))
    assert "다른 값(4)이 있음: 검토 기다림" in "".join(drawn)
    assert [one for one in test.button if one.label.endswith("건 내기")] == []
    assert board.count(versions) == 5


def test_a_row_that_is_taken_meanwhile_keeps_the_whole_file_out(board):
    test = uploaded(board, *years(1990, 5))
    board.submit(target="robots", period="1992", actor="colleague")
    hand_in(test)
    assert board.count(versions) == 1
    assert told(board, "submit") == ["R-2026-000001"]


def test_interrupted_anywhere_it_is_in_once_and_said_to_be(board, interrupter):
    chosen = places(*(lambda test: (test, button_key(test)))(uploaded(board, *years(1900, 3))), interrupter)
    for n, place in enumerate(chosen, 1):
        test = uploaded(board, *years(1900 + 3 * n, 3))
        key = button_key(test)
        interrupter.arm(place)
        press(test, key)
        numbers = told(board, "submit")
        assert len(numbers) == 3 * (n + 1), (place, shown(test))
        assert all(number in shown(test) for number in numbers[-3:])


@pytest.mark.parametrize("kind", [NotSavedError, UnknownOutcomeError])
def test_what_was_not_saved_is_called_so(board, monkeypatch, kind):
    def fails(*_):
        raise kind(cause="full")

    test = uploaded(board, *years(1990, 3))
    with monkeypatch.context() as full:
        full.setattr(entries, "submit_file", fails)
        hand_in(test)
    assert ("저장되지 않았습니다" if kind is NotSavedError else "지금은 알 수 없습니다") in shown(test)
    assert board.count(versions) == 0
    hand_in(test)
    assert board.count(versions) == 3
    assert "R-2026-000003" in shown(test)
