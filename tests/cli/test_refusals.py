"""Every verb in every bad state: one line that says what and where, exit code 2, in seconds, and no traceback."""

import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from builders import a_data_folder, a_target
from click.testing import CliRunner
from serving import free_port

from dashboard import cli, cli_refusal, context, desk
from dashboard.cli import DEFAULT_DATA, main
from loaders.ledger.migrate import migrate
from loaders.ledger.store import FILE, open_ledger

SECONDS = 50
"""Ten times what the verbs may take on a quiet machine: reached only by one that hangs."""
USER = [
    ["user", "add", "lee", "--role", "auditor", "--subject", "lee@nia.kr"],
    ["user", "list"],
    ["user", "disable", "lee"],
    ["user", "role", "lee", "auditor"],
    ["user", "forget", "lee"],
]
LEDGER = [["ledger", "verify"], ["ledger", "export"]]
VERBS = [*USER, *LEDGER, ["status"], ["serve", "--port", "PORT"]]


def name(words):
    return "-".join(words[:2])


@pytest.fixture(scope="module")
def empty_ledger(tmp_path_factory):
    made = tmp_path_factory.mktemp("made") / "ledger.sqlite3"
    ledger = open_ledger(f"sqlite:///{made}")
    migrate(ledger)
    ledger.close()
    return made


@pytest.fixture
def folder(tmp_path, empty_ledger):
    data = a_data_folder(tmp_path / "data", a_target())
    (data / FILE).parent.mkdir(parents=True, mode=0o700)
    shutil.copy(empty_ledger, data / FILE)
    return data


@pytest.fixture
def silent_port():
    """A host that takes connections and never says a word."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(50)
        yield server.getsockname()[1]


def kpi(words, folder, **settings):
    """Exit code, lines of standard output and of standard error of a verb in a process of its own."""
    argv = [word.replace("PORT", str(free_port())) for word in words]
    done = subprocess.run(
        [sys.executable, "-m", "dashboard", *argv, "--data", str(folder)],
        env=os.environ | settings,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    return done.returncode, done.stdout.splitlines(), done.stderr.splitlines()


@pytest.fixture
def quick(monkeypatch):
    """The same within this process, for states that cannot hang; a server that would start is an error."""
    monkeypatch.setattr("dashboard.server.build", lambda: pytest.fail("the server starts"))

    def run(words, folder, **settings):
        monkeypatch.delenv("KPI_DATABASE_URL", raising=False)
        for key, value in settings.items():
            monkeypatch.setenv(key, value)
        argv = [word.replace("PORT", str(free_port())) for word in words]
        done = CliRunner().invoke(main, [*argv, "--data", str(folder)])
        assert isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.stdout.splitlines(), done.stderr.splitlines()

    yield run
    context.use_folder(DEFAULT_DATA)
    desk.close_desk()


def one_line(told):
    code, _, errors = told
    assert code == 2, told
    assert len(errors) == 1, told
    assert errors[0].startswith("Error: ")
    return errors[0]


def garbage(path):
    path.write_bytes(bytes(range(256)) * 64)


def cut(path):
    with path.open("r+b") as file:
        file.truncate(8192)


def a_folder(path):
    path.unlink()
    path.mkdir()


def a_pipe(path):
    path.unlink()
    os.mkfifo(path)


def a_device(path):
    path.unlink()
    path.symlink_to("/dev/zero")


@pytest.mark.parametrize("words", VERBS, ids=name)
@pytest.mark.parametrize("state", [garbage, cut, a_folder, a_pipe, a_device])
def test_a_ledger_that_is_none(folder, quick, words, state):
    state(folder / FILE)
    line = one_line(quick(words, folder))
    assert str(FILE) in line
    assert "restore a backup with kpi ledger restore" in line


ADDRESSES = {
    "word": ("foo", "KPI_DATABASE_URL: no database address"),
    "slashes": ("postgres//kpi:secret123456789@host/x", "KPI_DATABASE_URL: no database address"),
    "port": ("postgresql://kpi:secret123456789@127.0.0.1:port/x", "KPI_DATABASE_URL: no database address"),
    "other": ("mysql://kpi:secret123456789@127.0.0.1/x", "mysql is no database for the ledger"),
    "driver": ("postgresql+none://kpi:secret123456789@127.0.0.1/x", "postgresql+none://kpi:***@127.0.0.1/x"),
    "refused": ("postgresql://kpi:secret123456789@127.0.0.1:1/x", "postgresql://kpi:***@127.0.0.1:1/x"),
    "unknown": ("postgresql://kpi:secret123456789@nowhere.invalid/x", "postgresql://kpi:***@nowhere.invalid/x"),
}


@pytest.mark.parametrize("words", VERBS, ids=name)
@pytest.mark.parametrize("state", ADDRESSES)
def test_an_address_that_leads_nowhere(folder, quick, words, state):
    address, told = ADDRESSES[state]
    line = one_line(quick(words, folder, KPI_DATABASE_URL=address))
    assert told in line
    assert "secret123456789" not in line
    assert "postgresql://user@host/name" in line or "mend KPI_DATABASE_URL" in line


@pytest.mark.parametrize("words", [USER[1], LEDGER[0], *VERBS[-2:]], ids=name)
def test_a_database_that_does_not_answer(folder, words, silent_port):
    line = one_line(kpi(words, folder, KPI_DATABASE_URL=f"postgresql://kpi@127.0.0.1:{silent_port}/x"))
    assert f"postgresql://kpi@127.0.0.1:{silent_port}/x" in line
    assert "Start the database" in line


ASKING_THE_REGISTRY = [
    ["serve", "--port", "PORT"],
    ["user", "add", "lee", "--role", "officer", "--ministry", "msit", "--subject", "x"],
    ["status"],
    ["check"],
]


def is_told(answer):
    code, out, errors = answer
    assert code == 2
    (line,) = [*out, *errors]
    assert "targets.yaml" in line
    assert re.search("folder, not a file|pipe or a device, not a file|No such file", line)
    assert "Check the path" in line


@pytest.mark.parametrize("state", [a_folder, Path.unlink])
@pytest.mark.parametrize("words", ASKING_THE_REGISTRY, ids=name)
def test_a_registry_that_is_no_file(folder, quick, words, state):
    state(folder / "targets.yaml")
    is_told(quick(words, folder))


@pytest.mark.parametrize("state", [a_pipe, a_device])
@pytest.mark.parametrize("words", ASKING_THE_REGISTRY, ids=name)
def test_a_registry_that_never_ends(folder, words, state):
    state(folder / "targets.yaml")
    is_told(kpi(words, folder))


@pytest.mark.parametrize("words", [["ledger", "verify"], ["user", "list"]], ids=name)
def test_the_ledger_asks_nothing_of_the_registry(folder, monkeypatch, words):
    monkeypatch.delenv("KPI_DATABASE_URL", raising=False)
    (folder / "targets.yaml").unlink()
    assert CliRunner().invoke(main, [*words, "--data", str(folder)]).exit_code == 0


def test_a_locked_ledger(folder, quick):
    other = sqlite3.connect(folder / FILE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    line = one_line(quick(USER[0], folder))
    other.close()
    assert "database is locked" in line
    assert "Another program is holding it" in line


def test_a_ledger_of_a_later_version(folder, quick):
    with sqlite3.connect(folder / FILE) as later:
        later.execute("UPDATE alembic_version SET version_num = '9999'")
    later.close()
    line = one_line(quick(USER[0], folder))
    assert "9999" in line
    assert "later version: install that one" in line


@pytest.mark.parametrize("address", ["nowhere.invalid", "203.0.113.5"])
def test_an_address_that_is_not_of_this_machine(folder, address):
    line = one_line(kpi(["serve", "--port", "PORT", "--address", address], folder))
    assert "Check the address and the port" in line


def test_a_port_that_is_taken(folder):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        code, _, errors = kpi(["serve", "--port", port], folder)
    assert code in (1, 2)
    assert len(errors) == 1
    assert port in errors[0]


def test_whoever_has_seen_enough_of_an_export_gets_no_complaint(folder):
    command = f"{sys.executable} -m dashboard ledger export --data {folder} | true"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert done.stderr == ""


def test_what_nobody_expected_is_a_line_too(folder, monkeypatch):
    def broken(*_, **__):
        raise ZeroDivisionError("nobody\nexpected this")

    monkeypatch.setattr(cli, "_load", broken)
    done = CliRunner().invoke(main, ["check", "--data", str(folder)])
    assert (done.exit_code, done.stderr.count("\n")) == (2, 1)
    assert done.stderr.startswith("Error: ZeroDivisionError: nobody expected this.")
    monkeypatch.setenv("KPI_DEBUG", "1")
    assert isinstance(CliRunner().invoke(main, ["check", "--data", str(folder)]).exception, ZeroDivisionError)


def test_without_the_net_there_are_tracebacks(folder, monkeypatch):
    """Control: the group as click has it, and the ledger without `at_ledger`."""
    from contextlib import nullcontext

    garbage(folder / FILE)
    monkeypatch.delenv("KPI_DATABASE_URL", raising=False)
    monkeypatch.setattr(cli_refusal, "at_ledger", lambda data: nullcontext())
    monkeypatch.setattr(type(main), "invoke", type(main).__mro__[1].invoke)
    for words in ([*USER[1]], [*LEDGER[0]], ["status"]):
        done = CliRunner().invoke(main, [*words, "--data", str(folder)])
        assert not isinstance(done.exception, SystemExit), words
