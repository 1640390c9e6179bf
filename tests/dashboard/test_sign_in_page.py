"""What the sign-in and the accounts page say, in both languages, of what went wrong."""

import pytest
from builders import a_data_folder
from streamlit.testing.v1 import AppTest

from dashboard import context, desk, server
from dashboard.auth import viewer
from dashboard.auth.trouble import CAUSES
from dashboard.cli import DEFAULT_DATA
from dashboard.off_loop import LateError
from loaders.domain.policy import Role
from loaders.ledger.accounts import add_account, all_accounts
from loaders.ledger.migrate import migrate
from loaders.ledger.store import FILE, open_ledger


@pytest.fixture
def ledger(tmp_path, monkeypatch):
    folder = a_data_folder(tmp_path)
    context.use_folder(folder)
    found = open_ledger(f"sqlite:///{folder / FILE}")
    migrate(found)
    add_account(found, "root", Role.ADMINISTRATOR, subject="root@nia.kr")
    add_account(found, "kim", Role.OFFICER, "msit", subject="kim@msit.kr")
    monkeypatch.setattr(desk, "_ledger", found)
    monkeypatch.setattr(viewer, "current", lambda: viewer.PUBLIC)  # AppTest has no cookies
    yield found
    found.close()
    context.use_folder(DEFAULT_DATA)


def page(name, **query):
    """The page by itself: AppTest finds a page by its file's name, and the sign-in has another address."""
    test = AppTest.from_file(str(server.SCRIPT.parent / "views" / f"{name}.py"), default_timeout=30)
    for key, value in query.items():
        test.query_params[key] = value
    test.run()
    assert not test.exception, test.exception
    return test


def alert(drawn, **query):
    drawn.clear()
    page("sign_in", **query)
    text = "".join(drawn)
    return text.split('role="alert">')[1].split("</p>")[0] if 'role="alert">' in text else ""


def test_each_problem_has_its_sentence(ledger, drawn):
    assert alert(drawn) == ""
    assert alert(drawn, problem="refused", lang="en") == "Name or password is not right."
    assert "15 minutes" in alert(drawn, problem="locked", lang="en")
    assert "in 37 seconds" in alert(drawn, problem="wait", seconds="37", lang="en")
    assert "37초 뒤에" in alert(drawn, problem="wait", seconds="37")


@pytest.mark.parametrize("cause", CAUSES)
def test_a_failing_ledger_is_told_with_what_was_done(ledger, drawn, cause):
    asked = {"problem": "ledger", "cause": cause}
    assert "바뀐 것은 없습니다" in alert(drawn, **asked)
    english = alert(drawn, **asked, lang="en")
    assert english.endswith(
        "You are not signed in, and nothing was changed. Try again in a minute; if it goes on, tell whoever runs the server."
    )
    assert english != alert(drawn, problem="ledger", cause="away" if cause != "away" else "full", lang="en")


def test_nothing_that_an_address_says_is_repeated(ledger, drawn):
    for odd in ("<b>123456789</b>", "123456789", "out_x123456789"):
        for query in ({"problem": odd}, {"problem": "wait", "seconds": odd}, {"problem": "ledger", "cause": odd}):
            assert "123456789" not in alert(drawn, **query, lang="en")


def test_whoever_is_still_signed_in_is_told(ledger, drawn, monkeypatch):
    monkeypatch.setattr(viewer, "current", lambda: viewer.Viewer("kim", "Kim", Role.OFFICER, "msit"))
    text = alert(drawn, problem="out", cause="full", lang="en")
    assert "database is full. Signing out was not saved" in text
    assert "you are still signed in" in text
    assert "not known whether" in alert(drawn, problem="out_unknown", cause="late", lang="en")


def test_signing_out_at_a_provider_waits_for_the_ledger(ledger, drawn, monkeypatch):
    """The session here ends first; where that is not saved the one at the provider goes on too."""
    import streamlit as st

    left = []
    monkeypatch.setenv(viewer.SIGN_IN, "oidc")
    monkeypatch.setattr(viewer, "current", lambda: viewer.Viewer("kim", "Kim", Role.OFFICER, "msit"))
    monkeypatch.setattr(st, "logout", lambda: left.append(1))
    refusing = [LateError(begun=False)]

    def sign_out(ledger, token):
        if refusing:
            raise refusing.pop()

    monkeypatch.setattr("loaders.ledger.accounts.sign_out", sign_out)
    test = page("sign_in", lang="en")
    drawn.clear()
    test.button[0].click().run()
    assert "you are still signed in" in "".join(drawn)
    assert left == []
    test.button[0].click().run()
    assert left == [1]


@pytest.mark.parametrize(
    ("typed", "korean", "english"),
    [
        ("kirn", "“kim”와(과) 헷갈리기 쉬운", "could be taken for “kim”"),
        ("a b", "쓸 수 없는 글자가 있습니다: U+0020", "U+0020 cannot stand there"),
        ("oper\u0430tor", "서로 다른 문자", "mixes scripts"),
        ("operator", "감사 기록이 쓰는", "The audit log uses"),
        ("", "로그인 이름을 입력", "Type a sign-in name"),
        ("kim", "계정", "There is such an account already"),
    ],
)
def test_a_name_that_cannot_be_is_told_with_the_way_out(ledger, drawn, monkeypatch, typed, korean, english):
    monkeypatch.setattr(viewer, "current", lambda: viewer.Viewer("root", "Root", Role.ADMINISTRATOR))
    for language, told in (("ko", korean), ("en", english)):
        test = page("accounts", lang=language)
        test.text_input[0].input(typed)
        test.text_input[2].input("a long enough secret")
        test.selectbox[0].select(Role.AUDITOR)
        test.button[0].click().run()
        assert told in " ".join(one.value for one in test.error), language
    assert [one.id for one in all_accounts(ledger)] == ["kim", "root"]
