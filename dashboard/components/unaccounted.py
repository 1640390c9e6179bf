"""The promises of which nobody can say what became: a finding with who answers and where it was looked for."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard import state
from dashboard.charts.theme import outcome_unknown_mark
from dashboard.components.markup import escape, link, paragraph
from dashboard.components.scene import Scene
from loaders.assessment import Assessment
from loaders.responsibility import answering_on
from loaders.tallies import unaccounted


def never_accounted(found: Sequence[Assessment], scene: Scene) -> str:
    """Each goal past its due date whose result nobody found, by who answers; nothing where there is none."""
    items, say, words = unaccounted(found), scene.say, scene.say.words
    if not items:
        return ""
    by_whom: dict[str, list[Assessment]] = {}
    for item in items:
        by_whom.setdefault(say.ministry(item.target, scene.day), []).append(item)
    ordered = [(name, item) for name, own in by_whom.items() for item in own]
    searches = {say.searched(item.target, scene.day) for item in items}
    once = searches.pop() if len(searches) == 1 else ""
    note = f"{words('unaccounted.note')} {words('unaccounted.searched', said=once) if once else ''}".strip()
    lines = "".join(_line(name, item, scene, searched=not once) for name, item in ordered)
    mark = f'<span class="kpi-outcome_unknown">{outcome_unknown_mark(16)}</span>'
    title = escape(words.counted("unaccounted.title", len(items)))
    return (
        f'<section class="kpi-unaccounted"><h2>{mark} {title}</h2>{paragraph(note, "kpi-small")}'
        f'<ul class="kpi-lines">{lines}</ul></section>'
    )


def _line(who: str, item: Assessment, scene: Scene, *, searched: bool) -> str:
    """One goal: what was promised by when, who answers, and where it was looked for unless that is said once."""
    say, words, target = scene.say, scene.say.words, item.target
    names = answering_on(say.registry, target, scene.day)
    owner = escape(who)
    if names:
        owner = link(f"{scene.request.link('ministries', {state.TARGET: names[0].id})}#{names[0].id}", owner)
    name = link(scene.request.link("target", {state.TARGET: target.id}), escape(say.name(target)))
    promised = words("unaccounted.promised", goal=say.goal(target, item.version), due=say.due(item.version))
    looked = f' <span class="kpi-muted">{escape(say.searched(target, scene.day))}</span>' if searched else ""
    return (
        f'<li>{name} <span class="kpi-muted">{escape(promised)}</span>'
        f" <span>{escape(words('unaccounted.who'))} {owner}</span>{looked}</li>"
    )
