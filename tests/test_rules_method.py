"""What a kind does not read: a warning under method 1, an error under 2; and reasons that numbers contradict."""

import pytest
from builders import a_target, a_version, registry_text

from loaders.domain.method.kinds.table import KINDS
from loaders.domain.model import Comparator, Kind
from loaders.registry import parse_registry

RANK = a_target(
    "place",
    a_version(baseline="{value: 6, period: 2023}", target="{value: 3, due: 2030, comparator: within}"),
    kind="rank",
    unit="rank",
)


def report_of(*targets, version=2):
    registry, report = parse_registry(registry_text(*targets).replace("version: 1", f"version: {version}"), "t")
    return registry, list(report)


@pytest.mark.parametrize(("version", "level", "served"), [(1, "warning", ["place"]), (2, "error", [])])
def test_how_bad_it_is_depends_on_the_method(version, level, served):
    registry, (issue,) = report_of(RANK, version=version)
    assert (issue.code, issue.level) == ("rule.comparator", level)
    assert [one.id for one in registry.targets] == served


def test_without_a_version_it_is_a_warning():
    registry, report = parse_registry(registry_text(RANK).split("\n", 1)[1], "t")
    assert (report.ok, [one.id for one in registry.targets]) == (True, ["place"])


READS = {
    "level": "at_least at_most more_than less_than about equal",
    "rank": "at_most",
    "maintain": "at_least at_most",
    "range": "within",
    "limit": "at_least at_most more_than less_than up_to",
    "cumulative": "at_least at_most about exact",
    "recurring": "at_least at_most",
}


def test_each_kind_reads_what_the_method_says():
    assert {kind.value: {one.value for one in KINDS[kind].comparators} for kind in map(Kind, READS)} == {
        kind: set(words.split()) for kind, words in READS.items()
    }
    assert set(KINDS) == set(Kind)


@pytest.mark.parametrize("kind", [kind for kind in READS if kind != "range"])
@pytest.mark.parametrize("comparator", list(Comparator))
def test_every_comparator_is_read_or_refused(kind, comparator):
    falls = comparator in ("at_most", "less_than", "within") or kind == "rank"
    start = None if kind in ("limit", "cumulative", "recurring") else "{value: 6, period: 2023}"
    version = a_version(
        baseline=start,
        target=f"{{value: {3 if falls else 10}, due: 2030, comparator: {comparator}}}",
        start=None if start else "2024",
    )
    measure = {"rank": "rank", "cumulative": "flow", "recurring": "flow"}.get(kind)
    _, issues = report_of(a_target("one", version, kind=kind, measure=measure))
    refused = comparator.value not in READS[kind].split()
    assert any(issue.code in ("rule.comparator", "rule.direction") for issue in issues) is refused


@pytest.mark.parametrize(
    ("reason", "value", "due", "fault"),
    [
        ("raised", 60, 2030, "10 became"),
        ("raised", 5, 2030, "raised, but 10 became 5"),
        ("lowered", 5, 2030, ""),
        ("lowered", 60, 2030, "lowered, but 10 became 60"),
        ("raised", 10, 2030, "raised, but 10 became 10"),
        ("advanced", 10, 2028, ""),
        ("advanced", 10, 2032, "advanced, but 2030 became 2032"),
        ("postponed", 10, 2032, ""),
        ("postponed", 10, 2030, "postponed, but 2030 became 2030"),
        ("confirmed", 10, 2030, ""),
        ("confirmed", 11, 2030, "confirmed, but 10 became 11"),
        ("confirmed", 10, 2031, "confirmed, but the due date moved"),
        ("redefined", 3, 2035, ""),
        ("[lowered, postponed]", 5, 2032, ""),
        ("[raised, postponed]", 5, 2032, "raised, but 10 became 5"),
    ],
)
def test_reasons_must_fit_their_numbers(reason, value, due, fault):
    later = a_version("plan-2025", target=f"{{value: {value}, due: {due}, comparator: at_least}}", reason=reason)
    found = [issue for issue in report_of(a_target("goal", a_version(), later))[1] if issue.code == "rule.reason_fits"]
    if fault in ("", "10 became"):
        assert found == []
    else:
        assert [issue.level for issue in found] == ["error"]
        assert fault in found[0].message


def test_another_scope_is_not_compared_but_its_dates_are():
    later = a_version(
        "plan-2025", target="{value: 5, due: 2032, comparator: at_least}", reason="raised", scope="{id: world}"
    )
    assert report_of(a_target("goal", a_version(), later))[1] == []


def test_of_a_value_that_is_to_fall_a_smaller_number_may_be_called_either():
    down = a_version(baseline="{value: 20, period: 2023}", target="{value: 10, due: 2030, comparator: at_most}")
    for reason in ("raised", "lowered"):
        later = a_version(
            "plan-2025",
            baseline="{value: 20, period: 2023}",
            target="{value: 5, due: 2030, comparator: at_most}",
            reason=reason,
        )
        assert report_of(a_target("goal", down, later))[1] == []
