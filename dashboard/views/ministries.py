"""Each ministry with its goals, how they stand, and the statistics it owes."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard import state
from dashboard.components.markup import escape, link, table
from dashboard.components.scene import Scene, draw_page
from dashboard.components.status_tally import bar, by_group, counted
from dashboard.components.target_card import badge
from dashboard.components.upcoming import event_line
from loaders.agenda import Event, Occasion, events
from loaders.assessment import Assessment, late_first
from loaders.coverage import measured
from loaders.tallies import grouped, tally_of


def page() -> None:
    """Draw the ministries, the one that the address names unfolded."""
    asked = state.target_id()
    draw_page(f"ministries {asked}", lambda found, scene: _page(found, scene, asked))


def _page(found: Sequence[Assessment], scene: Scene, asked: str | None) -> str:
    words = scene.say.words
    own: dict[str | None, list[Assessment]] = {}
    for item in found:
        own.setdefault(item.target.lead, []).append(item)
    ordered = sorted(own, key=lambda lead: (lead is None, -len(own[lead])))
    due = [one for one in events(found, scene.say.registry, scene.day) if one.occasion is Occasion.OVERDUE]
    sections = "".join(_ministry(lead, own[lead], due, scene, is_open=lead == asked) for lead in ordered)
    tallies = by_group(words("tally.ministry"), grouped(found, lambda item: _name(item.target.lead, scene)), words)
    return (
        f'<h1>{escape(words("ministries.title"))}</h1><p class="kpi-lead">{escape(words("ministries.lead"))}</p>'
        f"<section>{sections}</section><section><h2>{escape(words('tally.title'))}</h2>{tallies}</section>"
    )


def _name(lead: str | None, scene: Scene) -> str:
    if lead is None:
        return scene.say.words("overview.unknown_ministry")
    return scene.say.registry.ministry[lead].name(scene.say.language)


def _ministry(
    lead: str | None, items: list[Assessment], overdue: Sequence[Event], scene: Scene, *, is_open: bool
) -> str:
    words = scene.say.words
    found, mine = tally_of(items), [one for one in overdue if one.item is not None and one.item.target.lead == lead]
    unmeasured = sum(not measured(item) for item in items)
    facts = [
        words.counted("ministries.goals", found.total),
        words("ministries.judged", count=found.judged),
        words("ministries.unmeasured", count=unmeasured),
    ]
    if mine:
        facts.append(words.counted("ministries.overdue", len(mine)))
    late = "".join(f"<li>{event_line(one, scene, owner=True)}</li>" for one in mine)
    owed = f'<h4>{escape(words("agenda.overdue"))}</h4><ul class="kpi-lines kpi-dated">{late}</ul>' if late else ""
    head = [words(f"targets.col.{key}") for key in ("name", "status", "months", "value", "target", "due")]
    rows = [_row(item, scene) for item in late_first(items)]
    title = _name(lead, scene)
    return (
        f'<details id="{escape(lead or "none")}"{" open" if is_open else ""}>'
        f"<summary><strong>{escape(title)}</strong>"
        f' <span class="kpi-muted">{escape(" · ".join(facts))}</span></summary>'
        f"<p>{escape(counted(found, words))}</p>{bar(found, words)}{owed}"
        f"{table(head, rows, label=title, numeric=(3, 4, 5))}</details>"
    )


def _row(item: Assessment, scene: Scene) -> tuple[str, ...]:
    say, target, seen = scene.say, item.target, item.current.observation
    value = say.words("card.no_value") if seen is None else say.latest(item)
    return (
        link(scene.request.link("target", {state.TARGET: target.id}), escape(say.name(target))),
        badge(item, say),
        escape(say.said(item)),
        escape(value),
        escape(say.goal(target, item.version)),
        escape(say.due(item.version)),
    )


page()
