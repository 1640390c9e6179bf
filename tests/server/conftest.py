"""Real servers with one guard taken away at will, and pages as a program opens them."""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from builders import a_data_folder, a_target, row
from serving import _wait, free_port
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from loaders.domain.policy import Role
from loaders.ledger.accounts import add_account
from loaders.ledger.migrate import migrate
from loaders.ledger.store import FILE, open_ledger

PASSWORD = "correct horse battery"
CARELESS = Path(__file__).with_name("careless_server.py")


@pytest.fixture(scope="session")
def data(tmp_path_factory):
    """A data folder with a ledger in which Kim of MSIT may sign in; copied by each server."""
    folder = a_data_folder(
        tmp_path_factory.mktemp("server") / "data", a_target(lead="msit"), rows=(row("unicorns", "2025", "3"),)
    )
    (folder / FILE).parent.mkdir(parents=True)
    ledger = open_ledger(f"sqlite:///{folder / FILE}")
    migrate(ledger)
    add_account(ledger, "kim", Role.OFFICER, "msit", password=PASSWORD, full_name="Kim Officer")
    ledger.close()
    return folder


@dataclass(frozen=True)
class Site:
    """A running server."""

    port: int
    pid: int
    log: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def resident(self) -> int:
        """Bytes of memory that the server holds."""
        return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * resource.getpagesize()

    @contextlib.contextmanager
    def page(self, *, origin: str | None = "own", host: str | None = None, **headers: str) -> Iterator[Page]:
        """A page's connection, as a browser or a program opens it; ``host`` is the name that it asks for."""
        with connect(
            f"ws://{host or '127.0.0.1'}:{self.port}/_stcore/stream",
            sock=socket.create_connection(("127.0.0.1", self.port), 30),
            origin=self.url if origin == "own" else origin,
            subprotocols=["streamlit"],
            additional_headers=headers,
            max_size=None,
            open_timeout=30,
        ) as line:
            yield Page(line)


class Page:
    """A websocket that speaks Streamlit's messages."""

    def __init__(self, line: ClientConnection) -> None:
        self.line = line
        self.session = ""

    def open(self, name: str = "", query: str = "") -> bytes:
        """Draw a page; everything that the server says about it."""
        asked = BackMsg()
        asked.rerun_script.page_name = name
        asked.rerun_script.query_string = query
        return self.send(asked, "script_finished")

    def send(self, message: BackMsg, until: str) -> bytes:
        """Send, and read until a message of the kind ``until``."""
        self.line.send(message.SerializeToString())
        said = b""
        while True:
            raw = self.line.recv(timeout=60)
            said += raw
            found = ForwardMsg.FromString(raw)
            if found.WhichOneof("type") == "new_session":
                self.session = found.new_session.initialize.session_id
            if found.WhichOneof("type") == until:
                return said


@pytest.fixture
def site(data, tmp_path):
    """Start servers: `site("public", careless="Uploads", files=256, KPI_X="1")`; all are stopped at the end."""
    with contextlib.ExitStack() as stack:

        def start(mode: str = "both", *, careless: str = "", files: int | None = None, **settings: str) -> Site:
            return stack.enter_context(_running(data, tmp_path, mode, careless, files, settings))

        yield start


@pytest.fixture(scope="module")
def board(data, tmp_path_factory):
    """One server with a desk and nothing set, for tests that leave it as it was."""
    with _running(data, tmp_path_factory.mktemp("board"), "both", "", None, {}) as found:
        yield found


@pytest.fixture(scope="module")
def public(data, tmp_path_factory):
    """One public server with nothing set."""
    with _running(data, tmp_path_factory.mktemp("public"), "public", "", None, {}) as found:
        yield found


@contextlib.contextmanager
def _running(data, tmp_path, mode, careless, files, settings):
    port = free_port()
    folder = Path(shutil.copytree(data, tmp_path / f"data-{port}"))
    log = tmp_path / f"{port}.log"
    kept = {key: value for key, value in os.environ.items() if not key.startswith("KPI_")}
    argv = [sys.executable, str(CARELESS), str(folder), str(port), mode, careless, str(files or 0)]
    with log.open("wb") as out:
        process = subprocess.Popen(argv, env=kept | settings, stdout=out, stderr=out)
        try:
            _wait(f"http://127.0.0.1:{port}/healthz", process)
            yield Site(port, process.pid, log)
        finally:
            process.terminate()
            process.wait(20)
