"""What comes next and what has just changed, as lists of short lines."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from dashboard import state
from dashboard.components.markup import escape, link
from dashboard.components.scene import Scene
from dashboard.components.target_card import badge
from dashboard.wording.format import date_text, period_text
from loaders.agenda import Due, Event, Occasion
from loaders.changes import Change, known_on

MOST_LINES = 5


def due_columns(due: Due, scene: Scene) -> str:
    """Three columns: releases soon, overdue ones with who owes them, milestones within a year."""
    words = scene.say.words
    columns = (("releases", due.releases), ("overdue", due.overdue), ("milestones", due.milestones))
    body = "".join(
        f"<div><h3>{escape(words(f'agenda.{name}'))}</h3>{_lines(events, scene, words(f'agenda.{name}.none'))}</div>"
        for name, events in columns
    )
    more = link(scene.request.link("calendar"), escape(words("agenda.all")))
    return (
        f'<section><h2>{escape(words("agenda.title"))}</h2><div class="kpi-grid">{body}</div>'
        f'<p class="kpi-small">{more}</p></section>'
    )


def _lines(events: Sequence[Event], scene: Scene, none: str) -> str:
    if not events:
        return f'<p class="kpi-small">{escape(none)}</p>'
    shown = "".join(f"<li>{event_line(event, scene, owner=True)}</li>" for event in events[:MOST_LINES])
    rest = len(events) - MOST_LINES
    more = f'<p class="kpi-small">{escape(scene.say.words.counted("agenda.more", rest))}</p>' if rest > 0 else ""
    return f'<ul class="kpi-lines">{shown}</ul>{more}'


def event_line(event: Event, scene: Scene, *, owner: bool = False) -> str:
    """One occasion: what, of which target, and its day; ``owner`` adds who is responsible."""
    say, words = scene.say, scene.say.words
    day = f'<time datetime="{event.on.isoformat()}">{escape(date_text(event.on, words.language))}</time>'
    if event.item is None:
        document = say.registry.document[event.document or ""]
        what = link(scene.request.link("sources", {state.DOCUMENT: document.id}), escape(document.title(say.language)))
        return f"{day} {what}"
    target = event.item.target
    name = link(scene.request.link("target", {state.TARGET: target.id}), escape(say.name(target)))
    value = "" if event.value is None else say.value(target, event.value)
    period = "" if event.observation is None else say.period(target, event.observation.period.text)
    said = words(f"agenda.line.{event.occasion}", value=value, period=period)
    who = f" · {escape(_who(event, scene))}" if owner else ""
    return f'{day} {name} <span class="kpi-muted">{escape(said)}{who}</span>'


def _who(event: Event, scene: Scene) -> str:
    """Who publishes an expected statistic; who answers for the goal on its other days."""
    say = scene.say
    if event.occasion not in (Occasion.EXPECTED, Occasion.OVERDUE, Occasion.RESULT):
        return say.ministry(event.item.target, scene.day) if event.item else ""
    return say.publisher(event.item.target) if event.item else ""


def by_month(events: Sequence[Event], scene: Scene, *, newest_first: bool = False, owner: bool = False) -> str:
    """Occasions under the month they fall in; ``owner`` adds who is responsible."""
    language, parts = scene.say.language, []
    ordered = sorted(events, key=lambda event: event.on, reverse=newest_first)
    for (year, month), group in groupby(ordered, key=lambda event: (event.on.year, event.on.month)):
        title = period_text(f"{year}-{month:02d}", language)
        lines = "".join(f"<li>{event_line(event, scene, owner=owner)}{_status(event, scene)}</li>" for event in group)
        parts.append(f'<h3>{escape(title)}</h3><ul class="kpi-lines kpi-dated">{lines}</ul>')
    return "".join(parts)


def _status(event: Event, scene: Scene) -> str:
    wanted = event.item is not None and event.occasion in (Occasion.MILESTONE, Occasion.DEADLINE, Occasion.OVERDUE)
    return f" {badge(event.item, scene.say)}" if wanted and event.item is not None else ""


def recent_changes(found: Sequence[Change], scene: Scene) -> str:
    """The latest changes of status, each with what it was, what it is, why and since when."""
    say, words = scene.say, scene.say.words
    moved = [(known_on(one, say.registry) or scene.day, one) for one in found if one.before is not None]
    moved = [pair for pair in moved if pair[1].before and pair[1].before.status != pair[1].after.status]
    moved.sort(key=lambda pair: pair[0], reverse=True)
    title = f"<h2>{escape(words('overview.changed'))}</h2>"
    if not moved:
        return f'<section>{title}<p class="kpi-small">{escape(words("overview.changed.none"))}</p></section>'
    lines = "".join(f"<li>{change_line(one, scene)}</li>" for _, one in moved[:MOST_LINES])
    more = link(scene.request.link("changes"), escape(words("overview.changed.all")))
    return f'<section>{title}<ul class="kpi-lines kpi-moved">{lines}</ul><p class="kpi-small">{more}</p></section>'


def change_line(one: Change, scene: Scene) -> str:
    """One change: the target, its status before and after, the cause and the day it was known."""
    say = scene.say
    name = link(scene.request.link("target", {state.TARGET: one.after.id}), escape(say.name(one.after.target)))
    before = badge(one.before, say) if one.before else ""
    known = known_on(one, say.registry)
    day = f" ({escape(date_text(known, say.language))})" if known else ""
    moved = f"<span>{before} → {badge(one.after, say)}</span>"
    return f'{name} {moved} <span class="kpi-muted">{escape(say.cause(one))}{day}</span>'
