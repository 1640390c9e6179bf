"""Slips of unit and scale are asked about; the values that were really published mostly are not."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from builders import HEAD, SAMPLE, a_registry, a_target, a_version, observed, row

from dashboard.wording.catalog import Words, catalog
from dashboard.wording.intake import doubt_text
from loaders import doubts as module
from loaders.dataset import load_dataset
from loaders.domain.period import parse_period
from loaders.domain.vintage import latest_known
from loaders.doubts import doubts

WON = {"unit": "krw_trillion", "measure": "flow"}
SHARE = {"unit": "percent", "measure": "ratio"}
COUNT = {"unit": "company", "integer": "true", "measure": "stock"}
RANK = {"unit": "rank", "kind": "rank", "measure": "rank"}
DOWN = a_version(baseline="{value: 10, period: 2023}", target="{value: 3, due: 2030, comparator: at_most}")


def asked(fields, series, value, period="2025", version=None):
    """Doubts about ``value`` after a series of yearly values that ends in 2024."""
    version = version or (DOWN if fields is RANK else a_version())
    registry = a_registry(a_target("m", version, **fields))
    first = 2025 - len(series)
    rows = [row("m", str(first + at), text) for at, text in enumerate(series)]
    target = registry.target["m"]
    return doubts(target, registry.unit[target.unit], observed(*rows), Decimal(value), parse_period(period))


def codes(*given, **options):
    return [one.code for one in asked(*given, **options)]


SERIES = ("10.1", "12.4", "14.9")
STAFF = ("29625", "42551", "51425")
PERCENT = ("42.4", "50.8", "60.3")


@pytest.mark.parametrize(
    ("fields", "series", "value", "code", "detail"),
    [
        (WON, SERIES, "165000", "scale", {"meant": "won_8", "factor": "10000", "side": "over"}),
        (WON, SERIES, "1650000000", "scale", {"meant": "won_4", "factor": "100000000"}),
        (WON, SERIES, "16500000000000", "scale", {"meant": "won_0", "factor": "1000000000000"}),
        (WON, SERIES, "16500000", "scale", {"meant": "won_6", "factor": "1000000"}),
        (WON, SERIES, "16500000000", "scale", {"meant": "won_3", "factor": "1000000000"}),
        (WON, SERIES, "165.2", "factor", {"factor": "10", "side": "over"}),
        (WON, SERIES, "1.6", "factor", {"factor": "10", "side": "under"}),
        (SHARE, PERCENT, "0.652", "share", {"side": "under"}),
        (SHARE, ("0.5", "0.6", "0.6"), "61.3", "share", {"side": "over"}),
        (COUNT, STAFF, "5", "scale", {"meant": "count_4", "factor": "10000", "side": "under"}),
        (COUNT, STAFF, "54", "scale", {"meant": "count_3", "factor": "1000"}),
        (COUNT, STAFF, "540000", "factor", {"factor": "10"}),
        (COUNT, STAFF, "5400", "factor", {"factor": "10", "side": "under"}),
        ({"unit": "year"}, ("1.3", "1.2"), "-1.1", "sign", {"last": "1.2"}),
    ],
)
def test_fourteen_slips_of_unit_and_scale(fields, series, value, code, detail):
    found = {one.code: one.parameters for one in asked(fields, series, value)}
    assert code in found
    assert {key: found[code][key] for key in detail} == detail


@pytest.mark.parametrize(
    ("fields", "series", "value"),
    [
        (WON, SERIES, "16.5"), (SHARE, PERCENT, "66.1"), (COUNT, STAFF, "54000"), (RANK, ("12", "8", "6", "6"), "6"), (RANK, ("12", "8", "6"), "9"),
        (COUNT, ("0", "1", "2"), "3"), (COUNT, ("0",), "2"), (SHARE, ("4",), "9"), (WON, (), "5"), (COUNT, ("191", "381"), "600"),
    ],
)  # fmt: skip
def test_plausible_values_are_not_asked_about(fields, series, value):
    assert codes(fields, series, value) == []


def test_jumps():
    assert codes(SHARE, PERCENT, "99.5") == ["jump"]
    assert codes(SHARE, PERCENT, "69.9") == []
    assert codes(RANK, ("12", "8", "6", "6", "5"), "31") == ["jump"]
    assert codes(WON, ("10.1", "12.4"), "41.5") == ["jump"]
    (found,) = asked(WON, SERIES, "35.5")
    assert (found.code, dict(found.parameters)) == ("jump", {"last": "14.9", "change": "20.6"})


def test_a_longer_gap_allows_a_larger_change():
    assert codes(WON, SERIES, "26.5", "2025") == ["jump"]
    assert codes(WON, SERIES, "26.5", "2027") == []


def test_a_stock_that_falls_unless_falling_is_the_aim():
    assert codes(COUNT, STAFF, "50000") == ["fall"]
    assert codes({**COUNT, "measure": "flow"}, STAFF, "50000") == []
    down = a_version(baseline="{value: 90000, period: 2020}", target="{value: 100, due: 2030, comparator: at_most}")
    assert codes(COUNT, STAFF, "50000", version=down) == []


def test_the_last_value_again():
    assert codes(WON, SERIES, "14.9") == ["unchanged"]
    assert codes(RANK, ("6", "6"), "6") == []


def test_bounds_and_decimals():
    assert "bounds" in codes(SHARE, PERCENT, "103.5")
    assert codes(SHARE, (), "-0.5") == ["bounds"]
    assert codes(SHARE, PERCENT, "66.12") == ["decimals"]
    assert codes(SHARE, ("60",), "66.12") == []
    assert codes(COUNT, STAFF, "54000.5") == ["decimals"]


@pytest.mark.parametrize(
    ("before", "value", "shown"),
    [(("38.1", "39.4"), "39", "39.0"), (("39.40", "38.15"), "39.1", "39.10"), (("39.0",), "41", "41.0")],
)
def test_the_zero_that_a_spreadsheet_drops_is_asked_for(before, value, shown):
    (found,) = asked(SHARE, before, value)
    assert (found.code, dict(found.parameters)) == ("zero", {"read": value, "shown": shown})
    assert codes(SHARE, before, shown) == []


def test_no_zero_is_asked_for_where_decimals_come_and_go_or_none_can_be():
    assert codes(SHARE, ("38", "39.4"), "40") == []
    assert codes(COUNT, STAFF, "54001") == []
    version = a_version(baseline="{value: 39.4, period: 2020}", target="{value: 60, due: 2030, comparator: at_least}")
    assert codes(SHARE, (), "41", version=version) == ["zero"]


def test_a_first_value_is_compared_with_the_baseline():
    version = a_version(baseline="{value: 14.9, period: 2024}", target="{value: 65, due: 2030, comparator: at_least}")
    assert codes(WON, (), "165000", version=version) == ["scale"]
    assert codes(WON, (), "16.5", version=version) == []


def test_a_correction_is_compared_with_what_it_corrects():
    assert codes(WON, SERIES, "14.9", "2024") == []
    assert codes(WON, SERIES, "149", "2024") == ["factor"]


def test_after_a_break_earlier_values_do_not_count():
    broken = {**WON, "series": "{indicator: m, breaks: [{period: 2025, note: {ko: 가, en: a}}]}"}
    assert codes(broken, SERIES, "165.2") == []
    assert codes(WON, SERIES, "165.2") == ["factor"]


def test_values_of_another_scope_and_definition_do_not_count():
    registry = a_registry(a_target("m", **WON))
    target = registry.target["m"]
    rows = observed(row("m", "2024", "1", scope="world"), row("m", "2024", "2", status="D"))
    assert doubts(target, registry.unit["krw_trillion"], rows, Decimal("10"), parse_period("2025")) == []


@pytest.mark.parametrize("language", ["ko", "en"])
def test_each_doubt_is_a_sentence(language):
    say = Words(language)
    given = [
        *asked(WON, SERIES, "165000"), *asked(SHARE, PERCENT, "0.652"), *asked(WON, SERIES, "165.2"), *asked(WON, SERIES, "35.5"),
        *asked(SHARE, PERCENT, "103.55"), *asked(COUNT, STAFF, "50000"), *asked(WON, SERIES, "14.9"), *asked({"unit": "year"}, ("1.3",), "-1.1"),
    ]  # fmt: skip
    assert {one.code for one in given} == {
        "scale",
        "share",
        "factor",
        "jump",
        "bounds",
        "decimals",
        "fall",
        "unchanged",
        "sign",
    }
    texts = [doubt_text(say, one) for one in given]
    assert all("{" not in one and one.endswith((".", "?")) for one in texts)
    meant = {
        "ko": "직전 값(14.9)의 약 10000배입니다. 억원 단위로 적지 않았나요?",
        "en": "Is it written in hundreds of millions of won?",
    }
    assert meant[language] in texts[0]


def test_every_unit_that_may_be_meant_has_its_words():
    powers = [("won", at) for at in (0, *module.STEPS)] + [("count", at) for at in module.STEPS]
    assert [one for one in powers if f"doubt.meant.{one[0]}_{one[1]}" not in catalog("ko")] == []
    assert "krw_trillion" in HEAD


def real_values():
    """Each value of the sample with what had been known of earlier periods, and the text it was printed as."""
    data = load_dataset(SAMPLE)
    printed = {}
    for path in (SAMPLE / "actuals").glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            for one in reader:
                printed[path.name, reader.line_num] = one["value"]
    for target in data.registry.targets:
        if target.series is None:
            continue
        rows = [one for one in data.observations if one.indicator == target.series.indicator]
        scope = (target.versions[-1].scope or target.scope).id
        for one in latest_known(rows, target.series, date.max).rows:
            if one.scope == scope and one.status not in "FD":
                earlier = [other for other in rows if other.period.end < one.period.end]
                value = Decimal(printed[Path(one.file).name, one.line])
                yield target, data.registry.unit[target.unit], earlier, value, one.period


def test_of_real_values_few_are_asked_about():
    asked_about = [bool(doubts(*case)) for case in real_values()]
    assert len(asked_about) >= 50
    assert sum(asked_about) / len(asked_about) < 0.12


def test_every_slip_of_a_real_value_is_asked_about():
    slips, missed = 0, []
    for target, unit, earlier, value, period in real_values():
        scope = (target.versions[-1].scope or target.scope).id
        if unit.style == "rank" or not value or not any(one.scope == scope and one.value for one in earlier):
            continue
        for factor in ("100", "1000", "10000", "0.01", "0.0001"):
            slips += 1
            if not doubts(target, unit, earlier, value * Decimal(factor), period):
                missed.append((target.id, period.text, factor))
    assert slips >= 100
    assert missed == []
