"""What every desk page does: ask who is there, act once per click, say in words what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dashboard import context, desk, state
from dashboard.auth import viewer as viewers
from dashboard.auth.viewer import Viewer
from dashboard.components.ledger_notice import closed
from dashboard.components.markup import draw, escape, link
from dashboard.components.scene import Scene
from dashboard.outbox import Outbox
from dashboard.uploads import admit_page_of
from dashboard.wording.catalog import Words
from dashboard.wording.format import date_text
from dashboard.wording.sentences import Speaker
from loaders.domain.policy import Action
from loaders.ledger.acts import receipts_of
from loaders.ledger.clock import KOREA, moment
from loaders.ledger.commands import Command, Receipt, command_digest
from loaders.ledger.errors import (
    DeniedError,
    FileRefusedError,
    InvalidError,
    LedgerError,
    NotSavedError,
    UnknownOutcomeError,
    WrongStateError,
)
from loaders.ledger.service import ACTIONS
from loaders.ledger.store import Ledger

_OUTBOX = "outbox"
_SHOW = {"receipt": st.success, "refused": st.error, "unknown": st.warning}
MOST_NUMBERS = 6
FIELDS = tuple(f"{one} " for one in ("value", "status", "published", "source", "url", "note", "why", "reason"))
"""Beginnings of the keys of what people type."""


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
    viewer, trouble = viewers.current(), desk.trouble()
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
    _settle(ledger, viewer.account or "", words)
    _say_what_came()
    return Work(ledger, viewer, scene)


def pressed(label: str, form: str, **options: Any) -> bool:
    """A button; True from its click until `act` has answered, however often the page is drawn in between."""
    box = outbox()
    st.button(label, key=form, on_click=box.wishes.add, args=(form,), **options)
    return form in box.wishes


def sent(label: str, form: str, **options: Any) -> bool:
    """The same for the button of an `st.form`."""
    box = outbox()
    st.form_submit_button(label, on_click=box.wishes.add, args=(form,), **options)
    return form in box.wishes


def act(work: Work, action: Action, command: Command, expected: int, form: str) -> Receipt | None:
    """Do it once for this ``form``: a second click, or a click repeated by the network, gives the same receipt."""

    def once(keys: tuple[str, ...]) -> list[Receipt]:
        return [ACTIONS[action](work.ledger, work.say.registry, work.viewer.account, command, keys[0], expected)]

    done = act_together(work, action, f"{command_digest(command)} {expected}", form, 1, once)
    return done[0] if done else None


def act_together(
    work: Work, action: Action, about: str, form: str, count: int, run: Callable[[tuple[str, ...]], list[Receipt]]
) -> list[Receipt]:
    """Let ``run`` do it under ``count`` keys; the receipts, or none and the reason on the page."""
    box, words = outbox(), work.words
    attempt = box.attempt(form, action, about, count)
    # Between here and the answer in the outbox no `st.` command: the script cannot be left in between.
    try:
        receipts = run(attempt.keys)
    except LedgerError as error:
        unknown = isinstance(error, UnknownOutcomeError)
        text = refusal_text(error, words)
        box.refused(form, text, unknown=unknown)
        st.warning(text) if unknown else st.error(text)
        return []
    box.done(form, receipts, receipt_text(action, receipts, words))
    return receipts


def receipt_text(action: Action, receipts: Sequence[Receipt], words: Words) -> str:
    """What is on record, what that means, and where it can be looked up."""
    numbers = [receipt.number for receipt in receipts]
    shown = ", ".join(numbers) if len(numbers) <= MOST_NUMBERS else f"{numbers[0]} … {numbers[-1]} ({len(numbers)})"
    when = time_text(receipts[-1].recorded_at, words)
    return f"{words(f'told.{action}')} {words('desk.receipt', numbers=shown, when=when)}"


def outbox() -> Outbox:
    """What this browser tab has asked for."""
    return st.session_state.setdefault(_OUTBOX, Outbox())


def _settle(ledger: Ledger, account: str, words: Words) -> None:
    """Ask the ledger what became of what nobody knew."""
    box = outbox()
    for form, attempt in box.open():
        try:
            found = receipts_of(ledger, account, attempt.keys)
        except LedgerError:
            box.say("unknown", words("refused.unknown_outcome"))
            continue
        if found:
            box.done(form, found, receipt_text(attempt.action, found, words))
        elif form not in box.wishes:
            box.refused(form, words("told.not_done", action=words(f"action.{attempt.action}")))


def _say_what_came() -> None:
    box = outbox()
    box.said = [one for one in box.said if not one.is_over()]
    for one in list(box.said):
        _SHOW[one.kind](one.text)


def _end(work: Work) -> None:
    """The page has been drawn: whoever pressed what is not on it any more hears that nothing came of it."""
    box = outbox()
    for form in sorted(box.wishes):
        if form not in box.attempts:
            text = work.words("told.lost")
            box.say("refused", text)
            st.warning(text)
    box.drawn()


def refusal_text(error: LedgerError, words: Words) -> str:
    """Why the ledger refused, and the way out."""
    if isinstance(error, InvalidError):
        lines = [
            words(f"fault.{fault.code}", field=_field(fault.field, words), value=fault.value) for fault in error.faults
        ]
        return f"{words('refused.invalid')}\n\n" + "\n".join(f"- {line}" for line in lines)
    if isinstance(error, FileRefusedError):
        return words("refused.file_refused", rows=", ".join(str(place + 1) for place, _ in error.refused))
    if isinstance(error, NotSavedError):
        return words(f"refused.{error.code}", why=words(f"refused.why.{error.cause}"))
    told = {key: str(value) for key, value in error.parameters.items()}
    state = f"refused.wrong_state.{told.get('state', '')}"
    if isinstance(error, WrongStateError) and words.has(state):
        return words(state)
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
    words = Words(state.request(desk.today()).language)
    try:
        work = work_for(*actions)
        if work is None:
            return
        page(work)
    except LedgerError as error:
        unreadable(error, words)
        outbox().drawn()
        return
    _end(work)


def unreadable(error: LedgerError, words: Words) -> None:
    """A page without its ledger: nothing was saved by it, and what stands in its fields stays."""
    st.error(refusal_text(error, words))
    for key in [key for key in st.session_state if isinstance(key, str) and key.startswith(FIELDS)]:
        # A field that is not drawn would be forgotten; one that is set is not.
        st.session_state[key] = st.session_state[key]
