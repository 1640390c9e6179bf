"""Totals: flows add up in an unbroken run, a plan keeps its residual."""

from datetime import date

import pytest
from builders import a_target, a_version, assessed, observed, row

from loaders.domain.method.kinds.cumulative import accumulate, planned_path
from loaders.domain.method.status import Overlay, Status
from loaders.domain.model import Version
from loaders.record import record

GOAL = {"value": 65, "due": 2027, "comparator": "at_least"}
FLOWS = [12.8, 14.9, 19.0, 18.2]
PLAN = [{"value": value, "period": 2024 + year} for year, value in enumerate(FLOWS)]
EVEN = a_version(baseline=None, start="2024", target="{value: 100, due: 2027, comparator: at_least}")
DAY = date(2028, 2, 1)


def a_total(**fields) -> Version:
    base = {"document": "plan-2023", "lines": [1], "as_printed": "65", "target": GOAL}
    return Version.model_validate(base | fields)


def money(*rows, version=EVEN, as_of=DAY):
    return assessed(a_target("money", version, kind="cumulative", unit="krw_trillion"), *rows, as_of=as_of)


def test_a_plan_is_followed_as_planned_and_its_residual_stays_visible():
    path = planned_path(a_total(plan=PLAN))
    assert [path.at(tau) for tau in (2024.0, 2025.0, 2026.0, 2026.5, 2027.0, 2028.0)] == pytest.approx(
        [0, 12.8, 27.7, 37.2, 46.7, 64.9]
    )
    total = accumulate(a_total(plan=PLAN), ())
    assert total.planned.target.value == pytest.approx(64.9)
    assert total.trajectory.target.value == 65


def test_without_a_plan_the_total_grows_evenly():
    path = planned_path(a_total(start=2024))
    assert [path.at(tau) for tau in (2024.0, 2026.0, 2028.0)] == [0, 32.5, 65]
    assert planned_path(a_total()) is None


def test_flows_add_up():
    total = accumulate(a_total(plan=PLAN), observed(row("m", "2024", "11.0"), row("m", "2025", "15.5")))
    assert (total.value, total.tau, total.flows, total.last_flow_per_year) == (26.5, 2026.0, 2, pytest.approx(15.5))
    assert total.epsilon == pytest.approx(0.1)


def test_a_part_of_a_year_is_a_yearly_rate():
    rows = row("m", "2024", "11.0"), row("m", "2025-H1", "8.0")
    total = accumulate(a_total(plan=PLAN), observed(*rows))
    assert total.last_flow_per_year == pytest.approx(8.0 / (181 / 365))


def test_a_year_replaces_its_quarters():
    quarters = [row("m", f"2024-Q{number}", "2") for number in range(1, 5)]
    assert accumulate(a_total(plan=PLAN), observed(*quarters)).value == 8
    assert accumulate(a_total(plan=PLAN), observed(*quarters, row("m", "2024", "9"))).value == 9


def test_flows_from_before_the_start_do_not_count():
    total = accumulate(a_total(plan=PLAN), observed(row("m", "2023", "50"), row("m", "2024", "11")))
    assert (total.value, total.flows) == (11, 1)


def test_a_hole_ends_the_run():
    total = accumulate(a_total(plan=PLAN), observed(row("m", "2024", "11"), row("m", "2026", "30")))
    assert (total.value, total.tau) == (11, 2025.0)
    control = accumulate(
        a_total(plan=PLAN), observed(row("m", "2024", "11"), row("m", "2025", "1"), row("m", "2026", "30"))
    )
    assert (control.value, control.tau) == (42, 2027.0)


def test_the_numbers_of_a_total():
    item = money(row("money", "2024", "20"), row("money", "2025", "25"), as_of=date(2026, 3, 1)).current
    assert (item.value, item.expected, item.progress, item.delivery_ratio) == (45, 50, 0.45, 0.9)
    assert (item.gap_to_target, item.deviation, item.required_pace_final) == (55, -5, 27.5)
    assert (item.recent_pace, item.acceleration) == (pytest.approx(25), pytest.approx(1.1))
    assert item.status is Status.NEEDS_ACCELERATION


def test_the_observation_shown_is_the_one_that_was_judged():
    """After a hole the total stands at the last flow of the run, and so does what is shown."""
    found = record(money(row("money", "2024", "20"), row("money", "2026", "30"), as_of=date(2027, 6, 1)))
    assert found["expected"] == 25
    assert found["observation"] == {"period": "2024", "value": 20.0, "tau": 2025.0}


def test_a_total_whose_first_part_is_missing_says_why():
    item = money(row("money", "2025", "30"), as_of=date(2026, 6, 1))
    assert item.status is Status.NOT_ASSESSABLE
    assert item.current.reason is not None


def test_missed_only_with_the_whole_total():
    rows = [row("money", str(year), "20") for year in range(2024, 2027)]
    final, provisional = row("money", "2027", "20"), row("money", "2027", "20", status="P")
    assert money(*rows, final).status is Status.MISSED
    assert money(*rows, provisional).status is Status.MISSED
    assert Overlay.PROVISIONAL in money(*rows, provisional).current.overlays
    assert money(*rows, as_of=date(2028, 1, 30)).status is Status.AWAITING_OUTCOME
    assert money(*rows, row("money", "2027", "40")).status is Status.ACHIEVED
