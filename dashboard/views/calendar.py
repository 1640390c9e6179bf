"""Milestones, due dates, releases and documents, coming and past."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.components.markup import escape
from dashboard.components.scene import Scene, draw_page
from dashboard.components.upcoming import by_month
from dashboard.wording.catalog import DEFAULT_LANGUAGE
from loaders.agenda import Event, Occasion, events
from loaders.assessment import Assessment


def page() -> None:
    """Draw the calendar."""
    draw_page("calendar", _page)


def _page(found: Sequence[Assessment], scene: Scene) -> str:
    words, day = scene.say.words, scene.day
    listed = events(found, scene.say.registry, day)
    overdue = [one for one in listed if one.occasion is Occasion.OVERDUE]
    coming = [one for one in listed if one.on >= day and one.occasion is not Occasion.OVERDUE]
    past = [one for one in listed if one.on < day and one.occasion is not Occasion.OVERDUE]
    file = "/calendar.ics" + ("" if words.language == DEFAULT_LANGUAGE else f"?lang={words.language}")
    subscribe = f'<a href="{file}" download>{escape(words("calendar.file"))}</a>'
    return (
        f'<h1>{escape(words("calendar.title"))}</h1><p class="kpi-lead">{escape(words("calendar.lead"))}</p>'
        f'<p class="kpi-small">{subscribe}</p>'
        + _section("overdue", overdue, by_month(overdue, scene, owner=True), scene)
        + _section("coming", coming, by_month(coming, scene), scene)
        + f"<section><h2>{escape(words('calendar.past'))}</h2>{_years(past, scene)}</section>"
    )


def _section(name: str, listed: Sequence[Event], body: str, scene: Scene) -> str:
    words = scene.say.words
    if not listed:
        body = f'<p class="kpi-empty">{escape(words(f"calendar.{name}.none"))}</p>'
    return f"<section><h2>{escape(words(f'calendar.{name}'))}</h2>{body}</section>"


def _years(past: Sequence[Event], scene: Scene) -> str:
    """Earlier years folded, the latest open."""
    years = sorted({one.on.year for one in past}, reverse=True)
    parts = []
    for number, year in enumerate(years):
        own = [one for one in past if one.on.year == year]
        title = scene.say.words("calendar.year", year=year, n=len(own))
        body = by_month(own, scene, newest_first=True)
        parts.append(f"<details{' open' if number == 0 else ''}><summary>{escape(title)}</summary>{body}</details>")
    return "".join(parts)


page()
