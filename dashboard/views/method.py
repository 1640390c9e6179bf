"""METHOD for readers, with the thresholds in force."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path

import streamlit as st

from dashboard import context, state
from dashboard.charts.theme import status_mark
from dashboard.components.markup import draw, escape, table
from dashboard.wording.catalog import Words
from dashboard.wording.format import plain_number
from loaders.domain.model import Method
from loaders.domain.status import Status

HELP = Path(__file__).parent.parent / "help"


def page() -> None:
    """Draw the method page."""
    words, registry = Words(state.request(date.today()).language), context.registry()
    draw(f"<h1>{escape(words('method.title'))}</h1>")
    if registry is not None:
        draw(_thresholds(registry.method, words))
    draw(_statuses(words))
    st.markdown(_text(words.language))


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
    title = words("method.thresholds", version=method.version)
    return f"<h2>{escape(title)}</h2>{table(head, rows, label=title, numeric=(1,))}"


def _statuses(words: Words) -> str:
    entries = "".join(
        f'<div><dt><span class="kpi-badge kpi-{one}">{status_mark(one)}{escape(words(f"status.{one}"))}</span></dt>'
        f"<dd>{escape(words(f'method.status.{one}'))}</dd></div>"
        for one in Status
    )
    return f'<h2>{escape(words("method.statuses"))}</h2><dl class="kpi-pairs">{entries}</dl>'


@lru_cache(maxsize=2)
def _text(language: str) -> str:
    return (HELP / f"method.{language}.md").read_text(encoding="utf-8")


page()
