"""Read by every Python that `make test-dates` starts: sleeps that libfaketime leaves alone.

libfaketime moves the wall clock only (FAKETIME_DONT_FAKE_MONOTONIC): were the monotonic clock moved too, every wait
with a time-out would last as long as the clock was moved, because sem_clockwait, with which CPython waits since 3.11,
escapes it. In exchange libfaketime 0.9.10 shifts the end of each clock_nanosleep on the monotonic clock, so that
`time.sleep` fails with EINVAL; a select without files is the same sleep by another call.
"""

import select
import time


def _sleep(seconds: float) -> None:
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    select.select([], [], [], seconds)


time.sleep = _sleep
