"""Sign in, and out: plain forms that post, so that no password passes through a script."""

from __future__ import annotations

import re

import streamlit as st

from dashboard import context, desk, state
from dashboard.auth import viewer
from dashboard.auth.oidc import session_token
from dashboard.auth.routes import DESK, SIGN_IN, SIGN_OUT
from dashboard.auth.settings import mode
from dashboard.auth.trouble import CAUSES, TROUBLE, cause_of
from dashboard.components.ledger_notice import closed
from dashboard.components.markup import draw, escape
from dashboard.local_address import local_or
from dashboard.wording.catalog import Words
from loaders.ledger.accounts import sign_out

REFUSED = ("refused", "locked", "wait")
FAILED = ("ledger", "out", "out_unknown")
"""Problems of the ledger, each with its cause."""


def page() -> None:
    """Draw the form, or who is signed in."""
    request = state.request(context.today())
    words, who = Words(request.language), viewer.current()
    title = f"<h1>{escape(words('sign_in.title'))}</h1>"
    trouble = desk.trouble()
    if trouble is not None:
        draw(title + closed(trouble, words))
    elif desk.ledger() is None:
        draw(f'{title}<p class="kpi-empty">{escape(words("desk.closed"))}</p>')
    elif who.account is not None:
        draw(title + _told(words) + _signed_in(who, words))
        if mode() == "oidc" and st.button(words("sign_in.out"), type="primary"):
            _sign_out_everywhere(words)
    elif mode() == "oidc":
        draw(title + (_problem(words("sign_in.problem.no_account")) if st.user.get("is_logged_in") else ""))
        st.button(words("sign_in.oidc"), on_click=st.login, type="primary")
    elif mode() == "proxy":
        draw(f'{title}<p class="kpi-empty">{escape(words("sign_in.proxy"))}</p>')
    else:
        draw(title + _form(words))


def _sign_out_everywhere(words: Words) -> None:
    """End the session here, and only then the one at the provider: the other way round it would go on unseen."""
    try:
        sign_out(desk.ledger(), session_token(st.user) or "")
    except TROUBLE as error:
        draw(_problem(f"{words(f'sign_in.cause.{cause_of(error)}')} {words('sign_in.problem.out')}"))
    else:
        st.logout()


def _signed_in(who: viewer.Viewer, words: Words) -> str:
    role = words("sign_in.as", name=who.name, role=words(f"role.{who.role}"))
    shown = f'<p class="kpi-lead">{escape(role)}</p>'
    if mode() == "local":
        shown += f'<form class="kpi-form" method="post" action="{SIGN_OUT}">'
        shown += f'<input type="hidden" name="lang" value="{words.language}">'
        shown += f"<button>{escape(words('sign_in.out'))}</button></form>"
    return shown


def _problem(text: str) -> str:
    return f'<p class="kpi-broken" role="alert">{escape(text)}</p>'


def _told(words: Words) -> str:
    """What came of the form that was sent, as the address says it; nothing that the address says is repeated."""
    asked = st.query_params
    problem, cause = asked.get("problem", ""), asked.get("cause", "")
    if not problem:
        return ""
    if problem in FAILED:
        why = words(f"sign_in.cause.{cause if cause in CAUSES else 'away'}")
        return _problem(f"{why} {words(f'sign_in.problem.{problem}')}")
    seconds = asked.get("seconds", "")
    known = problem if problem in REFUSED else "refused"
    return _problem(
        words(f"sign_in.problem.{known}", seconds=seconds if re.fullmatch(r"[0-9]{1,4}", seconds) else "60")
    )


def _form(words: Words) -> str:
    where = escape(local_or(st.query_params.get("next"), DESK))
    return (
        f'{_told(words)}<form class="kpi-form" method="post" action="{SIGN_IN}">'
        f'<input type="hidden" name="next" value="{where}"><input type="hidden" name="lang" value="{words.language}">'
        f'<label>{escape(words("sign_in.name"))}<input name="name" autocomplete="username" required></label>'
        f"<label>{escape(words('sign_in.password'))}"
        '<input name="password" type="password" autocomplete="current-password" required></label>'
        f"<button>{escape(words('sign_in.do'))}</button></form>"
        f'<p class="kpi-small">{escape(words("sign_in.note"))}</p>'
    )


page()
