"""The running product in Chromium: the main journey, accessibility, languages, and no foreign request."""

import json
import shutil
import urllib.request

import pytest
from browsing import launched, new_page, opened, settled
from builders import SAMPLE
from serving import CHROMIUM, dashboard

from dashboard.cli import DEFAULT_DATA

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (.ci/run installs Debian's chromium)"),
]
DAY = "2026-11-23"
"""The day of the sample: an address without a day shows today's."""
PAGES = [
    "/",
    "/targets",
    "/target?id=ai_talent",
    "/target?id=advanced_gpus",
    "/target?id=imd_digital_rank",
    "/changes?since=2024-09-26",
    "/calendar",
    "/lineage",
    "/ministries?id=msit",
    "/compare",
    "/sources?document=strategy-2019",
    "/method",
    "/data",
]


@pytest.fixture(scope="module")
def board(tmp_path_factory):
    """The sample, whose sentences stay."""
    with dashboard(shutil.copytree(SAMPLE, tmp_path_factory.mktemp("sample") / "data")) as server:
        yield server


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    """What ships, for what must hold whatever the values say."""
    copy = tmp_path_factory.mktemp("shipped") / "data"
    with dashboard(shutil.copytree(DEFAULT_DATA, copy, ignore=shutil.ignore_patterns("local"))) as server:
        yield server


@pytest.fixture(scope="module")
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = launched(driver)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium):
    page = new_page(chromium, viewport={"width": 1440, "height": 900})
    yield page
    page.context.close()


def foreign_requests(page, board) -> list[str]:
    """Addresses on other hosts that the page asks for from now on."""
    found: list[str] = []

    def note(request):
        if board.url[7:] not in request.url and not request.url.startswith(("data:", "blob:", "about:")):
            found.append(request.url)

    page.on("request", note)
    return found


def test_healthz(board):
    with urllib.request.urlopen(f"{board.url}/healthz") as answer:
        body = json.load(answer)
    assert body["status"] == "ok"
    assert body["problems"] == 0
    assert body["targets"] == 14


def test_overview_to_targets_to_target_and_back(page, board):
    opened(page, board.url)
    assert page.evaluate("document.documentElement.lang") == "ko"
    page.evaluate("window.stayed = true")
    page.get_by_role("link", name="목표 찾기").first.click()
    page.wait_for_url("**/targets")
    page.wait_for_selector(".kpi-table")
    page.get_by_role("link", name="AI 유니콘 기업").click()
    page.wait_for_url("**/target?*ai_unicorns*")
    page.wait_for_selector(".js-plotly-plot .main-svg")
    assert page.get_by_role("heading", level=1).inner_text() == "AI 유니콘 기업"
    page.get_by_role("link", name="← 목표 찾기").click()
    page.wait_for_url("**/targets*")
    page.get_by_role("link", name="국가 AI 목표 현황판").click()
    page.wait_for_selector(".kpi-grid")
    assert page.evaluate("window.stayed") is True, "the journey must not load the page anew"


def test_language_and_day_are_kept(page, board):
    opened(page, board.url)
    page.get_by_role("link", name="English").click()
    page.wait_for_selector("text=Where Korea's national AI targets stand")
    assert page.evaluate("document.documentElement.lang") == "en"
    page.locator("input[type=date]").fill("2025-01-31")
    page.wait_for_selector("text=You are looking at what was known on 31 January 2025.")
    page.get_by_role("link", name="Targets", exact=True).click()
    page.wait_for_url("**/targets?*")
    assert "lang=en" in page.url
    assert "as_of=2025-01-31" in page.url


def test_a_typed_day_is_asked_for_once_it_is_complete(page, board):
    opened(page, board.url)
    asked = []
    page.on("framenavigated", lambda frame: asked.append(frame.url))
    page.locator("input[type=date]").focus()
    page.keyboard.type("01012026")
    page.wait_for_timeout(800)  # watches that nothing happens: a busy machine makes it no redder
    assert asked == [], "no page between the digits"
    page.keyboard.press("Enter")
    page.wait_for_selector("text=2026년 1월 1일에 알려져 있던 내용")
    assert "as_of=2026-01-01" in page.url


def test_a_frame_in_another_site_shows_the_figures_and_the_way_to_the_whole(page, board):
    opened(page, f"{board.url}/target?id=ai_unicorns&embed=1&as_of={DAY}")
    page.wait_for_selector(".js-plotly-plot .main-svg")
    text = page.locator("[data-testid=stMain]").inner_text()
    assert "약속한 길 위에 있음" in text
    assert "핵심 수치" in text
    assert "문서별 목표" not in text
    assert "← 목표 찾기" not in text
    assert page.locator(".kpi-foot a").get_attribute("href") == f"/target?as_of={DAY}&id=ai_unicorns"


def test_a_reload_gives_the_same_page(page, board):
    opened(page, f"{board.url}/targets?lang=en&status=regressing&as_of={DAY}")
    page.wait_for_selector("text=2 of ")
    page.reload()
    page.wait_for_selector("text=2 of ")


@pytest.mark.parametrize(("theme", "language", "width"), [("light", "ko", 1440), ("dark", "en", 320)])
def test_every_page_is_accessible_fits_and_asks_no_other_host(chromium, shipped, theme, language, width):
    """One visit of each page for three questions, because loading a page is what takes long."""
    from axe_playwright_python.sync_playwright import Axe

    found = []
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    page = new_page(chromium, viewport={"width": width, "height": 900}, color_scheme=theme)
    foreign = foreign_requests(page, shipped)
    for path in PAGES:
        opened(page, f"{shipped.url}{path}{'&' if '?' in path else '?'}lang={language}")
        settled(page)
        wide, room = page.evaluate(
            "(() => {const m = document.querySelector('[data-testid=stMain]'); return [m.scrollWidth, m.clientWidth]})()"
        )
        if wide > room:
            found.append(f"{path} scrolls sideways: {wide} of {room} px")
        for violation in Axe().run(page, options=options).response["violations"]:
            where = [node["target"] for node in violation["nodes"]][:3]
            found.append(f"{path} {violation['id']}: {where}")
    page.context.close()
    assert found == []
    assert foreign == []


def test_control_a_request_to_another_host_is_noticed_and_the_page_would_not_send_it(page, board):
    foreign = foreign_requests(page, board)
    with page.expect_request("http://127.0.0.2:9/elsewhere"):
        page.set_content('<img src="http://127.0.0.2:9/elsewhere">')
    assert foreign == ["http://127.0.0.2:9/elsewhere"]
    opened(page, board.url)
    assert page.evaluate("fetch('http://127.0.0.2:9/again').catch((error) => error.name)") == "TypeError"
    assert foreign == ["http://127.0.0.2:9/elsewhere"], "the policy of the page stops it before it leaves"


@pytest.mark.parametrize(
    ("target", "path"),
    [("ai_talent", "약속한 길은"), ("imd_digital_rank", "시한까지 출발값에 머무는 선은")],
)
def test_every_chart_is_told_in_words(page, board, target, path):
    opened(page, f"{board.url}/target?id={target}")
    page.wait_for_selector(".js-plotly-plot .main-svg")
    told = page.locator('[data-testid="stPlotlyChart"]').evaluate_all("all => all.map(e => e.ariaLabel)")
    assert len(told) == 1
    assert path in told[0]
    assert "발표된 값은" in told[0]


def pressed_to(page, name: str, most: int = 60) -> None:
    """Press Tab until what has the focus is called ``name``; fail where the keyboard never gets there."""
    seen = []
    for _ in range(most):
        page.keyboard.press("Tab")
        label = page.evaluate(
            "(e => e.ariaLabel || (e.labels && e.labels[0] && e.labels[0].innerText) || e.innerText || e.placeholder || '')(document.activeElement)"
        ).strip()
        if label == name:
            return
        seen.append(label)
    raise AssertionError(f"{name!r} is not reached by Tab: {seen}")


def test_the_main_journey_by_keyboard_alone(page, board):
    opened(page, board.url)
    pressed_to(page, "본문으로 바로 가기", most=3)
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "H1"
    page.locator(".kpi-home").focus()
    pressed_to(page, "목표 찾기")
    page.keyboard.press("Enter")
    page.wait_for_url("**/targets")
    page.wait_for_selector("text=14개 가운데 14개")
    pressed_to(page, "본문으로 바로 가기", most=1)
    pressed_to(page, "이름·기관·문서로 찾기", most=20)
    page.keyboard.type("유니콘")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=14개 가운데 1개")
    pressed_to(page, "AI 유니콘 기업")
    page.keyboard.press("Enter")
    page.wait_for_url("**/target?*ai_unicorns*")
    page.wait_for_selector("h1:has-text('AI 유니콘 기업')")
    pressed_to(page, "계산 과정")
    page.keyboard.press("Enter")
    assert page.locator("details:has-text('계산 과정')").first.get_attribute("open") is not None
    page.locator(".kpi-home").focus()
    pressed_to(page, "자료·방법", most=10)
    page.keyboard.press("Enter")
    pressed_to(page, "판정 방법", most=8)
    page.keyboard.press("Escape")
    assert page.locator(".kpi-more").get_attribute("open") is None
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    page.keyboard.press("Enter")
    pressed_to(page, "판정 방법", most=8)
    page.keyboard.press("Enter")
    page.wait_for_url("**/method")
    page.wait_for_selector("h1:has-text('판정 방법')")


WATCH = """() => {
  window.sights = new Set();
  const look = () => {
    const parts = [".kpi-head nav", "[data-testid=stMain] h1", "form.kpi-filters", "form.kpi-filters select"];
    const seen = parts.map((part) => document.querySelector(part)).map((one) => one && one.getBoundingClientRect());
    const words = document.querySelector("[data-testid=stMain] h1");
    window.sights.add(JSON.stringify([words && words.textContent, seen]));
    requestAnimationFrame(look);
  };
  look();
}"""
"""Notes in every frame where menu, heading and filters stand, so that a flicker of one frame is seen."""


def test_a_filter_changes_the_list_and_no_frame_shows_a_flicker_around_it(page, board):
    opened(page, f"{board.url}/targets?as_of={DAY}")
    settled(page)
    page.evaluate(WATCH)
    search = page.get_by_role("searchbox", name="이름·기관·문서로 찾기")
    search.fill("유니콘")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=14개 가운데 1개")
    assert page.locator(".kpi-table tbody tr").count() == 1
    assert page.evaluate("document.activeElement.name") == "q", "the field keeps the focus"
    page.get_by_role("combobox", name="상태").select_option("regressing")
    page.wait_for_selector("text=14개 가운데 0개")
    search.fill("")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=14개 가운데 2개")
    page.get_by_role("checkbox", name="대표 목표만").check()
    page.wait_for_url("**headline=true*")
    settled(page)
    assert page.evaluate("[...window.sights]") == [page.evaluate("[...window.sights][0]")]
    page.get_by_role("link", name="English").click()
    page.wait_for_selector("text=2 of 14")
    assert page.evaluate("window.sights.size") > 1, "control: a change of the heading is noticed"


def test_five_questions_in_at_most_three_clicks(page, board):
    """What a stranger wants to know, by the shortest way from the first page."""
    day = f"?as_of={DAY}"
    opened(page, board.url + day)
    behind = page.locator(".kpi-behind").inner_text()
    assert "AI 인재" in behind, "which headline goals are late: no click"
    assert "약속한 길보다 약 8개월 늦음" in behind
    overdue = page.locator("text=기업 AI 도입률").last.locator("xpath=ancestor::li").inner_text()
    assert "과기정통부" in overdue, "who owes the next figure for adoption by companies: no click"
    page.get_by_role("link", name="AI 유니콘 기업").first.click()
    page.wait_for_selector("h2:has-text('앞으로')")
    assert "4개부터" in page.locator("section:has(h2:text('앞으로'))").inner_text(), "what turns the light: one click"
    page.locator("input[type=date]").fill("2026-01-01")
    page.wait_for_selector("text=2026년 1월 1일에 알려져 있던 내용")
    opened(page, board.url + day)
    page.get_by_role("link", name="목표 찾기").first.click()
    page.get_by_role("searchbox", name="이름·기관·문서로 찾기").fill("2019 데이터")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=빅데이터 플랫폼 개방 데이터")
    listed = page.locator(".kpi-table").inner_text()
    assert "AI 학습용 데이터 종수" in listed, "what 2019 promised on data and what became of it: one click, two words"
    assert "기한보다 먼저 달성" in listed
    assert "예정된 발표가 두 번 넘게 빠져" in listed
