"""What the tests of the pages share."""

import pytest


@pytest.fixture
def drawn(monkeypatch):
    """All markup that a run draws, in order."""
    seen: list[str] = []

    class Painter:
        def __call__(self, data, key=None):
            seen.append(data)

    monkeypatch.setattr("dashboard.components.markup._painter", Painter)
    return seen
