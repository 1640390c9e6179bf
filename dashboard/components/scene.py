"""What every page and component starts from: who speaks, and what the address asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from dashboard import context, state
from dashboard.components.markup import draw, escape
from dashboard.desk import today
from dashboard.state import Request
from dashboard.wording.catalog import Words
from dashboard.wording.sentences import Speaker
from loaders.assessment import Assessment


@dataclass(frozen=True, slots=True)
class Scene:
    """What every component needs."""

    say: Speaker
    request: Request

    @property
    def day(self) -> date:
        """The day that is shown."""
        return self.request.day


def draw_page(name: str, build: Callable[[Sequence[Assessment], Scene], str]) -> None:
    """Draw a page that is markup alone, built once for each address; ``name`` tells variants apart."""
    request = state.request(today())
    words, registry = Words(request.language), context.registry()
    if registry is None:
        return
    found = context.assessments(request.day)
    if not found:
        draw(f'<p class="kpi-empty">{escape(words("overview.empty"))}</p>')
        return
    draw(context.markup(name, request, lambda: build(found, Scene(Speaker(registry, words), request))), key="page")
