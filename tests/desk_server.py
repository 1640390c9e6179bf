"""The dashboard with a clock that the test sets: argv is data folder, port, the clock's file, and the mode."""

import sys
from datetime import datetime
from pathlib import Path

from set_clock import time_now

from dashboard.desk import Mode
from dashboard.server import run


def main(data: str, port: str, clock: str, mode: str = "both") -> None:
    def now() -> datetime:
        return time_now(Path(clock))

    run(Path(data), port=int(port), mode=Mode(mode), clock=now)


if __name__ == "__main__":
    main(*sys.argv[1:])
