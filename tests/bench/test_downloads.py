"""Pages while many ask for the heaviest download, beside the same pages in quiet (`make bench`)."""

from __future__ import annotations

import contextlib
import statistics
import subprocess
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest
from serving import dashboard

pytestmark = pytest.mark.bench

CLIENTS = 32
READERS = 20
PAGES = 10
"""Pages that each reader opens."""
THINK = 0.5
"""Seconds that a reader looks at a page."""
FILE = "/data-files/all.xlsx"
BOUND = 3
ROUNDS = 3
CROWD = """
import sys, threading, urllib.request
url, path, clients = sys.argv[1], sys.argv[2], int(sys.argv[3])
stop, got = threading.Event(), []
def ask():
    while not stop.is_set():
        with urllib.request.urlopen(url + path, timeout=120) as answer:
            got.append(len(answer.read()))
asking = [threading.Thread(target=ask) for _ in range(clients)]
for one in asking: one.start()
sys.stdin.readline()
stop.set()
for one in asking: one.join()
print(len(got))
"""
"""Those who ask again and again, in a process of their own: they must not slow the readers' clocks."""


@pytest.fixture(scope="module")
def board():
    with dashboard() as server:
        yield server


def open_page(url: str) -> float:
    """Milliseconds from connecting to the end of the page's run, with its document before."""
    from streamlit.proto.BackMsg_pb2 import BackMsg
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
    from websockets.sync.client import connect

    ask = BackMsg()
    ask.rerun_script.query_string = ""
    begin = time.perf_counter()
    with urllib.request.urlopen(url, timeout=60) as answer:
        answer.read()
    with connect(url.replace("http", "ws") + "/_stcore/stream", subprotocols=["streamlit"], max_size=None) as line:
        line.send(ask.SerializeToString())
        while True:
            message = ForwardMsg()
            message.ParseFromString(line.recv(timeout=60))
            if message.WhichOneof("type") == "script_finished":
                return 1000 * (time.perf_counter() - begin)


def pages(url: str) -> list[float]:
    """Milliseconds of every page that the readers opened."""

    def read(number: int) -> list[float]:
        time.sleep(THINK * number / READERS)
        spent = []
        for _ in range(PAGES):
            spent.append(open_page(url))
            time.sleep(THINK)
        return spent

    with ThreadPoolExecutor(READERS) as pool:
        return [one for found in pool.map(read, range(READERS)) for one in found]


def p95(spent: list[float]) -> float:
    return statistics.quantiles(spent, n=20)[-1]


@contextlib.contextmanager
def crowd(url: str):
    """`CLIENTS` who ask for the file again and again, in a process of their own; gives the number they got."""
    got: list[int] = []
    argv = [sys.executable, "-c", CROWD, url, FILE, str(CLIENTS)]
    process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    try:
        yield got
    finally:
        out, _ = process.communicate(b"\n", timeout=120)
    got.append(int(out))


def test_pages_beside_the_heaviest_download(board):
    for _ in range(5):
        open_page(board.url)
    ratios = []
    for _ in range(ROUNDS):
        quiet = pages(board.url)
        with crowd(board.url) as got:
            busy = pages(board.url)
        ratios.append(p95(busy) / p95(quiet))
        print(
            f"\npages in quiet: median {statistics.median(quiet):.0f} ms, p95 {p95(quiet):.0f} ms; "
            f"beside {CLIENTS} clients on {FILE}: median {statistics.median(busy):.0f} ms, p95 {p95(busy):.0f} ms, "
            f"ratio of p95 {ratios[-1]:.2f}; {got[0]} files"
        )
    assert statistics.median(ratios) <= BOUND
