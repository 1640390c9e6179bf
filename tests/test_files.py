"""What is read, and what is refused before it can hang or fill the memory."""

import os
import threading
from pathlib import Path

import pytest

from loaders.files import FileRefusedError, NotRegularError, TooLargeError, read_bounded
from loaders.observations import load_observations
from loaders.registry import load_registry

SECONDS = 20
"""For what ends at once: reached only by something that hangs."""


def in_time(read):
    """What ``read`` returns or raises; fails where it hangs."""
    told = []

    def run():
        try:
            told.append(read())
        except OSError as error:
            told.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(SECONDS)
    return told[0] if told else "hangs"


def pipe(path):
    os.mkfifo(path)


def device(path):
    path.symlink_to("/dev/zero")


def a_folder(path):
    path.mkdir()


ODD = [(pipe, "pipe or a device"), (device, "pipe or a device"), (a_folder, "folder")]


@pytest.mark.parametrize(("make", "told"), ODD)
def test_only_regular_files_are_read(tmp_path, make, told):
    make(tmp_path / "x")
    refused = in_time(lambda: read_bounded(tmp_path / "x", 100))
    assert isinstance(refused, NotRegularError)
    assert told in refused.strerror


def test_the_bound_is_the_last_size_that_is_read(tmp_path):
    (tmp_path / "x").write_bytes(b"y" * 100)
    assert read_bounded(tmp_path / "x", 100) == b"y" * 100
    with pytest.raises(TooLargeError, match="larger than 99 bytes"):
        read_bounded(tmp_path / "x", 99)


def test_a_sparse_giant_is_refused_unread(tmp_path):
    with (tmp_path / "x").open("wb") as file:
        file.truncate(2**40)
    with pytest.raises(TooLargeError, match="larger than 16 MiB"):
        read_bounded(tmp_path / "x", 2**24)


def test_links_are_followed_and_what_is_missing_is_told(tmp_path):
    (tmp_path / "x").write_bytes(b"y")
    (tmp_path / "link").symlink_to(tmp_path / "x")
    assert read_bounded(tmp_path / "link", 1) == b"y"
    with pytest.raises(FileNotFoundError):
        read_bounded(tmp_path / "none", 1)


@pytest.mark.parametrize(("make", "told"), ODD)
def test_registry_and_values_say_what_stands_in_their_place(tmp_path, make, told):
    make(tmp_path / "targets.yaml")
    (tmp_path / "actuals").mkdir()
    make(tmp_path / "actuals" / "x.csv")
    registry, report = in_time(lambda: load_registry(tmp_path))
    assert registry is None
    assert [issue.code for issue in report] == ["file.unreadable"]
    assert told in str(next(iter(report)))
    found, report = in_time(lambda: load_observations(tmp_path))
    assert (found, [issue.code for issue in report]) == ([], ["file.unreadable"])


def test_a_careless_read_of_a_pipe_hangs(tmp_path):
    """Control: what `read_bounded` keeps away. The writer that comes at last lets the thread end."""
    pipe(tmp_path / "x")
    done = threading.Event()

    def careless():
        Path(tmp_path / "x").read_bytes()
        done.set()

    thread = threading.Thread(target=careless, daemon=True)
    thread.start()
    assert not done.wait(0.5)
    (tmp_path / "x").write_bytes(b"")
    assert done.wait(SECONDS)


def test_refusals_are_errors_of_reading():
    assert issubclass(FileRefusedError, OSError)
