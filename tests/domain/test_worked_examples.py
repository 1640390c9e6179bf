"""METHOD's worked examples through the public functions, every column of its table."""

from datetime import date

import pytest
from builders import a_target, a_version, assessed, row
from examples import EXAMPLES, rows_of, target_of, tolerance

from loaders.domain.catalogue import Method
from loaders.domain.method.status import Overlay, Status, by_ratio, cumulative_status, too_early
from loaders.domain.method.trajectory import Node, Trajectory
from loaders.record import record

AS_OF = date(2026, 3, 1)


@pytest.mark.parametrize("number", EXAMPLES)
def test_example(number):
    item = assessed(target_of(number), *rows_of(number), as_of=AS_OF)
    found = record(item)
    for name, expected in EXAMPLES[number][3].items():
        if name == "disagrees":
            assert (Overlay.METHOD_DISAGREEMENT in item.current.overlays) is expected
            continue
        value = found["crosscheck"][name] if name.startswith(("eurostat", "unsd")) else found[name]
        if isinstance(expected, (int, float)):
            assert value == pytest.approx(expected, abs=tolerance(expected)), name
        else:
            assert value == expected, name


def test_example_6_held_then_lost():
    version = a_version(baseline="{value: 1, period: 2023}", target="{value: 1, due: 2030, comparator: at_most}")
    target = a_target("place", version, kind="maintain", unit="rank", measure="rank")
    assert assessed(target, row("place", "2024", "1")).status is Status.ACHIEVED
    assert assessed(target, row("place", "2024", "1"), row("place", "2025", "2")).status is Status.REGRESSING


def test_example_7c_part_of_a_year_counts_linearly():
    planned = Trajectory(
        (Node(2024.0, 0), Node(2025.0, 12.8), Node(2026.0, 27.7), Node(2027.0, 46.7), Node(2028.0, 64.9))
    )
    total = 11.0 + 15.5 + 8.0
    assert planned.at(2026.5) == pytest.approx(37.2)
    assert total / 65 == pytest.approx(0.5308, abs=5e-5)
    assert total / planned.at(2026.5) == pytest.approx(0.9274, abs=5e-5)
    assert total - planned.at(2026.5) == pytest.approx(-2.7)
    assert cumulative_status(total, planned.at(2026.5), 65, 0.15, Method()) is Status.NEEDS_ACCELERATION


def test_example_9_at_its_own_tau():
    path = Trajectory((Node(2023.0, 28), Node(2031.0, 70)))
    assert path.at(2023.25) == pytest.approx(29.3125)
    assert (29 - 28) / (path.at(2023.25) - 28) == pytest.approx(0.7619, abs=5e-5)
    assert too_early(path, 29, 2023.25, 0.5, Method())


def test_control_other_thresholds_give_another_light():
    assert by_ratio(0.6667, Method()) is Status.NEEDS_ACCELERATION
    assert by_ratio(0.6667, Method(needs_acceleration=0.7)) is Status.OFF_TRACK
