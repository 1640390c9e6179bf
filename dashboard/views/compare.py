"""Several targets on the two scales that all share: progress, and months early or late."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import context, state
from dashboard.components.markup import draw, escape, link, table
from dashboard.components.scene import Scene
from dashboard.components.target_card import badge
from dashboard.desk import today
from dashboard.wording.catalog import Words
from dashboard.wording.format import share_text
from dashboard.wording.sentences import Speaker
from loaders.assessment import Assessment, late_first
from loaders.domain.method.status import ASSESSED

CHOSEN = "ids"
SEPARATOR = ","
MOST = 30


def page() -> None:
    """Draw the comparison of the targets that the address names, else of all that can be judged."""
    request = state.request(today())
    words, registry = Words(request.language), context.registry()
    if registry is None:
        return
    scene, found = (
        Scene(Speaker(registry, words), request),
        {item.id: item for item in context.assessments(request.day)},
    )
    draw(f'<h1>{escape(words("compare.title"))}</h1><p class="kpi-lead">{escape(words("compare.lead"))}</p>')
    asked = [name for name in st.query_params.get(CHOSEN, "").split(SEPARATOR) if name in found]
    chosen = st.multiselect(
        words("compare.choose"),
        list(found),
        default=(asked or [item.id for item in found.values() if item.status in ASSESSED])[:MOST],
        format_func=lambda name: scene.say.name(found[name].target),
        key=f"compare {request.language}",
        max_selections=MOST,
        placeholder=words("compare.placeholder"),
    )
    if chosen:
        st.query_params[CHOSEN] = SEPARATOR.join(chosen)
    draw(_table([found[name] for name in chosen], scene))


def _table(items: Sequence[Assessment], scene: Scene) -> str:
    say, words = scene.say, scene.say.words
    if not items:
        return f'<p class="kpi-empty">{escape(words("compare.none"))}</p>'
    widest = max((abs(item.current.months or 0) for item in items), default=0) or 1
    rows = [
        (
            link(scene.request.link("target", {state.TARGET: item.id}), escape(say.name(item.target))),
            badge(item, say),
            _progress(item, words),
            _months(item, widest, say),
            escape(say.due(item.version)),
        )
        for item in late_first(items)
    ]
    head = [words(f"compare.col.{key}") for key in ("name", "status", "progress", "months", "due")]
    note = f'<p class="kpi-small">{escape(words("compare.note"))}</p>'
    return f'<div class="kpi-compare">{table(head, rows, label=words("compare.title"))}</div>{note}'


def _share(value: float) -> float:
    return 100 * min(max(value, 0.0), 1.0)


def _progress(item: Assessment, words: Words) -> str:
    """A bar from the baseline to the target with a tick where it should be; in words beside it."""
    now = item.current
    if now.progress is None or item.status not in ASSESSED:
        return f'<span class="kpi-muted">{escape(words("compare.no_progress"))}</span>'
    promised = now.expected_progress
    tick = "" if promised is None else f'<i style="left:{_share(promised):.1f}%"></i>'
    said = share_text(now.progress)
    of = "" if promised is None else f" / {share_text(promised)}"
    return (
        f'<span class="kpi-bullet" aria-hidden="true">'
        f'<b class="kpi-{item.status}" style="width:{_share(now.progress):.1f}%"></b>{tick}</span>'
        f' {escape(said)}<span class="kpi-muted">{escape(of)}</span>'
    )


def _months(item: Assessment, widest: float, say: Speaker) -> str:
    """A bar to the left of the middle for late, to the right for early; in words beside it."""
    months = item.current.months
    if months is None or item.status not in ASSESSED:
        return f'<span class="kpi-muted">{escape(say.said(item))}</span>'
    width = 50 * abs(months) / widest
    left = 50 - width if months < 0 else 50.0
    return (
        f'<span class="kpi-bullet kpi-middle" aria-hidden="true">'
        f'<b class="kpi-{item.status}" style="left:{left:.1f}%;width:{width:.1f}%"></b></span> {escape(say.said(item))}'
    )


page()
