"""How goals moved from one strategy to the next: moved goalposts, threads, and goals that nobody took up again."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from dashboard import state
from dashboard.components.markup import escape, link
from dashboard.components.outlook import goalposts
from dashboard.components.scene import Scene, draw_page
from dashboard.components.target_card import badge
from dashboard.wording.sentences import how_related
from loaders.assessment import Assessment
from loaders.domain.model import Version
from loaders.lineage import Link, confirmed, moved, neighbours, threads, unfollowed


def page() -> None:
    """Draw the lineage."""
    draw_page("lineage", _page)


def _page(found: Sequence[Assessment], scene: Scene) -> str:
    words, registry = scene.say.words, scene.say.registry
    joined, left = threads(registry, found), unfollowed(registry, found)
    changed, kept = moved(found), confirmed(found)
    counts = {"moved": len(changed), "kept": len(kept), "threads": len(joined), "left": sum(map(len, left.values()))}
    lead = words("lineage.lead", **counts)
    return (
        f'<h1>{escape(words("lineage.title"))}</h1><p class="kpi-lead">{escape(lead)}</p>'
        f"{_set_anew('moved', changed, scene)}{_set_anew('kept', kept, scene)}"
        f"{_threads(joined, found, scene)}{_unfollowed(left, scene)}"
    )


def _set_anew(name: str, items: Sequence[Assessment], scene: Scene) -> str:
    """Every version of each goal that a later document took up; ``name`` says whether it moved."""
    words = scene.say.words
    blocks = []
    for item in items:
        steps = "".join(f"<li>{_step(item, version, scene)}</li>" for version in item.versions)
        blocks.append(
            f"<article><h3>{_name(item, scene)} {badge(item, scene.say)}</h3>"
            f'<ol class="kpi-steps">{steps}</ol>{goalposts(item, scene.say)}</article>'
        )
    body = "".join(blocks) or f'<p class="kpi-empty">{escape(words(f"lineage.{name}.none"))}</p>'
    return f"<section><h2>{escape(words(f'lineage.{name}'))}</h2>{body}</section>"


def _step(item: Assessment, version: Version, scene: Scene) -> str:
    say = scene.say
    name = link(scene.request.link("sources", {state.DOCUMENT: version.document}), escape(say.document(version)))
    goal = f"{say.goal(item.target, version)} ({say.due(version)})"
    reason = f" · {say.changed(version)}" if version.reason else ""
    return f'{name}<br><strong>{escape(goal)}</strong><span class="kpi-muted">{escape(reason)}</span>'


def _threads(joined: Sequence[Sequence[Assessment]], found: Sequence[Assessment], scene: Scene) -> str:
    words = scene.say.words
    known = {item.id: item for item in found}
    blocks = []
    for group in joined:
        columns = []
        for year, items in groupby(group, key=lambda item: _year(item, scene)):
            entries = "".join(f"<li>{_entry(item, scene)}</li>" for item in items)
            columns.append(f'<div><h4>{year}</h4><ul class="kpi-lines">{entries}</ul></div>')
        names = {item.id for item in group}
        notes = "".join(
            f"<li>{escape(scene.say.name(item.target))} → {escape(scene.say.name(one.item.target))}: "
            f"{escape(how_related(one, scene.say))}</li>"
            for item in group
            for one in neighbours(item, known)
            if one.item.id in names and _states(item, one)
        )
        blocks.append(
            f'<article class="kpi-thread"><div class="kpi-grid">{"".join(columns)}</div>'
            f"<details><summary>{escape(words('lineage.notes'))}</summary><ul>{notes}</ul></details></article>"
        )
    body = "".join(blocks) or f'<p class="kpi-empty">{escape(words("lineage.threads.none"))}</p>'
    note = f'<p class="kpi-small">{escape(words("lineage.threads.note"))}</p>'
    return f"<section><h2>{escape(words('lineage.threads'))}</h2>{note}{body}</section>"


def _states(item: Assessment, one: Link) -> bool:
    """True where ``item`` is the side of a relation that states it, so that each is printed once."""
    if one.relation is None:
        return one.item.id in item.target.superseded_by
    return one.relation in item.target.related


def _year(item: Assessment, scene: Scene) -> int:
    return scene.say.registry.document[item.versions[0].document].issued_period.end.year


def _entry(item: Assessment, scene: Scene) -> str:
    say, version = scene.say, item.version
    said = f"{say.goal(item.target, version)} ({say.due(version)})"
    return f'{_name(item, scene)} {badge(item, say)}<br><span class="kpi-muted">{escape(said)}</span>'


def _unfollowed(left: dict[str, list[Assessment]], scene: Scene) -> str:
    say, words = scene.say, scene.say.words
    parts = []
    for document, items in left.items():
        if not items:
            continue
        title = say.registry.document[document].title(say.language)
        count = words.counted("lineage.left.count", len(items))
        entries = "".join(f"<li>{_entry(item, scene)}</li>" for item in items)
        parts.append(
            f'<details><summary>{escape(title)} <span class="kpi-muted">{escape(count)}</span></summary>'
            f'<ul class="kpi-lines">{entries}</ul></details>'
        )
    if not parts:
        return ""
    note = f'<p class="kpi-small">{escape(words("lineage.left.note"))}</p>'
    return f"<section><h2>{escape(words('lineage.left'))}</h2>{note}{''.join(parts)}</section>"


def _name(item: Assessment, scene: Scene) -> str:
    return link(scene.request.link("target", {state.TARGET: item.id}), escape(scene.say.name(item.target)))


page()
