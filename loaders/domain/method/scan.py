"""Values at which a status changes: read off a status rule by trying its edges."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from loaders.domain.method.status import Status
from loaders.domain.method.trajectory import Trajectory

MOST_PLACES = 400
"""More countries than any index ranks."""


@dataclass(frozen=True, slots=True)
class Flip:
    """A status and the value from which on it would hold, worst status first."""

    status: Status
    value: float | None
    """First value with this status, coming from the bad side; None: every value worse than the next flip."""
    beyond: bool = False
    """True where the value itself does not have the status yet, only those beyond it ("more than 5")."""


def scan(
    status_at: Callable[[float], Status], edges: Sequence[float], direction: int, *, whole: bool = False
) -> tuple[Flip, ...]:
    """Statuses from the bad side to the good one, each with its first value."""
    ordered = sorted(set(edges), key=lambda edge: direction * edge)
    step = 1.0 if whole else 1e-6 * max(1.0, abs(ordered[0]), abs(ordered[-1]))
    flips = [Flip(status_at(ordered[0] - direction * step), None)]
    for edge in ordered:
        status = status_at(edge)
        if status is not flips[-1].status:
            flips.append(Flip(status, edge))
        past = status_at(edge + direction * step)
        if past is not flips[-1].status:
            flips.append(Flip(past, edge + direction, False) if whole else Flip(past, edge, True))
    return tuple(flips)


def places(status_at: Callable[[float], Status], path: Trajectory) -> tuple[Flip, ...]:
    """The same over places of a ranking, the worst first."""
    worst = int(max(node.value for node in path.nodes)) + 2
    tried = range(min(worst, MOST_PLACES), 0, -1)
    flips = [Flip(status_at(tried[0]), None)]
    for place in tried[1:]:
        status = status_at(place)
        if status is not flips[-1].status:
            flips.append(Flip(status, float(place)))
    return tuple(flips)
