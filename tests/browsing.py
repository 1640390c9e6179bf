"""Chromium as the tests use it: waiting for what happens, never for how long it may take."""

from __future__ import annotations

import contextlib
import os
import time
import weakref
from collections.abc import Callable, Iterator

from playwright.sync_api import Browser, Page, Playwright
from serving import CHROMIUM, CHROMIUM_FLAGS
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

PATIENCE = 120_000
"""Milliseconds until something must have happened: far more than a busy machine needs."""
READY = "[data-testid=stApp][data-test-script-state=notRunning] :is(.kpi-foot, .kpi-wall)"
"""What a page holds when its script has run to the end."""
_STILL = (
    "() => document.fonts.status === 'loaded' && document.getAnimations().every(one => one.playState !== 'running')"
)
_runs: weakref.WeakKeyDictionary[Page, list[None]] = weakref.WeakKeyDictionary()


def launched(driver: Playwright) -> Browser:
    """Debian's Chromium, under the real clock also where `make test-dates` moves that of everything else."""
    moved = ("LD_PRELOAD", "FAKETIME", "FAKETIME_DONT_FAKE_MONOTONIC", "NO_FAKE_STAT")
    env = {name: value for name, value in os.environ.items() if name not in moved}
    return driver.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS, env=env, timeout=PATIENCE)


def new_page(browser: Browser, **options: object) -> Page:
    """A page in a context of its own that waits patiently and counts the runs of its script."""
    page = browser.new_context(**options).new_page()
    page.set_default_timeout(PATIENCE)
    page.set_default_navigation_timeout(PATIENCE)
    finished: list[None] = []
    _runs[page] = finished

    def note(data: str | bytes) -> None:
        message = ForwardMsg.FromString(data) if isinstance(data, bytes) else ForwardMsg()
        if message.WhichOneof("type") == "script_finished" and message.script_finished == message.FINISHED_SUCCESSFULLY:
            finished.append(None)

    page.on("websocket", lambda socket: socket.on("framereceived", lambda data: note(data)))
    return page


def opened(page: Page, address: str) -> Page:
    """``page`` at ``address``, drawn to the end."""
    page.goto(address)
    page.wait_for_selector(READY, state="attached")
    return page


def settled(page: Page) -> None:
    """Wait until the script has ended, the fonts are there and nothing moves: what is measured then stays."""
    page.wait_for_selector(READY, state="attached")
    page.wait_for_function(_STILL)


@contextlib.contextmanager
def rerun(page: Page) -> Iterator[None]:
    """What is done inside makes the script run again: wait until that run has ended and is drawn."""
    before = len(_runs[page])
    yield
    until(lambda: len(_runs[page]) > before, pause=lambda: page.wait_for_timeout(50))
    page.wait_for_selector(READY, state="attached")


def until(happened: Callable[[], object], pause: Callable[[], object] = lambda: time.sleep(0.1)) -> object:
    """Wait until ``happened()`` is true, and give what it gave."""
    end = time.monotonic() + PATIENCE / 1000
    while not (found := happened()):
        assert time.monotonic() < end, "it did not happen"
        pause()
    return found
