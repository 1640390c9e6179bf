"""What must hold for every target and value (hypothesis)."""

from datetime import date

import pytest
from builders import a_registry, a_target, a_version, assessed, observed, row
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from loaders.assessment import assess
from loaders.domain.catalogue import Method
from loaders.domain.method.progress import delivery_ratio, progress
from loaders.domain.method.status import ASSESSED, level_status
from loaders.domain.method.trajectory import Node, Trajectory
from loaders.tallies import grouped, tally_of

numbers = st.floats(-1e6, 1e6).filter(lambda value: abs(value) > 1e-3 or value == 0)
taus = st.floats(2024.2, 2030.8)


def path(start, goal, sign=1, scale=1.0):
    return Trajectory((Node(2024.0, sign * scale * start), Node(2031.0, sign * scale * goal)))


@given(numbers, numbers)
def test_progress_is_0_at_the_baseline_and_1_at_the_target(start, goal):
    assume(start != goal)
    assert progress(start, start, goal) == 0
    assert progress(goal, start, goal) == 1


@given(numbers, numbers, numbers, taus)
def test_swapping_all_signs_changes_no_judgement(start, goal, value, tau):
    assume(abs(start - goal) > 1)
    plain, mirrored = path(start, goal), path(start, goal, sign=-1)
    status = level_status(plain, value, tau, 0.5, Method())
    assert level_status(mirrored, -value, tau, 0.5, Method()) is status
    assert mirrored.months_ahead(-value, tau) == pytest.approx(plain.months_ahead(value, tau))
    assert delivery_ratio(-value, mirrored.at(tau), -start) == pytest.approx(
        delivery_ratio(value, plain.at(tau), start)
    )


@given(numbers, numbers, numbers, taus, st.sampled_from([0.001, 10.0, 1e4]))
def test_another_unit_changes_gaps_only(start, goal, value, tau, scale):
    assume(abs(start - goal) > 1)
    plain, scaled = path(start, goal), path(start, goal, scale=scale)
    assert level_status(scaled, scale * value, tau, scale * 0.5, Method()) is level_status(
        plain, value, tau, 0.5, Method()
    )


@given(numbers, numbers, taus)
def test_on_the_path_means_ratio_1_and_no_lag(start, goal, tau):
    assume(abs(start - goal) > 1)
    plain = path(start, goal)
    assert delivery_ratio(plain.at(tau), plain.at(tau), start) == pytest.approx(1)
    assert plain.months_ahead(plain.at(tau), tau) == pytest.approx(0, abs=1e-4)


@given(st.integers(0, 20), st.integers(0, 20), st.integers(1, 24))
@settings(max_examples=30)
def test_a_later_value_never_changes_an_earlier_day(first, later, months):
    target = a_target("unicorns", a_version())
    day = date(2025, 6, 30)
    early = row("unicorns", "2024", str(first), published="2025-01")
    known = f"{2025 + (6 + months) // 12}-{(6 + months) % 12 + 1:02d}"
    revision = row("unicorns", "2024", str(later), published="2025-01", known=known)
    assert assessed(target, early, revision, as_of=day).current == assessed(target, early, as_of=day).current


@given(st.integers(1, 200), st.integers(1, 400), st.sampled_from([2, 10, 1000]))
@settings(max_examples=30)
def test_another_unit_changes_gaps_only_through_the_whole_assessment(value, goal, scale):
    assume(goal != 50)

    def judged(factor):
        version = a_version(
            baseline=f"{{value: {50 * factor}, period: 2023}}",
            target=f"{{value: {goal * factor}, due: 2030, comparator: at_{'least' if goal > 50 else 'most'}}}",
        )
        return assessed(a_target("unicorns", version), row("unicorns", "2025", f"{value * factor}")).current

    plain, scaled = judged(1), judged(scale)
    for name in ("progress", "expected_progress", "delivery_ratio", "months"):
        assert getattr(scaled, name) == pytest.approx(getattr(plain, name)), name
    assert scaled.deviation == pytest.approx(scale * plain.deviation)
    assert scaled.gap_to_target == pytest.approx(scale * plain.gap_to_target)
    assert scaled.crosscheck.eurostat_band == plain.crosscheck.eurostat_band
    assert scaled.crosscheck.eurostat_ratio == pytest.approx(plain.crosscheck.eurostat_ratio)


@given(st.lists(st.integers(0, 12), min_size=1, max_size=12))
@settings(max_examples=30)
def test_counts_add_up_whatever_the_statuses(values):
    targets = [a_target(f"unicorns_{n}") for n in range(len(values))]
    rows = [row(f"unicorns_{n}", "2025", str(value)) for n, value in enumerate(values) if value <= 10]
    found = assess(a_registry(*targets), observed(*rows), date(2026, 6, 1))
    counted = tally_of(found)
    assert counted.total == len(values) == sum(counted.counts.values())
    assert counted.judged == sum(counted.counts[status] for status in ASSESSED)
    assert sum(part.total for part in grouped(found, lambda item: item.status).values()) == counted.total
