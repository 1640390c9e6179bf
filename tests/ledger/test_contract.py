"""What each action does and refuses, on SQLite and on PostgreSQL alike."""

from datetime import UTC, datetime, timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from ledger_world import Desk, figures, key
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from loaders.domain.workflow import State
from loaders.ledger import commands as say
from loaders.ledger import service
from loaders.ledger.errors import (
    AlreadyDecidedError,
    ClosedError,
    DeniedError,
    InvalidError,
    KeyReusedError,
    StaleError,
    UnknownError,
    WrongStateError,
)
from loaders.ledger.migrate import migrate
from loaders.ledger.published import epoch, released
from loaders.ledger.rows import read_submission, read_submissions
from loaders.ledger.tables import APPEND_ONLY, audit, denials, drafts, metadata, receipts, versions

TOMORROW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


@pytest.fixture
def desk(ledger):
    return Desk(ledger)


def test_the_migration_makes_what_the_tables_say(ledger):
    migrate(ledger)
    with ledger.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_a_value_from_draft_to_release(desk, clock):
    draft = desk.do(service.save_draft, "officer", say.SaveDraft("unicorns", "2025", say.Figures(value="셋")))
    assert (draft.subject, draft.version, desk.state()) == ("submission 1", 0, State.DRAFT)
    handed = desk.submit()
    assert (handed.number, handed.version, desk.state()) == ("R-2026-000002", 1, State.SUBMITTED)
    desk.send_back()
    assert desk.state() is State.RETURNED
    desk.submit(expected=1, value="4")
    assert desk.state() is State.RESUBMITTED
    desk.approve(expected=2)
    assert desk.state() is State.APPROVED
    assert released(desk.ledger) == []
    desk.schedule(TOMORROW, expected=2)
    assert desk.state() is State.SCHEDULED
    before = epoch(desk.ledger)
    clock.now = TOMORROW - timedelta(seconds=5)
    assert (released(desk.ledger), epoch(desk.ledger)) == ([], before)
    clock.now = TOMORROW
    (seen,) = released(desk.ledger)
    assert (seen.indicator, seen.period.text, seen.value, seen.known.isoformat()) == (
        "unicorns",
        "2025",
        4.0,
        "2026-11-24",
    )
    assert seen.sources == (("중기부", "https://mss.kr/1"),)
    assert epoch(desk.ledger) != before
    assert desk.state() is State.RELEASED


def test_a_correction_is_reviewed_and_leaves_the_old_value(desk, clock):
    desk.submit()
    desk.approve(release_at=clock.now)
    assert desk.state() is State.RELEASED
    desk.correct("4")
    assert desk.state() is State.RESUBMITTED
    assert [one.value for one in released(desk.ledger)] == [3.0], "not before it is approved"
    desk.approve(expected=2, release_at=clock.now)
    assert [one.value for one in released(desk.ledger)] == [3.0, 4.0]
    with desk.ledger.read() as connection:
        found = read_submission(connection, 1)
    assert found.states(desk.ledger.now()) == [State.CORRECTED, State.RELEASED]
    assert found.released(desk.ledger.now()).figures.value == "4"


def test_no_change_is_a_value_like_any_other(desk):
    done = desk.do(service.confirm_unchanged, "officer", say.ConfirmUnchanged("unicorns", "2025", figures("3")))
    assert done.version == 1
    with desk.ledger.read() as connection:
        assert read_submission(connection, 1).latest.unchanged


def test_what_was_taken_back_can_be_handed_in_again(desk):
    desk.submit()
    desk.withdraw()
    assert desk.state() is State.WITHDRAWN
    desk.submit(expected=1)
    assert desk.state() is State.RESUBMITTED


def test_the_same_key_does_it_once_and_another_command_under_it_is_refused(desk):
    command, own = say.Submit("unicorns", "2025", figures()), key()
    first = desk.do(service.submit, "officer", command, 0, own)
    again = desk.do(service.submit, "officer", command, 0, own)
    assert (again.number, again.repeated, first.repeated) == (first.number, True, False)
    assert desk.count(versions) == 1
    with pytest.raises(KeyReusedError):
        desk.do(service.submit, "officer", say.Submit("unicorns", "2025", figures("9")), 0, own)


def test_nobody_decides_on_what_they_did_not_see(desk):
    desk.submit()
    with pytest.raises(StaleError):
        desk.approve(expected=0)
    with pytest.raises(StaleError):
        desk.approve(digest="another")
    desk.send_back()
    desk.submit(expected=1, value="5")
    with pytest.raises(StaleError):
        desk.submit(expected=1, value="6")


def test_one_decision_a_version(desk):
    desk.submit()
    desk.approve()
    with pytest.raises(AlreadyDecidedError) as refused:
        desk.send_back(actor="second")
    assert refused.value.parameters["by"] == "reviewer"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"value": "6,54.5"}, "value number"),
        ({"value": "NaN"}, "value number"),
        ({"value": "１２"}, "value number"),
        ({"value": "-1"}, "value bounds"),
        ({"value": ""}, "value missing"),
        ({"source": " "}, "source missing"),
        ({"url": ""}, "url missing"),
        ({"url": "javascript:alert(1)"}, "url url"),
        ({"status": "Z"}, "status status"),
        ({"published": "2027-01"}, "published future"),
        ({"published": "2026-02-30"}, "published date"),
        ({"note": "x" * 2001}, "note long"),
        ({"note": "a\u200bb"}, "note hidden"),
    ],
)
def test_figures_that_are_not_right(desk, change, fault):
    with pytest.raises(InvalidError, match=fault):
        desk.do(service.submit, "officer", say.Submit("unicorns", "2025", figures(**change)))
    assert desk.count(versions) == desk.count(audit) == desk.count(receipts) == 0


@pytest.mark.parametrize(("period", "fault"), [("2026", "period future"), ("2025-13", "period period")])
def test_periods_that_are_not_right(desk, period, fault):
    with pytest.raises(InvalidError, match=fault):
        desk.submit(period=period)


def test_a_doubt_needs_its_reason(desk):
    with pytest.raises(InvalidError, match=r"confirmed\.ten_times missing"):
        desk.submit(confirmed={"ten_times": " "})
    desk.submit(confirmed={"ten_times": "사업 확대"})


def test_another_ministry_cannot_tell_a_submission_from_none(desk):
    desk.submit()
    for number in (1, 999):
        with pytest.raises(DeniedError):
            desk.withdraw(submission=number, actor="stranger")
    with pytest.raises(DeniedError):
        desk.submit(actor="stranger", target="unicorns", expected=1)
    with pytest.raises(DeniedError):
        desk.submit(actor="stranger", target="no_such_target")
    assert desk.count(denials) == 4


def test_an_officer_takes_back_their_own_a_lead_the_ministrys(desk):
    desk.submit()
    with pytest.raises(DeniedError):
        desk.withdraw(actor="colleague")
    desk.withdraw(actor="lead")


def test_values_are_taken_only_while_a_round_is_open(desk, clock):
    opens, closes = clock.now + timedelta(hours=1), clock.now + timedelta(hours=3)
    desk.do(service.open_round, "reviewer", say.OpenRound("2026-2", "2026년 하반기", opens, closes))
    with pytest.raises(ClosedError):
        desk.submit()
    clock.now = opens
    desk.submit()
    desk.do(service.close_round, "reviewer", say.CloseRound("2026-2"))
    with pytest.raises(ClosedError):
        desk.submit(target="robots")
    with pytest.raises(UnknownError):
        desk.do(service.close_round, "reviewer", say.CloseRound("none"))


def test_the_wrong_moment_for_an_action(desk, clock):
    desk.submit()
    with pytest.raises(WrongStateError):
        desk.submit(expected=1)
    with pytest.raises(WrongStateError):
        desk.schedule(TOMORROW)
    with pytest.raises(WrongStateError):
        desk.correct()
    desk.approve(release_at=clock.now)
    with pytest.raises(WrongStateError):
        desk.schedule(TOMORROW)


def test_a_release_can_be_moved_until_it_is_out(desk, clock):
    desk.submit()
    desk.approve(release_at=TOMORROW)
    desk.schedule(TOMORROW + timedelta(days=1))
    clock.now = TOMORROW + timedelta(hours=1)
    assert released(desk.ledger) == []
    clock.now = TOMORROW + timedelta(days=1)
    assert len(released(desk.ledger)) == 1


def test_a_draft_keeps_every_save_and_ends_with_the_hand_in(desk):
    for value in ("1", "12", "13"):
        desk.do(service.save_draft, "officer", say.SaveDraft("unicorns", "2025", say.Figures(value=value)))
    assert desk.count(drafts) == 3
    with desk.ledger.read() as connection:
        assert read_submission(connection, 1).draft.value == "13"
    desk.submit()
    with desk.ledger.read() as connection:
        assert read_submission(connection, 1).draft is None


def test_every_action_leaves_exactly_one_audit_row_and_one_receipt(desk, clock):
    desk.submit()
    desk.approve(release_at=clock.now)
    desk.correct("4")
    assert desk.count(audit) == desk.count(receipts) == 3
    with desk.ledger.read() as connection:
        rows = connection.execute(select(audit.c.action).order_by(audit.c.seq)).scalars().all()
        assert rows == ["submit", "approve", "correct"]
        assert len(read_submissions(connection)) == 1


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_the_database_itself_refuses_to_change_what_is_written(desk, table):
    desk.do(service.save_draft, "officer", say.SaveDraft("unicorns", "2025", say.Figures(value="1")))
    desk.submit()
    desk.approve(release_at=TOMORROW)
    desk.stop()
    with pytest.raises(DeniedError):
        desk.submit(actor="stranger", target="unicorns")
    column = {"audit": "seq", "receipt": "number"}.get(table, "id")
    for change in (f'DELETE FROM "{table}"', f'UPDATE "{table}" SET {column} = {column}'):
        with pytest.raises(DBAPIError, match="only grows"), desk.ledger.write() as connection:
            connection.execute(text(change))


def test_a_correction_takes_a_value_back_without_another(desk, clock):
    desk.submit()
    desk.approve(release_at=clock.now)
    assert [one.value for one in released(desk.ledger)] == [3.0]
    taken = say.Correct(1, figures("", status="M"), "통계청이 거두어들임")
    desk.do(service.correct, "officer", taken, 1)
    desk.approve(expected=2, actor="second", release_at=clock.now)
    last = released(desk.ledger)[-1]
    assert (last.value, last.status) == (None, "M")


def test_only_a_withdrawal_has_no_value(desk):
    with pytest.raises(InvalidError) as refused:
        desk.do(service.submit, "officer", say.Submit("unicorns", "2025", figures("", status="A")), 0)
    assert [one.code for one in refused.value.faults] == ["missing"]
