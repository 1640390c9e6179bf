"""How long it takes to prove what is public: once for each release, never for each request (`make bench`)."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from ledger_world import Clock, Desk, logged

from loaders.ledger import proof
from loaders.ledger.anchors import anchors
from loaders.ledger.published import epoch, verified_released
from loaders.ledger.store import FILE, open_ledger

pytestmark = pytest.mark.bench
RELEASED = 5000
MONTHS = [f"{year}-{month:02d}" for year in range(1901, 2025) for month in range(1, 13)]
QUARTERS = [f"{year}-Q{quarter}" for year in range(1901, 2025) for quarter in range(1, 5)]
PEOPLE = (("unicorns", "officer"), ("robots", "officer"), ("shops", "stranger"))
VALUES = [(*whose, period) for whose in PEOPLE for period in (*MONTHS, *QUARTERS)][:RELEASED]


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    folder = tmp_path_factory.mktemp("large")
    clock = Clock(datetime(2026, 11, 23, 3, tzinfo=UTC), timedelta(microseconds=1))
    ledger = logged(open_ledger(f"sqlite:///{folder / FILE}", clock))
    with ledger.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA synchronous=OFF")
    desk = Desk(ledger)
    for number, (target, officer, period) in enumerate(VALUES, 1):
        desk.submit(officer, target, period)
        desk.approve(number, release_at=clock.now)
    yield ledger, folder
    ledger.close()


def timed(function, *arguments):
    start = time.perf_counter()
    return function(*arguments), time.perf_counter() - start


def test_the_proof_of_five_thousand_released_values(large):
    ledger, folder = large
    runs = [timed(verified_released, ledger, anchors(folder)) for _ in range(3)]
    (found, flaws), _ = runs[0]
    assert (len(found), flaws) == (RELEASED, [])
    whole = min(seconds for _, seconds in (timed(proof.verify, ledger) for _ in range(2)))
    boot = min(seconds for _, seconds in (timed(proof.check_boot, ledger, anchors(folder)) for _ in range(3)))
    asked = min(seconds for _, seconds in (timed(epoch, ledger) for _ in range(3)))
    proved = min(seconds for _, seconds in runs)
    print(f"\nreleased and proved {proved:.2f} s, all tables {whole:.2f} s, boot {boot:.4f} s, epoch {asked:.4f} s")
    assert proved < 10
    assert boot < 1
