"""The help texts: a few forms of Markdown, and places where something live is put in.

Streamlit's own Markdown can hold neither the markup of our components nor anchors, and costs the
browser more script (see `markup`). What is understood: headings with an anchor before them,
paragraphs, lists, formulas as block quotes, **bold**, `code`, sub and sup, links within the page
and to pages of the dashboard, `{name}` for a value, and `<!-- name: words -->` for what the page fills in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import escape
from typing import NamedTuple


class Section(NamedTuple):
    """A heading of the second level with everything up to the next."""

    anchor: str
    title: str
    body: str
    """Markup, the heading included."""


Fill = Callable[[str, list[str]], str]
"""Markup for a place: its name and the words after the colon."""

_HEADING = re.compile(r'<a id="([a-z0-9_-]+)"></a>\n(##+) (.+)')
_PLACE = re.compile(r"<!-- (\w+): ?([\w ]*?) ?-->")
_INLINE = (
    (re.compile(r"\*\*(.+?)\*\*"), r"<strong>\1</strong>"),
    (re.compile(r"`(.+?)`"), r"<code>\1</code>"),
    (re.compile(r"&lt;(/?su[bp])&gt;"), r"<\1>"),
    (re.compile(r"\[([^\]]+)\]\((#[a-z0-9_-]+)\)"), r'<a href="\2">\1</a>'),
    (re.compile(r"\[([^\]]+)\]\((/[a-z0-9_-]+\?(?:[a-z0-9_=-]|&amp;)+)\)"), r'<a href="\2" target="_self">\1</a>'),
)


def sections(text: str, values: Mapping[str, str], fill: Fill) -> list[Section]:
    """The text's sections as markup; an unknown ``{name}`` stays as it is."""
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    found: list[Section] = []
    for block in re.split(r"\n{2,}", text.strip()):
        heading = _HEADING.fullmatch(block)
        if heading and heading[2] == "##":
            found.append(Section(heading[1], heading[3], ""))
        last = found.pop()
        found.append(last._replace(body=last.body + _block(block, fill)))
    return found


def _block(block: str, fill: Fill) -> str:
    heading, place = _HEADING.fullmatch(block), _PLACE.fullmatch(block)
    if heading:
        level = len(heading[2])
        return f'<h{level} id="{heading[1]}">{_inline(heading[3])}</h{level}>'
    if place:
        return fill(place[1], place[2].split())
    lines = block.split("\n")
    if all(line.startswith("- ") for line in lines):
        return "<ul>" + "".join(f"<li>{_inline(line[2:])}</li>" for line in lines) + "</ul>"
    if all(line.startswith("> ") for line in lines):
        return '<p class="kpi-formula">' + "<br>".join(_inline(line[2:]) for line in lines) + "</p>"
    return f"<p>{_inline(' '.join(lines))}</p>"


def _inline(text: str) -> str:
    text = escape(text, quote=False)
    for form, markup in _INLINE:
        text = form.sub(markup, text)
    return text
