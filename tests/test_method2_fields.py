"""The fields that method 2 added to the registry: read, described, and refused where misspelt."""

import pytest
from builders import HEAD, a_target, a_version, registry_text

from loaders.registry import parse_registry
from loaders.traceability import digest, is_recorded

SITE = """\
site:
  title: {ko: 목표, en: Targets}
  publisher: {name: {ko: 처, en: Office}, contact: a@example.org, corrections: https://example.org/c}
  languages: [ko, en]
  time_zone: Asia/Seoul
  first_day: 2019-12-17
  licence: KOGL-1
  year_starts: 3
"""
REMOVED = "removed: [{id: gone, on: 2026-11-27, why: {ko: 목표 아님, en: no goal}}]\n"
SEARCHED = "[{on: 2026-11-27, where: stored pages up to 2026-06, words: 유니콘, result: {ko: 없음, en: none}}]"


def parsed(*targets, head=""):
    registry, report = parse_registry(head + registry_text(*targets), "t.yaml")
    return registry, [str(issue) for issue in report]


def test_a_site_and_what_was_removed():
    registry, issues = parsed(head=SITE + REMOVED)
    assert issues == []
    assert (registry.site.time_zone, registry.site.year_starts, registry.site.title("en")) == (
        "Asia/Seoul",
        3,
        "Targets",
    )
    assert [(one.id, one.why("ko")) for one in registry.removed] == [("gone", "목표 아님")]


def test_without_a_site_the_clock_is_that_of_korea():
    assert parsed()[0].site.time_zone == "Asia/Seoul"


def test_a_time_zone_that_does_not_exist_is_said_with_its_place():
    _, issues = parsed(head=SITE.replace("Asia/Seoul", "Asia/Seuol"))
    assert issues == [
        't.yaml:5:14: schema.value site.time_zone: "Asia/Seuol" is not a time zone: write a name such as Asia/Seoul.'
    ]


def test_a_ministry_of_its_days():
    text = registry_text().replace(
        "en: MSIT}}",
        "en: MSIT}, from: 2017-07-26, until: 2026-01-01, successors: [mofe]}\n  - {id: mofe, name: {ko: 재경부, en: MOFE}}",
    )
    registry, report = parse_registry(text, "t.yaml")
    assert list(report) == []
    old = registry.ministry["msit"]
    assert (old.from_, old.until, old.successors) == ("2017-07-26", "2026-01-01", ["mofe"])


def test_a_misspelt_first_day_of_a_ministry_is_pointed_out():
    text = registry_text().replace("en: MSIT}}", "en: MSIT}, frm: 2017-07-26}")
    _, report = parse_registry(text, "t.yaml")
    assert 'Did you mean "from"?' in str(next(iter(report)))


def test_a_target_that_was_searched_for_and_who_answers():
    registry, issues = parsed(a_target(searched=SEARCHED, answers="{ministry: msit, note: 총괄}"))
    assert issues == []
    target = registry.target["unicorns"]
    assert (target.searched[0].words("en"), target.searched[0].result("en")) == ("유니콘", "none")
    assert target.answers.ministry == "msit"
    assert parsed(a_target(answers="{ministry: mist, note: x}"))[1] != []


def test_values_with_tolerance_and_ambition():
    target = "{value: 10, due: 2030, comparator: about, tolerance: 1}"
    band = "{value: 40, due: 2030, comparator: at_least, ambition: 45}"
    registry, issues = parsed(a_target("a", a_version(target=target)), a_target("b", a_version(target=band)))
    assert issues == []
    assert registry.target["a"].versions[0].target.tolerance == 1
    assert registry.target["b"].versions[0].target.ambition == 45


@pytest.mark.parametrize("word", ["more_than", "less_than", "exact"])
def test_every_comparator_of_the_method_is_a_word(word):
    _, issues = parsed(a_target("a", a_version(target=f"{{value: 10, due: 2030, comparator: {word}}}")))
    assert not any("schema" in issue for issue in issues)


def test_reasons_and_successors_stand_alone_or_in_a_list():
    later = a_version("plan-2025", reason="[raised, postponed]", target="{value: 20, due: 2032, comparator: at_least}")
    registry, issues = parsed(
        a_target("old", a_version(), later, superseded_by="[new, newer]"),
        a_target("new"),
        a_target("newer", superseded_by="new"),
    )
    assert issues == []
    assert registry.target["old"].versions[1].reason == ["raised", "postponed"]
    assert registry.target["old"].superseded_by == ["new", "newer"]
    assert registry.target["newer"].superseded_by == ["new"]


def test_a_series_says_what_its_values_mean():
    series = (
        "{indicator: unicorns, frequency: annual, nature: rule, statistic: end, year_starts: 3, "
        "source: {connector: kosis, dataset: DT_1, filters: {region: '00'}, multiplier: 0.0001}, "
        f"searched: {SEARCHED}, preferences: [{{period: 2024, source: 통계청, note: {{ko: a, en: b}}}}]}}"
    )
    registry, issues = parsed(a_target(series=series))
    assert issues == []
    found = registry.target["unicorns"].series
    assert (found.nature, found.statistic, found.year_starts, found.source.multiplier) == ("rule", "end", 3, 0.0001)
    assert found.preferences[0].source == "통계청"


def test_a_correction_in_place_changes_no_digest_but_the_value_does():
    plain = parsed(a_target())[0].targets[0].versions[0]
    corrected = "[{on: 2026-11-27, field: target.value, was: 100, why: 옮겨 적기 실수}]"
    noted = parsed(a_target("unicorns", a_version(corrected=corrected)))[0].targets[0].versions[0]
    assert digest(noted) == digest(plain)
    other = parsed(a_target("unicorns", a_version(target="{value: 11, due: 2030, comparator: at_least}")))[0]
    assert digest(other.targets[0].versions[0]) != digest(plain)


def test_only_an_act_is_cited_without_lines():
    assert any("rule.lines" in issue for issue in parsed(a_target("unicorns", a_version(lines=None)))[1])
    text = registry_text(a_target("unicorns", a_version(lines=None)))
    act = HEAD.replace("issued: 2023-12-31}", "issued: 2023-12-31, type: act}")
    registry, report = parse_registry(text.replace(HEAD, act), "t.yaml")
    assert list(report) == []
    assert registry.targets[0].versions[0].lines == []


def recorded(**fields):
    """A superseded version as recorded, and the same target with ``fields`` changed in it."""
    later = a_version("plan-2025", target="{value: 20, due: 2032, comparator: at_least}", reason="raised")
    before = parsed(a_target("unicorns", a_version(), later))[0].targets[0].versions[0]
    now = parsed(a_target("unicorns", a_version(**fields), later))[0].targets[0].versions[0]
    return is_recorded(now, digest(before))


WRONG = "[{on: 2026-11-27, field: target.value, was: 10, why: 옮겨 적기 실수}]"


def test_a_noted_correction_of_a_superseded_version_is_no_edit():
    right = "{value: 12, due: 2030, comparator: at_least}"
    assert not recorded(target=right)
    assert recorded(target=right, corrected=WRONG)


@pytest.mark.parametrize(
    ("target", "corrected"),
    [
        ("{value: 12, due: 2031, comparator: at_least}", WRONG),
        ("{value: 12, due: 2030, comparator: at_least}", WRONG.replace("was: 10", "was: 11")),
        ("{value: 12, due: 2030, comparator: at_least}", WRONG.replace("target.value", "target.valeu")),
    ],
)
def test_a_correction_hides_nothing_else(target, corrected):
    assert not recorded(target=target, corrected=corrected)


def test_several_corrections_and_a_list():
    milestones = "[{value: 6, due: 2027}]"
    later = a_version("plan-2025", target="{value: 20, due: 2032, comparator: at_least}", reason="raised")
    old = parsed(a_target("unicorns", a_version(milestones="[{value: 5, due: 2027}]"), later))[0].targets[0].versions[0]
    fixed = "[{on: 2026-11-26, field: milestones.0.value, was: 5, why: a}, {on: 2026-11-27, field: as_printed, was: 0 → 10, why: b}]"
    new = parsed(a_target("unicorns", a_version(milestones=milestones, as_printed='"0 → 6"', corrected=fixed), later))
    assert is_recorded(new[0].targets[0].versions[0], digest(old))
