"""Every page on the days and at the hours on which calendars slip: 29 February, the turn of the year, the night in Korea.

The suite as a whole runs on such days with `make test-dates`.
"""

import asyncio
import re
import shutil
from datetime import UTC, datetime, timedelta

import pytest
from builders import SAMPLE
from icalendar import Calendar
from starlette.requests import Request
from streamlit.testing.v1 import AppTest

from dashboard import context, desk, open_data, server, state
from dashboard.auth import viewer
from dashboard.auth.viewer import Viewer
from dashboard.cli import DEFAULT_DATA
from loaders.domain.policy import Role
from loaders.ledger.clock import KOREA

MOMENTS = {
    "leap day": ("2028-02-29T10:00", "2028년 2월 29일", "2027년 2월 28일"),
    "leap day, still 28 February in UTC": ("2028-02-29T00:30", "2028년 2월 29일", "2027년 2월 28일"),
    "a year after": ("2029-02-28T10:00", "2029년 2월 28일", "2028년 2월 28일"),
    "last minute of the year": ("2026-12-31T23:59", "2026년 12월 31일", "2025년 12월 31일"),
    "first minute of the year": ("2027-01-01T00:00", "2027년 1월 1일", "2026년 1월 1일"),
    "first of March": ("2028-03-01T08:59", "2028년 3월 1일", "2027년 3월 1일"),
    "28 November": ("2026-11-28T00:00", "2026년 11월 28일", "2025년 11월 28일"),
}
"""A moment in Korea, its day, and the day a year before as the page on changes writes it."""
OFFICER = Viewer("kim", "Kim", Role.OFFICER, "msit")
REVIEWER = Viewer("lee", "Lee", Role.REVIEWER, None)
AT_THE_DESK = [
    *((OFFICER, name, {}) for name in ("desk", "sign_in")),
    (OFFICER, "entry", {"id": "ai_talent", "period": "2025"}),
    *((REVIEWER, name, {}) for name in ("review", "audit")),
]


@pytest.fixture(params=MOMENTS)
def moment(request, tmp_path, monkeypatch):
    """The sample is served with its desk at that moment."""
    text, day, before = MOMENTS[request.param]
    now = datetime.fromisoformat(text).replace(tzinfo=KOREA)
    folder = shutil.copytree(SAMPLE, tmp_path / "data")
    context.use_folder(folder)
    desk.open_desk(folder, clock=lambda: now.astimezone(UTC))
    yield now, day, before
    desk.close_desk()
    context.use_folder(DEFAULT_DATA)


def page(drawn, name, **query):
    drawn.clear()
    test = AppTest.from_file(str(server.SCRIPT), default_timeout=120)
    for key, value in query.items():
        test.query_params[key] = value
    if name != "overview":
        test.switch_page(f"views/{name}.py")
    test.run()
    assert not test.exception, (name, test.exception)
    assert not [one.value for one in test.error], name
    return "".join(drawn)


def test_every_public_page_is_drawn(drawn, moment):
    _, day, before = moment
    for name in state.PAGES:
        if name not in state.DESK_PAGES:
            text = page(drawn, name, **({"id": "ai_talent"} if name == "target" else {}))
            assert "kpi-foot" in text, name
    assert f"{day} 기준" in page(drawn, "overview")
    assert f"{before}부터 {day}까지 무엇이 변했나" in page(drawn, "changes")


def test_every_page_of_the_desk_is_drawn(drawn, moment, monkeypatch):
    for who, name, query in AT_THE_DESK:
        monkeypatch.setattr(viewer, "_known_by", lambda ledger, headers, cookies, who=who: who)
        assert "<h1>" in page(drawn, name, **query), name


def get(route, path="/", **params):
    scope = {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b"", "path_params": params}
    return asyncio.run(route(Request(scope)))


def test_files_and_calendar_are_of_the_day(moment):
    now, _, _ = moment
    entries = Calendar.from_ical(get(server.calendar).body).walk("VEVENT")
    assert entries
    assert all(one.decoded("dtstart") >= now.date() for one in entries), "nothing of the past"
    assert all(one.decoded("dtend") - one.decoded("dtstart") == timedelta(days=1) for one in entries)
    answer = get(open_data.download, name="status.csv")
    assert re.search(rf"{now.date().isoformat()}\.csv", answer.headers["content-disposition"])
