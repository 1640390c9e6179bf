"""Every page in both languages through AppTest: what is said, and what happens when things are broken."""

import html
import re
from datetime import date
from pathlib import Path

import pytest
from builders import a_data_folder, a_target, a_version, row
from streamlit.testing.v1 import AppTest

from dashboard import context, server, state

APP = Path(server.SCRIPT)


pytestmark = pytest.mark.usefixtures("sample")


def plain(markup: str) -> str:
    """What is read, without tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", markup)).split())


def run(drawn, page="overview", **query) -> tuple[AppTest, str]:
    drawn.clear()
    test = AppTest.from_file(str(APP), default_timeout=120)
    for key, value in query.items():
        test.query_params[key] = value
    if page != "overview":
        test.switch_page(f"views/{page}.py")
    test.run()
    assert not test.exception, test.exception
    return test, "".join(drawn)


def test_overview_counts_every_headline_goal(drawn):
    _, text = run(drawn, as_of="2026-11-23")
    assert "정량 목표 14개 가운데 판정할 수 있는 것은 6개: 달성 1 · 정상 1 · 가속 필요 1 · 지연 1 · 역행 2" in plain(
        text
    )
    assert "기한이 지난 목표" in text
    assert "대표 목표 13개 · 판정 가능 5개" in text
    assert text.count('<article class="kpi-card">') == 13
    assert "약속한 길보다 약 8개월 늦음" in text
    _, english = run(drawn, lang="en", as_of="2026-11-23")
    assert "Of 14 quantified targets, 6 can be judged" in english
    assert "about 8 months behind the promised path" in english


def test_sources_lists_every_goal_by_document_and_what_became_of_it(drawn):
    _, text = run(drawn, "sources", as_of="2026-11-23")
    assert "정량 목표 14개, 문서별로 세면 19건입니다" in text
    assert text.count("<details id=") == 6
    assert "경제성장전략 2026: 5만 2,000장 (2028년), 올림" in text
    owed = text.split("누가 발표할 통계가 비어 있나</h2>")[1]
    assert "발표 기관 미상</div></td>" in owed, "who publishes, not who leads"
    _, english = run(drawn, "sources", lang="en", document="strategy-2024", as_of="2026-11-23")
    assert '<details id="strategy-2024" open>' in english
    assert "From the digital competitiveness rank of 2019" in english
    _, early = run(drawn, "sources", as_of="2020-06-30")
    assert early.count("<details id=") == 1
    assert "국가AI전략 2024" not in early


def test_a_target_shows_relations_from_both_sides(drawn):
    _, text = run(drawn, "target", id="imd_digital_rank", as_of="2026-11-23")
    assert "id=ai_g3" in text
    _, other = run(drawn, "target", id="ai_g3", as_of="2026-11-23")
    assert "id=imd_digital_rank" in other
    assert "/sources?as_of=2026-11-23&amp;document=strategy-2024" in other


def test_language_and_day_live_in_the_address_and_stay_in_links(drawn):
    _, text = run(drawn, lang="en", as_of="2025-01-31")
    assert "/target?as_of=2025-01-31&amp;lang=en&amp;id=ai_unicorns" in text
    assert "You are looking at what was known on 31 January 2025." in text
    assert "Pledges 2025" not in text
    _, bad = run(drawn, as_of="someday")
    assert "someday" in bad
    assert "오늘 기준으로 보여 줍니다" in bad


def test_before_the_first_document_there_is_nothing_and_it_is_said(drawn):
    _, text = run(drawn, as_of="2019-01-01")
    assert "이 날짜에는 아직 발표된 목표가 없습니다." in text


@pytest.mark.parametrize(
    ("query", "count", "name"),
    [
        ({"q": "유니콘"}, 1, "AI 유니콘 기업"),
        ({"q": "GPU"}, 1, "최신 GPU 확보"),
        ({"q": "중기부 start-ups"}, 1, "AI 유니콘 기업"),
        ({"document": "strategy-2019"}, 6, "IMD 디지털경쟁력 순위"),
        ({"status": "regressing"}, 2, "규제 여건 순위"),
        ({"pillar": "startups", "year": "2030"}, 2, "AI 인재"),
        ({"year": "none"}, 1, "AI 세계 3강(G3)"),
    ],
)
def test_filters_in_the_address(drawn, query, count, name):
    _, text = run(drawn, "targets", headline="true", as_of="2026-11-23", **query)
    assert f"개 가운데 {count}개" in text
    assert name in text


def test_an_unknown_filter_is_not_set_and_no_match_says_so(drawn):
    _, text = run(drawn, "targets", status="splendid", headline="true", as_of="2026-11-23")
    assert "개 가운데 13개" in text
    _, none = run(drawn, "targets", q="없는목표")
    assert "조건에 맞는 목표가 없습니다" in none


def test_the_filters_are_a_form_that_keeps_what_was_chosen(drawn):
    _, text = run(drawn, "targets", as_of="2026-11-23", status="off_track", q='"AI', lang="en", sort="due")
    form = text.split("<form")[1].split("</form>")[0]
    assert '<option value="off_track" selected>Off track</option>' in form
    assert form.count(" selected") == 6, "each of the six lists has one choice"
    assert 'name="q" value="&quot;AI"' in form
    assert 'name="lang" value="en"' in form
    assert 'name="sort" value="due"' in form
    assert " checked" not in form
    assert " checked" in run(drawn, "targets", headline="true")[1]


def test_target_page_shows_path_from_document_to_number(drawn):
    test, text = run(drawn, "target", id="ai_talent", as_of="2026-11-23")
    assert (
        "2024년 6월 AI 인재 5만 4,000명: 약속한 길보다 약 8개월 늦음. 2030년 20만명까지 14만 6,000명 남았습니다."
        in text
    )
    for part in (
        "433, 755, 775, 777, 779, 807",
        "5만명 | 10만명 | 20만명",
        "Eurostat",
        "(54,000 − 50,000)",
        "이 숫자가 말하지 않는 것",
    ):
        assert part in text
    (chart,) = [one for one in test.main if "plotly" in type(one).__name__.lower() or one.type == "plotly_chart"] or [
        None
    ]
    assert chart is None or chart.proto.alt


@pytest.mark.parametrize(
    "target",
    [
        "advanced_gpus",
        "private_ai_investment",
        "ai_economic_effect",
        "cyber_security_rank",
        "ai_democratic_values_rank",
        "ai_g3",
    ],
)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_kind_of_target_has_a_page(drawn, target, language):
    _, text = run(drawn, "target", id=target, lang=language)
    assert text.count("<h1>") == 1
    assert not re.search(r"\b(None|nan)\b", text)


def test_unknown_and_not_yet_issued_targets(drawn):
    _, text = run(drawn, "target", id="<script>alert(1)</script>")
    assert "<script>" not in text
    assert "찾을 수 없습니다" in text
    _, early = run(drawn, "target", id="ai_unicorns", as_of="2024-01-01")
    assert "아직 발표되지 않은 목표입니다" in early


def test_method_page_reads_thresholds_from_the_registry(drawn, tmp_path):
    folder = a_data_folder(tmp_path / "d", a_target())
    path = folder / "targets.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("on_track: 0.95", "on_track: 0.9"), encoding="utf-8")
    context.use_folder(folder)
    _, text = run(drawn, "method")
    assert "0.9 이상" in text
    assert "0.95" not in text


def test_a_broken_registry_shows_the_healthy_targets_under_a_banner(drawn, tmp_path):
    bad = a_target("bad", a_version(target="{value: 0, due: 2030, comparator: at_least}"), headline="true")
    good = a_target("good", a_version(), headline="true", name="{ko: 멀쩡, en: Fine}")
    context.use_folder(a_data_folder(tmp_path / "data", good, bad, rows=(row("good", "2025", "3"),)))
    _, text = run(drawn)
    assert "문제가 1건 있습니다" in text
    assert "data/targets.yaml 43행 25열" in text
    assert "멀쩡" in text
    assert text.count('<article class="kpi-card">') == 1
    _, sick = run(drawn, "target", id="bad")
    assert "문제가 있어 보여 줄 수 없습니다" in sick


def test_an_unreadable_registry_keeps_the_last_good_one(drawn, tmp_path):
    folder = a_data_folder(tmp_path / "data", a_target("good", a_version(), headline="true"))
    context.use_folder(folder)
    run(drawn)
    (folder / "targets.yaml").write_text("targets: [", encoding="utf-8")
    _, text = run(drawn)
    assert "마지막으로 읽은 온전한 대장" in text
    assert text.count('<article class="kpi-card">') == 1


def test_nothing_ever_readable_is_said_without_a_traceback(drawn, tmp_path):
    (tmp_path / "empty").mkdir()
    context.use_folder(tmp_path / "empty")
    for page in state.PAGES:
        _, text = run(drawn, page)
        assert "목표 대장을 읽을 수 없습니다" in text


def test_the_last_year_is_the_same_on_every_page(drawn, monkeypatch):
    asked = []

    def recorded(registry, observations, since, until):
        asked.append((since, until))
        return []

    monkeypatch.setattr("loaders.changes.changes", recorded)
    monkeypatch.setattr(context, "_pages", {})
    for page in ("overview", "changes", "method"):
        run(drawn, page, as_of="2026-11-28")
    assert asked == [(date(2025, 11, 28), date(2026, 11, 28))] * 3


def test_what_changed_since_a_day_and_why(drawn):
    _, text = run(drawn, "changes", as_of="2026-11-23", since="2025-11-23")
    assert "2025년 11월 23일부터 2026년 11월 23일까지 무엇이 변했나" in text
    for cause in ("목표가 바뀜: 경제성장전략 2026", "새 통계: 2025년 15위", "시간이 지남"):
        assert cause in text
    _, english = run(drawn, "changes", as_of="2026-11-23", since="2025-11-23", lang="en")
    assert "What changed from 23 November 2025 to 23 November 2026" in english
    assert "new value: 15th for 2025" in english
    _, nothing = run(drawn, "changes", as_of="2026-11-23", since="2026-11-22")
    assert "이 기간에 상태가 바뀐 목표가 없습니다." in nothing
    _, odd = run(drawn, "changes", as_of="2026-11-23", since="someday")
    assert "someday" in odd
    _, late = run(drawn, "changes", as_of="2026-01-01", since="2026-11-22")
    assert "2026년 1월 1일부터 2026년 1월 1일까지" in late


def test_every_grouping_counts_every_target(drawn):
    _, text = run(drawn, "changes", as_of="2026-11-23")
    for group in ("분야", "주관 기관", "문서"):
        table = text.split(f'<table aria-label="{group}">')[1].split("</table>")[0]
        totals = re.findall(r'data-label="전체"[^>]*><div>(\d+)', table)
        assert sum(map(int, totals)) == 14, group


def test_a_target_says_in_advance_what_the_next_value_would_mean(drawn):
    _, text = run(drawn, "target", id="imd_digital_rank", as_of="2026-11-23")
    ahead = text.split("앞으로</h2>")[1].split("</section>")[0]
    assert "다음 발표(2026년 12월 31일 기준" in ahead
    assert "10위부터" in ahead
    assert "3위부터" in ahead


def test_a_release_that_should_have_come_is_not_called_coming(drawn):
    assert "나왔어야 할 발표(2025년 6월 30일 기준" in run(drawn, "target", id="ai_talent", as_of="2026-11-23")[1]
    assert "다음 발표(2025년 6월 30일 기준" in run(drawn, "target", id="ai_talent", as_of="2025-08-31")[1]


def test_a_value_that_cannot_be_published_turns_no_light(drawn):
    _, text = run(drawn, "target", id="ai_unicorns", as_of="2026-11-23")
    ahead = text.split("앞으로</h2>")[1].split("</section>")[0]
    assert "못 미치면" not in ahead, "there are no fewer than 0 companies"
    assert "0개부터" in ahead
    assert ">역행<" not in ahead


def test_the_late_headline_goals_stand_first_with_their_months(drawn):
    _, text = run(drawn, as_of="2026-11-23")
    behind = text.split("늦거나 뒤로 간 대표 목표 4개</h2>")[1].split("</section>")[0]
    names = re.findall(r'target="_self">([^<]+)</a>', behind)
    assert names == ["IMD 디지털경쟁력 순위", "규제 여건 순위", "AI 인재", "최신 GPU 확보"]
    assert "약속한 길보다 약 8개월 늦음" in behind
    assert "늦거나 뒤로 간" not in run(drawn, as_of="2020-06-30")[1]


def test_the_path_can_be_seen_closer(drawn):
    _, text = run(drawn, "target", id="ai_talent", as_of="2026-11-23")
    assert "/target?as_of=2026-11-23&amp;id=ai_talent&amp;range=near" in text
    _, near = run(drawn, "target", id="ai_talent", as_of="2026-11-23", range="near")
    assert '<strong aria-current="true">발표된 값 가까이</strong>' in near


def test_a_moved_goal_is_shown_with_its_status_against_both(drawn):
    _, text = run(drawn, "target", id="advanced_gpus", as_of="2026-11-23")
    assert "처음 목표 약 3만장 (2030년, 국가AI전략 2024)에서 지금 목표 5만 2,000장 (2028년, 경제성장전략 2026)" in text
    assert "목표값 +2만 2,000장, 24개월 앞당김" in text
    assert "지금 목표로 보면 가속 필요입니다" in text


def test_ministries_with_their_goals_and_what_they_owe(drawn):
    _, text = run(drawn, "ministries", id="msit", as_of="2026-11-23")
    own = text.split('<details id="msit" open>')[1].split("</details>")[0]
    assert "목표 5개 · 판정 가능 3 · 아직 판정 불가 2" in own
    assert "나왔어야 할 통계와 발표하는 곳" in own
    assert own.index("AI 인재") < own.index("최신 GPU 확보")
    assert "주관 미기재" in text
    totals = re.findall(r"목표 (\d+)개 ·", text)
    assert sum(map(int, totals)) == 14


def test_targets_side_by_side(drawn):
    _, text = run(drawn, "compare", ids="ai_talent,ai_unicorns,nothing", as_of="2026-11-23", lang="en")
    assert text.count("<tr>") == 3
    assert "about 8 months behind the promised path" in text
    assert 'style="width:2.7%"' in text
    _, default = run(drawn, "compare", as_of="2026-11-23")
    assert default.count("<tr>") == 7
    assert "진척을 잴 수 없음" in default, "ranks have no progress"


def test_a_target_leads_back_to_itself(drawn):
    _, text = run(drawn, "target", id="advanced_gpus", as_of="2026-11-23", lang="en")
    past = text.split("History of statuses</h2>")[1].split("</section>")[0]
    assert re.findall(r'datetime="([\d-]+)"', past) == ["2026-03-31", "2026-01-31", "2025-05-31", "2024-09-26"]
    assert "/target?as_of=2026-11-23&amp;lang=en&amp;id=advanced_gpus" in text
    assert "&lt;iframe src=" in text
    assert '<svg role="img"' in text


def test_order_and_small_charts_live_in_the_address(drawn):
    _, text = run(drawn, "targets", headline="true", sort="name", pillar="startups", as_of="2026-11-23")
    assert text.index(">AI 유니콘 기업<") < text.index(">AI 인재<")
    other = next(part for part in re.findall(r'href="([^"]+)"', text) if "view=cards" in part)
    assert {"pillar=startups", "headline=true", "sort=name"} <= set(
        other.replace("&amp;", "&").split("?")[1].split("&")
    )
    _, late = run(drawn, "targets", headline="true", pillar="startups", as_of="2026-11-23")
    assert late.index(">AI 인재<") < late.index(">AI 유니콘 기업<")
    _, cards = run(drawn, "targets", headline="true", view="cards", as_of="2026-11-23")
    assert cards.count('<article class="kpi-card">') == 13
    _, odd = run(drawn, "targets", headline="true", view="odd", sort="odd", as_of="2026-11-23")
    assert "<table" in odd


def test_the_wall_turns_through_what_can_be_judged_late_first(drawn):
    _, text = run(drawn, view="wall", as_of="2026-11-23")
    names = re.findall(r"<h1>([^<]+)</h1>", text)
    assert len(names) == 5
    assert names[0] == "IMD 디지털경쟁력 순위"
    assert "kpi-head" not in text, "no menu on a wall"
    assert text.count('<p class="kpi-wall-status"><span class="kpi-badge') == 5, "a word and a shape on each"
