"""METHOD's table as it is printed, at its own decimal τ, through the pure functions.

A cell is a text, so that "1.3780" is held to four decimals. `test_worked_examples` runs the same
cases from the files to the record.
"""

import pytest

from loaders.domain.catalogue import Method
from loaders.domain.method import progress
from loaders.domain.method.crosscheck import cross_check, disagrees
from loaders.domain.method.status import level_status
from loaders.domain.method.trajectory import Node, Trajectory

GPUS = ((2024.0, 1961), (2031.0, 30_000))
MORE_GPUS = ((2024.0, 1961), (2031.0, 50_000))
SHARE = ((2023.0, 28), (2031.0, 70))
LATER_SHARE = ((2024.0, 28), (2031.0, 70))
WHOLE = ((2024.0, 0), (2028.0, 5), (2031.0, 10))
GAP = ((2023.0, 1.3), (2028.0, 1.0), (2031.0, 0.5))

# nodes, y, τ, ε | P, E, ρ, deviation, L, status, Eurostat R, disagrees ("": the table leaves it open)
TABLE = {
    "1a": (GPUS, 13_000, 2026.0, 0.5, "0.3937 9972.14 1.3780 3027.86 9.07 on_track 3.3048", None),
    "1b": (GPUS, 6_000, 2026.0, 0.5, "0.1440 9972.14 0.5042 -3972.14 -11.90 off_track 1.5723", True),
    "1c": (MORE_GPUS, 13_000, 2026.0, 0.5, "0.2298 15686.43 0.8043 -2686.43 -4.70 needs_acceleration ?", None),
    "2a": (SHARE, 35, 2025.0, 0.5, "0.1667 38.5 0.6667 -3.5 -8.00 needs_acceleration 0.9726", True),
    "2b": (LATER_SHARE, 35, 2025.0, 0.5, "0.1667 34.0 1.1667 1.0 2.00 on_track ?", None),
    "3a": (WHOLE, 2, 2026.0, 0.5, "0.2 2 1.0 0 0 on_track none", False),
    "3b": (WHOLE, 0, 2026.0, 0.5, "0 2 0 -2 -14.40 off_track none", False),
    "4a": (GAP, 1.2, 2025.0, 0.05, "0.125 1.18 0.8333 -0.02 -4.00 needs_acceleration 0.3485", True),
    "4c": (GAP, 1.4, 2025.0, 0.05, "-0.125 1.18 -0.8333 -0.22 none regressing ?", None),
    "8": (SHARE, 38, 2026.0, 0.5, "0.2381 43.75 0.6349 -5.75 -13.14 needs_acceleration ?", None),
    "9": (SHARE, 29, 2023.25, 0.5, "0.0238 29.31 0.7619 ? ? too_early ?", None),
}


@pytest.mark.parametrize("number", TABLE)
def test_row(number):
    nodes, value, tau, epsilon, cells, disagreement = TABLE[number]
    path = Trajectory(tuple(Node(*node) for node in nodes), integer=nodes is WHOLE)
    start, goal, expected = path.baseline, path.target, path.expected(tau)
    status = level_status(path, value, tau, epsilon, Method())
    check = cross_check(start, Node(tau, value), goal)
    found = (
        progress.progress(value, start.value, goal.value),
        expected,
        progress.delivery_ratio(value, expected, start.value),
        progress.deviation(value, expected, path.direction),
        path.months_ahead(value, tau),
        status.value,
        check.eurostat_ratio,
    )
    for printed, computed in zip(cells.split(), found, strict=True):
        if printed != "?":
            assert agrees(computed, printed), (printed, computed)
    if disagreement is not None:
        assert disagrees(status, check) is disagreement


def agrees(computed, printed: str) -> bool:
    """Equal within half of the last printed digit; ``none`` for undefined."""
    if printed == "none" or computed is None or isinstance(computed, str):
        return computed == (None if printed == "none" else printed)
    half = 0.5 * 10.0 ** -len(printed.partition(".")[2]) if "." in printed else 1e-9
    return abs(computed - float(printed)) <= half + 1e-9


def test_example_8_pace_and_acceleration():
    pace, points = progress.recent_pace([(2023.0, 28), (2024.0, 31), (2025.0, 35), (2026.0, 38)])
    assert agrees(pace, "3.4167")
    assert points == 4
    required = progress.required_pace(38, 2026.0, Node(2031.0, 70), 2026.0)
    assert required == 6.4
    assert agrees(progress.acceleration(required, pace), "1.87")


def test_example_5_next_rung():
    ranks = Trajectory((Node(2024.0, 6), Node(2028.0, 4), Node(2031.0, 3)))
    assert ranks.rung(2026.0) == Node(2024.0, 6)
    assert ranks.next_node(2026.0) == Node(2028.0, 4)
    assert 5 - ranks.next_node(2026.0).value == 1


def test_control_a_slip_in_the_last_digit_is_seen():
    assert agrees(1.37799, "1.3780")
    assert not agrees(1.37789, "1.3780")
    assert not agrees(None, "0.5")
    assert not agrees(0.0, "none")
