"""Faults that users of other trackers reported, as a reader of the target page meets them: words and numbers."""

import html
import re
from pathlib import Path

import pytest
from builders import a_data_folder, a_target, a_version, row
from streamlit.testing.v1 import AppTest

from dashboard import context, server
from dashboard.cli import DEFAULT_DATA

ANNUAL = "{{indicator: {id}, frequency: annual, release_lag_days: 90, grace_days: 30}}"
GONE = {"document": "plan-2025", "baseline": None, "target": None}
TO_100 = "{value: 100, due: 2030, comparator: at_least}"


def goal(id, target, baseline="{value: 0, period: 2020}", *later, version=None, **fields):
    first = a_version(baseline=baseline, target=target, **(version or {}))
    return a_target(id, first, *later, **({"series": ANNUAL.format(id=id), "unit": "percent"} | fields))


def quota(number, **fields):
    return a_version(
        fields.pop("document", "plan-2023"),
        baseline=None,
        start="2021",
        target=f"{{value: {number}, due: 2030, comparator: at_least}}",
        **fields,
    )


def value(id, period, number, **changes):
    return row(id, period, number, **({"published": f"{int(period[:4]) + 1}-03"} | changes))


TARGETS = (
    a_target(
        "quota",
        quota(100),
        quota(150, document="plan-2025", reason="raised"),
        kind="recurring",
        measure="flow",
        series=ANNUAL.format(id="quota"),
    ),
    goal("restated", "{value: 60, due: 2030, comparator: at_most}", "{value: 72.7, period: 2018}"),
    goal("inflation", "{value: 2, due: 2027, comparator: equal}", "{value: 5, period: 2022}"),
    goal("about", "{value: 50, due: 2027, comparator: about}", "{value: 5, period: 2022}"),
    goal("merged", TO_100, "{value: 0, period: 2020}", a_version(reason="merged", **GONE), superseded_by="part"),
    goal("split", TO_100, "{value: 0, period: 2020}", a_version(reason="split", **GONE), superseded_by="[part, other]"),
    goal("part", TO_100, name="{ko: 첫 부분, en: First part}"),
    goal(
        "adopted",
        TO_100,
        series="{indicator: adopted, frequency: annual, alternatives: "
        "[{indicator: elsewhere, name: {ko: 다른 조사, en: Another survey}}]}",
    ),
    goal("other", TO_100, name="{ko: 둘째 부분, en: Second part}"),
    goal("ceiling", "{value: 50, comparator: at_most}", None, kind="limit", version={"start": "2030"}),
    goal(
        "budget",
        "{value: 10, due: 2028, comparator: at_most}",
        None,
        kind="cumulative",
        measure="flow",
        unit="krw_trillion",
        version={"start": "2024"},
    ),
)
ROWS = (
    *(value("quota", str(2021 + later), number) for later, number in enumerate(("110", "105", "120", "101"))),
    value("restated", "2018", "72.7", published="2020-09"),
    value("restated", "2018", "78.3", published="2024-12", known="2024-12"),
    value("restated", "2024", "64", published="2026-03"),
    value("inflation", "2025", "0.1", published="2026-01"),
    value("about", "2025", "95", published="2026-01"),
    value("merged", "2025", "50"),
    value("elsewhere", "2023", "11"),
    value("elsewhere", "2024", "12"),
    value("elsewhere", "2024", "", status="M", published="2025-09", known="2025-09"),
    value("ceiling", "2025", "60"),
    value("budget", "2024", "8", published="2025-02"),
    value("budget", "2025", "9", published="2026-02"),
)


@pytest.fixture
def page(monkeypatch, tmp_path):
    seen: list[str] = []

    class Painter:
        def __call__(self, data, key=None):
            seen.append(data)

    monkeypatch.setattr("dashboard.components.markup._painter", Painter)
    context.use_folder(a_data_folder(tmp_path / "d", *TARGETS, rows=ROWS, issued="2021-06-30"))

    def drawn(name, language="ko", as_of="2026-11-27"):
        seen.clear()
        test = AppTest.from_file(str(Path(server.SCRIPT)), default_timeout=60)
        for key, given in {"lang": language, "as_of": as_of, "id": name}.items():
            test.query_params[key] = given
        test.switch_page("views/target.py")
        test.run()
        assert not test.exception, test.exception
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", "".join(seen))).split())

    yield drawn
    context.use_folder(DEFAULT_DATA)


SAID = {
    "quota": (
        "2024년 말 유니콘 101개: 최근 해의 목표량을 채움 (4년 가운데 4년 달성). 목표는 2030년까지 해마다 150개 이상입니다.",
        "latest yearly quota met (4 of 4 years). The goal is at least 150 companies every year until 2030.",
        ("100개", "4/4", "목표 변경", "올림"),
        ("에 이르렀습니다", "남은 거리", "가속 필요 (", "지연 ("),
    ),
    "restated": (
        "출발 기간(2018년 말)의 값은 문서에 72.7%, 지금의 발표로는 78.3%입니다. 판정은 문서에 적힌 값으로 합니다.",
        "(end of 2018) the document prints 72.7%; 78.3% is published now.",
        ("출발값이 고쳐 발표됨", "72.7", "78.3%", "진척 69%"),
        (),
    ),
    "inflation": (
        "2025년 말 유니콘 0.1%: 목표를 1.9%p 지나쳐 벗어남. 목표는 2%이며 1.9%p 벗어나 있습니다. 지연",
        "1.9 pp past the target, out of its band. The goal is 2%; the value is 1.9 pp off. Off track",
        ("지연",),
        ("에 이르렀습니다", "이미 넘음", "남았습니다"),
    ),
    "about": (
        "2025년 말 유니콘 95%: 목표를 45%p 지나쳐 벗어남. 목표는 약 50%이며 45%p 벗어나 있습니다. 지연",
        "45 pp past the target, out of its band. The goal is about 50%; the value is 45 pp off. Off track",
        ("지연",),
        ("에 이르렀습니다", "이미 넘음", "남았습니다"),
    ),
    "merged": (
        "다른 목표로 대체됨: 첫 부분. 대체",
        "replaced by another target: First part. Superseded",
        ("목표값 대체", "결과가 나오기 전에 거둠 (2025년 6월 30일)", "합침"),
        ("폐기", "추세를 말하지 않습니다"),
    ),
    "split": (
        "유니콘: 다른 목표로 대체됨: 첫 부분, 둘째 부분. 대체",
        "replaced by another target: First part, Second part. Superseded",
        ("목표값 대체", "나눔"),
        ("폐기", "추세를 말하지 않습니다"),
    ),
    "ceiling": (
        "아직 시행되지 않은 한도입니다. 지켜야 할 목표는 50% 이하입니다. 시점 미도래",
        "This limit is not in force yet. The target is to keep at most 50%. Too early",
        ("60%",),
        ("초과", "역행", "상태는 이렇게 됩니다"),
    ),
    "budget": (
        "2025년 말 유니콘 17조원: 한도를 7조원 넘음. 지켜야 할 목표는 10조원 이하입니다. 초과",
        "KRW 17 trillion, KRW 7 trillion above the ceiling. The target is to keep at most KRW 10 trillion. Exceeded",
        ("170%",),
        ("에 이르렀습니다", "이미 넘음", "개월 빠름"),
    ),
}


@pytest.mark.parametrize("name", SAID)
def test_the_page_says_what_is_right(page, name):
    korean, english, also, never = SAID[name]
    text = page(name).split("상태의 역사")[0]
    assert korean in text
    assert [one for one in also if one not in text] == []
    assert [one for one in never if one in text] == []
    assert english in page(name, "en")


def test_a_limit_in_force_says_what_would_break_it_and_on_which_side(page):
    """Of a ceiling "short of 50 %" would be read as less."""
    text = page("budget", as_of="2025-06-01")
    assert "범위 내" in text
    assert "초과 10조원 초과 범위 내 10조원 이하" in text
    assert "못 미치면" not in text


def test_before_the_restatement_nothing_is_said_of_it(page):
    assert "지금의 발표로는" not in page("restated", as_of="2024-11-30")


def test_control_a_goal_with_two_sides_read_as_one_is_caught(page, monkeypatch):
    """The fault as it was: what went far past the target was called reached and more."""
    monkeypatch.setattr("dashboard.wording.sentences.BANDED", frozenset())
    assert "0.1%: 목표를 이미 넘음" in page("inflation")


def test_another_statistic_whose_last_value_was_taken_back_shows_the_one_before(page):
    """The page of a target must not fall over a value of another survey, nor show what was taken back."""
    assert "다른 조사: 11% (2023년 말)" in page("adopted")
    assert "다른 조사: 12% (2024년 말)" in page("adopted", as_of="2025-08-31")
