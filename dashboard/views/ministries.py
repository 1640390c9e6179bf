"""Each ministry with its goals, how they stand, and the statistics it owes."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard import state
from dashboard.components.markup import escape, link, paragraph, table
from dashboard.components.scene import Scene, draw_page
from dashboard.components.status_tally import UNJUDGED, bar, by_group, counted_marks, marked
from dashboard.components.target_card import badge
from dashboard.components.upcoming import event_line
from dashboard.wording.catalog import Words
from loaders.agenda import Event, Occasion, events
from loaders.assessment import Assessment, late_first
from loaders.domain.method.status import Group
from loaders.responsibility import answering_on
from loaders.tallies import tally_of


def page() -> None:
    """Draw the ministries, the one that the address names unfolded."""
    asked = state.target_id()
    draw_page(f"ministries {asked}", lambda found, scene: _page(found, scene, asked))


Answering = tuple[str, ...]
"""Ids of who answers for a goal on the day that is shown: two after a split, nobody where nobody is named."""


def _page(found: Sequence[Assessment], scene: Scene, asked: str | None) -> str:
    words = scene.say.words
    own: dict[Answering, list[Assessment]] = {}
    for item in found:
        own.setdefault(_answering(item, scene), []).append(item)
    ordered = sorted(own, key=lambda names: (not names, -len(own[names])))
    due = [one for one in events(found, scene.say.registry, scene.day) if one.occasion is Occasion.OVERDUE]
    sections = "".join(_ministry(names, own[names], due, scene, is_open=asked in names) for names in ordered)
    tallies = by_group(words("tally.ministry"), {_name(names, scene): tally_of(own[names]) for names in ordered}, words)
    return (
        f'<h1>{escape(words("ministries.title"))}</h1><p class="kpi-lead">{escape(words("ministries.lead"))}</p>'
        f"<section>{sections}</section><section><h2>{escape(words('tally.title'))}</h2>{tallies}</section>"
    )


def _answering(item: Assessment, scene: Scene) -> Answering:
    return tuple(one.id for one in answering_on(scene.say.registry, item.target, scene.day))


def _name(names: Answering, scene: Scene) -> str:
    if not names:
        return scene.say.words("overview.unknown_ministry")
    return " · ".join(scene.say.registry.ministry[name].name(scene.say.language) for name in names)


def _before(names: Answering, scene: Scene) -> str:
    """The ministries that these took over from, for readers who look for an old name."""
    say = scene.say
    former = [
        one.name(say.language)
        for one in say.registry.ministries
        if set(one.successors) & set(names) and one.id not in names
    ]
    return say.words("ministries.before", names=", ".join(former)) if former else ""


def _ministry(
    names: Answering, items: list[Assessment], overdue: Sequence[Event], scene: Scene, *, is_open: bool
) -> str:
    words, found = scene.say.words, tally_of(items)
    mine = [one for one in overdue if one.item is not None and one.item in items]
    facts = [
        escape(words.counted("ministries.goals", found.total)),
        escape(words("ministries.judged", count=found.judged)),
        *(_fact(name, found.groups[name], words) for name in UNJUDGED if found.groups[name]),
    ]
    late = "".join(f"<li>{event_line(one, scene, owner=True)}</li>" for one in mine)
    owed = f'<h4>{escape(words("ministries.late"))}</h4><ul class="kpi-lines kpi-dated">{late}</ul>' if late else ""
    head = [words(f"targets.col.{key}") for key in ("name", "status", "months", "value", "target", "due", "set_by")]
    rows = [_row(item, scene) for item in sorted(late_first(items), key=lambda item: not item.target.headline)]
    title, before = _name(names, scene), _before(names, scene)
    anchors = "".join(f'<span id="{escape(name)}"></span>' for name in names[1:])
    return (
        f'<details id="{escape(names[0] if names else "none")}"{" open" if is_open else ""}>'
        f"<summary><strong>{escape(title)}</strong>"
        f' <span class="kpi-muted">{" · ".join(facts)}</span></summary>{anchors}'
        f"{paragraph(before, 'kpi-small') if before else ''}"
        f"<p>{counted_marks(found, words)}</p>{bar(found, words)}{owed}"
        f"{table(head, rows, label=title, numeric=(3, 4, 5))}</details>"
    )


def _fact(name: Group, count: int, words: Words) -> str:
    """A group's count; in its own colour where it is a finding that somebody has to answer for."""
    text = escape(words(f"group.{name}", count=count))
    return marked(name, text) if name is Group.OUTCOME_UNKNOWN else text


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
        escape(say.set_by(target)),
    )


page()
