"""What comes and what has passed, each on its day, and the file for other calendars."""

from datetime import date

import pytest
from builders import a_registry, a_target, a_version, observed, row
from icalendar import Calendar

from dashboard.calendar_file import calendar_file
from dashboard.wording.catalog import Words
from dashboard.wording.sentences import Speaker
from loaders.agenda import Occasion, due_next, events
from loaders.assessment import assess

STEPS = a_version(milestones="[{value: 5, due: 2026}]")
ANNUAL = "{indicator: unicorns, frequency: annual, release_lag_days: 30, grace_days: 10}"


def listed(day, *rows, target=None):
    registry = a_registry(target or a_target("unicorns", STEPS, series=ANNUAL))
    day = date.fromisoformat(day)
    return registry, events(assess(registry, observed(*rows), day), registry, day), day


def said(found):
    return [(one.on.isoformat(), one.occasion.value, one.value) for one in found]


def test_everything_stands_on_its_day():
    _, found, _ = listed("2026-03-01", row("unicorns", "2025", "2", published="2026-02-10"))
    assert said(found) == [
        ("2023-12-31", "document", None),
        ("2026-02-10", "release", 2.0),
        ("2026-12-31", "milestone", 5.0),
        ("2027-02-09", "expected", None),
        ("2030-12-31", "deadline", 10.0),
    ]


def test_a_release_that_has_not_come_is_overdue():
    _, found, day = listed("2027-02-10", row("unicorns", "2025", "2", published="2026-02-10"))
    assert ("2027-02-09", "overdue", None) in said(found)
    assert [one.on.isoformat() for one in due_next(found, day).overdue] == ["2027-02-09"]


@pytest.mark.parametrize(
    ("day", "releases", "milestones"), [("2026-03-01", 0, 1), ("2026-12-01", 1, 1), ("2027-01-15", 1, 0)]
)
def test_what_is_due_next(day, releases, milestones):
    _, found, day = listed(day, row("unicorns", "2025", "2", published="2026-02-10"))
    due = due_next(found, day)
    assert (len(due.releases), len(due.milestones)) == (releases, milestones)


def test_a_goal_whose_last_value_is_known_expects_no_more():
    _, found, _ = listed("2031-03-01", row("unicorns", "2030", "9", published="2031-02-10"))
    assert Occasion.EXPECTED not in {one.occasion for one in found}


def test_nothing_is_shown_before_it_was_known():
    _, found, _ = listed("2026-02-09", row("unicorns", "2025", "2", published="2026-02-10"))
    assert Occasion.RELEASE not in {one.occasion for one in found}


def test_the_file_holds_what_is_to_come():
    registry, found, day = listed("2026-03-01", row("unicorns", "2025", "2", published="2026-02-10"))
    for language, summary in (("ko", "유니콘: 중간 목표 5개"), ("en", "Unicorns: milestone 5 companies")):
        read = Calendar.from_ical(calendar_file(found, Speaker(registry, Words(language)), day))
        entries = read.walk("VEVENT")
        assert [one["DTSTART"].dt.isoformat() for one in entries] == ["2026-12-31", "2027-02-09", "2030-12-31"]
        assert str(entries[0]["SUMMARY"]) == summary
        assert str(entries[0]["UID"]) == "unicorns.milestone.2026@kpi-targets"
