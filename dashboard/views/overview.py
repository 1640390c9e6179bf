"""How many stand how, and every headline goal as a card."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dashboard import context, state
from dashboard.charts.tally import tally_bar
from dashboard.components.markup import draw, escape
from dashboard.components.target_card import Scene, card
from dashboard.wording.catalog import Words
from dashboard.wording.format import date_text
from dashboard.wording.sentences import Speaker
from loaders.assessment import Assessment, assessed_count, late_first, tally
from loaders.domain.status import ASSESSED, Status


def page() -> None:
    """Draw the overview."""
    request = state.request(date.today())
    words, registry = Words(request.language), context.registry()
    if registry is None:
        return
    found = context.assessments(request.day)
    if not found:
        draw(f'<p class="kpi-empty">{escape(words("overview.empty"))}</p>')
        return
    scene = Scene(Speaker(registry, words), request)
    draw(context.markup("overview", request, lambda: _summary(found, scene) + _pillars(found, scene)))


def counted(items: Sequence[Assessment], words: Words) -> str:
    """Counts in words, judged statuses only: "달성 2 · 정상 5"."""
    counts = tally(items)
    parts = [
        words("overview.part", status=words(f"status.{status}"), count=counts[status])
        for status in ASSESSED
        if counts[status]
    ]
    return " · ".join(parts) or words("overview.none_judged")


def _summary(items: Sequence[Assessment], scene: Scene) -> str:
    words, judged = scene.say.words, assessed_count(items)
    sentence = words("overview.sentence_all", total=len(items), judged=judged, parts=counted(items, words))
    rest = words("overview.rest", count=len(items) - judged) if judged < len(items) else ""
    day = words("overview.as_of", date=date_text(scene.day, words.language))
    return (
        f'<section class="kpi-summary"><h1>{escape(words("overview.title"))}</h1>'
        f'<p class="kpi-lead">{escape(sentence)}</p>{_bar(items, words)}'
        f'<p class="kpi-small">{escape(day)}. {escape(rest)}</p></section>'
    )


def _bar(items: Sequence[Assessment], words: Words) -> str:
    counts = {status: count for status, count in tally(items).items() if count}
    ordered = {status: counts[status] for status in (*ASSESSED, *Status) if status in counts}
    labels = {status: words(f"status.{status}") for status in ordered}
    parts = ", ".join(f"{labels[status]} {count}" for status, count in ordered.items())
    return tally_bar(ordered, labels, words("overview.tally_alt", parts=parts))


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
            f"<span>{escape(total)} · {escape(counted(own, words))}</span></header>"
            f'<div class="kpi-grid">{cards}</div></section>'
        )
    chosen = [item for item in items if item.target.headline]
    counts = words("overview.headline_count", total=len(chosen), judged=assessed_count(chosen))
    note = f'<p class="kpi-small">{escape(counts)}. {escape(words("overview.headline_note"))}</p>'
    head = f"<h2>{escape(words('overview.headline'))}</h2>{note}"
    return f"{head}{''.join(sections)}"


page()
