"""Each file is made once and shared; one target with impossible numbers takes no file with it."""

import asyncio
import csv
import io
import threading

import pytest
from builders import a_data_folder, a_target, row
from starlette.requests import Request

from dashboard import context, downloads, open_data
from dashboard.cli import DEFAULT_DATA
from dashboard.downloads import BusyError, Made, Shelf, Turnstile
from loaders import countable


@pytest.fixture
def shelf():
    found = Shelf(largest=100, most_waiting=3)
    yield found
    found.close()


class Maker:
    """Makes a file when it is let; counts how often it was asked to."""

    def __init__(self, body=b"x", error=None):
        self.body, self.error, self.made = body, error, 0
        self.go, self.begun = threading.Event(), threading.Event()

    def __call__(self):
        self.made += 1
        self.begun.set()
        assert self.go.wait(60)
        if self.error:
            raise self.error
        return Made(self.body)


def test_many_who_ask_at_once_share_one_file(shelf):
    make = Maker(b"file")

    async def ask():
        waiting = [asyncio.ensure_future(shelf.get("k", make)) for _ in range(32)]
        await asyncio.sleep(0)
        make.go.set()
        return await asyncio.gather(*waiting)

    assert {one.body for one in asyncio.run(ask())} == {b"file"}
    assert asyncio.run(shelf.get("k", make)).body == b"file"
    assert make.made == 1


def test_without_sharing_each_makes_its_own(shelf):
    """The control: 32 keys in the place of one."""
    make, shelf.most_waiting = Maker(b""), 64
    make.go.set()

    async def ask():
        await asyncio.gather(*(shelf.get(number, make) for number in range(32)))

    asyncio.run(ask())
    assert make.made == 32


def test_the_event_loop_is_free_meanwhile(shelf):
    make = Maker()

    async def ask():
        waiting = asyncio.ensure_future(shelf.get("k", make))
        await asyncio.to_thread(make.begun.wait, 60)
        make.go.set()  # only a free loop gets here while the file is being made
        return await waiting

    assert asyncio.run(ask()).body == b"x"


def test_who_hangs_up_does_not_take_the_file_from_the_others(shelf):
    make = Maker(b"file")

    async def ask():
        first = asyncio.ensure_future(shelf.get("k", make))
        second = asyncio.ensure_future(shelf.get("k", make))
        await asyncio.sleep(0)
        first.cancel()
        make.go.set()
        return await second

    assert asyncio.run(ask()).body == b"file"
    assert make.made == 1


def test_a_failure_is_told_to_all_and_not_kept(shelf):
    make = Maker(error=ValueError("no"))
    make.go.set()

    async def ask():
        return await asyncio.gather(*(shelf.get("k", make) for _ in range(3)), return_exceptions=True)

    assert {type(one) for one in asyncio.run(ask())} == {ValueError}
    make.error = None
    assert asyncio.run(shelf.get("k", make)).body == b"x"


def test_what_is_kept_is_bounded_by_bytes(shelf):
    make = Maker(b"y" * 40)
    make.go.set()
    for key in ("a", "b", "a", "c"):
        asyncio.run(shelf.get(key, make))
    assert (make.made, shelf.kept_bytes) == (3, 80)
    asyncio.run(shelf.get("a", make))
    assert make.made == 3, "what was asked for last is kept"
    asyncio.run(shelf.get("b", make))
    assert make.made == 4, "what was not is made again"
    large = Maker(b"z" * 101)
    large.go.set()
    assert len(asyncio.run(shelf.get("large", large)).body) == 101
    assert shelf.kept_bytes <= 100, "and one that is larger than all of it is not kept"


def test_too_many_different_files_are_told_to_come_again(shelf):
    make = Maker()

    async def ask():
        waiting = [asyncio.ensure_future(shelf.get(number, make)) for number in range(3)]
        await asyncio.sleep(0)
        with pytest.raises(BusyError):
            await shelf.get("one more", make)
        again = asyncio.ensure_future(shelf.get(0, make))  # what is being made may be waited for
        make.go.set()
        await asyncio.gather(*waiting, again)

    asyncio.run(ask())


def test_a_crowd_is_let_through_one_after_the_other():
    now = [100.0]
    turnstile = Turnstile(at_once=3, a_second=10.0, clock=lambda: now[0])
    waits = [round(turnstile.wait(), 6) for _ in range(6)]
    assert waits == [0.0, 0.0, 0.0, 0.0, 0.1, 0.2]
    now[0] += 0.2
    assert round(turnstile.wait(), 6) == 0.1, "behind those who came before"
    now[0] += 60
    assert [turnstile.wait() for _ in range(4)] == [0.0] * 4, "and nobody after a while"


def test_nobody_waits_longer_than_a_proxy_does():
    turnstile = Turnstile(at_once=1, a_second=1.0, clock=lambda: 0.0)
    waits = []
    with pytest.raises(BusyError):
        for _ in range(100):
            waits.append(turnstile.wait())
    assert waits == [0.0, *map(float, range(21))]


# The route


@pytest.fixture
def served(monkeypatch):
    """The route on a shelf of its own; the shipped data again afterwards."""
    monkeypatch.setattr(downloads, "_shelf", None)
    yield
    downloads.close_shelf()
    context.use_folder(DEFAULT_DATA)


def get(name, query="as_of=2026-11-23"):
    scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": query.encode()}
    return asyncio.run(open_data.download(Request(scope | {"path_params": {"name": name}})))


def rows(answer):
    return list(csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig"))))


def counted(monkeypatch, name):
    media, build = open_data.FILES[name]
    made = []
    monkeypatch.setitem(open_data.FILES, name, (media, lambda *parts: made.append(1) or build(*parts)))
    return made


def test_a_file_is_made_once_for_each_state_and_day(served, tmp_path, monkeypatch):
    folder = a_data_folder(tmp_path / "d", a_target("a"), rows=(row("a", "2024", "5"),))
    context.use_folder(folder)
    made = counted(monkeypatch, "status.csv")
    assert get("status.csv").body == get("status.csv").body
    assert len(made) == 1
    get("status.csv", "as_of=2026-11-22")
    get("status.csv", "as_of=2026-11-23&id=a")
    assert len(made) == 3
    more = (folder / "actuals" / "a.csv").read_text(encoding="utf-8") + row("a", "2025", "6") + "\n"
    (folder / "actuals" / "a.csv").write_text(more, encoding="utf-8")
    assert "6.0" in get("status.csv").body.decode()
    assert len(made) == 4


def test_a_busy_server_says_when_to_come_again(served, monkeypatch):
    busy = Shelf(most_waiting=0)
    monkeypatch.setattr(downloads, "_shelf", busy)
    answer = get("status.csv", "as_of=2026-01-09")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


@pytest.mark.parametrize("name", open_data.FILES)
def test_one_bad_target_takes_no_file_with_it(served, tmp_path, monkeypatch, name):
    context.use_folder(
        a_data_folder(tmp_path / "d", a_target("good"), a_target("bad"), rows=(row("good", "2024", "5"),))
    )
    assess = countable.assess

    def fails(registry, observations, day):
        if "bad" in registry.target:
            raise OverflowError("(34, 'Numerical result out of range')")
        return assess(registry, observations, day)

    monkeypatch.setattr(countable, "assess", fails)
    answer = get(name)
    assert (answer.status_code, answer.headers["x-left-out"]) == (200, "bad")
    if name == "status.csv":
        assert [one["id"] for one in rows(answer)] == ["good"]


def test_nor_does_one_whose_numbers_cannot_be_written(served, tmp_path, monkeypatch):
    context.use_folder(
        a_data_folder(tmp_path / "d", a_target("good"), a_target("bad"), rows=(row("good", "2024", "5"),))
    )
    media, build = open_data.FILES["status.csv"]

    def fails(registry, found, observations):
        if any(one.id == "bad" for one in found):
            raise OverflowError("(34, 'Numerical result out of range')")
        return build(registry, found, observations)

    monkeypatch.setitem(open_data.FILES, "status.csv", (media, fails))
    answer = get("status.csv")
    assert ([one["id"] for one in rows(answer)], answer.headers["x-left-out"]) == (["good"], "bad")


def test_without_care_it_would_take_all(served, tmp_path, monkeypatch):
    """The control."""
    context.use_folder(a_data_folder(tmp_path / "d", a_target("good")))
    monkeypatch.setattr(open_data, "UNCOUNTABLE", ())

    def fails(*_):
        raise OverflowError

    monkeypatch.setitem(open_data.FILES, "status.csv", ("text/csv", fails))
    with pytest.raises(OverflowError):
        get("status.csv")
