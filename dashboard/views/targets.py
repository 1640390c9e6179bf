"""Search and filter all targets; a row opens a target."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

import streamlit as st

from dashboard import context, state
from dashboard.components.markup import draw, escape, link, table
from dashboard.components.scene import Scene
from dashboard.components.status_tally import ENDED
from dashboard.components.target_card import badge, card
from dashboard.desk import today
from dashboard.wording.catalog import Words
from dashboard.wording.format import share_text
from dashboard.wording.sentences import Speaker
from loaders.assessment import Assessment, late_first
from loaders.domain.method.status import LATENESS, Group
from loaders.responsibility import answering_on, of_the_day
from loaders.tallies import ended, standing_of

NO_YEAR = "none"
NO_LEAD = "none"
SORTS = ("late", "due", "progress", "name")
VIEWS = ("table", "cards")
FILTERS = ("q", "document", "pillar", "ministry", "status", "outcome", "year", "headline")


def page() -> None:
    """Draw the list of targets."""
    request = state.request(today())
    words, registry = Words(request.language), context.registry()
    if registry is None:
        return
    scene = Scene(Speaker(registry, words), request)
    found = context.assessments(request.day)
    facets = _facets(found, scene)
    asked = _chosen(facets, scene)
    chosen = [item for item in found if _passes(item, asked, scene)]
    draw(f"<h1>{escape(words('targets.title'))}</h1>{_form(facets, asked, scene)}", key="filters")
    draw(_results(found, chosen, scene), key="results")


def _results(found: Sequence[Assessment], chosen: Sequence[Assessment], scene: Scene) -> str:
    words = scene.say.words
    count = words("targets.count", total=len(found), count=len(chosen))
    clear = link(scene.request.link("targets"), escape(words("targets.clear")))
    counted = f'<p class="kpi-small" role="status">{escape(count)} {clear}</p>'
    if not chosen:
        return f'{counted}<p class="kpi-empty">{escape(words("targets.none"))}</p>'
    order, view = _asked("sort", SORTS), _asked("view", VIEWS)
    ordered = _sorted(chosen, order, scene)
    body = _cards(ordered, scene) if view == "cards" else _table(ordered, scene)
    return f"{counted}{_links('sort', SORTS, order, scene)}{_links('view', VIEWS, view, scene)}{body}"


def _asked(key: str, options: Sequence[str]) -> str:
    """What the address asks for, the first option where it asks for nothing that exists."""
    asked = st.query_params.get(key, options[0])
    return asked if asked in options else options[0]


def _links(key: str, options: Sequence[str], chosen: str, scene: Scene) -> str:
    """A choice as links, which cost no widget: the address changes, everything else in it stays."""
    words = scene.say.words
    kept = {name: st.query_params[name] for name in (*FILTERS, "sort", "view") if name in st.query_params}
    entries = []
    for option in options:
        name = escape(words(f"targets.{key}.{option}"))
        wanted = {**kept, key: None if option == options[0] else option}
        here = f'<strong aria-current="true">{name}</strong>'
        entries.append(here if option == chosen else link(scene.request.link("targets", wanted), name))
    return f'<p class="kpi-small">{escape(words(f"targets.{key}"))}: {" · ".join(entries)}</p>'


def _sorted(items: Sequence[Assessment], order: str, scene: Scene) -> list[Assessment]:
    """Late ones first, or by due date, progress (least first) or name; what has none of these comes last.

    Among late ones headline goals come before the terms of single programmes.
    """
    if order == "due":
        return sorted(items, key=lambda item: (item.due_year is None, item.due_year or 0))
    if order == "progress":
        return sorted(items, key=lambda item: (item.current.progress is None, item.current.progress or 0.0))
    if order == "name":
        return sorted(items, key=lambda item: scene.say.name(item.target))
    return sorted(late_first(items), key=lambda item: not item.target.headline)


def _cards(items: Sequence[Assessment], scene: Scene) -> str:
    """Small multiples: every target as a card with its trend."""
    return f'<div class="kpi-grid">{"".join(card(item, scene) for item in items)}</div>'


def _facets(found: Sequence[Assessment], scene: Scene) -> dict[str, dict[str, str]]:
    """The choices of each filter, by id, with their names, in the order in which they are offered."""
    say, words = scene.say, scene.say.words
    registry, language = say.registry, words.language
    lateness = {name: place for place, name in enumerate((*LATENESS, Group.OUTCOME_UNKNOWN, Group.NO_STATISTIC))}
    places = {name: place for place, name in enumerate(ENDED)}
    named: dict[str, tuple[Iterable[str], Callable[[str], str]]] = {
        "document": (
            (version.document for item in found for version in item.versions),
            lambda name: (registry.document[name].short or registry.document[name].title)(language),
        ),
        "pillar": ((item.target.pillar for item in found), lambda name: registry.pillar[name].name(language)),
        "ministry": (
            (name for item in found for name in _answering(item, scene)),
            lambda name: words("targets.no_lead") if name == NO_LEAD else registry.ministry[name].name(language),
        ),
        "status": ((standing_of(item) for item in found), lambda name: words(f"status.{name}")),
        "outcome": (
            (became for item in found if (became := ended(item, scene.day))),
            lambda name: words(f"overview.passed.{name}"),
        ),
        "year": ((_year(item) for item in found), lambda name: words("targets.no_year") if name == NO_YEAR else name),
    }
    facets = {}
    for key, (values, name) in named.items():
        order = {"status": lateness.__getitem__, "outcome": places.__getitem__}.get(key, name)
        facets[key] = {value: name(value) for value in sorted(set(values), key=order)}
    return facets


def _answering(item: Assessment, scene: Scene) -> list[str]:
    return [one.id for one in answering_on(scene.say.registry, item.target, scene.day)] or [NO_LEAD]


def _chosen(facets: Mapping[str, Mapping[str, str]], scene: Scene) -> dict[str, str]:
    """What the address asks of each filter; a value that is old or mistyped is as if it were not there.

    A ministry that has ended means those that took its duties over.
    """
    asked = {key: st.query_params.get(key, "") for key in FILTERS}
    if asked["ministry"] not in facets["ministry"]:
        followed = of_the_day(scene.say.registry, asked["ministry"], scene.day)
        asked["ministry"] = followed[0].id if followed else ""
    return {key: value if key not in facets or value in facets[key] else "" for key, value in asked.items()}


def _passes(item: Assessment, asked: Mapping[str, str], scene: Scene) -> bool:
    offered = {
        "document": {version.document for version in item.versions},
        "pillar": {item.target.pillar},
        "ministry": {*_answering(item, scene), *item.target.with_},
        "status": {standing_of(item)},
        "outcome": {ended(item, scene.day)},
        "year": {_year(item)},
    }
    return (
        all(not asked[key] or asked[key] in values for key, values in offered.items())
        and (item.target.headline or asked["headline"] != "true")
        and matches(asked["q"], item, scene.say, scene.day)
    )


def _form(facets: Mapping[str, Mapping[str, str]], asked: Mapping[str, str], scene: Scene) -> str:
    """The filters as a plain form that leads to an address.

    The browser's own fields: no widget code, the phone's own pickers, and a choice costs one rerun of
    a page without widgets instead of five lists drawn anew.
    """
    words, fields = scene.say.words, []
    for key, names in facets.items():
        options = "".join(
            f'<option value="{escape(value)}"{" selected" if value == asked[key] else ""}>{escape(name)}</option>'
            for value, name in {"": words("targets.all"), **names}.items()
        )
        fields.append(f'<label>{escape(words(f"targets.{key}"))}<select name="{key}">{options}</select></label>')
    kept = {state.LANGUAGE: st.query_params.get(state.LANGUAGE, ""), state.AS_OF: scene.request.asked_day or ""}
    kept |= {key: st.query_params.get(key, "") for key in ("sort", "view")}
    hidden = "".join(
        f'<input type="hidden" name="{key}" value="{escape(value)}">' for key, value in kept.items() if value
    )
    search = (
        f'<label>{escape(words("targets.search"))}<input type="search" name="q" value="{escape(asked["q"])}" '
        f'placeholder="{escape(words("targets.search_hint"))}"></label>'
    )
    checked = " checked" if asked["headline"] == "true" else ""
    headline = (
        f'<label class="kpi-check"><input type="checkbox" name="headline" value="true"{checked}> '
        f"{escape(words('targets.headline'))}</label>"
    )
    return (
        f'<form class="kpi-filters" method="get" action="/{state.PAGES["targets"]}" '
        f'role="search">{search}{"".join(fields)}{headline}{hidden}</form>'
    )


def _year(item: Assessment) -> str:
    return str(item.due_year) if item.due_year else NO_YEAR


def matches(query: str, item: Assessment, say: Speaker, day: date) -> bool:
    """True where every word of ``query`` stands in the target's names, ministries, pillar or documents.

    Its ministries are those of the day it was set and of ``day``.
    """
    target, registry = item.target, say.registry
    texts = [target.id.replace("_", " "), target.name.ko, target.name.en]
    pillar = registry.pillar[target.pillar]
    texts += [pillar.name.ko, pillar.name.en]
    named = [registry.ministry[name] for name in (target.lead, *target.with_) if name]
    for ministry in (*named, *answering_on(registry, target, day)):
        texts += [ministry.name.ko, ministry.name.en]
        texts += [ministry.short.ko, ministry.short.en] if ministry.short else []
    for version in item.versions:
        title = registry.document[version.document].title
        texts += [title.ko, title.en, version.document]
    where = folded(" ".join(texts))
    return all(word in where for word in folded(query).split())


def folded(text: str) -> str:
    """Text for comparing: composed, lower case."""
    return unicodedata.normalize("NFKC", text).casefold()


def _table(items: Sequence[Assessment], scene: Scene) -> str:
    say, words = scene.say, scene.say.words
    columns = ("name", "status", "value", "target", "due", "progress", "months", "lead", "document")
    rows = []
    for item in items:
        now = item.current
        rows.append(
            (
                link(scene.request.link("target", {state.TARGET: item.id}), escape(say.name(item.target))),
                badge(item, say),
                escape(say.latest(item)),
                escape(say.goal(item.target, item.version)),
                escape(say.due(item.version)),
                share_text(now.progress) if now.progress is not None else "",
                escape(say.said(item)),
                escape(say.ministry(item.target, scene.day)),
                escape(say.document(item.version)),
            )
        )
    head = [words(f"targets.col.{key}") for key in columns]
    found = table(head, rows, label=words("targets.table_alt"), numeric=(2, 3, 4, 5))
    return f'<div class="kpi-list">{found}</div>'


page()
