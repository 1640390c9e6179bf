"""The tests' own servers: a port that is taken at the last moment costs an attempt and no red test."""

import socket
import urllib.request

import pytest
import serving

PLAIN = ["-m", "http.server", "PORT", "--bind", "127.0.0.1", "--directory", "/proc/self/fdinfo"]


@pytest.fixture
def taken(monkeypatch):
    """The first port that is offered is somebody else's; gives how many were offered."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        free, offered = serving.free_port, []

        def offer():
            offered.append(free() if offered else other.getsockname()[1])
            return offered[-1]

        monkeypatch.setattr(serving, "free_port", offer)
        yield offered


def test_another_port_is_tried(taken):
    with serving.serving(PLAIN, "/") as server, urllib.request.urlopen(server.url, timeout=60) as answer:
        assert answer.status == 200
    assert len(taken) == 2


def test_control_with_one_attempt_it_fails(taken):
    with pytest.raises(RuntimeError, match="ended with 1"):
        serving._started(PLAIN, "/", attempts=1)


def test_a_server_that_never_starts_is_given_up():
    with pytest.raises(RuntimeError, match="ended with 3"):
        serving._started(["-c", "raise SystemExit(3)"], "/")
