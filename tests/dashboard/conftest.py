"""What the tests of the pages share."""

import pytest
from builders import SAMPLE

from dashboard import context
from dashboard.cli import DEFAULT_DATA


@pytest.fixture
def sample(monkeypatch):
    """The frozen sample is what the pages show, read anew at every look."""
    monkeypatch.setattr(context, "STAMP_SECONDS", 0)
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
