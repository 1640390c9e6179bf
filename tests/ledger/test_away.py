"""PostgreSQL is killed and started again under readers: the public half never fails, the desk says so and comes back."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from builders import a_data_folder, a_target, row
from ledger_world import PEOPLE, Desk
from postgres_server import Cluster
from serving import _wait, free_port
from sqlalchemy import insert

from loaders.ledger.opening import open_known
from loaders.ledger.tables import accounts
from loaders.registry import load_registry

ROUNDS = 20
BACK = 10.0
"""Seconds after which the desk must be back, once the database takes connections."""
PATIENCE = 60.0
CANARY = "918273645"
SERIES = "{indicator: unicorns, frequency: annual, release_lag_days: 60, grace_days: 30}"
PATHS = (
    "/",
    "/target?id=unicorns",
    "/healthz",
    "/calendar.ics",
    "/data-files/observations.csv",
    "/picture/unicorns.png",
)

pytestmark = pytest.mark.skipif(
    "KPI_TEST_POSTGRES_URL" in os.environ, reason="the PostgreSQL of KPI_TEST_POSTGRES_URL is not ours to kill"
)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """Directly below the folder for temporary files: pytest's own is closed to the database's user."""
    with tempfile.TemporaryDirectory(prefix="kpi-pg-") as place:
        Path(place).chmod(0o755)
        os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
        found = Cluster(Path(place) / "data")
        found.start()
        yield found
        found.stop()


@pytest.fixture(scope="module")
def folder(tmp_path_factory, cluster):
    """A data folder with one released value on PostgreSQL."""
    data = a_data_folder(
        tmp_path_factory.mktemp("away") / "data",
        a_target("unicorns", lead="msit", series=SERIES),
        rows=(row("unicorns", "2024", "5"),),
    )
    ledger = open_known(data, cluster.url)
    with ledger.write() as connection:
        for name, (role, ministry, disabled) in PEOPLE.items():
            who = {"id": name, "name": name, "role": role, "ministry": ministry, "disabled": disabled, "epoch": 1}
            connection.execute(insert(accounts).values(who | {"created_at": ledger.now()}))
    people = Desk(ledger, load_registry(data)[0])
    people.submit(period="2025", value=CANARY)
    people.approve(release_at=datetime.now(UTC) + timedelta(milliseconds=1))
    ledger.close()
    return data


@contextlib.contextmanager
def half(folder, cluster, which, health=200):
    """A server of one half; its address."""
    port = free_port()
    kept = {key: value for key, value in os.environ.items() if not key.startswith("KPI_")}
    argv = [sys.executable, "-m", "dashboard", "serve", f"--{which}", "--port", str(port), "--data", str(folder)]
    process = subprocess.Popen(
        argv, env=kept | {"KPI_DATABASE_URL": cluster.url}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(f"http://127.0.0.1:{port}/healthz", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


def get(url: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def page(url: str, name: str) -> str:
    """Everything that the page ``name`` says over its websocket."""
    import websockets
    from streamlit.proto.BackMsg_pb2 import BackMsg
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

    async def read():
        said, where = b"", url.replace("http", "ws") + "/_stcore/stream"
        async with websockets.connect(where, subprotocols=["streamlit"], origin=url, max_size=None) as socket:
            asked = BackMsg()
            asked.rerun_script.page_name = name
            asked.rerun_script.query_string = "lang=en"
            await socket.send(asked.SerializeToString())
            while True:
                raw = await asyncio.wait_for(socket.recv(), PATIENCE)
                said += raw
                if ForwardMsg.FromString(raw).WhichOneof("type") == "script_finished":
                    return said.decode("utf-8", "replace")

    return asyncio.run(read())


class Readers:
    """People who read the public half all the time."""

    def __init__(self, url: str) -> None:
        self.url, self.answers, self.failed, self.short = url, 0, [], 0
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._read, args=(path,)) for path in PATHS]
        self._threads.append(threading.Thread(target=self._look))

    def _read(self, path: str) -> None:
        while not self._stop.wait(0.05):
            status, body = get(self.url + path)
            self.answers += 1
            if status >= 500:
                self.failed.append((path, status))
            if path.endswith("observations.csv") and CANARY.encode() not in body:
                self.short += 1

    def _look(self) -> None:
        while not self._stop.wait(0.2):
            text = page(self.url, "")
            self.answers += 1
            if "kpi-foot" not in text or "incident" in text:
                self.failed.append(("page", text[-200:]))

    def __enter__(self):
        for one in self._threads:
            one.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        for one in self._threads:
            one.join(PATIENCE)


def health(url: str) -> tuple[int, dict]:
    status, body = get(f"{url}/healthz")
    return status, json.loads(body)


def until(url: str, wanted: int) -> tuple[float, dict]:
    """The moment at which health answers ``wanted``, and what it says."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        status, body = health(url)
        if status == wanted:
            return time.monotonic(), body
        time.sleep(0.02)
    raise TimeoutError(f"{url} does not answer {wanted}")


def test_twenty_deaths_of_the_database(folder, cluster):
    back, told = [], set()
    with half(folder, cluster, "public") as public, half(folder, cluster, "desk") as desk, Readers(public) as readers:
        for number in range(ROUNDS):
            cluster.kill()
            _, body = until(desk, 503)
            told.add((body["status"], body["ledger"]["code"]))
            if number == 0:
                closed = page(desk, "sign-in")
                status, shown = health(public)
                assert (status, shown["status"], shown["ledger"]["code"]) == (200, "degraded", "away")
                assert "could not be looked at" in page(public, "")
            ready = cluster.start()
            at, _ = until(desk, 200)
            back.append(at - ready)
        assert "The desk is closed" not in page(desk, "sign-in")
    assert readers.failed == []
    assert readers.short == 0, "what was released stays in"
    assert readers.answers > ROUNDS * len(PATHS)
    assert told == {("degraded", "away")}
    assert "The desk is closed" in closed
    assert "The database does not answer" in closed
    assert max(back) < BACK, back
    print(f"\nback after {max(back):.2f} s at most; {readers.answers} answers")


def test_the_public_half_starts_without_its_database(folder, cluster):
    with half(folder, cluster, "public"):
        pass  # its snapshot is on disk now
    cluster.kill()
    try:
        with half(folder, cluster, "public") as url:
            status, body = health(url)
            assert (status, body["status"], body["ledger"]["code"]) == (200, "degraded", "away")
            assert CANARY in get(f"{url}/data-files/observations.csv")[1].decode()
            for path in PATHS:
                assert get(url + path)[0] == 200, path
    finally:
        cluster.start()


def test_the_desk_does_not_start_without_it_and_says_why_in_one_line(folder, cluster):
    kept = {key: value for key, value in os.environ.items() if not key.startswith("KPI_")}
    cluster.kill()
    try:
        argv = [sys.executable, "-m", "dashboard", "serve", "--port", str(free_port()), "--data", str(folder)]
        ended = subprocess.run(
            argv, env=kept | {"KPI_DATABASE_URL": cluster.url}, capture_output=True, text=True, timeout=PATIENCE
        )
        assert ended.returncode == 2
        assert "Start the database or mend KPI_DATABASE_URL." in ended.stderr
        assert len(ended.stderr.strip().splitlines()) == 1
        assert "Traceback" not in ended.stderr
    finally:
        cluster.start()
