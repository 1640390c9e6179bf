"""A clock in a file: a test puts it to any moment, and every process that reads it sees it move on from there.

It rests on the monotonic clock, which all processes share and nobody sets, so that the day of the machine is
never seen.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from pathlib import Path


def put_to(file: Path, moment: datetime) -> None:
    """From now on it is ``moment``."""
    whole = file.with_suffix(".new")
    whole.write_text(f"{moment.isoformat()} {time.monotonic()}")
    whole.replace(file)


def time_now(file: Path) -> datetime:
    """The moment to which the clock was put, and the time since."""
    moment, put = file.read_text().split()
    return datetime.fromisoformat(moment) + timedelta(seconds=time.monotonic() - float(put))
