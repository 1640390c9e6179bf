"""The registry is rewritten in place, in pieces, while many download: nobody gets a shortened file."""

import asyncio
import csv
import io
import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.requests import Request

from dashboard import context, downloads, open_data, watch
from dashboard.cli import DEFAULT_DATA
from dashboard.watch import Watch
from loaders.dataset import load_dataset

READERS = 8
PIECES = 4
WHOLE = len(load_dataset(DEFAULT_DATA).registry.targets)
PATIENCE = 120


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A copy of the shipped data without the record of what was published, which would help."""
    data = tmp_path / "data"
    shutil.copytree(DEFAULT_DATA, data, ignore=shutil.ignore_patterns("local", "published.csv"))
    monkeypatch.setattr(downloads, "_shelf", None)
    monkeypatch.setattr(watch, "INTERVAL", 0.01)
    context.use_folder(data)
    yield data
    context.use_folder(DEFAULT_DATA)
    downloads.close_shelf()


def download() -> int:
    """Targets in the file that is served now."""
    scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": b"as_of=2026-11-23"}
    answer = asyncio.run(open_data.download(Request(scope | {"path_params": {"name": "status.csv"}})))
    assert answer.status_code == 200
    return len(list(csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig")))))


def until(condition) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


class Counted:
    """How many looks have been taken."""

    def __init__(self, monkeypatch):
        self.looks = 0
        look = Watch.look

        def counting(watch, **how):
            look(watch, **how)
            self.looks += 1

        monkeypatch.setattr(Watch, "look", counting)


def rewritten(path, looked: Counted) -> None:
    """Truncate and write again in pieces cut between two targets; each piece is looked at more than once."""
    parts = path.read_bytes().split(b"\n  - id: ")
    cuts = [len(parts) * number // PIECES for number in range(1, PIECES + 1)]
    with path.open("wb") as file:
        for low, high in zip([0, *cuts], cuts, strict=False):
            more = b"\n  - id: ".join(parts[low:high])
            file.write((b"\n  - id: " if low else b"") + more)
            file.flush()
            seen = looked.looks
            until(lambda seen=seen: looked.looks > seen + 2)


def seen_by_readers(folder, looked) -> set[int]:
    """Lengths of all files that were served during one rewriting."""
    counts, stop = set(), threading.Event()

    def read():
        while not stop.is_set():
            counts.add(download())

    context.start()
    try:
        assert download() == WHOLE
        with ThreadPoolExecutor(READERS) as pool:
            reading = [pool.submit(read) for _ in range(READERS)]
            try:
                rewritten(folder / "targets.yaml", looked)
            finally:
                stop.set()
            for one in reading:
                one.result(PATIENCE)
        until(lambda: not context.view().last_good)
        assert download() == WHOLE
    finally:
        context.stop()
    return counts


def test_nobody_gets_a_shortened_file(folder, monkeypatch):
    assert seen_by_readers(folder, Counted(monkeypatch)) == {WHOLE}


def test_without_the_last_good_some_do(folder, monkeypatch):
    """The control: whatever can be read is served at once."""
    monkeypatch.setattr(Watch, "_good", lambda _, found: found.registry is not None)
    monkeypatch.setattr(Watch, "_unsettled", lambda *_: False)
    counts = seen_by_readers(folder, Counted(monkeypatch))
    assert min(counts) < WHOLE


def test_a_registry_cut_at_a_clean_line_keeps_all_its_targets(folder, monkeypatch):
    looked = Counted(monkeypatch)
    context.start()
    try:
        text = (folder / "targets.yaml").read_bytes()
        for cut in (b"\n".join(text.split(b"\n  - id: ")[:40]), text.split(b"\ntargets:")[0] + b"\ntargets: []\n"):
            (folder / "targets.yaml").write_bytes(cut)
            seen = looked.looks
            until(lambda seen=seen: looked.looks > seen + 2)
            assert download() == WHOLE
    finally:
        context.stop()
