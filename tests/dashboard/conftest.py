"""What the tests of the pages share."""

from datetime import timedelta

import pytest
from builders import SAMPLE, csv_text, row
from desk_pages import NOW, Interrupter
from ledger_world import TEXT, Clock, Desk, populated

from dashboard import context, desk
from dashboard.auth import viewer
from dashboard.cli import DEFAULT_DATA
from loaders.ledger.accounts import account
from loaders.ledger.store import FILE, open_ledger


@pytest.fixture
def sample(monkeypatch):
    """The frozen sample is what the pages show, read anew at every look."""
    context.use_folder(SAMPLE)
    yield
    context.use_folder(DEFAULT_DATA)


@pytest.fixture
def drawn(monkeypatch):
    """All markup that a run draws, in order."""
    seen: list[str] = []

    class Painter:
        def __call__(self, data, key=None):
            seen.append(data)

    monkeypatch.setattr("dashboard.components.markup._painter", Painter)
    return seen


@pytest.fixture
def board(tmp_path, monkeypatch):
    """A desk on its own data, and a way to be somebody."""
    folder = tmp_path / "data"
    (folder / "actuals").mkdir(parents=True)
    (folder / "targets.yaml").write_text(TEXT, encoding="utf-8")
    rows = [row("unicorns", "2024", "3", published="2025-02-01", known="2025-02-01")]
    (folder / "actuals" / "a.csv").write_text(csv_text(*rows), encoding="utf-8")
    ledger = populated(open_ledger(f"sqlite:///{folder / FILE}", Clock(NOW, timedelta(microseconds=1))))
    monkeypatch.setattr(desk, "_ledger", ledger)
    monkeypatch.setattr(desk, "_mode", desk.Mode.BOTH)
    monkeypatch.setattr(desk, "_clock", lambda: NOW)
    context.use_folder(folder)

    def become(name):
        monkeypatch.setattr(viewer, "current", lambda: viewer._viewer(account(ledger, name)))
        monkeypatch.setattr("dashboard.auth.viewer.current", viewer.current)

    board = Desk(ledger)
    board.become = become
    yield board
    context.use_folder(DEFAULT_DATA)
    ledger.close()


@pytest.fixture
def interrupter(monkeypatch):
    return Interrupter(monkeypatch)
