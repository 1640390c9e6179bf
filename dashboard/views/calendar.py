"""Milestones, due dates, releases and documents, coming and past."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.components.markup import escape, paragraph
from dashboard.components.scene import Scene, draw_page
from dashboard.components.status_tally import ENDED
from dashboard.components.upcoming import by_month
from dashboard.wording.catalog import DEFAULT_LANGUAGE
from loaders.agenda import Event, Occasion, events
from loaders.assessment import Assessment
from loaders.tallies import passed


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
        + f"<section><h2>{escape(words('calendar.past'))}</h2>{_became(found, scene)}{_years(past, scene)}</section>"
    )


def _section(name: str, listed: Sequence[Event], body: str, scene: Scene) -> str:
    words = scene.say.words
    if not listed:
        body = f'<p class="kpi-empty">{escape(words(f"calendar.{name}.none"))}</p>'
    return f"<section><h2>{escape(words(f'calendar.{name}'))}</h2>{body}</section>"


def _became(found: Sequence[Assessment], scene: Scene) -> str:
    """What became of the due dates that have passed, in a sentence; nothing before the first one."""
    words, counts = scene.say.words, passed(found, scene.day)
    parts = [f"{words(f'overview.passed.{name}')} {counts[name]}" for name in ENDED if counts[name]]
    total = sum(counts.values())
    return paragraph(words("calendar.passed", count=total, parts=" · ".join(parts)), "kpi-small") if total else ""


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
