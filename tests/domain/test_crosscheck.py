"""The two published methods and where they disagree with ours."""

import pytest

from loaders.domain.method.crosscheck import cross_check, disagrees, dns_weather, growth
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


@pytest.mark.parametrize(
    ("values", "first", "target", "direction", "weather"),
    [
        ((28, 31, 35, 38), 2023, (2031, 70), 1, "cloud"),
        ((10, 16, 23, 30, 38, 46), 2021, (2030, 70), 1, "sun"),
        ((1.3, 1.2, 1.1, 1.0, 0.9), 2021, (2029, 0.5), -1, "sun"),
        ((1.3, 1.2, 1.1, 1.0, 0.9), 2022, (2029, 0.5), -1, "cloud"),
        ((30, 29, 28, 27), 2023, (2031, 70), 1, "storm"),
        ((60, 64, 68, 72), 2023, (2031, 70), 1, "sun"),
        ((80, 77, 74, 72), 2023, (2031, 70), 1, "sun_cloud"),
        ((10, 20, 30, 40), 2020, (2029, 107), 1, "sun_cloud"),
        ((28, 31, 35), 2023, (2031, 70), 1, None),
    ],
)
def test_germanys_weather(values, first, target, direction, weather):
    points = [(float(first + number), value) for number, value in enumerate(values)]
    assert dns_weather(points, Node(*target), direction) == weather


def test_the_weather_looks_only_at_yearly_points_without_a_hole():
    points = [(2019.0, 10), (2021.0, 20), (2022.0, 30), (2023.0, 40)]
    assert dns_weather(points, Node(2030.0, 100), 1) is None
    assert dns_weather([(2020.0, 10), *points[1:]], Node(2030.0, 100), 1) == "sun"


def test_the_barometers_rate_knows_no_time():
    now = cross_check(Node(2023.0, 28), Node(2026.0, 38), Node(2031.0, 70))
    late = cross_check(Node(2023.0, 28), Node(2030.9, 38), Node(2031.0, 70))
    assert now.ppg_rate == late.ppg_rate == pytest.approx(23.8, abs=0.01)
    assert cross_check(Node(2023.0, 0), Node(2026.0, 5), Node(2031.0, 10)).ppg_rate == 50
