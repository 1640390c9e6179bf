"""Search and filter all targets; a row opens a target."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence

import streamlit as st

from dashboard import context, state
from dashboard.components.markup import draw, escape, link, table
from dashboard.components.scene import Scene
from dashboard.components.target_card import badge, card
from dashboard.desk import today
from dashboard.wording.catalog import Words
from dashboard.wording.format import plain_number
from dashboard.wording.sentences import Speaker
from loaders.assessment import Assessment, late_first
from loaders.domain.status import LATENESS

ALL = "all"
NO_YEAR = "none"
NO_LEAD = "none"
SORTS = ("late", "due", "progress", "name")
VIEWS = ("table", "cards")
FILTERS = ("q", "document", "pillar", "ministry", "status", "year", "headline")


def page() -> None:
    """Draw the list of targets."""
    request = state.request(today())
    words, registry = Words(request.language), context.registry()
    if registry is None:
        return
    scene = Scene(Speaker(registry, words), request)
    found = context.assessments(request.day)
    draw(f"<h1>{escape(words('targets.title'))}</h1>")
    chosen = _choose(found, scene)
    count = words("targets.count", total=len(found), count=len(chosen))
    clear = link(request.link("targets"), escape(words("targets.clear")))
    draw(f'<p class="kpi-small" role="status">{escape(count)} {clear}</p>')
    if not chosen:
        draw(f'<p class="kpi-empty">{escape(words("targets.none"))}</p>')
        return
    order, view = _asked("sort", SORTS), _asked("view", VIEWS)
    draw(_links("sort", SORTS, order, scene) + _links("view", VIEWS, view, scene))
    ordered = _sorted(chosen, order, scene)
    draw(_cards(ordered, scene) if view == "cards" else _table(ordered, scene))


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
        entries.append(here if option == chosen else link(scene.request.link("targets", **wanted), name))
    return f'<p class="kpi-small">{escape(words(f"targets.{key}"))}: {" · ".join(entries)}</p>'


def _sorted(items: Sequence[Assessment], order: str, scene: Scene) -> list[Assessment]:
    """Late ones first, or by due date, progress (least first) or name; what has none of these comes last."""
    if order == "due":
        return sorted(items, key=lambda item: (item.due_year is None, item.due_year or 0))
    if order == "progress":
        return sorted(items, key=lambda item: (item.current.progress is None, item.current.progress or 0.0))
    return sorted(items, key=lambda item: scene.say.name(item.target)) if order == "name" else late_first(items)


def _cards(items: Sequence[Assessment], scene: Scene) -> str:
    """Small multiples: every target as a card with its trend."""
    return f'<div class="kpi-grid">{"".join(card(item, scene) for item in items)}</div>'


def _choose(found: Sequence[Assessment], scene: Scene) -> list[Assessment]:
    """The filters, each kept in the address, and what passes all of them."""
    say, words = scene.say, scene.say.words
    registry, language = say.registry, words.language
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        query = st.text_input(
            words("targets.search"),
            placeholder=words("targets.search_hint"),
            key=_bound("q", ""),
            on_change=_store,
            args=("q",),
        )
        document = _pick(
            "document",
            (version.document for item in found for version in item.versions),
            lambda name: (registry.document[name].short or registry.document[name].title)(language),
            words,
        )
        pillar = _pick(
            "pillar", (item.target.pillar for item in found), lambda name: registry.pillar[name].name(language), words
        )
        ministry = _pick(
            "ministry",
            (item.target.lead or NO_LEAD for item in found),
            lambda name: words("targets.no_lead") if name == NO_LEAD else registry.ministry[name].name(language),
            words,
        )
        order = {status.value: place for place, status in enumerate(LATENESS)}
        status = _pick(
            "status",
            (item.status.value for item in found),
            lambda name: words(f"status.{name}"),
            words,
            order.__getitem__,
        )
        year = _pick(
            "year",
            (_year(item) for item in found),
            lambda name: words("targets.no_year") if name == NO_YEAR else name,
            words,
        )
        headline = st.toggle(
            words("targets.headline"), key=_bound("headline", ""), on_change=_store, args=("headline",)
        )
    return [
        item
        for item in found
        if document in (ALL, *(version.document for version in item.versions))
        and pillar in (ALL, item.target.pillar)
        and ministry in (ALL, item.target.lead or NO_LEAD, *item.target.with_)
        and status in (ALL, item.status.value)
        and year in (ALL, _year(item))
        and (item.target.headline or not headline)
        and matches(query, item, say)
    ]


def _pick(
    key: str,
    values: Iterable[str],
    name: Callable[[str], str],
    words: Words,
    order: Callable[[str], object] | None = None,
) -> str:
    options = [ALL, *sorted(set(values), key=order or name)]
    return st.selectbox(
        words(f"targets.{key}"),
        options,
        format_func=lambda value: words("targets.all") if value == ALL else name(value),
        key=_bound(key, ALL, options),
        on_change=_store,
        args=(key,),
    )


def _bound(key: str, default: str, options: Sequence[str] = ()) -> str:
    """Give the widget ``key`` the value that the address holds, and return its key.

    The address holds ids, the same in both languages (Streamlit's own binding writes labels). An
    old or mistyped value must not break the page: the filter is then simply not set.
    """
    asked = st.query_params.get(key, default)
    if options and asked not in options:
        asked = default
    st.session_state[key] = asked == "true" if key == "headline" else asked
    return key


def _store(key: str) -> None:
    value = st.session_state[key]
    if value in (ALL, "", False):
        st.query_params.pop(key, None)
    else:
        st.query_params[key] = "true" if value is True else value


def _year(item: Assessment) -> str:
    return str(item.due_year) if item.due_year else NO_YEAR


def matches(query: str, item: Assessment, say: Speaker) -> bool:
    """True where every word of ``query`` stands in the target's names, ministries, pillar or documents."""
    target, registry = item.target, say.registry
    texts = [target.id.replace("_", " "), target.name.ko, target.name.en]
    pillar = registry.pillar[target.pillar]
    texts += [pillar.name.ko, pillar.name.en]
    for name in (target.lead, *target.with_):
        if name:
            ministry = registry.ministry[name]
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
        value = now.value if now.value is not None else now.observation.value if now.observation else None
        rows.append(
            (
                link(scene.request.link("target", **{state.TARGET: item.id}), escape(say.name(item.target))),
                badge(item, say),
                escape(say.value(item.target, value)) if value is not None else "",
                escape(say.goal(item.target, item.version)),
                escape(say.due(item.version)),
                f"{plain_number(100 * now.progress, 0)}%" if now.progress is not None else "",
                escape(say.said(item)),
                escape(say.ministry(item.target)),
                escape(say.document(item.version)),
            )
        )
    head = [words(f"targets.col.{key}") for key in columns]
    found = table(head, rows, label=words("targets.table_alt"), numeric=(2, 3, 4, 5))
    return f'<div class="kpi-list">{found}</div>'


page()
