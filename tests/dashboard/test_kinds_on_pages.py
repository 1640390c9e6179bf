"""What the target page says and draws for ranges, yearly quotas, deliverables and wholes."""

import html
import re

import pytest
from builders import a_registry, a_target, a_version, observed, row

from dashboard.charts.from_assessment import chart_data
from dashboard.charts.path_chart import path_figure
from dashboard.components import working
from dashboard.wording.catalog import Words
from dashboard.wording.sentences import Speaker
from loaders.assessment import assess
from loaders.domain.period import parse_period

DAY = parse_period("2026-06-01").end
STEPS = (
    "[{name: {ko: 법안, en: Bill}, weight: 0.3, due: 2024}, {name: {ko: 시행령, en: Decree}, weight: 0.3, due: 2026}, "
    "{name: {ko: 개소, en: Opening}, weight: 0.4, due: 2028}]"
)
TARGETS = {
    "range": a_target(
        "share",
        a_version(
            baseline="{value: 10, period: 2023}",
            target="{low: 20, high: 30, due: 2030, comparator: within}",
            as_printed='"20~30"',
        ),
        kind="range",
        unit="percent",
    ),
    "quota": a_target(
        "trained",
        a_version(baseline=None, start="2022", target="{value: 100, comparator: at_least}"),
        kind="recurring",
        measure="flow",
    ),
    "ladder": a_target(
        "law",
        a_version(baseline=None, steps=STEPS, target="{value: 1, due: 2028, comparator: at_least}"),
        kind="ladder",
    ),
    "whole": a_target("first")
    + a_target("second", a_version(target="{value: 20, due: 2030, comparator: at_least}"))
    + a_target(
        "both",
        a_version(target="{value: 30, due: 2030, comparator: at_least}"),
        kind="breakdown",
        breakdown="{rule: weighted, children: [{target: first, weight: 0.4}, {target: second, weight: 0.6}]}",
    ),
}
ROWS = {
    "range": [row("share", "2024", "12"), row("share", "2025", "13")],
    "quota": [row("trained", "2022", "90"), row("trained", "2024", "120"), row("trained", "2025", "85")],
    "ladder": [row("law", "2024", "0.3"), row("law", "2025", "0.3")],
    "whole": [row("first", "2025", "2"), row("second", "2025", "9")],
}


def shown(kind, language="ko"):
    registry = a_registry(TARGETS[kind])
    item = assess(registry, observed(*ROWS[kind]), DAY)[-1]
    return item, Speaker(registry, Words(language))


def text(markup):
    return html.unescape(re.sub(r"<[^>]+>", " ", markup))


@pytest.mark.parametrize(
    ("kind", "ko", "en"),
    [
        (
            "range",
            "2025년 말 유니콘 13%: 목표까지 곧게 이은 선보다 약 1개월 빠름. 2030년 20%~30%까지 7%p 남았습니다.",
            "Unicorns, end of 2025: 13%, about a month ahead of a straight line to the goal. 7 pp to go to 20% to 30% by 2030.",
        ),
        (
            "quota",
            "2025년 말 유니콘 85개: 최근 해의 목표량에 못 미침 (4년 가운데 1년 달성). 100개 이상까지 15개 남았습니다.",
            "Unicorns, end of 2025: 85 companies, latest yearly quota not met (1 of 4 years). "
            "15 companies to go to at least 100 companies.",
        ),
        (
            "ladder",
            "2025년 말 유니콘 30%: 지금까지 마칠 것 30% 가운데 30% 마침. 목표는 2028년까지 모두 마치는 것입니다.",
            "Unicorns, end of 2025: 30%, 30% done of 30% due by now. The goal is to finish everything by 2028.",
        ),
        (
            "whole",
            "유니콘: 부분 목표를 더해 진척 35%, 약속 29%. 목표는 2030년 30개 이상입니다.",
            "Unicorns: parts add up to 35% of the way, 29% promised. The target is at least 30 companies by 2030.",
        ),
    ],
)
def test_the_sentence(kind, ko, en):
    for language, sentence in (("ko", ko), ("en", en)):
        item, say = shown(kind, language)
        assert say.headline(item) == sentence


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        ("range", ["1 − 7 / 10 0.3", "0.3 / 0.2857 1.05"]),
        ("quota", ["85 / 100 0.85", "1/4"]),
        ("ladder", ["Σ w P 0.3", "0.3 / 0.3 1"]),
        ("whole", ["Σ w P 0.35", "Σ w P* 0.2857", "0.35 / 0.2857 1.225"]),
    ],
)
def test_the_working_puts_the_numbers_in(kind, rows):
    item, say = shown(kind)
    said = " ".join(text(working.steps(item, say)).split())
    for line in rows:
        assert line in said
    wrong = {"range": "(13 − 10) / (20 − 10)", "quota": "E(", "ladder": "Theil", "whole": "Theil"}
    assert wrong[kind] not in said


def test_a_whole_shows_what_its_parts_add_up_to():
    item, say = shown("whole", "en")
    figures = " ".join(text(working.figures(item, say)).split())
    assert "Progress 35% 29% was promised by now" in figures
    assert "no published value" not in figures


def figure(kind, language="ko"):
    item, _ = shown(kind, language)
    data = chart_data(item, DAY, (0, None), language)
    return data, path_figure(data, Words(language), str, {}, dark=False)


def test_a_range_is_a_band_between_its_edges():
    _, drawn = figure("range")
    (band,) = [shape for shape in drawn.layout.shapes if shape.name == "range"]
    assert (band.y0, band.y1) == (20, 30)


def test_a_quota_is_a_bar_a_year_against_a_line():
    _, drawn = figure("quota")
    bars = [trace for trace in drawn.data if trace.type == "bar"]
    assert sorted(zip(bars[0].x, bars[0].y, strict=True)) == [(2023.0, 90), (2025.0, 120), (2026.0, 85)]
    low, high = drawn.layout.xaxis.range
    assert low <= 2022.5
    assert high >= 2026.5
    assert drawn.layout.yaxis.range[1] > 120 * 1.1, "room for the label above the highest bar"


def test_a_ladder_is_a_step_with_the_names_of_what_is_due():
    for language, names in (("ko", ("법안", "시행령", "개소")), ("en", ("Bill", "Decree", "Opening"))):
        data, drawn = figure("ladder", language)
        (nodes,) = [trace for trace in drawn.data if trace.name == "nodes"]
        assert nodes.text == names
        assert data.path.step
