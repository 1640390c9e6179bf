"""Files that are dear to make: each is made once, off the event loop, and shared by everybody who asks for it.

The most expensive one takes the time of a hundred pages. So one worker makes them, one after the other;
whoever asks for a file that is being made waits for that one; what was made is kept up to a number of
bytes; and beyond a number of different files that wait to be made, askers are told to come again.

Even a file that lies ready costs the event loop a millisecond and more to hand out, so that a few dozen
clients who do nothing else would hold up every page. A turnstile lets so many through at once and so
many a second; nobody waits who is not in a crowd.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

LARGEST = 64 * 1024 * 1024
"""Bytes of files kept."""
MOST_WAITING = 32
"""Different files that may wait to be made."""
WORKERS = 1
"""One: Python makes files no faster with two, and pages need the other core."""


AT_ONCE, A_SECOND = 50, 50.0
"""Files handed out without waiting, and from then on: a fifteenth of what one core could do."""
LONGEST_WAIT = 20.0
"""Seconds; a proxy in front gives up after 30 or 60."""


class BusyError(Exception):
    """Too many different files are waiting to be made, or too many people for a file."""


@dataclass(frozen=True, slots=True)
class Made:
    """A file's bytes, and the targets that could not be put into it."""

    body: bytes
    left_out: tuple[str, ...] = ()


class Shelf:
    """Files by key, each made once."""

    def __init__(self, largest: int = LARGEST, most_waiting: int = MOST_WAITING, workers: int = WORKERS) -> None:
        self.largest, self.most_waiting = largest, most_waiting
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="kpi-download")
        self._kept: OrderedDict[Hashable, Made] = OrderedDict()
        self._making: dict[Hashable, Future[Made]] = {}
        self._bytes = 0
        self._lock = threading.Lock()

    @property
    def kept_bytes(self) -> int:
        """How much is kept."""
        return self._bytes

    async def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """The file of ``key``, made by ``make`` where it is neither kept nor being made.

        Raises
        ------
        BusyError
            where too many others are waiting; whatever ``make`` raises, for everybody who waited for it.
        """
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
            making = self._making.get(key)
            if making is None:
                if len(self._making) >= self.most_waiting:
                    raise BusyError
                making = self._making[key] = self._pool.submit(self._made, key, make)
        # Shielded: whoever hangs up does not take the file from the others.
        return await asyncio.shield(asyncio.wrap_future(making))

    def _made(self, key: Hashable, make: Callable[[], Made]) -> Made:
        try:
            made = make()
        except BaseException:
            with self._lock:
                self._making.pop(key, None)
            raise
        with self._lock:
            self._making.pop(key, None)
            self._keep(key, made)
        return made

    def _keep(self, key: Hashable, made: Made) -> None:
        if len(made.body) > self.largest:
            return
        self._kept[key] = made
        self._bytes += len(made.body)
        while self._bytes > self.largest:
            _, gone = self._kept.popitem(last=False)
            self._bytes -= len(gone.body)

    def clear(self) -> None:
        """Forget everything that was made."""
        with self._lock:
            self._kept.clear()
            self._bytes = 0

    def close(self) -> None:
        """End the worker."""
        self._pool.shutdown(wait=True, cancel_futures=True)


class Turnstile:
    """Lets ``at_once`` through without waiting, and after them ``a_second``."""

    def __init__(
        self, at_once: int = AT_ONCE, a_second: float = A_SECOND, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._step, self._slack, self._clock = 1 / a_second, at_once / a_second, clock
        self._next = float("-inf")
        self._lock = threading.Lock()

    def wait(self) -> float:
        """Seconds until it is the caller's turn, who takes it.

        Raises
        ------
        BusyError
            where that would be too long; no turn is taken then.
        """
        with self._lock:
            now = self._clock()
            turn = max(self._next + self._step, now - self._slack)
            if turn - now > LONGEST_WAIT:
                raise BusyError
            self._next = turn
            return max(turn - now, 0.0)

    async def passed(self) -> None:
        """Come back when it is the caller's turn."""
        seconds = self.wait()
        if seconds:
            await asyncio.sleep(seconds)


turnstile = Turnstile()
"""The server's turnstile."""
_shelf: Shelf | None = None
_opening = threading.Lock()


def shelf() -> Shelf:
    """The server's shelf."""
    global _shelf
    with _opening:
        if _shelf is None:
            _shelf = Shelf()
        return _shelf


def close_shelf() -> None:
    """End the server's shelf."""
    global _shelf
    with _opening:
        closing, _shelf = _shelf, None
    if closing is not None:
        closing.close()
