"""An officer's desk: what is due, the workbook to fill in and upload, what was handed in."""

from __future__ import annotations

import streamlit as st
from sqlalchemy import select

from dashboard import context, state
from dashboard.components.entries import upload
from dashboard.components.markup import draw, escape, link, table
from dashboard.deskwork import Work, run, time_text
from loaders.domain.policy import Action
from loaders.duties import Duty, Urgency, duties
from loaders.ledger.rows import Submission, read_submissions
from loaders.ledger.tables import audit, receipts, submissions
from loaders.responsibility import may_enter
from loaders.template import DueValue, template

PERIOD = "period"
MOST_RECEIPTS = 100
ASKED_FOR = (Urgency.RETURNED, Urgency.OVERDUE, Urgency.DUE_SOON, Urgency.DUE, Urgency.OPEN)


def page(work: Work) -> None:
    """Draw the desk of the viewer's ministry."""
    words, say = work.words, work.say
    ministry = work.viewer.ministry or ""
    name = say.registry.ministry[ministry].name(say.language) if ministry in say.registry.ministry else ministry
    with work.ledger.read() as connection:
        mine = [one.id for one in say.registry.targets if may_enter(say.registry, one, ministry, work.scene.day)]
        own = read_submissions(connection, (submissions.c.ministry == ministry) | submissions.c.target.in_(mine))
    now = work.ledger.now()
    states = {(one.target, one.period): one.state(now) for one in own}
    owed = duties(context.assessments(work.scene.day), states, ministry, work.scene.day, work.scene.say.registry)
    asked = [one for one in owed if one.urgency in ASKED_FOR]
    title = words("desk.title", ministry=name)
    lead = words("desk.lead", asked=len([one for one in asked if one.urgency is not Urgency.OPEN]), all=len(owed))
    draw(f'<h1>{escape(title)}</h1><p class="kpi-lead">{escape(lead)}</p>{_owed(owed, work)}')
    _workbook(asked, ministry, work)
    upload(work, ministry)
    draw(_handed_in(own, now, work) + _receipts(work))


def _owed(owed: list[Duty], work: Work) -> str:
    words, say = work.words, work.say
    rows = []
    for one in owed:
        last = one.item.evidence.latest
        enter = work.scene.request.link("entry", {state.TARGET: one.target.id, PERIOD: one.period})
        rows.append(
            (
                escape(say.name(one.target)),
                escape(one.period),
                escape(words(f"urgency.{one.urgency}")),
                escape(one.due.isoformat()) if one.due else "",
                escape(f"{say.observed(one.target, last)} ({last.period.written})") if last else "",
                link(enter, escape(words("desk.enter")), label=f"{say.name(one.target)}: {words('desk.enter')}"),
            )
        )
    head = [words(f"desk.col.{key}") for key in ("target", "period", "urgency", "due", "last", "enter")]
    shown = table(head, rows, label=words("desk.owed"), numeric=(3,))
    return f"<section><h2>{escape(words('desk.owed'))}</h2>{shown}</section>"


def _workbook(asked: list[Duty], ministry: str, work: Work) -> None:
    words = work.words
    draw(f"<h2>{escape(words('desk.workbook'))}</h2><p>{escape(words('desk.workbook.lead'))}</p>")
    wanted = [
        DueValue(one.target, one.period, f"{latest.value:g}" if (latest := one.item.evidence.latest) else "")
        for one in asked
    ]
    st.download_button(
        words("desk.workbook.download"),
        lambda: template(work.say.registry, ministry, wanted, work.words.language),
        file_name=f"kpi-{ministry}-{work.scene.day.isoformat()}.xlsx",
        key="template",
        on_click="ignore",
    )


def _handed_in(own: list[Submission], now: str, work: Work) -> str:
    words, say = work.words, work.say
    rows = []
    for one in reversed(own):
        target = say.registry.target.get(one.target)
        if target is None:
            continue
        enter = work.scene.request.link("entry", {state.TARGET: one.target, PERIOD: one.period})
        latest = one.latest
        value = latest.figures.value if latest else one.draft.value if one.draft else ""
        rows.append(
            (
                link(enter, escape(say.name(target))),
                escape(one.period),
                escape(value),
                escape(words(f"state.{one.state(now)}")),
                str(one.version),
                escape(_reason(one, now)),
            )
        )
    title = words("desk.own")
    if not rows:
        return f'<section><h2>{escape(title)}</h2><p class="kpi-empty">{escape(words("desk.own.none"))}</p></section>'
    head = [words(f"desk.col.{key}") for key in ("target", "period", "value", "state", "version", "reason")]
    return f"<section><h2>{escape(title)}</h2>{table(head, rows, label=title)}</section>"


def _reason(one: Submission, now: str) -> str:
    """Why it came back, or why it does not come out."""
    entry, stop = one.candidate(now), one.stop
    if stop is not None and entry is not None and entry.hold is not None:
        return stop.reason
    return one.latest.decision_reason if one.latest is not None else ""


def _receipts(work: Work) -> str:
    """The viewer's own receipts, read back from the database."""
    words = work.words
    mine = select(receipts, audit.c.action).join(audit).where(receipts.c.actor == work.viewer.account)
    with work.ledger.read() as connection:
        found = connection.execute(mine.order_by(receipts.c.number.desc()).limit(MOST_RECEIPTS)).all()
    rows = [
        (
            escape(one.number),
            escape(time_text(one.recorded_at, words)),
            escape(words(f"action.{one.action}")),
            escape(one.subject),
        )
        for one in found
    ]
    title = words("desk.receipts")
    if not rows:
        return ""
    head = [words(f"desk.col.{key}") for key in ("receipt", "when", "action", "subject")]
    shown = table(head, rows, label=title, numeric=(0,))
    return f"<details><summary>{escape(title)}</summary>{shown}</details>"


run(page, Action.SUBMIT)
