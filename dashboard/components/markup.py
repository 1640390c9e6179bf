"""The one place where markup of our own reaches the browser.

Everything drawn here is put together by this package from escaped texts (`escape`) and from SVG of
`dashboard.charts`. Nothing a user typed is ever passed in unescaped; a test greps that no other
module turns HTML on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import streamlit as st

__all__ = ["draw", "escape", "link", "table"]


def draw(html: str) -> None:
    """Put ``html`` on the page. It must hold no blank line, which would end the block in Markdown."""
    st.markdown("".join(line.strip() for line in html.splitlines()), unsafe_allow_html=True)


def link(address: str, inner: str, *, css: str = "", label: str = "") -> str:
    """A link inside the dashboard; ``inner`` is markup, ``label`` an accessible name."""
    name = f' aria-label="{escape(label)}"' if label else ""
    kind = f' class="{css}"' if css else ""
    return f'<a href="{escape(address)}" target="_self"{kind}{name}>{inner}</a>'


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
    return f'<td data-label="{escape(label)}"{mark}><div>{inner or "–"}</div></td>'
