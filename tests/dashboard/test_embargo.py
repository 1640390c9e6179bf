"""What is not published yet is on no page and in no download, whatever day the address asks for."""

import asyncio
from datetime import UTC, date, datetime, time

import pytest
from builders import a_data_folder, row
from starlette.requests import Request
from streamlit.testing.v1 import AppTest

from dashboard import context, desk, server
from dashboard.cli import DEFAULT_DATA
from dashboard.open_data import FILES, download
from dashboard.watch import Watch

CANARY = "483920175"
ROWS = (
    row("unicorns", "2024", "3", published="2025-03"),
    row("unicorns", "2025", CANARY, published="2026-12-15"),
)
PAGES = ("overview", "targets", "target", "changes", "compare", "sources", "ministries")


def on(day, monkeypatch):
    """It is that day for the server."""
    monkeypatch.setattr(desk, "_clock", lambda: datetime.combine(day, time(12), UTC))


@pytest.fixture
def embargoed(tmp_path, monkeypatch):
    on(date(2026, 11, 27), monkeypatch)
    context.use_folder(a_data_folder(tmp_path / "d", rows=ROWS))
    yield
    context.use_folder(DEFAULT_DATA)


def download_of(name):
    scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": b"as_of=2027-06-30"}
    return asyncio.run(download(Request(scope | {"path_params": {"name": name}}))).body


def seen(drawn):
    """All pages of the later day, without separators."""
    drawn.clear()
    for page in PAGES:
        test = AppTest.from_file(str(server.SCRIPT), default_timeout=60)
        test.query_params["as_of"], test.query_params["id"] = "2027-06-30", "unicorns"
        if page != "overview":
            test.switch_page(f"views/{page}.py")
        test.run()
        assert not test.exception, test.exception
    return "".join(drawn).replace(",", "")


def test_no_page_tells_of_it(drawn, embargoed):
    text = seen(drawn)
    assert "unicorns" in text
    assert CANARY not in text
    assert "4억 8392만 175" not in text


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith("csv")])
def test_no_download_holds_it(embargoed, name):
    assert CANARY not in download_of(name).decode()


def test_it_is_there_on_its_day(drawn, embargoed, monkeypatch):
    on(date(2026, 12, 15), monkeypatch)
    context.use_folder(context.folder())
    assert CANARY in download_of("observations.csv").decode()
    assert "4억 8392만 175" in seen(drawn)


def test_control_a_page_that_believes_the_address_tells_it(embargoed, monkeypatch):
    monkeypatch.setattr(Watch, "_opened", lambda watch: watch._files.observations)
    assert CANARY in download_of("observations.csv").decode()
