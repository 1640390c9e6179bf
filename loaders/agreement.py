"""On how many of a target's past statuses the methods agreed, and how often each changed its mind.

A rating that turns with every release says little; a rating on which unlike methods agree says
more. The barometer's rate knows no time and has no band, so it is never counted as agreeing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise

from loaders.assessment import Assessment
from loaders.domain.method.crosscheck import WEATHER_BANDS, CrossCheck
from loaders.domain.method.status import Status

METHODS: dict[str, Callable[[CrossCheck], str | None]] = {
    "eurostat": lambda check: check.eurostat_band,
    "unsd": lambda check: check.unsd_band,
    "dns": lambda check: WEATHER_BANDS.get(check.dns_weather or ""),
}
"""The methods that give a band, and how it reads in our status words."""
BY_PACE = (Status.ACHIEVED, Status.ON_TRACK, Status.NEEDS_ACCELERATION, Status.OFF_TRACK, Status.REGRESSING)
"""Statuses that a method of pace could have given too."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """One method beside ours over a target's past."""

    method: str
    compared: int
    """Past statuses for which it gives a band."""
    agreed: int
    """Those of them with our band; achieved counts as on track."""
    turns: int
    """How often its band changed from one of them to the next."""


def agreements(past: Iterable[Assessment]) -> tuple[list[Agreement], int]:
    """Every method that gives a band at least once over ``past``, and how often our own status turned.

    ``past`` holds the target on each day on which something changed, oldest first.
    """
    judged = [one for one in past if one.current.outcome is None and one.status in BY_PACE]
    ours = [_ours(one.status) for one in judged]
    found = []
    for name, band_of in METHODS.items():
        pairs = [
            (own, band) for one, own in zip(judged, ours, strict=True) if (band := band_of(one.current.crosscheck))
        ]
        if pairs:
            agreed = sum(_same(name, own, band) for own, band in pairs)
            found.append(Agreement(name, len(pairs), agreed, _turns([band for _, band in pairs])))
    return found, _turns(ours)


def _ours(status: Status) -> str:
    return Status.ON_TRACK.value if status is Status.ACHIEVED else status.value


def _same(method: str, ours: str, band: str) -> bool:
    """UNSD knows no band below off track, so its lowest agrees with regressing too."""
    return band == ours or (method == "unsd" and band == Status.OFF_TRACK and ours == Status.REGRESSING)


def _turns(bands: list[str]) -> int:
    return sum(early != late for early, late in pairwise(bands))
