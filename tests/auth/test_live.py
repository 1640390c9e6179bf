"""Against real servers: what uvicorn adds and rewrites around the application is seen nowhere else."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import os
import shutil
import subprocess
import sys
import urllib.request

import pytest
from browsing import PATIENCE, launched, new_page
from builders import a_data_folder
from click.testing import CliRunner
from playwright.sync_api import sync_playwright
from serving import CHROMIUM, _wait, free_port

from dashboard.auth.oidc import VARIABLES
from dashboard.auth.settings import PROXY, SIGN_IN, problems
from dashboard.cli import main
from loaders.ledger.store import FILE

NAME = "Kim Officer"
FORM = "name=kim&password=correct+horse+battery&next=/desk"


@pytest.fixture(scope="module")
def folder(tmp_path_factory, one_account):
    data = a_data_folder(tmp_path_factory.mktemp("live") / "data")
    (data / FILE).parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(one_account, data / FILE)
    return data


@contextlib.contextmanager
def running(argv, health, **settings):
    kept = {key: value for key, value in os.environ.items() if not key.startswith("KPI_")}
    process = subprocess.Popen(
        [sys.executable, *argv], env=kept | settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(health, process)
        yield
    finally:
        process.terminate()
        process.wait(60)


@contextlib.contextmanager
def desk(folder, port=None, **settings):
    port = port or free_port()
    argv = ["-m", "dashboard", "serve", "--port", str(port), "--data", str(folder)]
    with running(argv, f"http://127.0.0.1:{port}/healthz", **settings):
        yield port


def ask(port, method, path, headers=None, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        answer.read()
        return answer
    finally:
        connection.close()


def page(port, headers):
    """What the sign-in page says over a websocket opened with ``headers``."""
    import websockets
    from streamlit.proto.BackMsg_pb2 import BackMsg
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

    async def read():
        url, said = f"ws://127.0.0.1:{port}/_stcore/stream", b""
        async with websockets.connect(
            url,
            subprotocols=["streamlit"],
            origin=f"http://127.0.0.1:{port}",
            additional_headers=headers,
            max_size=None,
        ) as socket:
            asked = BackMsg()
            asked.rerun_script.page_name = "sign-in"
            asked.rerun_script.query_string = "lang=en"
            await socket.send(asked.SerializeToString())
            while True:
                raw = await asyncio.wait_for(socket.recv(), 120)
                said += raw
                if ForwardMsg.FromString(raw).WhichOneof("type") == "script_finished":
                    return said.decode("utf-8", "replace")

    return asyncio.run(read())


def test_a_local_desk(folder):
    with desk(folder) as port:
        for path in ("/", "/healthz", "/nothing", "/auth/evidence/x"):
            answer = ask(port, "GET", path)
            assert answer.getheader("server") is None, path
            assert answer.getheader("x-content-type-options") == "nosniff"
            assert "frame-ancestors 'none'" in answer.getheader("content-security-policy")
        for path in ("/auth/sign-in", "/auth/sign-out"):
            for method in ("GET", "HEAD", "PUT", "DELETE"):
                answer = ask(port, method, path)
                assert (answer.status, answer.getheader("allow")) == (405, "POST"), (method, path)
        home = {"Origin": f"http://127.0.0.1:{port}"}
        assert ask(port, "POST", "/auth/sign-in", {"Origin": "http://evil.example"}, FORM).status == 403
        # Fixation: the token that somebody put into the browser before is not the one that is signed in.
        planted = home | {"Cookie": "kpi_session=planted"}
        cookie = ask(port, "POST", "/auth/sign-in", planted, FORM).getheader("set-cookie")
        token = cookie.split("=")[1].split(";")[0]
        assert NAME not in page(port, {"Cookie": "kpi_session=planted"})
        assert NAME in page(port, {"Cookie": f"kpi_session={token}"}), "control"
        assert NAME not in page(port, {"Cookie": f"kpi_session={token[:-1]}{'a' if token[-1] != 'a' else 'b'}"})
        assert "Secure" not in cookie
        secure = ask(port, "POST", "/auth/sign-in", home | {"X-Forwarded-Proto": "https"}, FORM)
        assert "Secure" in secure.getheader("set-cookie")
        ask(port, "POST", "/auth/sign-out", home | {"Cookie": f"kpi_session={token}"})
        assert NAME not in page(port, {"Cookie": f"kpi_session={token}"})


SAID = {"X-Forwarded-User": "kim@msit.kr"}


def test_the_proxy_is_who_connects_and_not_who_is_named(folder):
    with desk(folder, **{SIGN_IN: "proxy", PROXY: "10.0.0.1"}) as port:
        for forged in ({}, {"X-Forwarded-For": "10.0.0.1"}, {"Forwarded": "for=10.0.0.1"}, {"X-Real-IP": "10.0.0.1"}):
            assert NAME not in page(port, SAID | forged), forged
    with desk(folder, **{SIGN_IN: "proxy", PROXY: "127.0.0.1"}) as port:
        assert NAME in page(port, SAID), "control"
        assert NAME in page(port, SAID | {"X-Forwarded-For": "203.0.113.9"}), "a proxy that names its client"
        assert NAME not in page(port, {"X-Kpi-Proxy-User": "kim@msit.kr"})


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({SIGN_IN: "proxy"}, "set KPI_PROXY"),
        ({SIGN_IN: "proxy", PROXY: "proxy.example"}, "set KPI_PROXY"),
        ({SIGN_IN: "prxoy"}, 'there is no "prxoy"'),
    ],
)
def test_a_server_that_would_believe_anybody_does_not_start(folder, monkeypatch, settings, told):
    for name in (SIGN_IN, PROXY):
        monkeypatch.delenv(name, raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    answer = CliRunner().invoke(main, ["serve", "--data", str(folder), "--address", "0.0.0.0"])
    assert (answer.exit_code, told in answer.stderr) == (2, True)
    assert "Traceback" not in answer.output
    assert problems({SIGN_IN: "proxy", PROXY: "10.0.0.1"}) == problems({}) == problems({SIGN_IN: "oidc"}) == []


def user(provider, name, claims):
    request = urllib.request.Request(f"{provider}/users/{name}", claims.encode(), method="PUT")
    request.add_header("Content-Type", "application/json")
    urllib.request.urlopen(request, timeout=120).close()


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (.ci/run installs Debian's chromium)")
def test_a_provider_signs_in_and_signing_out_holds(folder):
    port, other = free_port(), free_port()
    provider, here = f"http://localhost:{other}", f"http://127.0.0.1:{port}"
    found = {
        "client_id": "kpi",
        "client_secret": "secret",
        "server_metadata_url": f"{provider}/.well-known/openid-configuration",
        "redirect_uri": f"{here}/oauth2callback",
        "cookie_secret": "s" * 32,
    }
    settings = {VARIABLES[key]: value for key, value in found.items()}
    mock = ["-m", "oidc_provider_mock", "--port", str(other)]
    with (
        running(mock, found["server_metadata_url"]),
        desk(folder, port, **{SIGN_IN: "oidc"}, **settings),
        sync_playwright() as play,
    ):
        user(provider, "0815", '{"email": "kim@msit.kr", "email_verified": true}')
        browser = launched(play)

        kim = new_page(browser)
        kim.goto(f"{here}/sign-in?lang=en")
        kim.get_by_role("button", name="Sign in with your organisation").click()
        kim.locator("input[name=sub]").last.fill("0815")
        kim.locator("input[name=sub]").last.press("Enter")
        kim.wait_for_url(f"{here}/**")
        kim.goto(f"{here}/sign-in?lang=en")
        kim.wait_for_selector(f".kpi-lead:has-text('{NAME}')")
        kept = kim.context.cookies()
        kim.get_by_role("button", name="Sign out").click()
        kim.wait_for_url(f"{provider}/**")
        assert not [one for one in kim.context.cookies(here) if one["name"].startswith("_streamlit_user")]

        thief = browser.new_context()
        thief.add_cookies(kept)
        replayed = thief.new_page()
        replayed.set_default_timeout(PATIENCE)
        replayed.goto(f"{here}/sign-in?lang=en")
        # Control: Streamlit itself still takes the kept cookie, or the page would not speak of an ended session.
        replayed.wait_for_selector("[role=alert]:has-text('your session has ended')")
        assert NAME not in replayed.inner_text("body")
        browser.close()
