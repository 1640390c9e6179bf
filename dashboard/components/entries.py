"""An uploaded file on the officer's desk: every wrong cell named and nothing kept, or every value handed in."""

from __future__ import annotations

import hashlib
from decimal import Decimal

import streamlit as st

from dashboard import context
from dashboard.components.markup import draw, escape, paragraph, table
from dashboard.deskwork import Work, act, remember
from dashboard.wording.intake import doubt_text, file_text, problem_text
from loaders.diagnostics import MOST
from loaders.domain.model import Target
from loaders.domain.own_years import own_period
from loaders.domain.policy import Action
from loaders.domain.workflow import WITH_THE_MINISTRY
from loaders.doubts import Doubt, doubts
from loaders.intake import Entry, read_entries
from loaders.ledger.commands import Figures, Submit
from loaders.ledger.rows import read_submissions
from loaders.ledger.tables import submissions
from loaders.readers.sheet import UnreadableError
from loaders.readers.upload import read

KINDS = ["xlsx", "csv", "txt"]


def questions(work: Work, target: Target, period: str, value: str) -> list[Doubt]:
    """What looks odd about a value beside what is known of its indicator."""
    earlier = [row for row in context.serving().observations if row.indicator == target.indicator]
    own = own_period(period, target, work.say.registry)
    return doubts(target, work.say.unit(target), earlier, Decimal(value), own)


def upload(work: Work, ministry: str) -> None:
    """The uploader and what became of the file."""
    words = work.words
    draw(f"<h2>{escape(words('upload.title'))}</h2>")
    given = st.file_uploader(words("upload.choose"), type=KINDS, key="upload", help=words("upload.help"))
    if given is None:
        return
    raw = given.getvalue()
    try:
        sheet = read(raw, given.name)
    except UnreadableError as problem:
        st.error(file_text(words, problem))
        return
    entries, problems = read_entries(sheet, work.say.registry, ministry, as_of=work.scene.day)
    if problems:
        lines = "".join(f"<li>{escape(problem_text(words, one))}</li>" for one in problems[:MOST])
        if len(problems) > MOST:
            lines += f"<li>{escape(words('upload.more', count=len(problems) - MOST))}</li>"
        title = words.counted("upload.wrong", len(problems))
        draw(f'<div class="kpi-broken" role="alert"><strong>{escape(title)}</strong><ul>{lines}</ul></div>')
        return
    _hand_in(entries, hashlib.sha256(raw).hexdigest()[:16], sheet.encoding, work)


def _hand_in(entries: list[Entry], file: str, encoding: str, work: Work) -> None:
    words, say = work.words, work.say
    rows = []
    for entry in entries:
        target = say.registry.target[entry.target]
        rows.append((escape(say.name(target)), escape(entry.period), escape(entry.value), escape(entry.source)))
    head = [words(f"desk.col.{key}") for key in ("target", "period", "value", "source")]
    read_as = paragraph(words("upload.encoding", encoding=encoding), "kpi-small") if encoding else ""
    draw(f"<p>{escape(words.counted('upload.read', len(entries)))}</p>{read_as}")
    draw(table(head, rows, label=words("upload.title")))
    with st.form(f"file {file}"):
        confirmed = [_confirm(entry, number, work) for number, entry in enumerate(entries)]
        sent = st.form_submit_button(words.counted("upload.submit", len(entries)), type="primary")
    if not sent:
        return
    if any(not reason.strip() for own in confirmed for reason in own.values()):
        st.error(words("upload.reasons_missing"))
        return
    _submit_all(entries, confirmed, file, work)


def _confirm(entry: Entry, number: int, work: Work) -> dict[str, str]:
    """The reasons that the officer gives for what looks odd in one row."""
    target = work.say.registry.target[entry.target]
    asked = {one.code for one in entry.doubts}
    found = [*entry.doubts, *questions(work, target, entry.period, entry.value)]
    found = [one for one in found if not (one.code == "zero" and "zero_cell" in asked)]
    reasons = {}
    for one in found:
        label = f"{work.say.name(target)} {entry.period}: {doubt_text(work.words, one)}"
        reasons[one.code] = st.text_input(
            label, key=f"why {number} {one.code}", placeholder=work.words("upload.why"), max_chars=300
        )
    return reasons


def _keys(entries: list[Entry]) -> set[tuple[str, str]]:
    return {(one.target, one.period) for one in entries}


def _submit_all(entries: list[Entry], confirmed: list[dict[str, str]], file: str, work: Work) -> None:
    with work.ledger.read() as connection:
        own = read_submissions(connection, submissions.c.ministry == work.viewer.ministry)
    versions = {(one.target, one.period): one.version for one in own}
    now = work.ledger.now()
    busy = [
        one for one in own if one.state(now) not in WITH_THE_MINISTRY and (one.target, one.period) in _keys(entries)
    ]
    if busy:
        # Looked at before the first row is written: a file is handed in whole or not at all.
        names = ", ".join(f"{work.say.name(work.say.registry.target[one.target])} {one.period}" for one in busy)
        st.error(work.words("upload.busy", names=names))
        return
    done = []
    for number, (entry, reasons) in enumerate(zip(entries, confirmed, strict=True)):
        figures = Figures(entry.value, entry.status, entry.published, entry.source, entry.url, entry.note)
        command = Submit(entry.target, entry.period, figures, reasons)
        expected = versions.get((entry.target, entry.period), 0)
        receipt = act(work, Action.SUBMIT, command, expected, f"{file} {number}")
        if receipt is not None:
            done.append(receipt)
    if done:
        remember(work, *done)
        if len(done) == len(entries):
            st.rerun()
