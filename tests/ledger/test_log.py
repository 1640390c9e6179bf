"""Whoever may not read values learns nothing of them from the audit log, not by searching either."""

import pytest
from ledger_world import Desk

from loaders.domain.policy import Role
from loaders.ledger import log
from loaders.ledger.accounts import add_account
from loaders.ledger.log import look_up

CANARY, SOURCE, REASON = "987654321", "비밀통계원", "까닭은 비밀"


@pytest.fixture
def desk(ledger):
    found = Desk(ledger)
    found.submit(value=CANARY, confirmed={"ten_times": REASON})
    found.stop(reason=REASON)
    add_account(ledger, "newcomer", Role.AUDITOR)
    return found


def found(desk, query="", *, figures):
    with desk.ledger.read() as connection:
        return look_up(connection, query, figures=figures, most=10)


def test_an_auditor_sees_what_was_stated(desk):
    assert [CANARY in (one.detail or "") for one in found(desk, figures=True)] == [False, False, True]
    assert len(found(desk, CANARY, figures=True)) == 1
    assert len(found(desk, REASON.split()[0], figures=True)) == 2


def test_an_administrator_sees_that_something_was_done(desk):
    seen = found(desk, figures=False)
    assert [(one.actor, one.action, one.subject) for one in seen] == [
        ("operator", "add_account", "account newcomer"),
        ("reviewer", "stop", "submission 1"),
        ("officer", "submit", "submission 1"),
    ]
    assert all(one.recorded_at for one in seen)
    assert [one.detail is None for one in seen] == [False, True, True]
    assert not any(text in repr(seen) for text in (CANARY, REASON, "mss.kr", "중기부"))


@pytest.mark.parametrize("query", [CANARY, CANARY[:4], "mss.kr", "중기부", REASON.split()[0], "ten_times", "unicorns"])
def test_searching_does_not_tell_either(desk, query):
    assert found(desk, query, figures=False) == []
    assert found(desk, query, figures=True) != []


def test_what_is_no_figure_is_found_by_everybody(desk):
    assert [one.subject for one in found(desk, "auditor", figures=False)] == ["account newcomer"]
    assert [one.action for one in found(desk, "submission stop", figures=False)] == ["stop"]
    assert found(desk, "%", figures=True) == found(desk, "x_y", figures=True) == []


def test_without_the_rule_the_search_tells(desk, monkeypatch):
    """The control: every subject counted as plain."""
    monkeypatch.setattr(log, "PLAIN", ("",))
    assert len(found(desk, CANARY, figures=False)) == 1
