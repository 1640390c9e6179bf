"""The public half and the desk on one ledger: nothing before its time, nothing lost with the ledger, everything said."""

import asyncio
import csv
import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from builders import a_data_folder, a_target, row
from ledger_world import PEOPLE, Desk
from sqlalchemy import insert
from starlette.requests import Request
from streamlit.testing.v1 import AppTest

from dashboard import context, desk, open_data, server
from dashboard.auth import viewer
from dashboard.cli import DEFAULT_DATA
from dashboard.desk import Mode
from dashboard.health import health
from dashboard.watch import Watch
from loaders.ledger.errors import LostError
from loaders.ledger.store import FILE
from loaders.ledger.tables import accounts
from loaders.registry import load_registry

NOW = datetime(2026, 11, 27, 0, 0, tzinfo=UTC)
DUE = datetime(2026, 11, 28, 0, 0, tzinfo=UTC)
CANARY = "918273645"
SERIES = "{indicator: unicorns, frequency: annual, release_lag_days: 60, grace_days: 30}"


class Moving:
    def __init__(self):
        self.now = NOW

    def __call__(self):
        self.now += timedelta(microseconds=1)
        return self.now


@pytest.fixture
def clock():
    return Moving()


@pytest.fixture
def folder(tmp_path, clock, monkeypatch):
    """A data folder, a desk on it, and a value that is due tomorrow."""
    monkeypatch.delenv(desk.DATABASE, raising=False)
    monkeypatch.setattr(viewer, "session_account", lambda *_: None)  # AppTest's cookies are none
    data = a_data_folder(
        tmp_path / "data", a_target("unicorns", lead="msit", series=SERIES), rows=(row("unicorns", "2024", "5"),)
    )
    desk.open_desk(data, Mode.BOTH, clock)
    context.use_folder(data)
    ledger = desk.ledger()
    with ledger.write() as connection:
        for name, (role, ministry, disabled) in PEOPLE.items():
            who = {"id": name, "name": name, "role": role, "ministry": ministry, "disabled": disabled, "epoch": 1}
            connection.execute(insert(accounts).values(who | {"created_at": ledger.now()}))
    people = Desk(ledger, load_registry(data)[0])
    people.submit(period="2025", value=CANARY)
    people.approve(release_at=DUE)
    yield data
    desk.close_desk()
    context.use_folder(DEFAULT_DATA)


def download(name="observations.csv"):
    scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": b""}
    return asyncio.run(open_data.download(Request(scope | {"path_params": {"name": name}})))


def observed_values():
    return [float(one["value"]) for one in csv.DictReader(io.StringIO(download().body.decode("utf-8-sig")))]


def page(drawn, name="overview", **query):
    drawn.clear()
    test = AppTest.from_file(str(server.SCRIPT), default_timeout=30)
    for key, value in query.items():
        test.query_params[key] = value
    if name != "overview":
        test.switch_page(f"views/{name}.py")
    test.run()
    assert not test.exception, test.exception
    return "".join(drawn)


def lose(data):
    for path in (data / FILE.parent).glob("ledger.sqlite3*"):
        path.rename(path.with_name(f"kept-{path.name}"))


def give_back(data):
    for path in (data / FILE.parent).glob("kept-*"):
        path.rename(path.with_name(path.name.removeprefix("kept-")))


def test_a_release_is_seen_at_its_time_and_not_before(folder, clock):
    clock.now = DUE - timedelta(seconds=1)
    assert observed_values() == [5.0]
    clock.now = DUE
    assert observed_values() == [5.0, float(CANARY)]


def test_the_snapshot_holds_no_value_before_its_time(folder, clock):
    context.start()
    try:
        place = folder / context.SNAPSHOT_FILE
        assert CANARY not in place.read_text(encoding="utf-8")
        assert json.loads(place.read_text(encoding="utf-8"))["content"]["released"] == []
    finally:
        context.stop()


def test_what_falls_due_while_the_ledger_is_away_stays_in(folder, clock):
    assert observed_values() == [5.0]
    lose(folder)
    clock.now = DUE + timedelta(hours=1)
    assert observed_values() == [5.0]
    give_back(folder)
    assert observed_values() == [5.0, float(CANARY)]


def test_released_values_outlive_the_ledger_and_headers_say_so(folder, clock):
    clock.now = DUE
    whole = download()
    assert "x-ledger-away-since" not in whole.headers
    lose(folder)
    clock.now = DUE + timedelta(hours=1)
    answer = download()
    assert answer.body == whole.body
    assert answer.headers["x-ledger-verified"].startswith("2026-11-28T00:00:00")
    assert answer.headers["x-ledger-away-since"].startswith("2026-11-28T01:00:00")
    assert answer.headers["x-registry"] == context.registry_version()


def test_a_half_that_asks_for_every_answer_fails_with_the_ledger(folder, monkeypatch):
    """The control: a careless twin."""

    def ask(watch):
        watch._released = watch._look_at_ledger(watch._released)

    monkeypatch.setattr(Watch, "_ask_ledger", ask)
    lose(folder)
    with pytest.raises(LostError):
        download()


def test_what_does_not_verify_leaves_the_last_that_did(folder, clock, monkeypatch):
    clock.now = DUE
    before, asked = observed_values(), []

    def flawed(ledger):
        asked.append(ledger)
        return [], ["differs: version 1"]

    people = Desk(desk.ledger(), load_registry(folder)[0])
    people.correct(value="918273646")
    people.approve(expected=2, release_at=clock.now)
    monkeypatch.setattr(desk, "_verified", flawed)
    for _ in range(3):
        assert observed_values() == before
    assert (health()[0]["status"], health()[0]["ledger"]["code"]) == ("degraded", "forged")
    assert len(asked) == 1, "the whole log is not walked at each look"
    assert desk.ledger() is not None, "the desk is where somebody looks into it"


def test_health_says_what_is_wrong_and_answers_by_half(folder, clock):
    assert health()[0]["status"] == "ok"
    lose(folder)
    body, status = health()
    assert (body["status"], body["ledger"]["code"], status) == ("degraded", "missing", 200)
    assert body["ledger"]["since"]
    assert body["ledger"]["verified"]
    give_back(folder)
    assert (health()[0]["status"], health()[1]) == ("ok", 200)
    desk.open_desk(folder, Mode.DESK, clock)
    assert (health()[0]["status"], health()[1]) == ("ok", 200)
    lose(folder)
    assert (health()[0]["status"], health()[1]) == ("degraded", 503), "a desk without its ledger is no desk"


@pytest.mark.parametrize(
    ("language", "closed", "gone", "way_out"),
    [
        ("ko", "입력 창구를 닫았습니다", "원장 파일이 없어졌습니다", "kpi ledger restore"),
        ("en", "The desk is closed", "The ledger's file is gone", "kpi ledger restore"),
    ],
)
def test_every_page_of_the_desk_says_what_happened(folder, drawn, language, closed, gone, way_out):
    from html import unescape

    page(drawn)
    lose(folder)
    for name in ("desk", "entry", "review", "audit", "accounts"):
        text = unescape(page(drawn, name, lang=language))
        assert (closed in text, gone in text, way_out in text) == (True, True, True), name
    footer = page(drawn, lang=language)
    assert closed not in footer
    assert ("원장을 볼 수 없" if language == "ko" else "could not be looked at") in footer


def test_no_write_is_taken_meanwhile(folder):
    people = Desk(desk.ledger(), load_registry(folder)[0])
    lose(folder)
    with pytest.raises(LostError):
        people.submit(period="2023")
    assert health()[0]["ledger"]["code"] == "missing"
    assert desk.ledger() is None
    give_back(folder)
    assert health()[0]["status"] == "ok"
    people = Desk(desk.ledger(), load_registry(folder)[0])
    assert people.submit(period="2023").number


def test_a_restart_beside_a_lost_ledger_makes_no_other(folder, clock, drawn):
    clock.now = DUE
    context.start()
    context.stop()
    desk.close_desk()
    lose(folder)
    desk.open_desk(folder, Mode.BOTH, clock)
    context.start()
    try:
        assert observed_values() == [5.0, float(CANARY)]
        assert health()[0]["ledger"]["code"] == "missing"
        assert "원장 파일이 없어졌습니다" in page(drawn, "desk")
        assert not (folder / FILE).exists()
    finally:
        context.stop()


def test_a_garbage_ledger_closes_the_desk_with_one_line(folder, clock):
    desk.close_desk()
    lose(folder)
    (folder / FILE).write_bytes(b"this is no database at all" * 400)
    with pytest.raises(desk.ClosedDeskError, match="damaged"):
        desk.open_desk(folder, Mode.BOTH, clock)


@pytest.mark.parametrize("address", ["nonsense", "mysql://x/y", "postgresql://127.0.0.1:1/none"])
def test_a_bad_address_closes_the_desk_and_not_the_public_half(folder, clock, monkeypatch, address):
    clock.now = DUE
    context.start()
    context.stop()
    monkeypatch.setenv(desk.DATABASE, address)
    with pytest.raises(desk.ClosedDeskError):
        desk.open_desk(folder, Mode.DESK, clock)
    desk.open_desk(folder, Mode.PUBLIC, clock)
    context.start()
    try:
        assert observed_values() == [5.0, float(CANARY)]
        assert health()[0]["ledger"]["code"] in ("address", "away")
    finally:
        context.stop()


def test_the_public_half_starts_beside_garbage(folder, clock):
    clock.now = DUE
    context.start()
    context.stop()
    desk.close_desk()
    lose(folder)
    (folder / FILE).write_bytes(b"this is no database at all" * 400)
    desk.open_desk(folder, Mode.PUBLIC, clock)
    context.start()
    try:
        assert observed_values() == [5.0, float(CANARY)]
        body, status = health()
        assert (body["status"], body["ledger"]["code"], status) == ("degraded", "damaged", 200)
    finally:
        context.stop()


def test_files_that_lost_entries_are_said_in_page_and_headers(folder, drawn):
    from html import unescape

    more = a_data_folder(folder.parent / "more", a_target("unicorns", lead="msit"), a_target("robots"))
    context.use_folder(more)
    page(drawn)
    whole = context.registry_version()
    (more / "targets.yaml").write_bytes((folder / "targets.yaml").read_bytes())
    text = page(drawn)
    assert "목표 대장에서 목표 1개가 빠졌습니다" in text
    assert f"목표 대장 {whole}(마지막 온전한 판" in text
    assert "removed:" in text
    assert f"Registry {whole}, the last whole one" in unescape(page(drawn, lang="en"))
    answer = download("status.csv")
    assert (answer.headers["x-registry"], "x-registry-last-good-since" in answer.headers) == (whole, True)
    assert len(list(csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig"))))) == 2
    body, status = health()
    assert (body["status"], body["files"]["code"], body["targets"], status) == ("degraded", "incomplete", 2, 200)
