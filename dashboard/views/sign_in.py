"""Sign in, and out: plain forms that post, so that no password passes through a script."""

from __future__ import annotations

import streamlit as st

from dashboard import desk, state
from dashboard.auth import viewer
from dashboard.auth.oidc import session_token
from dashboard.auth.routes import SIGN_IN, SIGN_OUT, local_path
from dashboard.auth.settings import mode
from dashboard.components.ledger_notice import closed
from dashboard.components.markup import draw, escape
from dashboard.wording.catalog import Words
from loaders.ledger.accounts import sign_out


def page() -> None:
    """Draw the form, or who is signed in."""
    request = state.request(desk.today())
    words, who = Words(request.language), viewer.current()
    title = f"<h1>{escape(words('sign_in.title'))}</h1>"
    trouble = desk.trouble()
    if trouble is not None:
        draw(title + closed(trouble, words))
    elif desk.ledger() is None:
        draw(f'{title}<p class="kpi-empty">{escape(words("desk.closed"))}</p>')
    elif who.account is not None:
        draw(title + _signed_in(who, words))
        if mode() == "oidc" and st.button(words("sign_in.out"), type="primary"):
            sign_out(desk.ledger(), session_token(st.user) or "")
            st.logout()
    elif mode() == "oidc":
        draw(title + (_problem(words("sign_in.problem.no_account")) if st.user.get("is_logged_in") else ""))
        st.button(words("sign_in.oidc"), on_click=st.login, type="primary")
    elif mode() == "proxy":
        draw(f'{title}<p class="kpi-empty">{escape(words("sign_in.proxy"))}</p>')
    else:
        draw(title + _form(words))


def _signed_in(who: viewer.Viewer, words: Words) -> str:
    role = words("sign_in.as", name=who.name, role=words(f"role.{who.role}"))
    shown = f'<p class="kpi-lead">{escape(role)}</p>'
    if mode() == "local":
        shown += f'<form class="kpi-form" method="post" action="{SIGN_OUT}">'
        shown += f"<button>{escape(words('sign_in.out'))}</button></form>"
    return shown


def _problem(text: str) -> str:
    return f'<p class="kpi-broken" role="alert">{escape(text)}</p>'


def _form(words: Words) -> str:
    problem = st.query_params.get("problem", "")
    told = ""
    if problem:
        key = f"sign_in.problem.{problem}"
        text = words(key) if words.has(key) else words("sign_in.problem.refused")
        told = _problem(text)
    where = escape(local_path(st.query_params.get("next", "/desk")))
    return (
        f'{told}<form class="kpi-form" method="post" action="{SIGN_IN}">'
        f'<input type="hidden" name="next" value="{where}"><input type="hidden" name="lang" value="{words.language}">'
        f'<label>{escape(words("sign_in.name"))}<input name="name" autocomplete="username" required></label>'
        f"<label>{escape(words('sign_in.password'))}"
        '<input name="password" type="password" autocomplete="current-password" required></label>'
        f"<button>{escape(words('sign_in.do'))}</button></form>"
        f'<p class="kpi-small">{escape(words("sign_in.note"))}</p>'
    )


page()
