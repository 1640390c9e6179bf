"""An uploaded file on the officer's desk: every wrong cell named and nothing kept, or every value handed in."""

from __future__ import annotations

import hashlib
from decimal import Decimal

import streamlit as st

from dashboard import context
from dashboard.components.markup import draw, escape, paragraph, table
from dashboard.deskwork import Work, act_together, outbox, sent
from dashboard.wording.intake import doubt_text, file_text, problem_text
from loaders.diagnostics import MOST
from loaders.domain.model import Target
from loaders.domain.own_years import own_period
from loaders.domain.policy import Action
from loaders.doubts import Doubt, doubts
from loaders.intake import Entry, read_entries
from loaders.ledger.commands import Figures, Receipt, Submit, command_digest
from loaders.ledger.whole_file import Row, Standing, held_against, submit_file
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
    words = work.words
    rows = held_against(work.ledger, [(_target(one, work), one.period, _figures(one)) for one in entries])
    read_as = paragraph(words("upload.encoding", encoding=encoding), "kpi-small") if encoding else ""
    draw(f"<p>{escape(words.counted('upload.read', len(entries)))}</p>{read_as}{_listed(rows, work)}")
    free = [place for place, row in enumerate(rows) if row.standing is Standing.FREE]
    busy = [row for row in rows if row.standing is Standing.BUSY]
    there = len(rows) - len(free) - len(busy)
    if there:
        draw(paragraph(words.counted("upload.in", there), "kpi-notice", "status"))
    if busy:
        names = ", ".join(f"{work.say.name(row.target)} {row.period}" for row in busy)
        draw(paragraph(words("upload.busy", names=names), "kpi-broken", "alert"))
        return
    if not free:
        return
    form = f"file {file}"
    with st.form(form):
        confirmed = {place: _confirm(entries[place], place, work) for place in free}
        asked = sent(words.counted("upload.submit", len(free)), form, type="primary")
    if not asked:
        return
    if any(not reason.strip() for own in confirmed.values() for reason in own.values()):
        outbox().wishes.discard(form)
        st.error(words("upload.reasons_missing"))
        return
    _submit_all([(place, rows[place], confirmed[place]) for place in free], form, work)


def _target(entry: Entry, work: Work) -> Target:
    return work.say.registry.target[entry.target]


def _figures(entry: Entry) -> Figures:
    return Figures(entry.value, entry.status, entry.published, entry.source, entry.url, entry.note)


def _listed(rows: list[Row], work: Work) -> str:
    """Each row of the file, and whether it is in already."""
    words, now = work.words, work.ledger.now()
    shown = []
    for row in rows:
        found, figures = row.found, row.figures
        state = words(f"state.{found.state(now)}") if found is not None and row.standing is not Standing.FREE else ""
        told = words(f"upload.row.{row.standing}", state=state, value=_recorded(row))
        name = work.say.name(row.target)
        shown.append([escape(text) for text in (name, row.period, figures.value, figures.source, told)])
    head = [words(f"desk.col.{key}") for key in ("target", "period", "value", "source", "state")]
    return table(head, shown, label=words("upload.title"))


def _recorded(row: Row) -> str:
    """The value on record."""
    return row.found.latest.figures.value if row.found is not None and row.found.latest is not None else ""


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


def _submit_all(rows: list[tuple[int, Row, dict[str, str]]], form: str, work: Work) -> None:
    """All rows in one transaction, each with its receipt."""
    commands = [(Submit(row.target.id, row.period, row.figures, why), row.version) for _, row, why in rows]
    about = " ".join(f"{command_digest(command)} {seen}" for command, seen in commands)

    def whole(keys: tuple[str, ...]) -> list[Receipt]:
        sent_rows = [(key, *pair) for key, pair in zip(keys, commands, strict=True)]
        return submit_file(work.ledger, work.say.registry, str(work.viewer.account), sent_rows)

    if act_together(work, Action.SUBMIT, about, form, len(commands), whole):
        st.rerun()
