"""The one place where markup of our own reaches the browser.

It goes through a component and not through Markdown: parsing HTML inside Markdown costs the browser
another 200 kB of script and a fifth of the first view's time.

Everything drawn here is put together by this package from escaped texts (`escape`) and from SVG of
`dashboard.charts`. Nothing a user typed is ever passed in unescaped; a test greps that no other
module turns HTML on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import streamlit as st

from loaders.web_address import is_web_address

__all__ = ["draw", "escape", "link", "outside", "paragraph", "table"]


_SHOW = """
export default function({ parentElement, data }) {
  const place = parentElement.querySelector(".kpi-markup");
  if (place.shown !== data) {
    // A field that is drawn anew while it has the focus keeps it.
    const held = place.contains(document.activeElement) && document.activeElement.name;
    place.innerHTML = data;
    place.shown = data;
    if (held) place.querySelector(`[name="${held}"]`)?.focus();
  }
}
"""


@st.cache_resource
def _painter():  # noqa: ANN202 (Streamlit's renderer type is private)
    return st.components.v2.component(
        "kpi_markup", html='<div class="kpi-markup"></div>', js=_SHOW, isolate_styles=False
    )


def draw(html: str, key: str | None = None) -> None:
    """Put ``html`` on the page.

    Markup with a ``key`` keeps its place when it changes, and a field in it the focus; without one
    the browser puts up a new place for every change.
    """
    _painter()(data=html, key=key)


def paragraph(text: str, css: str, role: str = "") -> str:
    """A paragraph of plain text: `kpi-empty`, `kpi-small`, `kpi-notice`, or `kpi-broken` with role `alert`."""
    told = f' role="{role}"' if role else ""
    return f'<p class="{css}"{told}>{escape(text)}</p>'


def link(address: str, inner: str, *, css: str = "", label: str = "") -> str:
    """A link inside the dashboard; ``inner`` is markup, ``label`` an accessible name."""
    name = f' aria-label="{escape(label)}"' if label else ""
    kind = f' class="{css}"' if css else ""
    return f'<a href="{escape(address)}" target="_self"{kind}{name}>{inner}</a>'


def outside(address: str, inner: str) -> str:
    """A link to another site in a page of its own; ``inner`` alone where ``address`` is none (a script, a lost one)."""
    if not is_web_address(address):
        return inner
    return f'<a href="{escape(address)}" rel="noopener noreferrer" target="_blank">{inner}</a>'


def table(head: Sequence[str], rows: Iterable[Sequence[str]], *, label: str, numeric: Sequence[int] = ()) -> str:
    """A table that turns into labelled rows on a phone; cells are markup, head and label are text."""
    marks = dict.fromkeys(numeric, ' class="kpi-num"')
    titles = "".join(f'<th scope="col"{marks.get(i, "")}>{escape(text)}</th>' for i, text in enumerate(head))
    body = "".join(
        "<tr>" + "".join(_cell(head[i], cell, marks.get(i, "")) for i, cell in enumerate(row)) + "</tr>" for row in rows
    )
    return (
        f'<div class="kpi-table"><table aria-label="{escape(label)}">'
        f"<thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cell(label: str, inner: str, mark: str) -> str:
    if not inner:
        return '<td class="kpi-none"><div>–</div></td>'
    return f'<td data-label="{escape(label)}"{mark}><div>{inner}</div></td>'
