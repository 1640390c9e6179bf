"""Both languages hold the same messages, every key in use exists, and numbers read as people write them."""

import ast
import re
from datetime import date
from pathlib import Path

import pytest
from builders import a_registry, a_target, a_version, assessed, row

from dashboard import components, views
from dashboard.wording.catalog import Words, catalog
from dashboard.wording.format import date_text, difference_text, pace_text, period_text, value_text, whole_months
from dashboard.wording.sentences import Speaker
from loaders.domain.catalogue import Unit
from loaders.domain.method.status import Overlay, Reason, Status
from loaders.domain.model import Kind
from loaders.domain.model import Reason as VersionReason
from loaders.domain.observation import STATUSES

PACKAGE = Path(views.__path__[0]).parent
KO, EN = catalog("ko"), catalog("en")
PLACEHOLDER = re.compile(r"\{(\w+)")


def unit(**fields) -> Unit:
    return Unit.model_validate({"id": "u", "name": {"ko": "명", "en": "people"}} | fields)


FOLD = unit(name={"ko": "배", "en": "times"}, style="plain")
COMPANIES = unit(name={"ko": "개", "en": "companies"}, decimals=0)
WON = unit(name={"ko": "조원", "en": "KRW trillion"}, style="currency", scale=1e12, base="KRW")
PERCENT = unit(name={"ko": "%", "en": "%"}, style="percent", difference={"ko": "%p", "en": "pp"})
RANK = unit(name={"ko": "위", "en": "place"}, style="rank", difference={"ko": "계단", "en": "places"})
PEOPLE = unit(decimals=0)


def test_both_catalogues_hold_the_same_keys_with_the_same_placeholders():
    assert set(KO) == set(EN)
    assert [key for key in KO if set(PLACEHOLDER.findall(KO[key])) != set(PLACEHOLDER.findall(EN[key]))] == []
    assert [key for key in KO if not KO[key] or not EN[key]] == []


def test_korean_is_korean_and_english_is_english():
    hangul = re.compile("[가-힣]")
    same_in_both = {"target.chart_title", "target.versions.note", "card.equal"}
    assert [
        key for key in EN if hangul.search(EN[key]) and key != "nav.language_switch" and key != "nav.language_hint"
    ] == []
    foreign = {"nav.language_switch", "nav.language_hint"}
    spoken = [
        key for key in KO if not hangul.search(KO[key]) and re.search("[a-z]{4}", re.sub(r"\{\w+\}", "", KO[key]))
    ]
    assert [key for key in spoken if key not in same_in_both | foreign] == []


def test_every_literal_key_in_the_code_exists():
    missing = []
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                key = node.args[0].value
                if name == "words" and isinstance(key, str) and key not in KO:
                    missing.append((path.name, key))
    assert missing == []


def test_every_code_has_its_words():
    keys = (
        [f"status.{one}" for one in Status] + [f"reason.{one}" for one in Reason] + [f"obs.{one}" for one in STATUSES]
    )
    keys += [f"overlay.{one}{end}" for one in Overlay for end in ("", ".help")] + [f"kind.{one}" for one in Kind]
    keys += [f"reason_version.{one}" for one in VersionReason] + [f"method.status.{one}" for one in Status]
    assert [key for key in keys if key not in KO] == []


def test_every_issue_code_is_translated():
    expected = Path(__file__).parent / "registries"
    codes = {
        line.split()[1] for path in expected.glob("*/expected.txt") for line in path.read_text("utf-8").splitlines()
    }
    assert [code for code in sorted(codes) if f"issue.{code}" not in KO] == []


@pytest.mark.parametrize(
    ("value", "measured", "ko", "en"),
    [
        (51000, PEOPLE, "5만 1,000명", "51,000 people"),
        (200000, PEOPLE, "20만명", "200,000 people"),
        (1, PEOPLE, "1명", "1 person"),
        (65, WON, "65조원", "KRW 65 trillion"),
        (14.9, WON, "14.9조원", "KRW 14.9 trillion"),
        (1.0096, WON, "1조 96억원", "KRW 1.01 trillion"),
        (0.021, WON, "210억원", "KRW 21 billion"),
        (12.34, PERCENT, "12.34%", "12.34%"),
        (3, RANK, "3위", "3rd"),
        (11, RANK, "11위", "11th"),
        (22, RANK, "22위", "22nd"),
        (0.001, FOLD, "0.001배", "0.001 times"),
        (0.2, COMPANIES, "0.2개", "0.2 companies"),
        (0, COMPANIES, "0개", "0 companies"),
    ],
)
def test_values(value, measured, ko, en):
    assert value_text(value, measured, "ko") == ko
    assert value_text(value, measured, "en") == en


def test_differences_paces_periods_and_months():
    assert difference_text(-3.5, PERCENT, "ko") == "−3.5%p"
    assert difference_text(1, RANK, "en") == "+1 place"
    assert pace_text(6.4, PERCENT, "ko") == "연 +6.4%p"
    assert pace_text(8301.6, PEOPLE, "en") == "+8,302 people a year"
    assert [period_text(text, "ko") for text in ("2025", "2023-06", "2024-H1", "2024-Q3")] == [
        "2025년 말",
        "2023년 6월",
        "2024년 상반기",
        "2024년 3분기",
    ]
    assert period_text("2025", "en", edition=True) == "2025"
    assert date_text(date(2026, 11, 3), "en") == "3 November 2026"


@pytest.mark.parametrize(
    ("value", "ko", "en"),
    [
        ("4.285714", "{line}보다 약 12개월 빠름", "about 12 months ahead of {line}"),
        ("1.428571", "{line}보다 약 12개월 늦음", "about 12 months behind {line}"),
        ("2.857143", "{line} 위에 있음", "on {line}"),
        ("2.7", "{line}보다 약 1개월 늦음", "about a month behind {line}"),
    ],
)
@pytest.mark.parametrize(
    ("version", "line"),
    [
        (a_version(), ("목표까지 곧게 이은 선", "a straight line to the goal")),
        (a_version(milestones="[{value: 1.428571428571, due: 2024}]"), ("약속한 길", "the promised path")),
    ],
    ids=["straight", "declared"],
)
def test_time_gap_in_words(value, ko, en, version, line):
    """The period of the value is named, and a line of ours is never called promised."""
    target = a_target("unicorns", version, unit="krw_trillion")
    item = assessed(target, row("unicorns", "2025", value))
    registry = a_registry(target)
    said = {name: Speaker(registry, Words(name)).lag(item) for name in ("ko", "en")}
    assert said["ko"] == f"2025년 말 값은 {ko.format(line=line[0])}"
    assert said["en"] == f"the end-2025 value is {en.format(line=line[1])}"


@pytest.mark.parametrize(
    ("value", "ko", "en"),
    [
        ("12", "목표를 이미 넘음", "already past the target"),
        ("-3", "출발(0원, 2023년)보다 뒤로 감", "behind where it started (KRW 0 in 2023)"),
    ],
)
def test_off_the_path_in_words(value, ko, en):
    target = a_target("unicorns", a_version(), unit="krw_trillion")
    item = assessed(target, row("unicorns", "2025", value))
    registry = a_registry(target)
    assert {name: Speaker(registry, Words(name)).lag(item) for name in ("ko", "en")} == {"ko": ko, "en": en}


@pytest.mark.parametrize(
    ("months", "whole"),
    [(0.0, 0), (-0.99, 0), (1.0, 1), (-1.0, 1), (1.9, 1), (2.0 - 1e-9, 2), (-7.66, 8), (24.4, 24)],
)
def test_months_are_whole(months, whole):
    assert whole_months(months) == whole


def test_a_reason_is_a_whole_sentence():
    item = assessed(a_target(), row("unicorns", "2023", "0"))
    assert Speaker(a_registry(a_target()), Words("ko")).lag(item) == (
        "판정 불가: 2023년 말 뒤의 값을 확인하지 못했습니다 (아직 찾아보지 않음)"
    )


def test_only_one_module_turns_markup_on():
    turned = [
        path.name
        for path in PACKAGE.rglob("*.py")
        if re.search(r"unsafe_allow_html|components\.v2|innerHTML", path.read_text(encoding="utf-8"))
    ]
    assert sorted(turned) == ["follow.py", "markup.py"]
    assert components.__doc__
