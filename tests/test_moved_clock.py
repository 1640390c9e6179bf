"""`make test-dates`: the wall clock is moved and moves on, and everything that waits still ends."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "moved_clock"
LIBRARY = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
WAITS = """
import asyncio, queue, subprocess, sys, threading, time
before = time.time()
lock = threading.Lock()
lock.acquire()
for wait in (
    lambda: time.sleep(0.01),
    lambda: lock.acquire(timeout=0.01),
    lambda: threading.Event().wait(0.01),
    lambda: asyncio.run(asyncio.sleep(0.01)),
    lambda: subprocess.Popen([sys.executable, "-c", "import time; time.sleep(0.1)"]).wait(60),
):
    wait()
print(time.strftime("%Y", time.gmtime(before)), time.time() > before)
"""
pytestmark = pytest.mark.skipif(LIBRARY is None, reason="Debian's package faketime is not installed")


def moved(**changes):
    env = {"PATH": os.environ["PATH"], "LD_PRELOAD": str(LIBRARY), "FAKETIME": "+3155760000s", "NO_FAKE_STAT": "1"}
    env |= {"FAKETIME_DONT_FAKE_MONOTONIC": "1", "PYTHONPATH": str(FOLDER)} | changes
    return subprocess.run([sys.executable, "-c", WAITS], env=env, capture_output=True, text=True, timeout=120)


def test_every_wait_ends_a_hundred_years_later():
    done = moved()
    assert (done.stderr, done.returncode) == ("", 0)
    year, moves_on = done.stdout.split()
    assert (int(year) >= 2126, moves_on) == (True, "True")


def test_control_without_its_own_sleep_python_is_refused():
    assert "OSError: [Errno 22]" in moved(PYTHONPATH="").stderr


def test_a_sleep_of_less_than_nothing_is_refused_as_ever():
    code = "import time; time.sleep(-1)"
    env = {"PYTHONPATH": str(FOLDER)}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False)
    assert "ValueError: sleep length must be non-negative" in done.stderr
