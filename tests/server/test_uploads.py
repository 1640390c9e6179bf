"""Files come from signed-in pages only, a few at a time; elsewhere the way is closed before the first byte."""

from __future__ import annotations

import http.client
import uuid
from types import SimpleNamespace

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import ConnectionClosed

from dashboard import uploads
from dashboard.uploads import MOST_FILES

PASSWORD = "correct horse battery"
SIZE = 4_900_000
BODY = (
    b'--limit\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\n'
    + b"1" * SIZE
    + b"\r\n--limit--\r\n"
)


class Hand:
    """Hands files in as the front end does, with Streamlit's token against forged requests."""

    def __init__(self, site, cookie=""):
        self.line = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
        _, head = self._ask("GET", "/_stcore/health")
        xsrf = head["set-cookie"].split("_streamlit_xsrf=")[1].split(";")[0]
        self.headers = {"X-Xsrftoken": xsrf, "Cookie": f"_streamlit_xsrf={xsrf}; {cookie}"}

    def _ask(self, method, path, body=None, headers=None):
        self.line.request(method, path, body, headers or {})
        answer = self.line.getresponse()
        answer.read()
        return answer.status, answer.headers

    def put(self, session, file=None, body=BODY):
        kind = {"Content-Type": "multipart/form-data; boundary=limit"}
        return self._ask("PUT", f"/_stcore/upload_file/{session}/{file or uuid.uuid4()}", body, self.headers | kind)[0]

    def delete(self, session, file):
        return self._ask("DELETE", f"/_stcore/upload_file/{session}/{file}", None, self.headers)[0]

    def close(self):
        self.line.close()


@pytest.fixture
def hand():
    made = []

    def start(site, cookie=""):
        made.append(Hand(site, cookie))
        return made[-1]

    yield start
    for one in made:
        one.close()


def signed_in(site):
    line = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    form = f"name=kim&password={PASSWORD.replace(' ', '+')}&next=/desk"
    line.request("POST", "/auth/sign-in", form, {"Origin": site.url})
    answer = line.getresponse()
    answer.read()
    line.close()
    return answer.headers["set-cookie"].split(";")[0]


def test_the_public_half_takes_no_file_and_keeps_no_memory(public, hand):
    board = public
    with board.page() as page:
        page.open()
        sender, before = hand(board), board.resident()
        answers = {sender.put(page.session) for _ in range(120)}
        assert answers == {404}
        assert sender.delete(page.session, "x") == 404
        assert board.resident() - before < 100e6, "588 MB were sent"


def test_control_without_the_guard_the_public_half_keeps_everything(site, hand):
    board = site("public", careless="Uploads")
    with board.page() as page:
        page.open()
        sender, before = hand(board), board.resident()
        assert {sender.put(page.session) for _ in range(30)} == {204}
        assert board.resident() - before > 120e6


def test_at_the_desk_a_file_needs_a_page_of_somebody_signed_in_and_the_cookie(board, hand):
    desk = board
    cookie = signed_in(desk)
    with desk.page() as stranger, desk.page(Cookie=cookie) as kim, desk.page(Cookie=cookie) as reader:
        stranger.open("desk")
        reader.open()
        kim.open("desk")
        nobody, officer = hand(desk), hand(desk, cookie)
        assert nobody.put(stranger.session) == 403
        assert nobody.put(kim.session) == 403, "the page's number alone"
        assert officer.put(stranger.session) == 403, "a page that nobody is signed in on"
        assert officer.put(reader.session) == 403, "a page where nothing is handed in"
        assert officer.put("x") == 403
        assert officer.put(kim.session) == 204


def test_a_page_holds_a_few_files_and_gives_their_place_back(board, hand):
    desk = board
    cookie = signed_in(desk)
    small = BODY.replace(b"1" * SIZE, b"1")
    with desk.page(Cookie=cookie) as kim:
        kim.open("desk")
        officer = hand(desk, cookie)
        big = [officer.put(kim.session, f"big{n}") for n in range(6)]
        assert big == [204, 204, 204, 204, 413, 413]
        assert [officer.delete(kim.session, f"big{n}") for n in range(4)] == [204] * 4
        assert officer.put(kim.session, "again") == 204
        few = [officer.put(kim.session, f"small{n}", small) for n in range(MOST_FILES)]
        assert few == [204] * (MOST_FILES - 1) + [413]
        assert officer.put(kim.session, "small0", small) == 204, "the same file again takes no further place"
    assert officer.put(kim.session, "late", small) in (400, 403), "the page is closed"


@pytest.mark.parametrize("mode", ["public", "both"])
def test_addresses_for_files_are_few_at_the_desk_and_none_on_the_public_half(mode, board, public):
    _few_addresses(public if mode == "public" else board, mode)


def test_control_without_the_guard_a_thousand_addresses_are_made(site):
    _addresses(site("public", careless="messages"), 1000)


def test_files_of_a_page_that_was_closed_are_dropped(monkeypatch):
    active, kept = {"open", "back"}, {"open", "shut", "back"}
    manager = SimpleNamespace(remove_session_files=kept.discard)
    runtime = SimpleNamespace(is_active_session=active.__contains__, uploaded_file_mgr=manager)
    monkeypatch.setattr(uploads.Runtime, "instance", lambda: runtime)
    monkeypatch.setattr(uploads, "_admitted", {"open", "shut"})
    monkeypatch.setattr(uploads, "_closed", {"back": 0.0})
    uploads.forget_closed_pages(1000.0)
    assert kept == {"open", "shut", "back"}, "it may connect again"
    uploads.forget_closed_pages(1000.0 + uploads.KEPT_SECONDS)
    assert "shut" in kept
    uploads.forget_closed_pages(1001.0 + uploads.KEPT_SECONDS)
    assert kept == {"open", "back"}
    assert uploads._closed == {}


def _addresses(board, count):
    message = BackMsg()
    message.file_urls_request.request_id = "1"
    message.file_urls_request.file_names.extend(["x"] * count)
    with board.page() as page:
        page.open()
        page.send(message, "file_urls_response")


def _few_addresses(board, mode):
    if mode == "both":
        _addresses(board, 1)
    for count in (9, 100_000) if mode == "both" else (1, 100_000):
        with pytest.raises(ConnectionClosed) as closed:
            _addresses(board, count)
        assert closed.value.rcvd.code == 1008
