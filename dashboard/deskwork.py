"""What every desk page does: ask who is there, act once per click, say in words what came of it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from dashboard import context, desk, state
from dashboard.auth.viewer import Viewer, current
from dashboard.components.ledger_notice import closed
from dashboard.components.markup import draw, escape, link
from dashboard.components.scene import Scene
from dashboard.uploads import admit_page_of
from dashboard.wording.catalog import Words
from dashboard.wording.format import date_text
from dashboard.wording.sentences import Speaker
from loaders.domain.policy import Action
from loaders.ledger.clock import KOREA, moment
from loaders.ledger.commands import Command, Receipt
from loaders.ledger.errors import DeniedError, InvalidError, LedgerError
from loaders.ledger.service import ACTIONS
from loaders.ledger.store import Ledger

_SAID = "desk said"


@dataclass(frozen=True, slots=True)
class Work:
    """What a desk page works with."""

    ledger: Ledger
    viewer: Viewer
    scene: Scene

    @property
    def words(self) -> Words:
        """The words of the reader's language."""
        return self.scene.say.words

    @property
    def say(self) -> Speaker:
        """Targets and values in words."""
        return self.scene.say


def work_for(*actions: Action) -> Work | None:
    """The page's work for whoever may do one of ``actions``; for everybody else a way to sign in, and None."""
    request = state.request(context.today())
    words, registry, ledger = Words(request.language), context.registry(), desk.ledger()
    viewer, trouble = current(), desk.trouble()
    if trouble is not None:
        draw(closed(trouble, words))
        return None
    if registry is None or ledger is None:
        draw(f'<p class="kpi-empty">{escape(words("desk.closed"))}</p>')
        return None
    scene = Scene(Speaker(registry, words), request)
    admit_page_of(viewer)
    if not any(viewer.may(action, own_ministry=True) for action in actions):
        key = "desk.sign_in_first" if viewer.account is None else "desk.not_yours"
        go = link(request.link("sign_in"), escape(words("nav.sign_in"))) if viewer.account is None else ""
        draw(f'<p class="kpi-empty">{escape(words(key))} {go}</p>')
        return None
    _say_what_came()
    return Work(ledger, viewer, scene)


def act(work: Work, action: Action, command: Command, expected: int, form: str) -> Receipt | None:
    """Do it once for this ``form``: a second click, or a click repeated by the network, gives the same receipt."""
    name = f"key {form}"
    key = st.session_state.setdefault(name, secrets.token_urlsafe(16))
    try:
        receipt = ACTIONS[action](work.ledger, work.say.registry, work.viewer.account, command, key, expected)
    except LedgerError as error:
        st.error(refusal_text(error, work.words))
        if not isinstance(error, InvalidError):
            st.session_state.pop(name, None)
        return None
    st.session_state.pop(name, None)
    return receipt


def remember(work: Work, *receipts: Receipt) -> None:
    """Say after the page has been drawn anew what is on record."""
    numbers = ", ".join(receipt.number for receipt in receipts)
    when = time_text(receipts[-1].recorded_at, work.words)
    st.session_state[_SAID] = work.words("desk.receipt", numbers=numbers, when=when)


def _say_what_came() -> None:
    said = st.session_state.pop(_SAID, None)
    if said:
        st.success(said)


def refusal_text(error: LedgerError, words: Words) -> str:
    """Why the ledger refused, and the way out."""
    if isinstance(error, InvalidError):
        lines = [
            words(f"fault.{fault.code}", field=_field(fault.field, words), value=fault.value) for fault in error.faults
        ]
        return f"{words('refused.invalid')}\n\n" + "\n".join(f"- {line}" for line in lines)
    told = {key: str(value) for key, value in error.parameters.items()}
    for key in ("at", "closed_at", "opens_at"):
        if told.get(key):
            told[key] = time_text(told[key], words)
    if isinstance(error, DeniedError):
        told = {}
    return words(f"refused.{error.code}", **{"by": "", "at": "", "state": "", "closed_at": "", **told})


def _field(name: str, words: Words) -> str:
    key = f"entry.field.{name.split('.', maxsplit=1)[0]}"
    return words(key) if words.has(key) else name


def time_text(stamped: str, words: Words) -> str:
    """A stamped moment in Korean time: 2026년 11월 23일 14:05."""
    found = moment(stamped).astimezone(KOREA)
    return f"{date_text(found.date(), words.language)} {found:%H:%M}"


Draw = Callable[[Work], None]


def run(page: Draw, *actions: Action) -> None:
    """Draw ``page`` for whoever may do one of ``actions``."""
    work = work_for(*actions)
    if work is not None:
        page(work)
