"""What keeps a promise: bands, strict bounds, ceilings, quotas, plans that peak first."""

import pytest
from builders import a_version
from telling import goal, value

from loaders.domain.method import comparison


def test_a_ceiling_on_a_total_is_broken_and_never_achieved(told):
    """17 trillion won spent of at most 10 was praised as reached."""
    ceiling = goal(
        "spent",
        "{value: 10, due: 2028, comparator: at_most}",
        None,
        kind="cumulative",
        unit="krw_trillion",
        measure="flow",
        start="2024",
    )
    found = told(ceiling, rows=(value("spent", "2024", "8"), value("spent", "2025", "9")))
    assert found.check() == (0, [])
    assert found.stand("2025-06-01") == {"spent": ("within_limit", None)}
    assert found.stand() == {"spent": ("exceeded", None)}


@pytest.mark.parametrize(
    ("comparator", "target", "baseline", "number", "status"),
    [
        ("equal", "2", "5", "0.1", "off_track"),
        ("equal", "2", "5", "2.4", "achieved"),
        ("equal", "1", "0.6", "1.7", "off_track"),
        ("about", "50", "5", "95", "off_track"),
        ("about", "50", "5", "52", "achieved"),
        ("about", "50", "5", "47.5", "achieved"),
    ],
)
def test_equal_and_about_have_two_sides(told, comparator, target, baseline, number, status):
    one = goal(
        "share",
        f"{{value: {target}, due: 2027, comparator: {comparator}}}",
        f"{{value: {baseline}, period: 2022}}",
        as_printed=f'"{target}"',
    )
    assert told(one, rows=(value("share", "2025", number),)).stand()["share"][0] == status


def test_a_raised_quota_does_not_rewrite_the_past(told):
    later = a_version(
        "plan-2025",
        baseline=None,
        start="2021",
        reason="raised",
        target="{value: 150, due: 2030, comparator: at_least}",
    )
    quota = goal(
        "trained",
        "{value: 100, due: 2030, comparator: at_least}",
        None,
        (later,),
        kind="recurring",
        unit="company",
        measure="flow",
        start="2021",
    )
    rows = [
        value("trained", str(year), number)
        for year, number in zip(range(2021, 2025), ("110", "105", "120", "101"), strict=True)
    ]
    found = told(quota, rows=tuple(rows))
    assert found.status()["trained"]["status"] == "achieved"
    assert found.status()["trained"]["progress"] == 1.0


def test_less_than_five_is_not_five(told):
    targets = [
        goal(name, f"{{value: 5, due: 2030, comparator: {name}}}", "{value: 20, period: 2020}")
        for name in ("less_than", "at_most")
    ]
    rows = [value(name, "2025", "5.0") for name in ("less_than", "at_most")]
    found = told(*targets, rows=tuple(rows))
    assert {name: status for name, (status, _) in found.stand().items()} == {
        "less_than": "on_track",
        "at_most": "achieved",
    }


def test_a_ceiling_that_begins_later_is_not_yet_broken(told):
    target = "{value: 50, comparator: at_most}"
    targets = goal("later", target, None, kind="limit", start="2030"), goal("now", target, None, kind="limit")
    rows = value("later", "2025", "60"), value("now", "2025", "60")
    found = told(*targets, rows=rows)
    assert found.stand() == {"later": ("too_early", "not_in_force"), "now": ("exceeded", None)}
    assert found.stand("2029-12-31")["later"] == ("too_early", "not_in_force")
    assert found.stand("2030-01-01")["later"][0] == "not_assessable"


def test_control_a_strict_bound_read_as_a_loose_one_is_caught(told, monkeypatch):
    monkeypatch.setattr(comparison, "STRICT", frozenset())
    with pytest.raises(AssertionError):
        test_less_than_five_is_not_five(told)


PEAK = {"milestones": "[{value: 110, due: 2025}]", "target": "{value: 80, due: 2030, comparator: at_most}"}


@pytest.mark.parametrize(
    ("number", "status"), [("105", "on_track"), ("110", "on_track"), ("112", "regressing"), ("79", "achieved")]
)
def test_a_plan_that_peaks_first_is_followed_as_printed(told, number, status):
    """Emissions planned at 110 in 2025 before they fall to 80: 105 is ahead of the plan, not behind the baseline."""
    one = goal(
        "tons",
        PEAK["target"],
        "{value: 100, period: 2020}",
        unit="krw_trillion",
        milestones=PEAK["milestones"],
        as_printed="\"'25 110 → '30 80\"",
    )
    found = told(one, rows=(value("tons", "2025", number),))
    assert found.check() == (0, [])
    assert found.status()["tons"]["status"] == status
    assert found.status()["tons"]["months"] is None


def test_a_milestone_on_the_wrong_side_that_nobody_printed_is_a_slip(told):
    one = goal(
        "tons",
        PEAK["target"],
        "{value: 100, period: 2020}",
        unit="krw_trillion",
        milestones=PEAK["milestones"],
        as_printed='"80"',
    )
    assert told(one).check() == (1, ["rule.wrong_side"])
