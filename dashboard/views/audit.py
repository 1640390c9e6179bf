"""The audit log: search it, and verify that neither it nor what follows from it was changed.

Figures are for those who may read them.
"""

from __future__ import annotations

import streamlit as st

from dashboard import context
from dashboard.components.markup import draw, escape, paragraph, table
from dashboard.components.soundness import soundness
from dashboard.deskwork import Work, run, time_text
from dashboard.verification import latest
from loaders.domain.policy import Action
from loaders.ledger.log import look_up

MOST = 200


def page(work: Work) -> None:
    """Draw the log, the latest entries first."""
    words = work.words
    draw(f"<h1>{escape(words('audit.title'))}</h1>")
    draw(soundness(latest(work.ledger, context.folder()), words))
    query = st.text_input(words("audit.search"), key="audit query")
    with work.ledger.read() as connection:
        rows = look_up(connection, query, figures=work.viewer.may(Action.READ_ALL), most=MOST)
    shown = [
        (
            str(row.seq),
            escape(time_text(row.recorded_at, words)),
            escape(row.actor),
            escape(words(f"action.{row.action}") if words.has(f"action.{row.action}") else row.action),
            escape(row.subject),
            f"<code>{escape(row.detail[:300])}</code>" if row.detail is not None else escape(words("audit.hidden")),
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
