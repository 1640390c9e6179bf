"""Faults that users of other trackers reported, each as a small registry: what `kpi check` and `kpi status` say."""

import pytest
from telling import Told


@pytest.fixture
def told(tmp_path):
    return lambda *targets, rows=(), **more: Told(tmp_path / "d", targets, rows, **more)
