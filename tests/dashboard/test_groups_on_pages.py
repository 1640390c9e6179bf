"""The groups on every page: what was never accounted for, what cannot be judged yet, who answers and whose word it is."""

import html
import re
from pathlib import Path

import pytest
from builders import HEAD, a_target, a_version, csv_text, row
from streamlit.testing.v1 import AppTest

from dashboard import context, server
from dashboard.cli import DEFAULT_DATA
from loaders import responsibility

MINISTRIES = """\
  - {id: motie, name: {ko: 산업통상자원부, en: MOTIE}, until: 2025-09-30, successors: [motir]}
  - {id: motir, name: {ko: 산업통상부, en: MOTIR}, from: 2025-10-01}
pillars:"""
SUMMARY = "{ko: 계획 2025, en: Plan 2025}, issued: 2025-06-30, type: secondary, url: https://blog.kr/1, official: https://gov.kr/1}"
SEARCHED = "[{{on: 2026-11-24, where: {{ko: {0}, en: {0}}}, words: 유니콘, result: 없음}}]"
PAST = "{value: 1500, due: 2022, comparator: at_least}"
ANNUAL = "{{indicator: {id}, frequency: annual, release_lag_days: 60, grace_days: 30{more}}}"
OTHERS = (
    ", alternatives: [{indicator: near, name: {ko: 가까운 통계, en: Near}}, "
    "{indicator: far, name: {ko: 먼 통계, en: Far}, unit: percent}]"
)


def goal(id, name, target=PAST, series=None, **fields):
    version = a_version(baseline="{value: 775, period: 2019}", target=target)
    own = {"name": f"{{ko: {name}, en: {name}}}", "series": series or ANNUAL.format(id=id, more="")}
    return a_target(id, version, **(own | fields))


TARGETS = (
    goal("kept", "지킨 목표", headline="true", lead="motie"),
    goal("lost_one", "물어볼 목표", lead="motie", searched=SEARCHED.format("누리집")),
    goal(
        "lost_two",
        "대표인 목표",
        headline="true",
        searched=SEARCHED.format("신문"),
        answers="{ministry: msit, note: {ko: 조사를 맡고 있습니다., en: Runs the survey.}}",
    ),
    goal("open", "잴 것 없는 목표", "{value: 1500, due: 2030, comparator: at_least}", series="null"),
    goal(
        "blind",
        "못 재는 목표",
        "{value: 1500, due: 2030, comparator: at_least}",
        series=ANNUAL.format(id="blind", more=OTHERS),
        headline="true",
        tasks="[{document: plan-2023, number: 21, certainty: title, url: https://gov.kr/21}, {document: plan-2025, number: 3}]",
    ),
    goal(
        "index",
        "남의 지수",
        "{value: 1500, due: 2030, comparator: at_least}",
        series=ANNUAL.format(id="index", more=", producer: {ko: 먼 나라 연구소, en: Institute}"),
        lead="motie",
    ),
)
ROWS = (
    row("kept", "2022", "1600"),
    row("near", "2024", "1200"),
    row("far", "2025", "44.5"),
    row("index", "2023", "900"),
)
DAY = "2026-11-27"


@pytest.fixture
def page(monkeypatch, tmp_path):
    seen: list[str] = []

    class Painter:
        def __call__(self, data, key=None):
            seen.append(data)

    monkeypatch.setattr("dashboard.components.markup._painter", Painter)
    (tmp_path / "d" / "actuals").mkdir(parents=True)
    head = (
        HEAD.replace("2023-12-31", "2019-06-30").replace("pillars:", MINISTRIES, 1).replace("version: 1", "version: 2")
    )
    head = head.replace("{ko: 계획 2025, en: Plan 2025}, issued: 2025-06-30}", SUMMARY)
    targets = [one.replace("    series: null\n", "") for one in TARGETS]
    second = a_version(
        "plan-2025", baseline=None, target="{value: 1600, due: 2030, comparator: at_least}", reason="raised"
    )
    (tmp_path / "d" / "targets.yaml").write_text(head + "".join(targets) + second, encoding="utf-8")
    (tmp_path / "d" / "actuals" / "a.csv").write_text(csv_text(*ROWS), encoding="utf-8")
    context.use_folder(tmp_path / "d")

    def drawn(shown, /, language="ko", *, raw=False, **query):
        seen.clear()
        test = AppTest.from_file(str(Path(server.SCRIPT)), default_timeout=60)
        for key, value in {"lang": language, "as_of": DAY, **query}.items():
            test.query_params[key] = value
        test.switch_page(f"views/{shown}.py")
        test.run()
        assert not test.exception, test.exception
        whole = "".join(seen)
        return whole if raw else " ".join(html.unescape(re.sub(r"<[^>]+>", " ", whole)).split())

    yield drawn
    context.use_folder(DEFAULT_DATA)


def test_the_overview_names_every_goal_that_was_never_accounted_for(page):
    text = page("overview")
    assert "기한이 지난 목표 3개, 지켜졌나 지킴 1 결과 확인 안 됨 2" in text
    section = text.split("기한이 지났는데 결과를 확인하지 못한 목표 2개")[1].split("최근 1년")[0]
    assert section.index("대표인 목표") < section.index("물어볼 목표"), "headline goals first"
    assert "대표인 목표 1,500개 (2022년) 답할 곳: 과기정통부 2026년 11월 24일, 신문에서 찾아봄" in section
    assert "답할 곳: 산업통상부 2026년 11월 24일, 누리집에서 찾아봄" in section, "who answers now"
    assert "대표 목표 3개 가운데 판정할 수 있는 것은 1개: 달성 1" in text
    assert "그 밖의 목표 3개" in text
    assert text.index("대표 목표 3개 가운데") < text.index("정량 목표 6개 가운데") < text.index("그 밖의 목표 3개")
    assert "2 goals past their due date whose result was not found" in page("overview", "en")


def test_without_such_a_goal_there_is_no_such_section(page):
    assert "결과를 확인하지 못한 목표" not in page("overview", as_of="2021-01-01")


def test_an_unknown_outcome_has_its_own_mark_and_colour(page):
    text = page("overview", raw=True)
    assert 'fill="var(--kpi-outcome_unknown)"' in text, "a part of the bar"
    assert '<dd class="kpi-outcome_unknown">2</dd>' in text
    assert "/targets?as_of=2026-11-27&amp;outcome=unknown" in text, "the figure leads to the goals behind it"


def test_a_card_that_cannot_be_judged_names_the_best_other_statistic_in_grey(page):
    text = page("targets", raw=True, view="cards")
    card = next(one for one in text.split("<article") if "못 재는 목표" in one)
    line = re.search(r'<p class="kpi-other">(.*?)</p>', card)
    assert line[1] == "참고: 가까운 통계 1,200개 (2024년 말). 재는 것이 달라 판정에 쓰지 않음"
    assert "kpi-badge" not in line[1]
    kept = next(one for one in text.split("<article") if "지킨 목표" in one)
    assert "kpi-other" not in kept


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"status": "outcome_unknown"}, {"물어볼 목표", "대표인 목표"}),
        ({"status": "no_statistic"}, {"잴 것 없는 목표"}),
        ({"outcome": "kept"}, {"지킨 목표"}),
        ({"outcome": "unknown"}, {"물어볼 목표", "대표인 목표"}),
        ({"ministry": "motir"}, {"지킨 목표", "물어볼 목표", "남의 지수"}),
        ({"ministry": "motie"}, {"지킨 목표", "물어볼 목표", "남의 지수"}),  # an old address
        ({"ministry": "msit"}, {"대표인 목표"}),
        ({"q": "산업통상자원부"}, {"지킨 목표", "물어볼 목표", "남의 지수"}),
        ({"q": "산업통상부"}, {"지킨 목표", "물어볼 목표", "남의 지수"}),
    ],
)
def test_filters_by_group_outcome_and_who_answers(page, query, names):
    table = page("targets", raw=True, **query).split("<tbody>")[1]
    assert set(re.findall(r'_self">([^<]+)</a>', table)) == names


def test_headline_goals_come_before_the_terms_of_programmes(page):
    table = page("targets", raw=True).split("<tbody>")[1]
    named = re.findall(r'_self">([^<]+)</a>', table)
    assert set(named[:3]) == {"지킨 목표", "못 재는 목표", "대표인 목표"}
    assert set(named[3:]) == {"물어볼 목표", "잴 것 없는 목표", "남의 지수"}


def test_ministries_are_those_of_the_day(page):
    now, then = page("ministries", raw=True), page("ministries", raw=True, as_of="2025-09-30")
    assert '<details id="motir"' in now
    assert '<details id="motie"' not in now
    assert "산업통상자원부의 뒤를 이음" in now
    assert '<details id="motie"' in then
    text = page("ministries")
    assert "산업통상부 목표 3개 · 판정 가능 1 · 결과 확인 안 됨 1 · 아직 판정 불가 1" in text
    assert "과기정통부 목표 1개 · 판정 가능 0 · 결과 확인 안 됨 1" in text


def test_grouped_by_lead_the_new_ministry_would_have_nothing(page, monkeypatch):
    """The control."""
    monkeypatch.setattr(responsibility, "of_the_day", lambda registry, name, day: [registry.ministry[name]])
    assert '<details id="motir"' not in page("ministries", raw=True, lang="en")


@pytest.mark.parametrize("shown", ["calendar", "overview", "ministries"])
def test_an_index_of_a_foreign_institute_is_nowhere_owed_by_a_ministry(page, shown):
    (who,) = set(re.findall(r"남의 지수 이날까지 나왔어야 할 통계 · (\S+ \S+ \S+)", page(shown)))
    assert who == "먼 나라 연구소"


def test_the_target_says_who_led_it_who_answers_and_why(page):
    text = page("target", id="lost_one")
    assert "정할 때 주관: 산업통상자원부. 지금 답하는 곳: 산업통상부." in text.replace("산업통상부 .", "산업통상부.")
    assert "정할 때도 지금도 산업통상자원부의 목표입니다." in page("target", id="lost_one", as_of="2025-09-30")
    assert "조사를 맡고 있습니다." in page("target", id="lost_two")


def test_the_numbers_in_the_plans_say_how_sure_they_are(page):
    text = page("target", id="blind")
    assert "정부 계획의 과제 번호: 계획 2023 21번 (제목으로만 이음) · 계획 2025 3번" in text
    assert 'href="https://gov.kr/21"' in page("target", id="blind", raw=True)
    early = page("target", id="blind", as_of="2025-06-01")
    assert "계획 2025 3번" not in early, "a plan that is not out yet has no numbers"


def test_other_statistics_span_a_range_and_decide_nothing(page):
    text = page("target", id="blind")
    assert "다른 통계는 2024년에 1,200개입니다." in text
    assert "어느 것도 이 목표의 답이 아니며" in text
    assert "판정 불가" in text.split("기한")[0]


def test_a_summary_by_others_leads_to_the_official_text(page):
    text = page("sources", raw=True)
    assert "다른 이가 쓴 요약" in text
    assert 'href="https://gov.kr/1"' in text
    assert "정부가 낸 원문" in text


def test_the_calendar_tells_what_became_of_the_dates_that_have_passed(page):
    assert "기한이 지난 목표 3개: 지킴 1 · 결과 확인 안 됨 2." in page("calendar")


def test_changes_name_the_groups_on_both_days(page):
    text = page("changes")
    assert "결과 확인 안 됨 2" in text
    assert "잴 통계 없음 1" in text
