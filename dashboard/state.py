"""What lives in the URL: language, day, target and filters; typed getters and links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from urllib.parse import urlencode

import streamlit as st

from dashboard.wording.catalog import DEFAULT_LANGUAGE, LANGUAGES
from loaders.domain.period import parse_period

LANGUAGE, AS_OF, TARGET, DOCUMENT, SINCE, EMBED, VIEW, RANGE = (
    "lang",
    "as_of",
    "id",
    "document",
    "since",
    "embed",
    "view",
    "range",
)
PAGES = {
    "overview": "",
    "targets": "targets",
    "target": "target",
    "sources": "sources",
    "changes": "changes",
    "calendar": "calendar",
    "lineage": "lineage",
    "ministries": "ministries",
    "compare": "compare",
    "method": "method",
    "data": "data",
    "sign_in": "sign-in",
    "desk": "desk",
    "entry": "entry",
    "review": "review",
    "audit": "audit",
    "accounts": "accounts",
}
"""Page names and their URL paths."""
DESK_PAGES = ("sign_in", "desk", "entry", "review", "audit", "accounts")
"""Pages that a public server does not have."""

NOTHING: Mapping[str, str | None] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Request:
    """What the address asks for."""

    language: str
    day: date
    """The day to judge on."""
    asked_day: str | None
    """The day as the address gives it; None for today."""
    bad_day: str | None = None
    """A day that could not be read."""

    def link(self, page: str, params: Mapping[str, str | None] = NOTHING, /) -> str:
        """Address of ``page`` that keeps language and day; None removes a parameter.

        Parameters come as a mapping, never as arguments by name: anybody can write `?page=` into an address.
        """
        query: dict[str, str | None] = {AS_OF: self.asked_day}
        query[LANGUAGE] = None if self.language == DEFAULT_LANGUAGE else self.language
        query |= params
        text = urlencode({key: value for key, value in query.items() if value})
        return f"/{PAGES[page]}" + (f"?{text}" if text else "")


def request(today: date) -> Request:
    """Read the address; a day that cannot be read falls back to today and is reported."""
    language = st.query_params.get(LANGUAGE, DEFAULT_LANGUAGE)
    if language not in LANGUAGES:
        language = DEFAULT_LANGUAGE
    asked = st.query_params.get(AS_OF)
    if not asked:
        return Request(language, today, None)
    try:
        return Request(language, parse_period(asked).end, asked)
    except ValueError:
        return Request(language, today, None, asked)


def document_id() -> str | None:
    """The document that the address names."""
    return st.query_params.get(DOCUMENT)


def since() -> str | None:
    """The earlier day that the address names, as it is written."""
    return st.query_params.get(SINCE)


def target_id() -> str | None:
    """The target that the address names."""
    return st.query_params.get(TARGET)


def embedded() -> bool:
    """True where another site shows the page in a frame (`?embed=1`, which the server turns into Streamlit's own)."""
    return bool(st.context.is_embedded)


def near() -> bool:
    """True where the chart of a target is to show the published values alone (`?range=near`)."""
    return st.query_params.get(RANGE) == "near"


def on_the_wall() -> bool:
    """True for the view that hangs on a wall and turns by itself (`?view=wall`)."""
    return st.query_params.get(VIEW) == "wall"
