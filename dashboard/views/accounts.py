"""Accounts: who may sign in, as what, for which ministry."""

from __future__ import annotations

import streamlit as st

from dashboard.components.markup import draw, escape, table
from dashboard.deskwork import Work, run
from loaders.domain.policy import OF_A_MINISTRY, Action, Role
from loaders.ledger.accounts import AccountError, add_account, all_accounts, change_account

ROLES = [role for role in Role if role is not Role.PUBLIC]


def page(work: Work) -> None:
    """Draw the accounts and the forms to add and change them."""
    words = work.words
    found = all_accounts(work.ledger)
    rows = [
        (
            escape(one.id),
            escape(one.name),
            escape(words(f"role.{one.role}")),
            escape(one.ministry or ""),
            escape(words("accounts.disabled" if one.disabled else "accounts.active")),
        )
        for one in found
    ]
    head = [words(f"accounts.col.{key}") for key in ("id", "name", "role", "ministry", "state")]
    draw(f"<h1>{escape(words('accounts.title'))}</h1>{table(head, rows, label=words('accounts.title'))}")
    _add(work)
    _change(work, [one.id for one in found if one.id != work.viewer.account])


def _add(work: Work) -> None:
    words = work.words
    with st.form("add account", clear_on_submit=True):
        st.subheader(words("accounts.add"))
        name = st.text_input(words("accounts.col.id"), max_chars=60)
        full = st.text_input(words("accounts.col.name"), max_chars=100)
        role = st.selectbox(words("accounts.col.role"), ROLES, format_func=lambda one: words(f"role.{one}"))
        ministry = st.selectbox(words("accounts.col.ministry"), ["", *work.say.registry.ministry])
        password = st.text_input(words("sign_in.password"), type="password")
        sent = st.form_submit_button(words("accounts.add"))
    if sent:
        own = ministry or None if role in OF_A_MINISTRY else None
        _try(work, lambda: add_account(
            work.ledger, name.strip(), role, own, password=password, full_name=full, actor=work.viewer.account or ""
        ))  # fmt: skip


def _change(work: Work, names: list[str]) -> None:
    words = work.words
    if not names:
        return
    with st.form("change account"):
        st.subheader(words("accounts.change"))
        name = st.selectbox(words("accounts.col.id"), names, key="changed")
        disable = st.form_submit_button(words("accounts.disable"))
        enable = st.form_submit_button(words("accounts.enable"))
    if disable or enable:
        _try(work, lambda: change_account(work.ledger, name, disabled=disable, actor=work.viewer.account or ""))


def _try(work: Work, do) -> None:  # noqa: ANN001 (a plain callable)
    if not work.viewer.may(Action.MANAGE_ACCOUNTS):
        return
    try:
        do()
    except AccountError as error:
        st.error(work.words(f"accounts.problem.{error.code}", **error.parameters))
        return
    st.rerun()


run(page, Action.MANAGE_ACCOUNTS)
