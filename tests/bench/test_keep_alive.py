"""What answering at once (TCP_NODELAY) is worth: one kept connection, with our protocol and with uvicorn's own."""

from __future__ import annotations

import http.client
import statistics
import time
from pathlib import Path

import pytest
from serving import Server, serving

from dashboard.cli import DEFAULT_DATA
from dashboard.components.frame import NAVIGATION
from dashboard.document_head import EVERY_PAGE, chunk_files

pytestmark = pytest.mark.bench

CARELESS = Path(__file__).parents[1] / "server" / "careless_server.py"
ROUNDS = 40
PATHS = {
    "healthz": "/healthz",
    "page": f"/{NAVIGATION[1]}",
    "asset": f"/static/js/{chunk_files(EVERY_PAGE)[0]}",
    "download": "/data-files/status.csv",
}


def milliseconds(server: Server, path: str) -> float:
    """Median time of an answer on one kept connection."""
    line = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=30)
    spent = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        line.request("GET", path)
        line.getresponse().read()
        spent.append(1000 * (time.perf_counter() - begin))
    line.close()
    return statistics.median(spent[5:])


def test_a_kept_connection_answers_at_once():
    argv = [str(CARELESS), str(DEFAULT_DATA), "PORT", "public"]
    with serving([*argv, "protocol", "0"], "/healthz") as before, serving([*argv, "", "0"], "/healthz") as after:
        found = {name: (milliseconds(before, path), milliseconds(after, path)) for name, path in PATHS.items()}
    print(
        "\n"
        + "\n".join(f"{name}: {a:.1f} ms before, {b:.1f} ms after, {a / b:.1f} times" for name, (a, b) in found.items())
    )
    print(
        f"healthz on one connection: {1000 / found['healthz'][0]:.0f} a second before, {1000 / found['healthz'][1]:.0f} after"
    )
    assert found["healthz"][0] / found["healthz"][1] > 5
