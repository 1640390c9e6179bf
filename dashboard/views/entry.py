"""One value of one target: enter it, see what it would mean, answer what looks odd, hand it in."""

from __future__ import annotations

import logging
from dataclasses import replace
from decimal import Decimal, InvalidOperation

import streamlit as st

from dashboard import desk, state
from dashboard.components.entries import questions
from dashboard.components.markup import draw, escape, link, paragraph
from dashboard.components.submission import course, meaning, standing
from dashboard.deskwork import Work, act, pressed, run
from dashboard.wording.intake import doubt_text
from loaders.domain.model import Target
from loaders.domain.numeral import refused
from loaders.domain.observation import STATUSES
from loaders.domain.period import parse_period
from loaders.domain.policy import Action
from loaders.domain.workflow import OUT, WITH_THE_MINISTRY, State
from loaders.doubts import plain
from loaders.ledger.commands import ConfirmUnchanged, Correct, Figures, SaveDraft, Submit, Withdraw
from loaders.ledger.evidence import keep
from loaders.ledger.figures import composed
from loaders.ledger.rows import Submission, read_submissions
from loaders.ledger.tables import submissions
from loaders.responsibility import may_enter

_log = logging.getLogger(__name__)

PERIOD = "period"
MAX_EVIDENCE = 5 * 2**20


def page(work: Work) -> None:
    """Draw the form of the target and period that the address names."""
    words, name = work.words, state.target_id() or ""
    target, period = work.say.registry.target.get(name), st.query_params.get(PERIOD, "")
    back = link(work.scene.request.link("desk"), escape(words("entry.back")))
    mine = target is not None and may_enter(work.say.registry, target, work.viewer.ministry, work.scene.day)
    if target is None or not mine or not _is_period(period):
        # Another ministry's target looks like one that does not exist.
        draw(f'<p class="kpi-back">{back}</p><p class="kpi-empty">{escape(words("entry.unknown"))}</p>')
        return
    found = _submission(work, target, period)
    now = work.ledger.now()
    stands = State.DRAFT if found is None else found.state(now)
    title = words("entry.title", name=work.say.name(target), period=period)
    latest = found.latest if found else None
    told = f"<p>{escape(words(f'state.{stands}'))}</p>" if found else ""
    if latest is not None and latest.decision == "returned":
        told += paragraph(words("entry.returned", reason=latest.decision_reason), "kpi-broken", "status")
    told += standing(work, found) if found is not None else ""
    draw(f'<p class="kpi-back">{back}</p><h1>{escape(title)}</h1>{told}')
    if stands in WITH_THE_MINISTRY:
        _form(work, target, period, found, correcting=False)
    elif latest is not None and latest.decision is not None:
        with st.expander(words("entry.correct" if stands in OUT else "entry.correct.unreleased")):
            _form(work, target, period, found, correcting=True)
    if found is not None:
        _take_back(work, found, now)
        draw(course(work, found))


def _is_period(text: str) -> bool:
    try:
        parse_period(text)
    except ValueError:
        return False
    return True


def _submission(work: Work, target: Target, period: str) -> Submission | None:
    scope = (target.versions[-1].scope or target.scope).id
    same = (submissions.c.indicator == target.indicator) & (submissions.c.scope == scope)
    with work.ledger.read() as connection:
        found = read_submissions(connection, same & (submissions.c.period == period))
    return found[0] if found else None


def _form(work: Work, target: Target, period: str, found: Submission | None, *, correcting: bool) -> None:
    words, unit = work.words, work.say.unit(target)
    before = (found.draft or (found.latest.figures if found.latest else Figures())) if found else Figures()
    form = f"{target.id} {period}"
    with st.container(key="entry"):
        value = st.text_input(
            words("entry.value", unit=unit.name(work.say.language)), before.value, key=f"value {form}", max_chars=40
        )
        status = st.selectbox(
            words("entry.field.status"),
            list(STATUSES),
            index=list(STATUSES).index(before.status) if before.status in STATUSES else 0,
            format_func=lambda code: words(f"entry.status.{code}"),
            key=f"status {form}",
        )
        published = st.text_input(words("entry.published"), before.published, key=f"published {form}", max_chars=10)
        source = st.text_input(words("entry.field.source"), before.source, key=f"source {form}", max_chars=300)
        url = st.text_input(words("entry.field.url"), before.url, key=f"url {form}", max_chars=1000)
        note = st.text_area(words("entry.field.note"), before.note, key=f"note {form}", max_chars=2000, height=80)
        given = st.file_uploader(words("entry.evidence"), key=f"evidence {form}")
    figures = composed(
        replace(before, value=value, status=status, published=published, source=source, url=url, note=note)
    )
    if given is not None:
        figures = _attached(figures, given.getvalue(), given.name, work)
    if figures.evidence:
        draw(paragraph(words("entry.attached", name=figures.evidence_name, hash=figures.evidence), "kpi-small"))
    reasons = _doubts(work, target, period, figures, form)
    draw(meaning(work, target, period, figures))
    version = found.version if found else 0
    if correcting:
        _send_correction(work, found, figures, reasons, form)
    else:
        _send(work, target, period, figures, reasons, version, form)


def _attached(figures: Figures, raw: bytes, name: str, work: Work) -> Figures:
    """Keep the file under its hash; the same file twice is one."""
    if len(raw) > MAX_EVIDENCE:
        st.error(work.words("entry.evidence_large"))
        return figures
    try:
        digest = keep(desk.evidence_folder(), raw)
    except OSError:
        _log.exception("an attached file could not be kept")
        st.error(work.words("entry.evidence_failed"))
        return figures
    return replace(figures, evidence=digest, evidence_name=name[:200])


def _doubts(work: Work, target: Target, period: str, figures: Figures, form: str) -> dict[str, str]:
    """Reasons by code for what looks odd; the value itself is checked by the ledger."""
    words = work.words
    if not figures.value:
        return {}
    if refused(figures.value) is not None:
        draw(
            paragraph(
                words("fault.number", field=words("entry.field.value"), value=figures.value), "kpi-broken", "alert"
            )
        )
        return {}
    try:
        Decimal(figures.value)
    except InvalidOperation:
        return {}
    return {
        one.code: st.text_input(
            doubt_text(words, one), key=f"why {one.code} {form}", placeholder=words("upload.why"), max_chars=300
        )
        for one in questions(work, target, period, figures.value)
    }


def _send(
    work: Work, target: Target, period: str, figures: Figures, reasons: dict[str, str], version: int, form: str
) -> None:
    words = work.words
    with st.container(horizontal=True):
        sent = pressed(words("entry.submit"), f"submit {form}", type="primary")
        kept = pressed(words("entry.save"), f"save {form}")
        same = pressed(words("entry.same"), f"same {form}", help=words("entry.same.help"))
    receipt = None
    if sent:
        receipt = act(work, Action.SUBMIT, Submit(target.id, period, figures, reasons), version, f"submit {form}")
    elif kept:
        receipt = act(work, Action.SAVE_DRAFT, SaveDraft(target.id, period, figures), version, f"save {form}")
    elif same:
        last = _last(work, target)
        if last is None:
            st.error(words("entry.same.none"))
        else:
            command = ConfirmUnchanged(target.id, period, last)
            receipt = act(work, Action.CONFIRM_UNCHANGED, command, version, f"same {form}")
    if receipt is not None:
        st.rerun()


def _last(work: Work, target: Target) -> Figures | None:
    """The last published value as figures, to be confirmed in one click."""
    from dashboard import context

    found = {item.id: item for item in context.assessments(work.scene.day)}.get(target.id)
    latest = found.evidence.latest if found else None
    if latest is None:
        return None
    name, address = latest.sources[0]
    whole = latest.digits or plain(latest.number)
    url = address if address.startswith("http") else ""
    return Figures(whole, latest.status, latest.published_text, name[:300], url) if url else None


def _send_correction(
    work: Work, found: Submission | None, figures: Figures, reasons: dict[str, str], form: str
) -> None:
    assert found is not None, "only what is approved is corrected"
    why = st.text_input(work.words("entry.correction.reason"), key=f"reason correct {form}", max_chars=300)
    if pressed(work.words("entry.correction.submit"), f"correct {form}", type="primary"):
        command = Correct(found.id, figures, why, reasons)
        if act(work, Action.CORRECT, command, found.version, f"correct {form}") is not None:
            st.rerun()


def _take_back(work: Work, found: Submission, now: str) -> None:
    """A button for what is not out yet."""
    words, entry = work.words, found.candidate(now)
    if entry is None or not work.viewer.may(
        Action.WITHDRAW, own_ministry=True, own_work=entry.submitted_by == work.viewer.account
    ):
        return
    with st.expander(words("entry.withdraw")):
        if entry.decision is not None:
            draw(paragraph(words("entry.withdraw.approved"), "kpi-small"))
        why = st.text_input(words("entry.withdraw.reason"), key=f"reason withdraw {found.id}", max_chars=300)
        form = f"withdraw {found.id}"
        if pressed(words("entry.withdraw.do"), form) and act(
            work, Action.WITHDRAW, Withdraw(found.id, why), found.version, form
        ):
            st.rerun()


run(page, Action.SUBMIT)
