"""The calendar as a file that other calendars subscribe to (iCalendar, RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from icalendar import Calendar
from icalendar import Event as Entry

from dashboard.wording.sentences import Speaker
from loaders.agenda import Event, Occasion

SHOWN = (Occasion.MILESTONE, Occasion.DEADLINE, Occasion.EXPECTED)
"""What is to come; the past stays on the page."""


def calendar_file(events: Iterable[Event], say: Speaker, day: date) -> bytes:
    """Milestones, due dates and expected releases from ``day`` on, one all-day entry each."""
    calendar = Calendar()
    calendar.add("prodid", "-//KPI targets//calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", say.words("app.title"))
    for event in events:
        if event.item is not None and event.occasion in SHOWN and event.on >= day:
            calendar.add_component(_entry(event, say, day))
    return calendar.to_ical()


def _entry(event: Event, say: Speaker, day: date) -> Entry:
    assert event.item is not None, "documents are no entries"
    target = event.item.target
    value = "" if event.value is None else say.value(target, event.value)
    entry = Entry()
    # The same occasion keeps its identity, so that a subscription moves it instead of doubling it.
    entry.add("uid", f"{target.id}.{event.occasion}.{event.on:%Y}@kpi-targets")
    entry.add("dtstamp", datetime.combine(day, time(), UTC))
    entry.add("dtstart", event.on)
    entry.add("dtend", event.on + timedelta(days=1))
    entry.add("summary", f"{say.name(target)}: {say.words(f'agenda.line.{event.occasion}', value=value, period='')}")
    entry.add("description", say.headline(event.item))
    return entry
