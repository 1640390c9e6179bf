"""The whole course in Chromium: a workbook with two wrong cells, mended, returned, handed in again, approved, released on time."""

from __future__ import annotations

import contextlib
import io
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from builders import a_target, a_version, csv_text, registry_text, row
from serving import CHROMIUM, CHROMIUM_FLAGS, free_port
from workbooks import filled

from loaders.domain.policy import Role
from loaders.ledger.accounts import add_account
from loaders.ledger.clock import KOREA
from loaders.ledger.migrate import migrate
from loaders.ledger.store import FILE, open_ledger

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (.ci/run installs Debian's chromium)"),
]
PASSWORD = "correct horse battery"
CANARY = "4321"
SHOWN = ("4321", "4,321", "4_321")
"""Forms in which the unreleased value could leak."""
SERIES = "{{indicator: {0}, frequency: annual, release_lag_days: 60, grace_days: 30}}"
PUBLIC = [
    *("/", "/targets", "/target?id=unicorns", "/changes", "/calendar", "/lineage", "/ministries?id=msit"),
    *("/compare", "/sources", "/method", "/data", "/?view=wall", "/target?id=unicorns&embed=1"),
]
FILES = ["status.csv", "versions.csv", "observations.csv", "all.xlsx"]


class Clocked:
    """A running dashboard whose clock the test moves."""

    def __init__(self, folder: Path, mode: str = "both", offset: Path | None = None) -> None:
        self.offset = offset or folder.parent / "offset"
        if offset is None:
            self.offset.write_text("0")
        self.port, self.log = free_port(), folder.parent / f"{mode}.log"
        script = Path(__file__).parent.parent / "desk_server.py"
        argv = [sys.executable, str(script), str(folder), str(self.port), str(self.offset), mode]
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(argv, stdout=out, stderr=subprocess.STDOUT)
        self.url = f"http://127.0.0.1:{self.port}"

    def wait(self):
        for _ in range(300):
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:
                if answer.status == 200:
                    return self
            assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.1)
        raise TimeoutError

    def move_to(self, when: datetime) -> None:
        self.offset.write_text(str((when - datetime.now(UTC)).total_seconds()))
        time.sleep(0.7)  # the pages look at most every half second whether something was released

    def get(self, path: str) -> bytes:
        with urllib.request.urlopen(self.url + path, timeout=20) as answer:
            return answer.read()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)


@pytest.fixture
def folder(tmp_path):
    data = tmp_path / "data"
    (data / "actuals").mkdir(parents=True)
    goal = a_version(target="{value: 90000, due: 2030, comparator: at_least}", as_printed='"0 → 90000"')
    targets = [
        a_target(name, goal, lead="msit", headline="true", series=SERIES.format(name))
        for name in ("unicorns", "robots")
    ]
    (data / "targets.yaml").write_text(registry_text(*targets), encoding="utf-8")
    rows = [row(name, "2024", "3000", published="2025-02-01", known="2025-02-01") for name in ("unicorns", "robots")]
    (data / "actuals" / "a.csv").write_text(csv_text(*rows), encoding="utf-8")
    ledger = open_ledger(f"sqlite:///{data / FILE}")
    migrate(ledger)
    add_account(ledger, "kim", Role.OFFICER, "msit", password=PASSWORD)
    add_account(ledger, "lee", Role.REVIEWER, password=PASSWORD)
    ledger.close()
    return data


@pytest.fixture
def board(folder):
    server = Clocked(folder).wait()
    yield server
    server.stop()


@pytest.fixture
def public(folder, board):
    """The read-only half on the same ledger and clock."""
    server = Clocked(folder, "public", board.offset).wait()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


def signed_in(chromium, board, name):
    page = chromium.new_context(viewport={"width": 1440, "height": 1400}).new_page()
    page.set_default_timeout(20_000)
    page.goto(f"{board.url}/sign-in")
    page.fill("input[name=name]", name)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector(f"a.kpi-desk:has-text('{name}')")
    return page


def receipt(page):
    return page.wait_for_selector("[data-testid=stAlertContentSuccess]").inner_text()


def leaks(page, *servers, paths=PUBLIC):
    """Where the canary can be seen by the public."""
    found, frames = [], []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda data: frames.append(data)))
    for server in servers:
        for path in paths:
            page.goto(server.url + path)
            page.wait_for_selector(".kpi-foot, .kpi-wall", timeout=60_000)
            page.wait_for_timeout(250)
            text = page.content()
            found += [f"{server.url}{path}" for form in SHOWN if form in text]
        for name in FILES:
            raw = server.get(f"/data-files/{name}")
            if name.endswith("xlsx"):
                with zipfile.ZipFile(io.BytesIO(raw)) as book:
                    raw = b"".join(book.read(part) for part in book.namelist())
            found += [f"{server.url}/{name}" for form in SHOWN if form.encode() in raw]
        for path in ("/calendar.ics", "/healthz", "/target?id=unicorns"):
            found += [f"{server.url}{path} (raw)" for form in SHOWN if form.encode() in server.get(path)]
        sent = b"".join(data if isinstance(data, bytes) else data.encode() for data in frames)
        assert sent, "messages to the page were seen"
        found += [f"{server.url} (message)" for form in SHOWN if form.encode() in sent]
        found += [f"{server.log}" for form in SHOWN if form in server.log.read_text()]
    return sorted(set(found))


def test_from_the_officers_workbook_to_the_public_page(chromium, board, public, tmp_path):
    reader = chromium.new_context(viewport={"width": 1200, "height": 900}).new_page()
    officer = signed_in(chromium, board, "kim")
    officer.wait_for_selector("text=낼 값")
    with officer.expect_download() as download:
        officer.click("text=양식 내려받기")
    template = Path(download.value.path()).read_bytes()

    good = {
        "value": CANARY,
        "status": "A",
        "published": "2026-02",
        "source": "과기정통부",
        "url": "https://msit.kr/1",
    }
    wrong = filled(template, {2: good | {"value": "6,54.5"}, 3: good | {"value": "12%"}})
    uploader = "[data-testid=stFileUploader] input[type=file]"
    officer.set_input_files(uploader, {"name": "a.xlsx", "mimeType": "", "buffer": wrong})
    told = officer.wait_for_selector(".kpi-broken").inner_text()
    assert "고칠 칸이 2개 있어 아무것도 저장하지 않았습니다." in told
    assert "F2 [실적] 숫자가 아닙니다 (입력값: '6,54.5')" in told
    assert "F3 [실적]" in told
    assert "아직 낸 값이 없습니다" in officer.content(), "nothing half accepted"

    mended = filled(template, {3: good})
    officer.set_input_files(uploader, {"name": "b.xlsx", "mimeType": "", "buffer": mended})
    officer.wait_for_selector("text=값 1건을 읽었습니다")
    for field in officer.query_selector_all("[data-testid=stForm] input[type=text]"):
        field.fill("사업 확대로 늘어남")
    officer.click("button:has-text('1건 내기')")
    assert "R-20" in receipt(officer)

    reviewer = signed_in(chromium, board, "lee")
    reviewer.goto(f"{board.url}/review?submission=1")
    reviewer.wait_for_selector("text=오늘 공개된다면")
    assert CANARY in reviewer.content()
    reviewer.fill("input[aria-label='돌려보내는 까닭']", "출처의 쪽수를 적어 주세요")
    reviewer.keyboard.press("Tab")
    reviewer.wait_for_timeout(800)
    reviewer.click("button:has-text('돌려보내기')")
    receipt(reviewer)

    name = "unicorns" if "유니콘" in officer.content() else "robots"
    officer.goto(f"{board.url}/desk")
    officer.wait_for_selector("text=돌아옴")
    period = "2025"
    for name in ("unicorns", "robots"):
        officer.goto(f"{board.url}/entry?id={name}&period={period}")
        officer.wait_for_selector("text=증빙 파일")
        officer.wait_for_timeout(600)
        if "출처의 쪽수를 적어 주세요" in officer.content():
            break
    note = officer.wait_for_selector("textarea")
    note.fill("12쪽")
    officer.keyboard.press("Control+Enter")
    officer.wait_for_timeout(900)
    for field in officer.query_selector_all("input[placeholder='까닭을 적어 주세요']"):
        field.fill("사업 확대로 늘어남")
        field.press("Enter")
        officer.wait_for_timeout(700)
    officer.click("button:has-text('내기') >> nth=0")
    receipt(officer)

    assert leaks(reader, board) == [], "drafts and submissions are nowhere in public"

    reviewer.goto(f"{board.url}/review?submission=1")
    reviewer.wait_for_selector("text=12쪽")
    reviewer.click("button:has-text('승인')")
    assert "R-20" in receipt(reviewer)
    reviewer.wait_for_selector("text=공개 예약됨")

    opens = datetime.now(KOREA).replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=1)
    if datetime.now(KOREA).date() != (opens - timedelta(days=1)).date():
        opens -= timedelta(days=1)
    board.move_to(opens - timedelta(minutes=2))
    assert leaks(reader, board, public) == [], "not two minutes early"
    board.move_to(opens + timedelta(seconds=1))
    for server in (board, public):
        reader.goto(f"{server.url}/target?id={name}")
        reader.wait_for_selector(".kpi-foot")
        reader.wait_for_selector("text=4,321개")
        assert CANARY.encode() in server.get("/data-files/observations.csv")
    assert leaks(reader, board, paths=PUBLIC[2:3]), "the control: the search does find it once it is out"


def test_the_public_half_has_no_desk(chromium, public):
    page = chromium.new_context().new_page()
    for path in ("/desk", "/entry?id=unicorns&period=2025", "/review", "/audit", "/accounts", "/sign-in"):
        page.goto(public.url + path)
        page.wait_for_selector(".kpi-foot", timeout=60_000)
        page.wait_for_timeout(500)
        assert page.query_selector("[data-testid=stFileUploader], .kpi-form, a.kpi-desk") is None, path
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(urllib.request.Request(f"{public.url}/auth/sign-in", data=b"x"), timeout=5)


def test_another_ministrys_and_nobodys_pages_show_nothing(chromium, board, folder):
    page = chromium.new_context().new_page()
    for path in ("/desk", "/review", "/audit", "/accounts", "/entry?id=unicorns&period=2025"):
        page.goto(board.url + path)
        page.wait_for_selector("text=로그인이 필요합니다.", timeout=30_000)
    officer = signed_in(chromium, board, "kim")
    for path in ("/review", "/audit", "/accounts"):
        officer.goto(board.url + path)
        officer.wait_for_selector("text=이 일을 할 권한이 없습니다.")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_no_violation_at_the_desk(chromium, board, theme):
    from axe_playwright_python.sync_playwright import Axe

    found = []
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    pages = {"kim": ("/desk", "/entry?id=unicorns&period=2025", "/sign-in"), "lee": ("/review", "/audit")}
    for name, paths in pages.items():
        page = signed_in(chromium, board, name)
        page.emulate_media(color_scheme=theme)
        for path in paths:
            page.goto(board.url + path)
            page.wait_for_selector(".kpi-foot")
            page.wait_for_timeout(800)
            for violation in Axe().run(page, options=options).response["violations"]:
                found.append(f"{path} {violation['id']}: {[node['target'] for node in violation['nodes']][:3]}")
    assert found == []


def test_a_value_is_handed_in_by_keyboard_alone(chromium, board):
    page = signed_in(chromium, board, "kim")
    page.goto(f"{board.url}/entry?id=robots&period=2025")
    page.wait_for_selector("text=증빙 파일")
    page.wait_for_timeout(800)

    def tab_to(name):
        for _ in range(60):
            page.keyboard.press("Tab")
            here = page.evaluate("(document.activeElement.ariaLabel || document.activeElement.innerText || '').trim()")
            if here.startswith(name):
                return
        raise AssertionError(f"{name} is not reached")

    for name, text in (("값", "3300"), ("출처", "과기정통부"), ("링크", "https://msit.kr/2")):
        tab_to(name)
        page.keyboard.type(text)
    tab_to("비고")
    page.wait_for_timeout(1200)
    tab_to("내기")
    page.keyboard.press("Enter")
    assert "R-20" in receipt(page)
