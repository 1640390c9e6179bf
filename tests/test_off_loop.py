"""Calls off the event loop: their answers, their end, and that the loop goes on meanwhile."""

import asyncio
import threading

import pytest

from dashboard import off_loop
from dashboard.off_loop import LateError


@pytest.fixture
def gate():
    """Holds calls until the test lets them go; always opened at the end, so that no thread stays."""
    opened = threading.Event()
    yield opened
    opened.set()


def test_what_a_call_returns_and_raises_comes_back():
    async def both():
        assert await off_loop.off_loop(lambda: threading.current_thread().name.startswith("ledger"))
        with pytest.raises(ZeroDivisionError):
            await off_loop.off_loop(lambda: 1 // 0)

    asyncio.run(both())


def test_the_loop_goes_on_while_calls_wait(gate):
    async def scene():
        held = [asyncio.create_task(off_loop.off_loop(gate.wait)) for _ in range(off_loop.MOST_AT_ONCE)]
        await asyncio.sleep(0)
        turns = 0
        for _ in range(100):
            await asyncio.sleep(0)
            turns += 1
        assert not any(one.done() for one in held)
        gate.set()
        assert all(await asyncio.gather(*held))
        return turns

    assert asyncio.run(scene()) == 100


def test_a_call_on_the_loop_would_stop_it(gate):
    """Control: the same call, made where it is asked for."""

    async def careless():
        return gate.wait(0.2)

    async def scene():
        turned = []
        asyncio.get_running_loop().call_later(0.05, turned.append, 1)
        await careless()
        return list(turned)

    assert asyncio.run(scene()) == []


def test_late_calls_say_whether_they_have_begun(gate):
    made = []

    async def scene():
        held = [asyncio.create_task(off_loop.off_loop(gate.wait, 30)) for _ in range(off_loop.MOST_AT_ONCE)]
        await asyncio.sleep(0.05)
        with pytest.raises(LateError) as late:
            await off_loop.off_loop(lambda: made.append(1), 0.05)
        assert late.value.begun is False
        gate.set()
        await asyncio.gather(*held)
        gate.clear()
        with pytest.raises(LateError) as late:
            await off_loop.off_loop(gate.wait, 1)
        assert late.value.begun is True
        gate.set()

    asyncio.run(scene())
    assert made == [], "what has not begun is never made"


def test_too_many_are_sent_away_at_once(gate, monkeypatch):
    monkeypatch.setattr(off_loop, "MOST_WAITING", 3)

    async def scene():
        held = [asyncio.create_task(off_loop.off_loop(gate.wait, 30)) for _ in range(3)]
        await asyncio.sleep(0)
        with pytest.raises(LateError):
            await off_loop.off_loop(lambda: None, 30)
        gate.set()
        await asyncio.gather(*held)
        assert await off_loop.off_loop(lambda: 1) == 1, "and their places are free again"

    asyncio.run(scene())
