"""Numbers as people write them: what is printed reads back as what was meant, and no gap becomes nothing."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from builders import a_registry, a_target, a_version, assessed, row
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.wording import number as numbers
from dashboard.wording.catalog import Words
from dashboard.wording.format import computed_text, difference_text, share_text, value_text
from dashboard.wording.sentences import Speaker
from loaders.domain.catalogue import Unit
from loaders.registry import load_registry

SHIPPED = load_registry(Path(__file__).parent.parent / "data")[0]


def unit(ko, en, **fields):
    return Unit.model_validate({"id": "u", "name": {"ko": ko, "en": en}} | fields)


WON = unit("원", "KRW", style="currency", base="KRW")
MILLION_WON = unit("백만원", "KRW million", style="currency", base="KRW", scale=1e6)
TRILLION_WON = unit("조원", "KRW trillion", style="currency", base="KRW", scale=1e12)
THOUSANDS = unit("천명", "thousand people", scale=1000)
TEN_THOUSANDS = unit("만 명", "ten thousand people", scale=1e4)
UNSCALED = unit("천명", "thousand people")
MEGATONS = unit("백만톤", "Mt", style="plain")
PEOPLE = unit("명", "people", decimals=0)
PERCENT = unit("%", "%", style="percent", difference={"ko": "%p", "en": "pp"})
RANK = unit("위", "place", style="rank", decimals=0, difference={"ko": "계단", "en": "places"})
UNITS = {one.id: one for one in SHIPPED.units} | {
    "won": WON,
    "million_won": MILLION_WON,
    "thousands": THOUSANDS,
    "ten_thousands": TEN_THOUSANDS,
    "unscaled": UNSCALED,
    "megatons": MEGATONS,
}

STEPS = {name: Decimal(10) ** power for name, power in numbers.KOREAN_STEPS}
ENGLISH = {name: Decimal(10) ** power for name, power in (("trillion", 12), ("billion", 9), ("million", 6))}
PART = re.compile(r"(\d[\d,]*(?:\.\d+)?)(경|조|억|만)?")


def read_back(text, measured, language):
    """The number, in its unit, that a reader takes from a printed value."""
    sign = -1 if text.startswith(("−", "KRW −")) else 1
    text = text.replace("−", "").replace(",", "")
    if language == "en":
        size = Decimal(re.search(r"\d+(?:\.\d+)?", text)[0])
        if measured.style == "currency" and measured.base == "KRW":
            size *= next((factor for name, factor in ENGLISH.items() if text.endswith(name)), Decimal(1))
            size /= Decimal(repr(measured.scale))
        return sign * size
    counted = "원" if measured.base == "KRW" else numbers.base_name(measured)
    shown = text.removesuffix(counted or measured.name.ko)
    size = sum(Decimal(digits) * STEPS.get(step, 1) for digits, step in PART.findall(shown))
    return sign * (size / Decimal(repr(measured.scale)) if counted else size)


published = st.tuples(st.integers(0, 10**17 - 1), st.integers(0, 15)).map(
    lambda pair: Decimal(pair[0]).scaleb(-pair[1])
)


@pytest.mark.parametrize("name", sorted(UNITS))
@settings(max_examples=50)
@given(value=published)
def test_what_is_printed_reads_back_as_what_was_published(name, value):
    measured = UNITS[name]
    assert read_back(value_text(value, measured, "ko"), measured, "ko") == value, value_text(value, measured, "ko")
    back = read_back(value_text(value, measured, "en"), measured, "en")
    if measured.style == "currency" and measured.base == "KRW":
        # English writes 1.0096 trillion as 1.01 trillion, and never loses more than that.
        assert abs(back - value) * 1000 <= value
    else:
        assert back == value


@pytest.mark.parametrize("name", sorted(UNITS))
@pytest.mark.parametrize("language", ["ko", "en"])
@settings(max_examples=50)
@given(size=st.one_of(st.floats(1e-12, 1e14), published.filter(bool).map(float)))
def test_a_gap_that_is_not_zero_never_prints_as_zero(name, language, size):
    assert re.search("[1-9]", difference_text(size, UNITS[name], language, sign=False))
    assert difference_text(-size, UNITS[name], language).startswith("−")


@pytest.mark.parametrize("name", sorted(UNITS))
@settings(max_examples=50)
@given(goal=st.integers(1, 10**6), distance=st.floats(1e-7, 1e-3))
def test_no_computed_value_prints_as_the_goal_that_it_is_not(name, goal, distance):
    short = goal - distance
    assert computed_text(short, UNITS[name], "ko", [goal]) != value_text(goal, UNITS[name], "ko")
    assert numbers.rounded(short, UNITS[name], [goal]) < goal


def test_control_rounding_to_the_unit_alone_prints_the_goal(monkeypatch):
    monkeypatch.setattr(numbers, "MOST_DECIMALS", 0)
    assert computed_text(4.99, PERCENT, "ko", [5]) == "5%"


@pytest.mark.parametrize(
    ("value", "measured", "ko", "en"),
    [
        (3000, WON, "3,000원", "KRW 3,000"),
        (12000, WON, "1만 2,000원", "KRW 12,000"),
        (10320, WON, "1만 320원", "KRW 10,320"),
        (0.5, WON, "0.5원", "KRW 0.5"),
        (0.9999, MILLION_WON, "99만 9,900원", "KRW 999,900"),
        (0.99999999, MILLION_WON, "99만 9,999.99원", "KRW 999,999.99"),
        (1.0098, TRILLION_WON, "1조 98억원", "KRW 1.01 trillion"),
        (1.23456, TRILLION_WON, "1조 2,345억 6,000만원", "KRW 1.23456 trillion"),
        (15000, TRILLION_WON, "1.5경원", "KRW 15,000 trillion"),
        (15234, TRILLION_WON, "1경 5,234조원", "KRW 15,234 trillion"),
        (-3, TRILLION_WON, "−3조원", "KRW −3 trillion"),
        (28900, THOUSANDS, "2,890만명", "28,900 thousand people"),
        (30000, THOUSANDS, "3,000만명", "30,000 thousand people"),
        (0.4, THOUSANDS, "400명", "0.4 thousand people"),
        (12345, TEN_THOUSANDS, "1억 2,345만명", "12,345 ten thousand people"),
        (28900, UNSCALED, "28,900천명", "28,900 thousand people"),
        (12345, unit("만명", "10,000 people", scale=1e4), "1억 2,345만명", "12,345 × 10,000 people"),
        (1.3, unit("십억달러", "USD billion", style="currency", base="USD", scale=1e9), "13억달러", "1.3 USD billion"),
        (12345, MEGATONS, "12,345백만톤", "12,345 Mt"),
        (15_000_000_000_000_000, PEOPLE, "1.5경명", "15,000,000,000,000,000 people"),
        (Decimal("39.0"), PERCENT, "39.0%", "39.0%"),
        (Decimal("40.35801527835693"), PERCENT, "40.35801527835693%", "40.35801527835693%"),
        (0.1 + 0.2, PERCENT, "0.3%", "0.3%"),
        (3.5, RANK, "3.5위", "3.5th"),
    ],
)
def test_published_values(value, measured, ko, en):
    assert (value_text(value, measured, "ko"), value_text(value, measured, "en")) == (ko, en)


@pytest.mark.parametrize(
    ("size", "measured", "ko", "en"),
    [
        (5 - 4.96, PERCENT, "0.04%p", "0.04 pp"),
        (5 - 4.9563, PERCENT, "0.044%p", "0.044 pp"),
        (12.345, PERCENT, "12.3%p", "12.3 pp"),
        (3.5, unit("%", "%", style="percent"), "3.5%p", "3.5 pp"),
        (0.96, PERCENT, "0.96%p", "0.96 pp"),
        (1680, WON, "1,680원", "KRW 1,680"),
        (1100, THOUSANDS, "110만명", "1,100 thousand people"),
        (14.912345678, TRILLION_WON, "14조 9,120억원", "KRW 14.91 trillion"),
        (0.00000004, TRILLION_WON, "4만원", "KRW 40,000"),
        (2.4, PEOPLE, "2.4명", "2.4 people"),
        (146000.4, PEOPLE, "14만 6,000명", "146,000 people"),
        (2, RANK, "2계단", "2 places"),
        (1, RANK, "1계단", "1 place"),
    ],
)
def test_differences(size, measured, ko, en):
    assert [difference_text(size, measured, name, sign=False) for name in ("ko", "en")] == [ko, en]


@pytest.mark.parametrize(
    ("share", "text"), [(0.9996, "99.96%"), (1, "100%"), (0.0004, "0.04%"), (0, "0%"), (0.501, "50%"), (1.2, "120%")]
)
def test_shares_reach_their_ends_only_where_they_do(share, text):
    assert share_text(share) == text


def speaker(target, language):
    return Speaker(a_registry(target), Words(language))


def test_a_short_number_is_not_rounded():
    target = a_target("unicorns", a_version(target="{value: 60, due: 2030, comparator: at_least}"), unit="percent")
    say = speaker(target, "ko")
    found = say.registry.target["unicorns"]
    assert [say.computed(found, one) for one in (12.34, 12.3456, 59.99996)] == ["12.34%", "12.3%", "59.99996%"]


def test_a_value_is_said_with_the_digits_that_were_published():
    target = a_target("unicorns", a_version(target="{value: 60, due: 2030, comparator: at_least}"), unit="percent")
    item = assessed(target, row("unicorns", "2024", "39.0"))
    assert speaker(target, "ko").latest(item) == "39.0%"
    assert "39.0%" in speaker(target, "ko").headline(item)
