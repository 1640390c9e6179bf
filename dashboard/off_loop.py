"""Calls into the ledger from plain routes: never on the event loop, few at a time, and none without an end.

A database that is locked or gone keeps its callers for seconds. On the event loop that would stop every
page; in a pool without a bound it would fill the memory with threads. A call that has not begun when
its time is over is never made; one that has begun ends by itself, and nobody can tell how.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import TypeVar

T = TypeVar("T")

SECONDS = 6.0
"""Longer than one wait for a lock (5 s on SQLite, 4 s on PostgreSQL), so that the database's own answer comes first."""
MOST_AT_ONCE = 8
MOST_WAITING = 64
"""Calls that wait for their turn; whoever comes then is told at once to try again."""
_waiting = 0


class LateError(Exception):
    """No answer in time."""

    def __init__(self, *, begun: bool) -> None:
        self.begun = begun
        """False where nothing was done, for certain."""
        super().__init__("begun" if begun else "never begun")


async def off_loop(call: Callable[[], T], seconds: float | None = None) -> T:
    """What ``call`` returns or raises, made in a thread.

    Raises
    ------
    LateError
        where that takes longer than ``seconds``, or too many wait already.
    """
    global _waiting
    if _waiting >= MOST_WAITING:
        raise LateError(begun=False)
    begun = False

    def made() -> T:
        nonlocal begun
        begun = True
        return call()

    _waiting += 1
    try:
        running = asyncio.get_running_loop().run_in_executor(_pool(), made)
        return await asyncio.wait_for(running, SECONDS if seconds is None else seconds)
    except TimeoutError:
        raise LateError(begun=begun) from None
    finally:
        _waiting -= 1


@lru_cache(maxsize=1)
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="ledger")
