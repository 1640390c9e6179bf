"""One submission on the page: its figures beside the last ones, its course, and what it would mean."""

from __future__ import annotations

import json
from datetime import date
from operator import itemgetter

from dashboard import context
from dashboard.auth.routes import ATTACHED
from dashboard.components.markup import escape, paragraph, table
from dashboard.components.target_card import badge
from dashboard.deskwork import Work, time_text
from loaders.domain.model import Registry, Target
from loaders.domain.observation import Observation, half_of_last_digit
from loaders.domain.own_years import own_period
from loaders.domain.workflow import OUT, Decision
from loaders.ledger.commands import Figures
from loaders.ledger.rows import Submission
from loaders.preview import preview

SHOWN = ("value", "status", "published", "source", "url", "note", "evidence_name")


def proposed(registry: Registry, target: Target, period: str, figures: Figures, day: date) -> Observation:
    """The figures as an observation that would be known on ``day``."""
    scope = (target.versions[-1].scope or target.scope).id
    address = figures.url or f"evidence:{figures.evidence}"
    value = float(figures.value)
    return Observation(
        target.indicator,
        scope,
        own_period(period, target, registry),
        value,
        half_of_last_digit(figures.value),
        figures.status,
        day,
        day,
        ((figures.source, address),),
        figures.note,
        figures.published,
        digits=figures.value,
    )


def meaning(work: Work, target: Target, period: str, figures: Figures) -> str:
    """Status, months and headline sentence before and after, were it released today."""
    say, words, day = work.say, work.words, work.scene.day
    try:
        float(figures.value)
        found = preview(
            say.registry,
            context.serving().observations,
            target.id,
            proposed(say.registry, target, period, figures, day),
            day,
        )
    except (ValueError, KeyError):
        return ""
    rows = [
        (escape(words("preview.status")), badge(found.before, say), badge(found.after, say)),
        (escape(words("preview.lag")), escape(say.said(found.before)), escape(say.said(found.after))),
        (escape(words("preview.sentence")), escape(say.headline(found.before)), escape(say.headline(found.after))),
    ]
    rows += [(escape(say.name(before.target)), badge(before, say), badge(after, say)) for before, after in found.wholes]
    head = [words("preview.what"), words("preview.before"), words("preview.after")]
    title = words("preview.title")
    return f"<section><h3>{escape(title)}</h3>{table(head, rows, label=title)}</section>"


def compared(work: Work, submission: Submission) -> str:
    """The latest version beside the one that is out, or beside the one before it."""
    words, latest = work.words, submission.latest
    if latest is None:
        return ""
    other = submission.released(work.ledger.now())
    if other is None or other.number == latest.number:
        other = submission.entries[-2] if len(submission.entries) > 1 else None
    rows = []
    for name in SHOWN:
        new, old = getattr(latest.figures, name), getattr(other.figures, name) if other else ""
        if new or old:
            changed = (
                f"<strong>{escape(_shown(name, new, work))}</strong>"
                if other and new != old
                else escape(_shown(name, new, work))
            )
            rows.append((escape(words(f"entry.field.{name}")), escape(_shown(name, old, work)), changed))
    head = [words("entry.field"), words("review.old"), words("review.new")]
    confirmed = json.loads(latest.confirmed)
    notes = "".join(_confirmation(code, reason, work) for code, reason in confirmed.items())
    told = f"<ul>{notes}</ul>" if notes else ""
    if latest.figures.evidence:
        address = f"{ATTACHED}/{latest.figures.evidence}"
        told += f'<p><a href="{address}" download>{escape(words("review.evidence"))}</a></p>'
    if latest.unchanged:
        told += f"<p>{escape(words('review.unchanged'))}</p>"
    if latest.reason:
        told += f"<p>{escape(words('review.correction', reason=latest.reason))}</p>"
    return table(head, rows, label=words("review.compared")) + told


def _confirmation(code: str, reason: str, work: Work) -> str:
    key = f"doubt.name.{code}"
    doubt = work.words(key) if work.words.has(key) else code
    return f"<li>{escape(work.words('review.confirmed', doubt=doubt, reason=reason))}</li>"


def _shown(name: str, text: str, work: Work) -> str:
    key = f"entry.status.{text}"
    return work.words(key) if name == "status" and work.words.has(key) else text


def standing(work: Work, submission: Submission) -> str:
    """What is to come out and when, or what holds it back: nobody has to guess."""
    words, now = work.words, work.ledger.now()
    stop, entry = submission.stop, submission.candidate(now)
    if entry is None:
        return ""
    if stop is not None and entry.hold is not None:
        when = time_text(stop.at, words)
        return paragraph(words("standing.stopped", by=stop.by, when=when, reason=stop.reason), "kpi-broken", "status")
    if entry.release_at is not None:
        told = words("standing.scheduled", n=entry.number, when=time_text(entry.release_at, words))
        return paragraph(told, "kpi-notice", "status")
    planned = {one.version: one for one in submission.planned}
    approved = [one for one in submission.entries if one.decision == Decision.APPROVED and one.release_at is None]
    held = [planned[one.number] for one in approved if one.number in planned]
    if not held:
        return ""
    one = held[-1]
    told = "standing.held" if entry.decision is None else "standing.not_set"
    return paragraph(words(told, n=one.version, when=time_text(one.release_at, words)), "kpi-broken", "status")


def course(work: Work, submission: Submission) -> str:
    """Everything that has happened to it, oldest first."""
    words, lines = work.words, []
    states = submission.states(work.ledger.now())
    for entry, state in zip(submission.entries, states, strict=True):
        who = words("course.submitted", n=entry.number, by=entry.submitted_by, value=entry.figures.value)
        lines.append((entry.submitted_at, who))
        if entry.decision and entry.decided_at:
            text = words(f"course.{entry.decision}", by=entry.decided_by or "", reason=entry.decision_reason)
            lines.append((entry.decided_at, text))
        if entry.release_at and state in OUT:
            lines.append((entry.release_at, words("course.released", n=entry.number)))
    for plan in submission.planned:
        when = time_text(plan.release_at, words)
        lines.append((plan.at, words("course.scheduled", n=plan.version, by=plan.by, when=when)))
    lines += [(one.at, words(f"course.{one.kind}", by=one.by, reason=one.reason)) for one in submission.holds]
    shown = "".join(
        f'<li><time datetime="{at}">{escape(time_text(at, words))}</time> {escape(text)}</li>'
        for at, text in sorted(lines, key=itemgetter(0))
    )
    return f'<h3>{escape(words("course.title"))}</h3><ul class="kpi-lines">{shown}</ul>' if shown else ""
