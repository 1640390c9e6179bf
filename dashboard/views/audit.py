"""The audit log: search it, and verify that neither it nor what follows from it was changed."""

from __future__ import annotations

import streamlit as st
from sqlalchemy import select

from dashboard import context
from dashboard.components.markup import draw, escape, paragraph, table
from dashboard.components.soundness import soundness
from dashboard.deskwork import Work, run, time_text
from dashboard.verification import latest
from loaders.domain.policy import Action
from loaders.ledger.tables import audit

MOST = 200


def page(work: Work) -> None:
    """Draw the log, the latest entries first."""
    words = work.words
    draw(f"<h1>{escape(words('audit.title'))}</h1>")
    draw(soundness(latest(work.ledger, context.folder()), words))
    query = st.text_input(words("audit.search"), key="audit query")
    chosen = select(audit).order_by(audit.c.seq.desc())
    for word in query.split():
        found = f"%{word.replace('%', '').replace('_', '')}%"
        texts = [audit.c[name].ilike(found) for name in ("actor", "action", "subject", "detail")]
        chosen = chosen.where(texts[0] | texts[1] | texts[2] | texts[3])
    with work.ledger.read() as connection:
        rows = connection.execute(chosen.limit(MOST)).all()
    shown = [
        (
            str(row.seq),
            escape(time_text(row.recorded_at, words)),
            escape(row.actor),
            escape(words(f"action.{row.action}") if words.has(f"action.{row.action}") else row.action),
            escape(row.subject),
            f"<code>{escape(row.detail[:300])}</code>",
            f"<code>{escape(row.hash[:12])}</code>",
        )
        for row in rows
    ]
    columns = [words(f"audit.col.{key}") for key in ("seq", "when", "actor", "action", "subject", "detail", "hash")]
    draw(
        table(columns, shown, label=words("audit.title"), numeric=(0,))
        if shown
        else paragraph(words("audit.none"), "kpi-empty")
    )


run(page, Action.READ_AUDIT)
