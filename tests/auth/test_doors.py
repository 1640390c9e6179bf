"""The ways in: forms that post, a proxy that is believed, headers that are not, and what a server refuses to start with."""

import asyncio
import time
import uuid
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from form_requests import GOOD, PASSWORD, post
from starlette.requests import Request

from dashboard import desk
from dashboard.auth import attached, middleware, routes, viewer
from dashboard.auth.oidc import VARIABLES, OidcSettingsError, oidc_secrets
from loaders.domain.policy import Role
from loaders.ledger.accounts import add_account, change_account, session_account
from loaders.ledger.store import open_ledger


@pytest.fixture
def ledger(ledger_file, monkeypatch):
    found = open_ledger(f"sqlite:///{ledger_file}")
    monkeypatch.setattr(desk, "_ledger", found)
    monkeypatch.setattr(desk, "_mode", desk.Mode.BOTH)
    yield found
    found.close()


def test_the_right_password_sets_a_cookie_that_scripts_cannot_read(ledger):
    answer = post(routes.post_sign_in, GOOD)
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    token = cookie.split("=")[1].split(";")[0]
    assert session_account(ledger, token).id == "kim"


def cookies(answer):
    return [value for key, value in answer.headers.items() if key == "set-cookie"]


def test_a_browser_that_signed_in_is_known_where_people_sign_in(ledger):
    _, known = cookies(post(routes.post_sign_in, GOOD))
    assert known.startswith(f"{routes.KNOWN}=")
    assert {"HttpOnly", "SameSite=lax", f"Path={routes.SIGN_IN}", "Max-Age=15552000"} <= set(known.split("; "))
    token = known.split("=")[1].split(";")[0]
    bad = "name=kim&password=wrong"
    told = [post(routes.post_sign_in, bad).headers["location"] for _ in range(6)]
    assert [where.split("problem=")[1].split("&")[0] for where in told] == ["refused"] * 5 + ["locked"]
    assert "problem=locked" in post(routes.post_sign_in, GOOD).headers["location"]
    through = post(routes.post_sign_in, GOOD, cookie=f"{routes.KNOWN}={token}")
    assert through.headers["location"] == "/desk"
    assert token not in cookies(through)[1].split("=")[1].split(".")[0], "a new one each time"
    assert session_account(ledger, token) is None, "it opens nothing"


def test_a_browser_keeps_the_tokens_of_few_accounts():
    scope = {"type": "http", "headers": [(b"cookie", f"{routes.KNOWN}=a.b..c.d.e.f".encode())]}
    assert routes.known_tokens(Request(scope)) == ("a", "b", "c", "d")


def test_the_peer_is_whom_failures_are_counted_for(ledger, monkeypatch):
    seen = []
    monkeypatch.setattr(routes, "sign_in", lambda ledger, name, password, visit: seen.append(visit) or "token")
    post(routes.post_sign_in, GOOD, client=("203.0.113.7", 1))
    post(routes.post_sign_in, GOOD)
    assert [visit.address for visit in seen] == ["203.0.113.7", ""]
    assert len({visit.browser for visit in seen}) == 2


def test_the_wrong_one_goes_back_to_the_form(ledger):
    answer = post(routes.post_sign_in, "name=kim&password=wrong&next=/desk&lang=en")
    assert answer.headers["location"] == "/sign-in?problem=refused&next=%2Fdesk&lang=en"
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("origin", ["http://evil.example", "null", ""])
def test_a_form_of_another_site_is_refused(ledger, origin):
    assert post(routes.post_sign_in, GOOD, origin).status_code == 403
    assert post(routes.post_sign_out, "", origin).status_code == 403


@pytest.mark.parametrize(
    "where", ["https://evil.example", "//evil.example", "/.//evil.example", "/%5cevil.example", "/a%0d%0ab", "desk", ""]
)
def test_no_form_sends_anybody_elsewhere(ledger, where):
    sent = urlencode({"name": "kim", "password": PASSWORD, "next": where})
    assert post(routes.post_sign_in, sent).headers["location"] == "/desk"


def test_a_path_here_is_kept(ledger):
    sent = urlencode({"name": "kim", "password": PASSWORD, "next": "/entry?id=x&period=2025"})
    assert post(routes.post_sign_in, sent).headers["location"] == "/entry?id=x&period=2025"


def test_signing_out_ends_the_session_on_the_server(ledger):
    token = post(routes.post_sign_in, GOOD).headers["set-cookie"].split("=")[1].split(";")[0]
    post(routes.post_sign_out, cookie=f"{viewer.COOKIE}={token}")
    assert session_account(ledger, token) is None


def test_a_form_that_is_too_long_is_nobody(ledger):
    answer = post(routes.post_sign_in, GOOD + "&x=" + "y" * 5000)
    assert "problem=refused" in answer.headers["location"]


def seen_by(app_headers, peer, proxy="10.0.0.1", kind="http"):
    got = {}

    async def app(scope, receive, send):
        got.update({key.decode(): value.decode() for key, value in scope["headers"]})

    scope = {"type": kind, "client": (peer, 1), "headers": [(k.encode(), v.encode()) for k, v in app_headers]}
    asyncio.run(middleware.TrustedProxy(app, proxy, "X-Forwarded-User")(scope, None, None))
    return got.get(viewer.HEADER.lower())


@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_only_the_proxy_is_believed(kind):
    said = [("x-forwarded-user", "kim@msit.kr")]
    assert seen_by(said, "10.0.0.1", kind=kind) == "kim@msit.kr"
    assert seen_by(said, "10.0.0.2", kind=kind) is None, "forged"
    assert seen_by(said, "10.0.0.1", proxy=None, kind=kind) is None, "no proxy configured"
    assert seen_by([(viewer.HEADER.lower(), "admin")], "10.0.0.2", kind=kind) is None, "our own header brought along"
    assert seen_by([(viewer.HEADER.lower(), "admin")], "10.0.0.1", kind=kind) is None
    assert seen_by([*said, ("x-forwarded-user", "other")], "10.0.0.1", kind=kind) is None, "two names are none"


def claims(**more):
    """What the provider signed for Kim just now."""
    said = {"is_logged_in": True, "iss": "http://idp", "sub": "0815", "iat": time.time(), "nonce": uuid.uuid4().hex}
    return said | {"email": "kim@msit.kr", "email_verified": True} | more


def look(monkeypatch, *, headers=None, cookies=None, user=None, mode="local"):
    monkeypatch.setenv(viewer.SIGN_IN, mode)
    context = SimpleNamespace(headers=headers or {}, cookies=cookies or {})
    monkeypatch.setattr(viewer, "st", SimpleNamespace(context=context, user=user or {}))
    return viewer.current()


def test_three_ways_in_one_viewer_out(ledger, monkeypatch):
    token = post(routes.post_sign_in, GOOD).headers["set-cookie"].split("=")[1].split(";")[0]
    local = look(monkeypatch, cookies={viewer.COOKIE: token})
    proxied = look(monkeypatch, headers={viewer.HEADER: "kim@msit.kr"}, mode="proxy")
    outside = look(monkeypatch, user=claims(), mode="oidc")
    assert local == proxied == outside == viewer.Viewer("kim", "Kim Officer", Role.OFFICER, "msit")


def test_each_mode_believes_its_own_proof_only(ledger, monkeypatch):
    token = post(routes.post_sign_in, GOOD).headers["set-cookie"].split("=")[1].split(";")[0]
    proofs = {
        "local": {"cookies": {viewer.COOKIE: token}},
        "proxy": {"headers": {viewer.HEADER: "kim@msit.kr"}},
        "oidc": {"user": claims()},
    }
    for mode in proofs:
        others = {key: value for name, proof in proofs.items() if name != mode for key, value in proof.items()}
        assert look(monkeypatch, mode=mode, **others) == viewer.PUBLIC
    assert look(monkeypatch, user=claims(is_logged_in=False), mode="oidc") == viewer.PUBLIC


@pytest.mark.parametrize("mode", ["proxy", "oidc"])
def test_role_and_lock_are_read_anew_in_every_mode(ledger, monkeypatch, mode):
    proof = {"headers": {viewer.HEADER: "kim@msit.kr"}, "user": claims()}
    change_account(ledger, "kim", role=Role.REVIEWER)
    assert look(monkeypatch, mode=mode, **proof).role is Role.REVIEWER
    change_account(ledger, "kim", disabled=True)
    assert look(monkeypatch, mode=mode, **proof) == viewer.PUBLIC


def test_a_public_server_knows_nobody(ledger, monkeypatch):
    token = post(routes.post_sign_in, GOOD).headers["set-cookie"].split("=")[1].split(";")[0]
    monkeypatch.setattr(desk, "_mode", desk.Mode.PUBLIC)
    assert look(monkeypatch, cookies={viewer.COOKIE: token}) == viewer.PUBLIC
    assert post(routes.post_sign_in, GOOD).status_code == 404


def test_oidc_does_not_start_half_configured(monkeypatch):
    monkeypatch.setenv(viewer.SIGN_IN, "oidc")
    for name in VARIABLES.values():
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(OidcSettingsError, match="KPI_OIDC_CLIENT_ID"):
        oidc_secrets()
    for name in VARIABLES.values():
        monkeypatch.setenv(name, "x")
    with pytest.raises(OidcSettingsError, match="32 characters"):
        oidc_secrets()
    monkeypatch.setenv(VARIABLES["cookie_secret"], "y" * 32)
    assert oidc_secrets()["auth"]["client_id"] == "x"
    monkeypatch.setenv(viewer.SIGN_IN, "local")
    assert oidc_secrets() is None


def headers_of(query=b"", path="/target"):
    out = {}

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def send(message):
        out.update({key.decode(): value.decode() for key, value in message["headers"]})

    asyncio.run(middleware.SecurityHeaders(app)({"type": "http", "path": path, "query_string": query}, None, send))
    return out


def test_every_answer_carries_the_headers_and_only_embeds_may_be_framed():
    found = headers_of()
    assert found["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in found["content-security-policy"]
    assert "unsafe-eval" not in found["content-security-policy"]
    assert "script-src 'self' blob: 'sha256-" in found["content-security-policy"]
    assert "frame-ancestors *" in headers_of(b"id=x&embed=true")["content-security-policy"]


@pytest.mark.parametrize("path", ["/", "/sign-in", "/desk", "/entry", "/targets", "/target/", "//target", "/Target"])
def test_no_other_page_may_be_framed(path):
    assert "frame-ancestors 'none'" in headers_of(b"id=x&embed=true", path)["content-security-policy"]


@pytest.mark.parametrize(
    "query",
    [
        b"",
        b"embed=1",
        b"embed=false",
        b"embed=true&embed=false",
        b"embed=true&embed=true",
        b"embed=true&EMBED=true",
        b"embed=true&embed",
        b"EMBED=true",
        b"embed=TRUE",
        b"embed=true%20",
        b"%20embed=true",
        b"embed=true&%65mbed=x",
        b"embed=true&embed%20=x",
        b"embed_options=true",
        b"x=embed=true",
    ],
)
def test_only_the_address_that_we_hand_out_may_be_framed(query):
    assert "frame-ancestors 'none'" in headers_of(query)["content-security-policy"]


def get_evidence(name, token=""):
    headers = [(b"host", b"kpi.kr"), (b"cookie", f"{viewer.COOKIE}={token}".encode())]
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": headers}
    return asyncio.run(attached.evidence(Request(scope | {"path_params": {"name": name}})))


def test_evidence_is_for_those_who_may_see_the_submission(ledger, tmp_path, monkeypatch):
    import hashlib

    from ledger_world import Desk, figures

    from loaders.ledger import commands, service
    from loaders.ledger.accounts import open_session

    raw = b"minutes of the meeting"
    name = hashlib.sha256(raw).hexdigest()
    (tmp_path / desk.EVIDENCE).mkdir(parents=True)
    (tmp_path / desk.EVIDENCE / name).write_bytes(raw)
    monkeypatch.setattr(desk, "_folder", tmp_path)
    add_account(ledger, "lee", Role.REVIEWER, password=PASSWORD)
    add_account(ledger, "han", Role.OFFICER, "mss", password=PASSWORD)
    stated = figures(evidence=name, evidence_name="회의록.pdf")
    Desk(ledger).do(service.submit, "kim", commands.Submit("unicorns", "2025", stated))
    for who, status in (("kim", 200), ("lee", 200), ("han", 404)):
        answer = get_evidence(name, open_session(ledger, who))
        assert answer.status_code == status, who
    assert answer.headers.get("cache-control") != "public"
    assert get_evidence(name).status_code == 404, "nobody"
    token = open_session(ledger, "lee")
    for odd in ("../ledger.sqlite3", "x" * 64, "0" * 64):
        assert get_evidence(odd, token).status_code == 404


@pytest.fixture
def attached_file(ledger, tmp_path, monkeypatch):
    """A value with its file; the name of the file, and a session of somebody who may see it."""
    from ledger_world import Desk, figures

    from loaders.ledger import commands, evidence, service
    from loaders.ledger.accounts import open_session

    monkeypatch.setattr(desk, "_folder", tmp_path)
    name = evidence.keep(desk.evidence_folder(), b"minutes of the meeting")
    stated = figures(evidence=name, evidence_name='회의록 "1".pdf')
    Desk(ledger).do(service.submit, "kim", commands.Submit("unicorns", "2025", stated))
    return name, open_session(ledger, "kim")


def test_evidence_that_is_not_what_was_handed_in_is_not_sent(attached_file, caplog):
    name, token = attached_file
    good = get_evidence(name, token)
    assert (good.status_code, good.body) == (200, b"minutes of the meeting")
    assert good.headers["content-disposition"].endswith("%20%221%22.pdf")
    (desk.evidence_folder() / name).write_bytes(b"minutes of another meeting")
    altered = get_evidence(name, token)
    assert (altered.status_code, b"another" in altered.body) == (409, False)
    assert "제출된 파일과 다릅니다" in altered.body.decode()
    (desk.evidence_folder() / name).unlink()
    lost = get_evidence(name, token)
    assert (lost.status_code, "사라졌습니다" in lost.body.decode()) == (410, True)
    assert get_evidence(name).status_code == 404, "whoever may not see it learns nothing"
    assert f"evidence {name} is altered" in caplog.text
    assert f"evidence {name} is lost" in caplog.text


def test_without_the_hash_the_altered_file_would_be_sent(attached_file, monkeypatch):
    """The control: this is what was served before."""
    name, token = attached_file
    (desk.evidence_folder() / name).write_bytes(b"minutes of another meeting")
    monkeypatch.setattr(attached, "read", lambda folder, name: (folder / name).read_bytes())
    assert get_evidence(name, token).body == b"minutes of another meeting"


def test_a_disk_that_does_not_answer_stops_nobody_else(attached_file, monkeypatch):
    """The file is read beside the event loop, and after a while the answer is that it cannot be read now."""
    import threading

    name, token = attached_file
    stuck, beats = threading.Event(), []
    monkeypatch.setattr(attached, "read", lambda *_: stuck.wait(60))
    monkeypatch.setattr(attached, "LONGEST", 0.3)
    headers = [(b"cookie", f"{viewer.COOKIE}={token}".encode())]
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"lang=en", "headers": headers}

    async def both():
        async def others():
            while True:
                beats.append(1)
                await asyncio.sleep(0.01)

        beating = asyncio.create_task(others())
        answer = await attached.evidence(Request(scope | {"path_params": {"name": name}}))
        beating.cancel()
        return answer

    try:
        answer = asyncio.run(both())
    finally:
        stuck.set()
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
    assert beats, "others were answered meanwhile"
