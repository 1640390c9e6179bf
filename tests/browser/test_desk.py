"""The whole course in Chromium: a workbook with two wrong cells, mended, returned, handed in again, approved, released on time."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import urllib.error
import urllib.request
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from browsing import launched, new_page, opened, rerun, settled, until
from builders import a_target, a_version, csv_text, registry_text, row
from canaries import Canary
from serving import CHROMIUM, free_port
from set_clock import put_to
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
CANARY = Canary("413572689051")
SHOWN = "4,135억 7,268만 9,051개"
MORNING = datetime(2026, 6, 3, 10, 0, tzinfo=KOREA)
"""When everything begins; the value for 2025 is due since March."""
OPENS = MORNING.replace(day=4, hour=9)
"""The release that an approval of that morning gets by itself."""
SERIES = "{{indicator: {0}, frequency: annual, release_lag_days: 60, grace_days: 30}}"
PUBLIC = [
    *("/", "/targets", "/target?id=unicorns", "/changes", "/calendar", "/lineage", "/ministries?id=msit"),
    *("/compare", "/sources", "/method", "/data", "/?view=wall", "/target?id=unicorns&embed=1"),
]
FILES = ["status.csv", "versions.csv", "observations.csv", "all.xlsx"]


class Clocked:
    """A running dashboard whose clock the test moves."""

    def __init__(self, folder: Path, mode: str = "both", clock: Path | None = None) -> None:
        self.clock = clock or folder.parent / "clock"
        if clock is None:
            put_to(self.clock, MORNING)
        self.port, self.log = free_port(), folder.parent / f"{mode}.log"
        script = Path(__file__).parent.parent / "desk_server.py"
        argv = [sys.executable, str(script), str(folder), str(self.port), str(self.clock), mode]
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(argv, stdout=out, stderr=subprocess.STDOUT)
        self.url = f"http://127.0.0.1:{self.port}"

    def wait(self):
        def answers():
            assert self.process.poll() is None, self.log.read_text()
            with contextlib.suppress(OSError):
                return self.get("/healthz")

        until(answers)
        return self

    def move_to(self, when: datetime) -> None:
        put_to(self.clock, when)

    def get(self, path: str) -> bytes:
        with urllib.request.urlopen(self.url + path, timeout=120) as answer:
            return answer.read()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(60)


@pytest.fixture
def folder(tmp_path):
    data = tmp_path / "data"
    (data / "actuals").mkdir(parents=True)
    goal = a_version(target="{value: 900000000000, due: 2030, comparator: at_least}", as_printed='"0 → 9000억"')
    targets = [
        a_target(name, goal, lead="msit", headline="true", series=SERIES.format(name))
        for name in ("unicorns", "robots")
    ]
    (data / "targets.yaml").write_text(registry_text(*targets), encoding="utf-8")
    rows = [
        row(name, "2024", "300000000000", published="2025-02-01", known="2025-02-01") for name in ("unicorns", "robots")
    ]
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
    server = Clocked(folder, "public", board.clock).wait()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = launched(driver)
        yield browser
        browser.close()


def signed_in(chromium, board, name):
    page = new_page(chromium, viewport={"width": 1440, "height": 1400})
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
    """Where the public can see the canary: pages, files, answers, messages to the page, logs."""
    found, frames = set(), []

    def listen(socket):
        socket.on("framereceived", lambda data: frames.append(data))

    page.on("websocket", listen)
    for server in servers:
        seen: dict[str, str | bytes] = {}
        for path in paths:
            opened(page, server.url + path)
            seen[path] = page.content()
        answers = [f"/data-files/{name}" for name in FILES] + ["/calendar.ics", "/healthz", "/target?id=unicorns"]
        seen |= {f"raw {path}": server.get(path) for path in answers}
        seen["log"] = server.log.read_bytes()
        assert len(frames) > len(paths), "messages to the page were seen"
        found |= {where for where, data in seen.items() if CANARY.sings_in(data)}
        found |= {"message" for data in frames if CANARY.sings_in(data)}
        frames.clear()
    page.remove_listener("websocket", listen)
    return found


def test_from_the_officers_workbook_to_the_public_page(chromium, board, public, tmp_path):
    reader = new_page(chromium, viewport={"width": 1200, "height": 900})
    assert leaks(reader, board, public) == set(), "a quiet run: nobody knows the value yet"
    officer = signed_in(chromium, board, "kim")
    officer.wait_for_selector("text=낼 값")
    with officer.expect_download() as download:
        officer.click("text=양식 내려받기")
    template = Path(download.value.path()).read_bytes()

    good = {
        "value": CANARY.digits,
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
    assert CANARY.sings_in(reviewer.content()), "who may see it does"
    reviewer.fill("input[aria-label='돌려보내는 까닭']", "출처의 쪽수를 적어 주세요")
    with rerun(reviewer):
        reviewer.keyboard.press("Tab")
    reviewer.click("button:has-text('돌려보내기')")
    receipt(reviewer)

    name = "unicorns" if "유니콘" in officer.content() else "robots"
    officer.goto(f"{board.url}/desk")
    officer.wait_for_selector("text=돌아옴")
    period = "2025"
    for name in ("unicorns", "robots"):
        opened(officer, f"{board.url}/entry?id={name}&period={period}")
        officer.wait_for_selector("text=증빙 파일")
        if "출처의 쪽수를 적어 주세요" in officer.content():
            break
    note = officer.wait_for_selector("textarea")
    note.fill("12쪽")
    with rerun(officer):
        officer.keyboard.press("Control+Enter")
    for field in officer.query_selector_all("input[placeholder='까닭을 적어 주세요']"):
        field.fill("사업 확대로 늘어남")
        with rerun(officer):
            field.press("Enter")
    officer.click("button:has-text('내기') >> nth=0")
    receipt(officer)

    assert leaks(reader, board) == set(), "drafts and submissions are nowhere in public"

    reviewer.goto(f"{board.url}/review?submission=1")
    reviewer.wait_for_selector("text=12쪽")
    reviewer.click("button:has-text('승인')")
    assert "R-20" in receipt(reviewer)
    reviewer.wait_for_selector("text=공개 예약됨")

    board.move_to(OPENS - timedelta(minutes=2))
    assert leaks(reader, board, public) == set(), "not two minutes early"
    board.move_to(OPENS + timedelta(seconds=1))
    for server in (board, public):
        until(lambda server=server: CANARY.sings_in(server.get("/data-files/observations.csv")))
        reader.goto(f"{server.url}/target?id={name}")
        reader.wait_for_selector(f"text={SHOWN}")
        out = leaks(reader, server, paths=[f"/target?id={name}"])
        assert out >= {f"/target?id={name}", "message", "raw /data-files/observations.csv", "raw /data-files/all.xlsx"}
        assert "log" not in out


def test_the_public_half_has_no_desk(chromium, public):
    page = new_page(chromium)
    for path in ("/desk", "/entry?id=unicorns&period=2025", "/review", "/audit", "/accounts", "/sign-in"):
        opened(page, public.url + path)
        assert page.query_selector("[data-testid=stFileUploader], .kpi-form, a.kpi-desk") is None, path
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(urllib.request.Request(f"{public.url}/auth/sign-in", data=b"x"), timeout=120)


def test_another_ministrys_and_nobodys_pages_show_nothing(chromium, board, folder):
    page = new_page(chromium)
    for path in ("/desk", "/review", "/audit", "/accounts", "/entry?id=unicorns&period=2025"):
        page.goto(board.url + path)
        page.wait_for_selector("text=로그인이 필요합니다.")
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
            opened(page, board.url + path)
            settled(page)
            for violation in Axe().run(page, options=options).response["violations"]:
                found.append(f"{path} {violation['id']}: {[node['target'] for node in violation['nodes']][:3]}")
    assert found == []


def test_a_value_is_handed_in_by_keyboard_alone(chromium, board):
    page = signed_in(chromium, board, "kim")
    opened(page, f"{board.url}/entry?id=robots&period=2025")
    page.wait_for_selector("text=증빙 파일")

    def tab_to(name):
        settled(page)  # a field that is drawn anew on a busy machine would lose the focus
        for _ in range(60):
            here = page.evaluate("(document.activeElement.ariaLabel || document.activeElement.innerText || '').trim()")
            if here.startswith(name):
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"{name} is not reached")

    for name, text in (("값", "330000000000"), ("출처", "과기정통부"), ("링크", "https://msit.kr/2")):
        tab_to(name)
        page.keyboard.type(text)
        with rerun(page):
            page.keyboard.press("Tab")
    tab_to("내기")
    page.keyboard.press("Enter")
    assert "R-20" in receipt(page)
