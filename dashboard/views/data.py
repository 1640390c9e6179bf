"""The data to take away: files, licence, how to cite."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from dashboard import context, state
from dashboard.components.markup import escape, table
from dashboard.components.scene import Scene, draw_page
from dashboard.open_data import FILES, PATH
from dashboard.wording.format import date_text
from loaders.assessment import Assessment


def page() -> None:
    """Draw the page of downloads."""
    draw_page("data", _page)


def _page(found: Sequence[Assessment], scene: Scene) -> str:
    words = scene.say.words
    query = f"?{urlencode({state.AS_OF: scene.request.asked_day})}" if scene.request.asked_day else ""
    rows = [
        (
            f'<a href="{PATH}/{name}{escape(query)}" download>{escape(name)}</a>',
            escape(words(f"data.file.{name.replace('.', '_')}")),
        )
        for name in FILES
    ]
    head = [words("data.col.file"), words("data.col.what")]
    cite = words(
        "data.cite",
        date=date_text(scene.day, words.language),
        method=scene.say.registry.method.judged_by,
        registry=context.registry_version(),
    )
    lead = words("data.lead", n=len(found), date=date_text(scene.day, words.language))
    return (
        f'<h1>{escape(words("data.title"))}</h1><p class="kpi-lead">{escape(lead)}</p>'
        f"<section>{table(head, rows, label=words('data.title'))}</section>"
        f"<section><h2>{escape(words('data.licence'))}</h2><p>{escape(words('data.licence.text'))}</p></section>"
        f"<section><h2>{escape(words('target.cite'))}</h2><p>{escape(cite)}</p></section>"
        f"<section><h2>{escape(words('data.same'))}</h2><p>{escape(words('data.same.text'))}</p></section>"
    )


page()
