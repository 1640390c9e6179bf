"""How many stand how, and every headline goal as a card."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard import context, state
from dashboard.components.markup import escape, link
from dashboard.components.scene import Scene, draw_page
from dashboard.components.status_tally import bar, counted
from dashboard.components.target_card import badge, card
from dashboard.components.upcoming import due_columns, recent_changes
from dashboard.components.wall import wall
from dashboard.wording.format import date_text
from loaders.agenda import due_next, events
from loaders.assessment import Assessment, late_first
from loaders.changes import changes
from loaders.domain.method.status import Status
from loaders.domain.period import add_months
from loaders.tallies import groups_of, passed, tally_of

BEHIND = (Status.NEEDS_ACCELERATION, Status.OFF_TRACK, Status.REGRESSING, Status.MISSED, Status.EXCEEDED)
"""Statuses that a reader who asks what is late wants to see."""


def page() -> None:
    """Draw the overview."""
    if state.on_the_wall():
        draw_page("wall", wall)
    else:
        draw_page("overview", _page)


def _page(found: Sequence[Assessment], scene: Scene) -> str:
    registry, day = scene.say.registry, scene.day
    year_before = add_months(day, -12)
    moved = changes(registry, context.serving().observations, year_before, day)
    due = due_next(events(found, registry, day), day)
    return _summary(found, scene) + recent_changes(moved, scene) + _pillars(found, scene) + due_columns(due, scene)


def _summary(items: Sequence[Assessment], scene: Scene) -> str:
    words, found = scene.say.words, tally_of(items)
    sentence = words("overview.sentence_all", total=found.total, judged=found.judged, parts=counted(found, words))
    parts = [words(f"overview.group.{name}", count=n) for name, n in groups_of(items).items() if n and name != "judged"]
    rest = words("overview.rest", count=found.total - found.judged, parts=" · ".join(parts)) if parts else ""
    ended = passed(items, scene.day)
    told = " · ".join(words(f"overview.passed.{name}", count=n) for name, n in ended.items() if n)
    over = words("overview.passed", count=sum(ended.values()), parts=told) if told else ""
    day = words("overview.as_of", date=date_text(scene.day, words.language))
    return (
        f'<section class="kpi-summary"><h1>{escape(words("overview.title"))}</h1>'
        f'<p class="kpi-lead">{escape(sentence)}</p>{bar(found, words)}'
        f'<p class="kpi-small">{escape(day)}. {escape(rest)}</p><p>{escape(over)}</p>{_behind(items, scene)}</section>'
    )


def _behind(items: Sequence[Assessment], scene: Scene) -> str:
    """The headline goals that are not where they should be, each with how late it is; nothing without any."""
    say, words = scene.say, scene.say.words
    late = late_first([item for item in items if item.target.headline and item.status in BEHIND])
    if not late:
        return ""
    entries = "".join(
        f"<li>{link(scene.request.link('target', **{state.TARGET: item.id}), escape(say.name(item.target)))}"
        f' {badge(item, say)} <span class="kpi-muted">{escape(say.said(item))}</span></li>'
        for item in late
    )
    title = escape(words.counted("overview.behind", len(late)))
    return f'<h2>{title}</h2><ul class="kpi-lines kpi-behind">{entries}</ul>'


def _pillars(items: Sequence[Assessment], scene: Scene) -> str:
    words, sections = scene.say.words, []
    for pillar in scene.say.registry.pillars:
        own = late_first([item for item in items if item.target.pillar == pillar.id and item.target.headline])
        if not own:
            continue
        total = words.counted("overview.pillar_total", len(own))
        cards = "".join(card(item, scene) for item in own)
        sections.append(
            f'<section class="kpi-pillar"><header><h3>{escape(pillar.name(words.language))}</h3>'
            f"<span>{escape(total)} · {escape(counted(tally_of(own), words))}</span></header>"
            f'<div class="kpi-grid">{cards}</div></section>'
        )
    chosen = [item for item in items if item.target.headline]
    counts = words("overview.headline_count", total=len(chosen), judged=tally_of(chosen).judged)
    note = f'<p class="kpi-small">{escape(counts)}. {escape(words("overview.headline_note"))}</p>'
    head = f"<h2>{escape(words('overview.headline'))}</h2>{note}"
    return f"{head}{''.join(sections)}"


page()
