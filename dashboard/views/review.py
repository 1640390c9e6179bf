"""The secretariat's queue: old against new, the effect on the status; approve, return, release."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import streamlit as st

from dashboard.components.markup import draw, escape, link, paragraph, table
from dashboard.components.oversight import declared, ministry_name, overdue, review_rounds
from dashboard.components.submission import compared, course, meaning, standing
from dashboard.deskwork import Work, act, outbox, pressed, run, sent, time_text
from loaders.domain.policy import Action
from loaders.domain.workflow import State
from loaders.ledger.clock import KOREA, moment
from loaders.ledger.commands import Approve, Resume, Return, Schedule, Stop
from loaders.ledger.rows import Entry, Submission, read_submissions

SUBMISSION = "submission"


def page(work: Work) -> None:
    """Draw the queue, or the submission that the address names."""
    with work.ledger.read() as connection:
        every = read_submissions(connection)
    asked = st.query_params.get(SUBMISSION, "")
    one = next((item for item in every if str(item.id) == asked), None)
    if one is not None and one.latest is not None and one.target in work.say.registry.target:
        _one(one, work)
    else:
        _queue(every, work)


def _queue(every: list[Submission], work: Work) -> None:
    words, now = work.words, work.ledger.now()
    waiting = [one for one in every if one.latest is not None and one.latest.decision is None]
    ready = [one for one in every if (entry := one.candidate(now)) is not None and entry.decision == "approved"]
    lead = " ".join(
        words.counted(f"review.lead.{key}", len(own)) for key, own in (("waiting", waiting), ("ready", ready))
    )
    draw(
        f'<h1>{escape(words("review.title"))}</h1><p class="kpi-lead">{escape(lead)}</p>'
        + _list(words("review.waiting"), waiting, now, work)
    )
    if work.viewer.may(Action.APPROVE):
        _many(waiting, work)
    draw(_list(words("review.ready"), ready, now, work) + overdue(every, work) + declared(work))
    if work.viewer.may(Action.OPEN_ROUND):
        review_rounds(work)


def _list(title: str, items: list[Submission], now: str, work: Work) -> str:
    words, say = work.words, work.say
    rows = []
    for one in items:
        # Of a value whose correction came back, the earlier version is the one that may come out.
        target, entry = say.registry.target.get(one.target), one.candidate(now) or one.latest
        if target is None or entry is None:
            continue
        old = one.released(now)
        address = work.scene.request.link("review", {SUBMISSION: str(one.id)})
        rows.append(
            (
                link(address, escape(say.name(target))),
                escape(one.period),
                escape(ministry_name(one.ministry, work)),
                escape(old.figures.value if old else ""),
                escape(entry.figures.value),
                escape(words(f"state.{one.states(now)[entry.number - 1]}")),
                escape(_when(entry, work)),
            )
        )
    if not rows:
        return f'<section><h2>{escape(title)}</h2><p class="kpi-empty">{escape(words("review.none"))}</p></section>'
    head = [words(f"review.col.{key}") for key in ("target", "period", "ministry", "old", "new", "state", "when")]
    return f"<section><h2>{escape(title)}</h2>{table(head, rows, label=title, numeric=(3, 4))}</section>"


def _when(entry: Entry, work: Work) -> str:
    """When it goes out, or since when it waits."""
    if entry.release_at is None:
        return time_text(entry.submitted_at, work.words)
    return work.words("review.goes_out", when=time_text(entry.release_at, work.words))


def _many(waiting: list[Submission], work: Work) -> None:
    """Approve several at once, each with its own receipt."""
    words, say = work.words, work.say
    free = {
        one.id: one
        for one in waiting
        if one.latest is not None
        and one.latest.hold is None
        and one.latest.submitted_by != work.viewer.account
        and one.target in say.registry.target
    }
    if len(free) < 2:
        return
    with st.form("many"):
        chosen = st.multiselect(
            words("review.many"),
            list(free),
            format_func=lambda number: f"{say.name(say.registry.target[free[number].target])} {free[number].period}",
        )
        when = _moment_fields(work, "many")
        asked = sent(words("review.many.do"), "many")
    if not asked or not chosen:
        return
    done = []
    for number in chosen:
        latest = free[number].latest
        assert latest is not None, "chosen among those that have one"
        command = Approve(number, latest.digest, when)
        receipt = act(work, Action.APPROVE, command, free[number].version, f"approve {number}")
        if receipt is not None:
            done.append(receipt)
    outbox().wishes.discard("many")
    if done:
        st.rerun()


def _one(one: Submission, work: Work) -> None:
    words, say, now = work.words, work.say, work.ledger.now()
    target, latest = say.registry.target[one.target], one.latest
    assert latest is not None, "only what was handed in is reviewed"
    back = link(work.scene.request.link("review", {SUBMISSION: None}), escape(words("review.back")))
    title = words("entry.title", name=say.name(target), period=one.period)
    stands = one.state(now)
    told = words(
        "review.by", ministry=ministry_name(one.ministry, work), by=latest.submitted_by, state=words(f"state.{stands}")
    )
    draw(
        f'<p class="kpi-back">{back}</p><h1>{escape(title)}</h1><p class="kpi-lead">{escape(told)}</p>'
        f"{standing(work, one)}<h3>{escape(words('review.compared'))}</h3>{compared(work, one)}"
        f"{meaning(work, target, one.period, latest.figures)}"
    )
    mine, entry = latest.submitted_by == work.viewer.account, one.candidate(now)
    if latest.decision is None and work.viewer.may(Action.APPROVE, own_work=mine):
        _decide(one, work, held=stands is State.STOPPED)
    elif entry is not None and entry.decision is not None and entry.hold is None and work.viewer.may(Action.SCHEDULE):
        if entry.number != latest.number:
            draw(paragraph(words("review.earlier", n=entry.number, value=entry.figures.value), "kpi-notice"))
        _release(one, work)
    if entry is not None:
        _hold(one, work, mine=entry.submitted_by == work.viewer.account, held=entry.hold is not None)
    draw(course(work, one))


def _hold(one: Submission, work: Work, *, mine: bool, held: bool) -> None:
    """Stop what is not out; let it go on."""
    words, stop = work.words, one.stop
    if held and stop is not None and work.viewer.may(Action.RESUME, own_work=mine):
        with st.container(key="resume"):
            draw(paragraph(words("review.resume.lead"), "kpi-small"))
            why = st.text_input(words("review.resume.reason"), key=f"reason resume {one.id}", max_chars=500)
            form = f"resume {one.id} {stop.number}"
            command = Resume(one.id, stop.number, why)
            if pressed(words("review.resume"), form) and act(work, Action.RESUME, command, one.version, form):
                st.rerun()
    elif not held and work.viewer.may(Action.STOP):
        with st.expander(words("review.stop.title")), st.container(key="stop"):
            draw(paragraph(words("review.stop.lead"), "kpi-small"))
            why = st.text_input(words("review.stop.reason"), key=f"reason stop {one.id}", max_chars=500)
            form = f"stop {one.id} {len(one.holds)}"
            if pressed(words("review.stop"), form) and act(work, Action.STOP, Stop(one.id, why), one.version, form):
                st.rerun()


def _decide(one: Submission, work: Work, *, held: bool) -> None:
    words, latest = work.words, one.latest
    assert latest is not None, "asked before"
    with st.container(key="decide"):
        when = None if held else _moment_fields(work, f"{one.id}")
        approved = not held and pressed(words("review.approve"), f"approve {one.id}", type="primary")
        why = st.text_input(words("review.reason"), key=f"reason {one.id}", max_chars=500)
        returned = pressed(words("review.return"), f"return {one.id}")
    receipt = None
    if approved:
        command = Approve(one.id, latest.digest, when)
        receipt = act(work, Action.APPROVE, command, one.version, f"approve {one.id}")
    elif returned:
        receipt = act(work, Action.RETURN, Return(one.id, why), one.version, f"return {one.id}")
    if receipt is not None:
        st.rerun()


def _release(one: Submission, work: Work) -> None:
    words = work.words
    with st.container(key="release"):
        when = _moment_fields(work, f"release {one.id}")
        asked = pressed(words("review.schedule"), f"schedule {one.id}", type="primary")
    if asked and when is None:
        outbox().wishes.discard(f"schedule {one.id}")
        st.error(words("review.when.missing"))
    elif asked and act(work, Action.SCHEDULE, Schedule(one.id, when), one.version, f"schedule {one.id}"):
        st.rerun()


def _moment_fields(work: Work, key: str) -> datetime | None:
    """Day and time in Korea; None where the release is left for later."""
    words = work.words
    soon = moment(work.ledger.now()).astimezone(KOREA) + timedelta(days=1)
    how = st.radio(
        words("review.when"),
        ["at", "now", "later"],
        format_func=lambda name: words(f"review.when.{name}"),
        horizontal=True,
        key=f"how {key}",
    )
    day = st.date_input(words("review.day"), soon.date(), key=f"day {key}")
    hour = st.time_input(words("review.time"), time(9, 0), step=60, key=f"time {key}")
    if how == "later":
        return None
    if how == "now":
        return moment(work.ledger.now())
    return datetime.combine(day, hour, KOREA)


run(page, Action.READ_ALL)
