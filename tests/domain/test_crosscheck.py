"""The two published methods and where they disagree with ours."""

import pytest

from loaders.domain.method.crosscheck import cross_check, disagrees, growth
from loaders.domain.method.trajectory import Node


def test_growth_is_compound():
    assert growth(Node(2024.0, 100), Node(2026.0, 121)) == pytest.approx(0.1)
    assert growth(Node(2024.0, 100), Node(2024.0, 121)) is None
    assert growth(Node(2024.0, 0), Node(2026.0, 121)) is None


def test_both_methods_on_one_case():
    check = cross_check(Node(2023.0, 28), Node(2025.0, 35), Node(2031.0, 70))
    assert check.eurostat_ratio == pytest.approx(0.9726, abs=5e-5)
    assert check.eurostat_band == "on_track"
    arrival = 35 * (35 / 28) ** 3
    assert check.unsd_share == pytest.approx((arrival - 28) / 42)
    assert check.unsd_band == "on_track"


def test_at_the_required_growth_both_say_exactly_one():
    check = cross_check(Node(2024.0, 100), Node(2026.0, 121), Node(2028.0, 146.41))
    assert check.eurostat_ratio == pytest.approx(1)
    assert check.unsd_share == pytest.approx(1)


@pytest.mark.parametrize(
    ("value", "eurostat", "unsd"),
    [
        (120.9, "on_track", "on_track"),
        (114, "needs_acceleration", "needs_acceleration"),
        (108, "off_track", "needs_acceleration"),
        (101, "off_track", "off_track"),
        (99, "regressing", "off_track"),
    ],
)
def test_bands(value, eurostat, unsd):
    check = cross_check(Node(2024.0, 100), Node(2026.0, value), Node(2028.0, 146.41))
    assert (check.eurostat_band, check.unsd_band) == (eurostat, unsd)


def test_undefined_is_said_and_never_bent():
    for start, seen, goal in ((0, 1, 10), (5, 6, 5), (-1, 1, 2)):
        check = cross_check(Node(2024.0, start), Node(2025.0, seen), Node(2031.0, goal))
        assert (check.eurostat_ratio, check.eurostat_band, check.unsd_share, check.unsd_band) == (None,) * 4
        assert not disagrees("on_track", check)


def test_disagreement_needs_another_band():
    check = cross_check(Node(2023.0, 28), Node(2025.0, 35), Node(2031.0, 70))
    assert disagrees("needs_acceleration", check)
    assert not disagrees("on_track", check)
    assert not disagrees("achieved", check)
    assert not disagrees("too_early", check)
    falling_back = cross_check(Node(2023.0, 28), Node(2025.0, 26), Node(2031.0, 70))
    assert not disagrees("regressing", falling_back)


def test_growth_beyond_all_numbers_does_not_crash():
    check = cross_check(Node(2024.0, 1), Node(2024.0 + 31 / 366, 10_000), Node(2031.0, 20_000))
    assert check.unsd_band in (None, "on_track")
    check = cross_check(Node(2024.0, 1), Node(2024.0 + 1 / 366, 10_000), Node(2031.0, 20_000))
    assert check.eurostat_band in (None, "on_track")
