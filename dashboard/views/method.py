"""METHOD for readers: every formula with a live example of the day, and the thresholds in force.

The text is `help/method.<language>.md`; its marked places are filled here with examples, lists and
the thresholds. All numbers come from the day's assessments.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import streamlit as st

from dashboard import context, state
from dashboard.components import examples, glossary
from dashboard.components.markup import draw, escape, link, table
from dashboard.components.prose import Section, sections
from dashboard.components.scene import Scene
from dashboard.wording.catalog import Words
from dashboard.wording.format import date_text, plain_number
from dashboard.wording.sentences import Speaker
from loaders.changes import changes
from loaders.domain.model import Method, Registry
from loaders.domain.period import add_months

HELP = Path(__file__).parent.parent / "help"
NOTHING = Registry(documents=[], pillars=[], units=[], targets=[])
"""Stands in where no registry could ever be read: the text remains, without examples."""


def page() -> None:
    """Draw the method page."""
    request = state.request(context.today())
    registry = context.registry() or NOTHING
    scene = Scene(Speaker(registry, Words(request.language)), request)
    if st.query_params.get("version") == "1":
        draw(_old(scene, registry.method))
    else:
        draw(context.markup("method", request, lambda: _page(scene)))


def _old(scene: Scene, method: Method) -> str:
    """Version 1 of the method as it read, without examples: past editions were judged by it."""
    words = scene.say.words
    found = sections(_text(words.language, "method-1"), _values(method), lambda name, args: "")
    body = "".join(f"<section>{section.body}</section>" for section in found)
    back = link(scene.request.link("method"), escape(words("method.old.back")))
    return (
        f'<h1>{escape(words("method.title"))}</h1><p class="kpi-lead">{escape(words("method.old"))} {back}</p>'
        f'{_contents(found, words)}<div class="kpi-prose">{body}</div>'
    )


def _page(scene: Scene) -> str:
    words, registry = scene.say.words, scene.say.registry
    items = context.assessments(scene.day)
    moved = changes(registry, context.serving().observations, add_months(scene.day, -12), scene.day)
    day = examples.examples(items, moved, scene)
    ordered = [item for item, _ in day.found]

    def fill(name: str, args: list[str]) -> str:
        if name == "example":
            return examples.example(day, args)
        if name == "kind":
            return examples.kind_example(day, args[0], args[1:])
        if name == "show":
            return examples.SHOWN[args[0]](day)
        if args[0] == "thresholds":
            return "" if registry is NOTHING else _thresholds(registry.method, words)
        return glossary.causes(day.changes, scene) if args[0] == "causes" else glossary.LISTS[args[0]](ordered, scene)

    values = _values(registry.method) | {"version_1": scene.request.link("method", {"version": "1"})}
    found = sections(_text(words.language), values, fill)
    lead = words("method.lead", date=date_text(scene.day, words.language), version=registry.method.judged_by)
    body = "".join(f"<section>{section.body}</section>" for section in found)
    return (
        f'<h1>{escape(words("method.title"))}</h1><p class="kpi-lead">{escape(lead)}</p>'
        f'{_contents(found, words)}<div class="kpi-prose">{body}</div>'
    )


def _contents(found: list[Section], words: Words) -> str:
    # Without target="_self": such links are followed by the frame, which would go to the top of the page.
    entries = "".join(f'<li><a href="#{section.anchor}">{escape(section.title)}</a></li>' for section in found)
    return f'<nav class="kpi-contents" aria-label="{escape(words("method.contents"))}"><ol>{entries}</ol></nav>'


def _values(method: Method) -> dict[str, str]:
    """What the text names in braces."""
    return {
        "on_track": str(method.on_track),
        "needs_acceleration": str(method.needs_acceleration),
        "too_early_share": str(method.too_early_share),
        "damping": str(method.damping),
    }


def _thresholds(method: Method, words: Words) -> str:
    rows = [
        (escape(words("method.threshold.on_track")), escape(words("method.from", value=method.on_track))),
        (
            escape(words("method.threshold.needs_acceleration")),
            escape(words("method.from", value=method.needs_acceleration)),
        ),
        (
            escape(words("method.threshold.too_early_share")),
            escape(words("method.below", value=f"{plain_number(100 * method.too_early_share, 1)}%")),
        ),
        (escape(words("method.threshold.damping")), escape(str(method.damping))),
    ]
    head = [words("method.threshold.name"), words("method.threshold.value")]
    title = words("method.thresholds", version=method.judged_by)
    return f"<p><strong>{escape(title)}</strong></p>{table(head, rows, label=title, numeric=(1,))}"


@lru_cache(maxsize=4)
def _text(language: str, name: str = "method") -> str:
    return (HELP / f"{name}.{language}.md").read_text(encoding="utf-8")


page()
