"""What holds for every test: no chance, no clock that a busy machine could lose against, no setting from outside."""

import os

import pytest
from hypothesis import settings

settings.register_profile("steady", derandomize=True, deadline=None, max_examples=150)
settings.load_profile("steady")

FOREIGN = ("KPI_", "PG")
"""Settings of the product and of PostgreSQL. What the machine has set must not reach a test: with KPI_SOURCES, which
CI sets, `kpi check` proves lines and prints more. A module that needs one reads it while it is imported."""


@pytest.fixture(autouse=True, scope="session")
def no_setting_from_outside():
    """Every test starts without FOREIGN settings; they return at the end."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(FOREIGN)]:
            patch.delenv(name)
        yield
