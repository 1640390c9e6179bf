"""The dashboard with a clock that the test moves: argv is data folder, port, and a file with the offset in seconds."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dashboard.desk import Mode
from dashboard.server import run


def main(data: str, port: str, offset: str, mode: str = "both") -> None:
    def clock() -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(Path(offset).read_text()))

    run(Path(data), port=int(port), mode=Mode(mode), clock=clock)


if __name__ == "__main__":
    main(*sys.argv[1:])
