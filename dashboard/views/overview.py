"""How many stand how, and every headline goal as a card."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard import context, state
from dashboard.components.markup import escape, link
from dashboard.components.scene import Scene, draw_page
from dashboard.components.status_tally import bar, counted, legend, promises, rest, told
from dashboard.components.target_card import badge, card
from dashboard.components.unaccounted import never_accounted
from dashboard.components.upcoming import due_columns, recent_changes
from dashboard.components.wall import wall
from dashboard.wording.format import date_text
from loaders.agenda import due_next, events
from loaders.assessment import Assessment, late_first
from loaders.changes import changes
from loaders.domain.method.status import Status
from loaders.domain.period import add_months
from loaders.tallies import passed, tally_of

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
    return (
        _summary(found, scene)
        + never_accounted(found, scene)
        + recent_changes(moved, scene)
        + _pillars(found, scene)
        + _others(found, scene)
        + due_columns(due, scene)
    )


def _summary(items: Sequence[Assessment], scene: Scene) -> str:
    """Headline goals in a sentence, the promises whose day has passed as figures, then all goals as one bar."""
    words, found = scene.say.words, tally_of(items)
    chosen = tally_of(item for item in items if item.target.headline)
    day = words("overview.as_of", date=date_text(scene.day, words.language))
    lead = ""

    def listed(name: str) -> str:
        return scene.request.link("targets", {"outcome": name})

    if chosen.total:
        said, others = told("overview.sentence_headline", chosen, words), escape(rest(chosen, words))
        lead = f'<p class="kpi-lead">{said}</p><p class="kpi-small">{others}</p>'
    return (
        f'<section class="kpi-summary"><h1>{escape(words("overview.title"))}</h1>{lead}'
        f"{promises(passed(items, scene.day), words, listed)}"
        f'<h2>{escape(words("overview.all"))}</h2><p class="kpi-lead">{told("overview.sentence_all", found, words)}</p>'
        f'{bar(found, words)}{legend(found, words)}<p class="kpi-small">{escape(day)}</p>'
        f"{_behind(items, scene)}</section>"
    )


def _behind(items: Sequence[Assessment], scene: Scene) -> str:
    """The headline goals that are not where they should be, each with how late it is; nothing without any."""
    say, words = scene.say, scene.say.words
    late = late_first([item for item in items if item.target.headline and item.status in BEHIND])
    if not late:
        return ""
    entries = "".join(
        f"<li>{link(scene.request.link('target', {state.TARGET: item.id}), escape(say.name(item.target)))}"
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
        found = tally_of(own)
        total = [words.counted("overview.pillar_total", len(own)), counted(found, words), rest(found, words)]
        cards = "".join(card(item, scene) for item in own)
        sections.append(
            f'<section class="kpi-pillar"><header><h3>{escape(pillar.name(words.language))}</h3>'
            f"<span>{escape(' · '.join(filter(None, total)))}</span></header>"
            f'<div class="kpi-grid">{cards}</div></section>'
        )
    chosen = [item for item in items if item.target.headline]
    counts = words("overview.headline_count", total=len(chosen), judged=tally_of(chosen).judged)
    note = f'<p class="kpi-small">{escape(counts)}. {escape(words("overview.headline_note"))}</p>'
    head = f"<h2>{escape(words('overview.headline'))}</h2>{note}"
    return f"{head}{''.join(sections)}"


def _others(items: Sequence[Assessment], scene: Scene) -> str:
    """The terms and sizes of single programmes, which come after the headline goals: counted, listed elsewhere."""
    words, found = scene.say.words, tally_of(item for item in items if not item.target.headline)
    if not found.total:
        return ""
    title = words.counted("overview.others", found.total)
    more = link(scene.request.link("targets"), escape(words("overview.others.all")))
    return (
        f'<section><h2>{escape(title)}</h2><p class="kpi-small">{escape(words("overview.others.note"))}</p>'
        f"<p>{told('overview.sentence_others', found, words)}</p>{bar(found, words)}{legend(found, words)}"
        f'<p class="kpi-small">{more}</p></section>'
    )


page()
