"""The rule tables, row by row and at their edges."""

import pytest

from loaders.domain.catalogue import Method
from loaders.domain.method.status import (
    ASSESSED,
    LATENESS,
    Group,
    Reason,
    Status,
    by_ratio,
    cumulative_status,
    group_of,
    level_status,
    limit_status,
    maintain_status,
    rank_status,
    too_early,
)
from loaders.domain.method.trajectory import Node, Trajectory

METHOD = Method()
RISING = Trajectory((Node(2024.0, 0), Node(2034.0, 100)))
FALLING = Trajectory((Node(2024.0, 0), Node(2034.0, -100)))
RANKS = Trajectory((Node(2024.0, 6), Node(2028.0, 4), Node(2031.0, 3)))


@pytest.mark.parametrize(
    ("ratio", "status"),
    [
        (0.95, Status.ON_TRACK),
        (0.9499, Status.NEEDS_ACCELERATION),
        (0.60, Status.NEEDS_ACCELERATION),
        (0.5999, Status.OFF_TRACK),
        (-1.0, Status.OFF_TRACK),
        (3.0, Status.ON_TRACK),
    ],
)
def test_cut_offs(ratio, status):
    assert by_ratio(ratio, METHOD) is status


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(
    ("value", "status"),
    [
        (-0.6, Status.REGRESSING),
        (-0.5, Status.OFF_TRACK),
        (19, Status.ON_TRACK),
        (18.9, Status.NEEDS_ACCELERATION),
        (12, Status.NEEDS_ACCELERATION),
        (11.9, Status.OFF_TRACK),
    ],
)
def test_a_level_at_a_fifth_of_its_way(sign, value, status):
    path = RISING if sign > 0 else FALLING
    assert level_status(path, sign * value, 2026.0, 0.5, METHOD) is status


def test_too_early_ends_at_a_twentieth_of_the_way_or_at_the_margin_of_error():
    assert too_early(RISING, 0, 2024.4, 0.5, METHOD)
    assert not too_early(RISING, 0, 2024.5, 0.5, METHOD)
    assert too_early(RISING, 0, 2024.9, 10, METHOD)
    assert not too_early(RISING, 0, 2025.0, 10, METHOD)


def test_it_is_never_too_early_to_see_a_fall():
    assert too_early(RISING, -0.5, 2024.4, 0.5, METHOD)
    assert not too_early(RISING, -0.6, 2024.4, 0.5, METHOD)
    assert level_status(RISING, -0.6, 2024.4, 0.5, METHOD) is Status.REGRESSING


def test_whole_things_wait_for_the_first_whole_step():
    few = Trajectory((Node(2024.0, 0), Node(2034.0, 4)), integer=True)
    assert level_status(few, 0, 2026.4, 0.1, METHOD) is Status.TOO_EARLY
    assert level_status(few, 0, 2026.5, 0.1, METHOD) is Status.OFF_TRACK
    control = Trajectory(few.nodes)
    assert level_status(control, 0, 2026.4, 0.1, METHOD) is Status.OFF_TRACK


@pytest.mark.parametrize(
    ("place", "tau", "status"),
    [
        (3, 2026.0, Status.ACHIEVED),
        (2, 2026.0, Status.ACHIEVED),
        (7, 2026.0, Status.REGRESSING),
        (6, 2027.9, Status.ON_TRACK),
        (5, 2028.0, Status.NEEDS_ACCELERATION),
        (6, 2028.0, Status.OFF_TRACK),
        (4, 2031.0, Status.NEEDS_ACCELERATION),
        (5, 2031.0, Status.OFF_TRACK),
    ],
)
def test_ranks(place, tau, status):
    assert rank_status(RANKS, place, tau) is status


def test_keeping_and_staying_inside():
    assert maintain_status(0, 0) is Status.ACHIEVED
    assert maintain_status(0.5, 1) is Status.NEEDS_ACCELERATION
    assert maintain_status(1, 1) is Status.ACHIEVED
    assert maintain_status(-1, 1) is Status.REGRESSING
    assert limit_status(kept=True) is Status.WITHIN_LIMIT
    assert limit_status(kept=False) is Status.EXCEEDED


@pytest.mark.parametrize(
    ("total", "planned", "status"),
    [
        (0, 3.2, Status.TOO_EARLY),
        (0, 3.25, Status.OFF_TRACK),
        (26.5, 27.7, Status.ON_TRACK),
        (34.5, 37.2, Status.NEEDS_ACCELERATION),
    ],
)
def test_totals(total, planned, status):
    assert cumulative_status(total, planned, 65, 0.1, METHOD) is status


def test_every_status_has_its_place():
    assert sorted(LATENESS) == sorted(Status)
    assert set(ASSESSED) == set(Status) - {
        Status.AWAITING_OUTCOME,
        Status.TOO_EARLY,
        Status.NOT_ASSESSABLE,
        Status.DROPPED,
        Status.SUPERSEDED,
    }


def test_every_status_and_reason_is_in_exactly_one_group():
    assert {status: group_of(status, None) for status in Status} == {
        **dict.fromkeys(ASSESSED, Group.JUDGED),
        Status.AWAITING_OUTCOME: Group.AWAITING,
        Status.TOO_EARLY: Group.NOT_ASSESSABLE,
        Status.NOT_ASSESSABLE: Group.NOT_ASSESSABLE,
        Status.DROPPED: Group.CLOSED,
        Status.SUPERSEDED: Group.CLOSED,
    }
    unjudged = {reason: group_of(Status.NOT_ASSESSABLE, reason) for reason in Reason}
    own = {Reason.OUTCOME_UNKNOWN: Group.OUTCOME_UNKNOWN, Reason.NO_STATISTIC: Group.NO_STATISTIC}
    assert unjudged == dict.fromkeys(Reason, Group.NOT_ASSESSABLE) | own
