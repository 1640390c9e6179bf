"""What the target page says once a due date has passed, and of limits, ceilings and strict bounds."""

import html
import re
from pathlib import Path

import pytest
from builders import a_data_folder, a_target, a_version, row
from streamlit.testing.v1 import AppTest

from dashboard import context, server
from dashboard.cli import DEFAULT_DATA

ANNUAL = "{{indicator: {id}, frequency: annual, release_lag_days: 60, grace_days: 30}}"
DUE = "{value: 1500, due: 2022, comparator: at_least}"
BASE = "{value: 775, period: 2019}"
SEARCHED = (
    "[{on: 2026-11-24, where: {ko: KOSIS와 보도자료, en: KOSIS and press releases}, words: 유니콘, result: 없음}]"
)


def goal(id, target=DUE, baseline=BASE, *later, version=None, **fields):
    return a_target(
        id,
        a_version(baseline=baseline, target=target, **(version or {})),
        *later,
        **({"series": ANNUAL.format(id=id)} | fields),
    )


GONE = a_version("plan-2025", baseline=None, target=None, reason="dropped")
TARGETS = (
    goal("late"),
    goal("missed"),
    goal("early"),
    goal("lost"),
    goal(
        "waiting",
        "{value: 1500, due: 2025, comparator: at_least}",
        series=ANNUAL.format(id="waiting").replace("60", "360"),
    ),
    goal("unknown", searched=SEARCHED),
    goal("unproven"),
    goal("gone", "{value: 1500, due: 2026, comparator: at_least}", BASE, GONE),
    goal(
        "ceiling",
        "{value: 10, due: 2028, comparator: at_most}",
        None,
        kind="cumulative",
        measure="flow",
        unit="krw_trillion",
        version={"start": "2024"},
    ),
    goal("strict", "{value: 5, due: 2030, comparator: less_than}", "{value: 20, period: 2019}", unit="percent"),
    goal("over", "{value: 2, due: 2022, comparator: equal}", None, unit="percent", version={"as_printed": '"2%"'}),
    goal("near", "{value: 2, due: 2022, comparator: less_than}", None, unit="percent"),
    goal("running", "{value: 5, due: 2030, comparator: at_most}", "{value: 20, period: 2019}", unit="percent"),
    goal("begins", "{value: 50, comparator: at_most}", None, kind="limit", unit="percent", version={"start": "2030"}),
)
ROWS = (
    row("late", "2022", "1230"),
    row("late", "2024", "2030"),
    row("missed", "2022", "1230"),
    row("early", "2021", "1600"),
    row("lost", "2022", "1500"),
    row("lost", "2024", "1400"),
    row("waiting", "2024", "1100"),
    row("unknown", "2021", "1100"),
    row("unproven", "2024", "1700"),
    row("ceiling", "2024", "8", published="2025-02"),
    row("ceiling", "2025", "9", published="2026-02"),
    row("strict", "2025", "5.0", published="2026-02"),
    row("over", "2022", "5", published="2023-02"),
    row("near", "2022", "2", published="2023-02"),
    row("running", "2025", "9.0", published="2026-02"),
)
SAID = {
    "late": ("달성", "기한 뒤 최대 24개월 늦게 달성", "at most 24 months late", "기한 뒤 달성"),
    "missed": ("미달성", "기한까지 못 미침 (270개 모자람)", "fell short by 270 companies", ""),
    "over": ("미달성", "기한에 목표를 3%p 넘음", "3 pp above the target when it was due", ""),
    "near": ("미달성", "시한까지 이르지 못함", "not reached by the due date", ""),
    "early": ("달성", "기한보다 먼저 달성 (2021년 12월 31일)", "reached before the due date", ""),
    "lost": ("달성", "기한 안에 달성", "kept in time", "이른 뒤 다시 못 미침"),
    "waiting": ("결과 대기", "결과 대기: 2027년 1월 25일까지", "result expected by", ""),
    "unknown": (
        "기한 지남, 결과 확인 안 됨",
        "2026년 11월 24일, KOSIS와 보도자료에서 찾아봄",
        "searched on 24 November 2026: KOSIS",
        "",
    ),
    "unproven": ("달성", "기한 당일의 값은 확인하지 못함", "no value found for the due date itself", "날짜 미확인"),
    "gone": ("폐기", "결과가 나오기 전에 거둠 (2025년 6월 30일)", "taken back before its result", ""),
    "ceiling": (
        "초과",
        "한도를 7조원 넘음. 지켜야 할 목표는 10조원 이하입니다.",
        "KRW 7 trillion above the ceiling",
        "",
    ),
    "strict": ("", "5% 미만", "less than 5%", ""),
    "begins": ("시점 미도래", "아직 시행되지 않은 한도입니다", "not in force yet", ""),
}


@pytest.fixture
def page(monkeypatch, tmp_path):
    seen: list[str] = []

    class Painter:
        def __call__(self, data, key=None):
            seen.append(data)

    monkeypatch.setattr("dashboard.components.markup._painter", Painter)
    context.use_folder(a_data_folder(tmp_path / "d", *TARGETS, rows=ROWS, issued="2019-06-30"))

    def drawn(name, language, view="target", **query):
        seen.clear()
        test = AppTest.from_file(str(Path(server.SCRIPT)), default_timeout=60)
        for key, value in {"lang": language, "as_of": "2026-11-27", "id": name, **query}.items():
            test.query_params[key] = value
        test.switch_page(f"views/{view}.py")
        test.run()
        assert not test.exception, test.exception
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", "".join(seen))).split())

    yield drawn
    context.use_folder(DEFAULT_DATA)


@pytest.mark.parametrize("name", SAID)
def test_the_target_page(page, name):
    status, korean, english, tag = SAID[name]
    text = page(name, "ko")
    assert status in text
    assert korean in text
    assert tag in text
    assert english in page(name, "en")


@pytest.mark.parametrize(
    ("as_of", "searched"),
    [("2026-11-23", "아직 찾아보지 않음"), ("2026-11-24", "2026년 11월 24일, KOSIS와 보도자료에서 찾아봄")],
)
def test_a_past_day_knows_only_the_searches_made_by_then(page, as_of, searched):
    """A page of 23 November that shows a search of the 24th would tell what nobody knew."""
    text = page("unknown", "ko", as_of=as_of).split("상태의 역사")[0]
    assert searched in text
    assert ("KOSIS" in text) is ("KOSIS" in searched)


@pytest.mark.parametrize("name", ["late", "missed", "unknown", "waiting", "unproven"])
def test_no_time_is_left_after_the_due_date(page, name):
    """The fault as it was reported: "2025년 100%까지 21%p 남았습니다" in the year after."""
    text = page(name, "ko").split("상태의 역사")[0]
    assert "남았습니다" not in text
    assert "약속한 길보다" not in text
    assert "목표는 2022년까지" in text or "목표는 2025년까지" in text
    assert "남았습니다" in page("running", "ko"), "control: before the due date it is said"


def test_the_overview_counts_what_has_passed(page):
    text = page("late", "ko", view="overview")
    assert (
        "기한이 지난 목표 9개, 지켜졌나 지킴 2 늦게 지킴 1 지켰으나 때 모름 1 못 지킴 3 결과 확인 안 됨 1 결과 대기 1"
        in text
    )
    assert (
        "나머지 4개 기한이 지났으나 결과를 확인하지 못함 1 결과 대기 1 아직 이르거나 판정할 수 없음 1 폐기·대체 1"
        in text
    )


def test_version_1_of_the_method_can_still_be_read(page):
    old, new = page("late", "ko", view="method", version="1"), page("late", "ko", view="method")
    assert "시한과 발표 기간이 지났는데 최종값이 모자라면 미달성" in old
    assert "시한과 발표 기간이 지났는데 최종값이 모자라면 미달성" not in new
    assert "시한이 지난 뒤: 약속을 지켰나" in new


@pytest.mark.parametrize(
    ("name", "korean", "english"),
    [
        ("late", "목표와의 차이 +530개", "Difference from the target +530"),
        ("missed", "목표와의 차이 −270개", "Difference from the target −270"),
        ("over", "목표와의 차이 +3%p", "Difference from the target +3 pp"),
    ],
)
def test_no_way_is_left_to_what_has_ended(page, name, korean, english):
    """A goal passed by 530 read "still to go: 0", one that was overshot too."""
    text = page(name, "ko")
    assert korean in text
    assert "남은 거리 0" not in text
    assert english in page(name, "en")


def test_what_was_taken_back_leaves_nothing_to_go(page):
    assert "남은 거리" not in page("gone", "ko").split("계산 과정")[0]


def test_every_day_is_judged_by_the_method_in_force(page):
    """The registry of these pages still says version 1; no page says that it is judged by that."""
    assert "판정 방법 제2판" in page("late", "ko")
    assert "판정 방법 제1판" not in page("late", "ko")
