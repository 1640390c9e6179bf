"""What the secretariat watches over besides single values: overdue statistics, declared statuses, review rounds."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import streamlit as st
from sqlalchemy import select

from dashboard import context, state
from dashboard.components.markup import draw, escape, link, paragraph, table
from dashboard.components.target_card import badge
from dashboard.deskwork import Work, act, pressed, sent, time_text
from loaders.domain.method.status import Overlay
from loaders.domain.policy import Action
from loaders.duties import Urgency, duties
from loaders.ledger.clock import KOREA
from loaders.ledger.commands import CloseRound, OpenRound
from loaders.ledger.rows import Submission
from loaders.ledger.tables import rounds
from loaders.responsibility import owes


def ministry_name(name: str, work: Work) -> str:
    """Short name of a ministry; its id where the registry does not know it."""
    found = work.say.registry.ministry.get(name)
    return (found.short or found.name)(work.say.language) if found else name


def overdue(every: list[Submission], work: Work) -> str:
    """What ministries owe, with a text to remind them."""
    words, say, day = work.words, work.say, work.scene.day
    now = work.ledger.now()
    states = {(one.target, one.period): one.state(now) for one in every}
    owed = duties(context.assessments(day), states, None, day, context.registry())
    late = [one for one in owed if one.urgency is Urgency.OVERDUE]
    title = words("review.overdue")
    if not late:
        return f"<section><h2>{escape(title)}</h2>{paragraph(words('review.overdue.none'), 'kpi-empty')}</section>"
    rows = []
    for one in late:
        target = one.target
        owing = owes(say.registry, target, day)
        who = " · ".join((each.short or each.name)(say.language) for each in owing) or say.publisher(target)
        # An index that an institute publishes is nothing to remind a ministry of.
        key = "review.remind" if owing else "review.remind.nobody"
        due = one.due.isoformat() if one.due else ""
        remind = words(key, ministry=who, name=say.name(target), period=one.period, due=due)
        name = link(work.scene.request.link("target", {state.TARGET: target.id}), escape(say.name(target)))
        rows.append((name, escape(who), escape(due), escape(remind)))
    head = [words(f"review.col.{key}") for key in ("target", "ministry", "due", "remind")]
    file = f'<p class="kpi-small"><a href="/calendar.ics" download>{escape(words("calendar.file"))}</a></p>'
    return f"<section><h2>{escape(title)}</h2>{table(head, rows, label=title, numeric=(2,))}{file}</section>"


def declared(work: Work) -> str:
    """Where a ministry declares another status than the one computed."""
    words, say = work.words, work.say
    rows = [
        (
            link(work.scene.request.link("target", {state.TARGET: item.id}), escape(say.name(item.target))),
            escape(words(f"status.{item.declared.status}")),
            badge(item, say),
        )
        for item in context.assessments(work.scene.day)
        if item.declared is not None and Overlay.DECLARED_DIFFERS in item.current.overlays
    ]
    title = words("review.declared")
    if not rows:
        return f"<section><h2>{escape(title)}</h2>{paragraph(words('review.declared.none'), 'kpi-empty')}</section>"
    head = [words(f"review.col.{key}") for key in ("target", "declared", "computed")]
    return f"<section><h2>{escape(title)}</h2>{table(head, rows, label=title)}</section>"


def review_rounds(work: Work) -> None:
    """Review rounds: while there are any, values are taken only inside one."""
    words, now = work.words, work.ledger.now()
    with work.ledger.read() as connection:
        found = connection.execute(select(rounds).order_by(rounds.c.opens_at.desc())).all()
    rows = [(escape(one.name), time_text(one.opens_at, words), time_text(one.closes_at, words)) for one in found]
    head = [words(f"rounds.col.{key}") for key in ("name", "opens", "closes")]
    shown = table(head, rows, label=words("rounds.title")) if rows else paragraph(words("rounds.none"), "kpi-empty")
    draw(f"<section><h2>{escape(words('rounds.title'))}</h2>{shown}</section>")
    receipt = None
    for one in found:
        if one.opens_at <= now < one.closes_at and pressed(words("rounds.close", name=one.name), f"close {one.id}"):
            receipt = act(work, Action.CLOSE_ROUND, CloseRound(one.id), 1, f"close {one.id}")
    with st.form("round", clear_on_submit=True):
        name = st.text_input(words("rounds.col.name"), max_chars=60)
        today = work.scene.day
        opens = st.date_input(words("rounds.col.opens"), today, key="round opens")
        closes = st.date_input(words("rounds.col.closes"), today + timedelta(days=30), key="round closes")
        asked = sent(words("rounds.open"), "open round")
    if asked and name.strip():
        begins, ends = (datetime.combine(day, hour, KOREA) for day, hour in ((opens, time(0)), (closes, time(23, 59))))
        command = OpenRound(name.strip(), name.strip(), begins, ends)
        receipt = act(work, Action.OPEN_ROUND, command, 0, "open round")
    if receipt is not None:
        st.rerun()
