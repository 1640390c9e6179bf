"""The running product in Chromium: the main journey, accessibility, languages, and no foreign request."""

import json
import urllib.request

import pytest
from serving import CHROMIUM, CHROMIUM_FLAGS, dashboard

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (.ci/run installs Debian's chromium)"),
]
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
def board():
    with dashboard() as server:
        yield server


@pytest.fixture(scope="module")
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium):
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    yield context.new_page()
    context.close()


def opened(page, address: str):
    page.goto(address)
    page.wait_for_selector(".kpi-foot", timeout=60_000)
    return page


def test_healthz(board):
    with urllib.request.urlopen(f"{board.url}/healthz") as answer:
        body = json.load(answer)
    assert body["status"] == "ok"
    assert body["problems"] == 0
    assert body["targets"] >= 25


def test_overview_to_targets_to_target_and_back(page, board):
    opened(page, board.url)
    assert page.evaluate("document.documentElement.lang") == "ko"
    page.evaluate("window.stayed = true")
    page.get_by_role("link", name="목표 찾기").first.click()
    page.wait_for_url("**/targets")
    page.wait_for_selector(".kpi-table")
    page.get_by_role("link", name="AI 유니콘 기업").click()
    page.wait_for_url("**/target?*ai_unicorns*")
    page.wait_for_selector(".js-plotly-plot .main-svg", timeout=60_000)
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


def test_a_reload_gives_the_same_page(page, board):
    opened(page, f"{board.url}/targets?lang=en&status=regressing")
    page.wait_for_selector("text=2 of ")
    page.reload()
    page.wait_for_selector("text=2 of ")


@pytest.mark.parametrize(("theme", "language", "width"), [("light", "ko", 1440), ("dark", "en", 320)])
def test_every_page_is_accessible_fits_and_asks_no_other_host(chromium, board, theme, language, width):
    """One visit of each page for three questions, because loading a page is what takes long."""
    from axe_playwright_python.sync_playwright import Axe

    found, foreign = [], []
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
    page = context.new_page()
    page.on("request", lambda request: foreign.append(request.url) if board.url[7:] not in request.url else None)
    for path in PAGES:
        opened(page, f"{board.url}{path}{'&' if '?' in path else '?'}lang={language}")
        page.wait_for_timeout(400)
        wide, room = page.evaluate(
            "(() => {const m = document.querySelector('[data-testid=stMain]'); return [m.scrollWidth, m.clientWidth]})()"
        )
        if wide > room:
            found.append(f"{path} scrolls sideways: {wide} of {room} px")
        for violation in Axe().run(page, options=options).response["violations"]:
            where = [node["target"] for node in violation["nodes"]][:3]
            found.append(f"{path} {violation['id']}: {where}")
    context.close()
    assert found == []
    assert [url for url in foreign if not url.startswith(("data:", "blob:"))] == []
