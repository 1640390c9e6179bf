"""Two published methods beside ours; shown, never used for the status.

Eurostat and Open SDG compare compound growth rates; the UN Statistics Division extrapolates the
growth so far to the due date. Both need positive values: a zero baseline, a change of sign or
T = B leaves them undefined, and zero is never replaced by a small number.
"""

from __future__ import annotations

from dataclasses import dataclass

from loaders.domain.method.trajectory import TOLERANCE, Node

EUROSTAT_ON_TRACK, EUROSTAT_MODERATE = 0.95, 0.60
UNSD_ON_TRACK, UNSD_MODERATE = 0.95, 0.10


@dataclass(frozen=True, slots=True)
class CrossCheck:
    """Ratio and band of both methods; None where undefined. Bands use our status words."""

    eurostat_ratio: float | None = None
    eurostat_band: str | None = None
    unsd_share: float | None = None
    unsd_band: str | None = None


def growth(start: Node, end: Node) -> float | None:
    """Compound growth per year from ``start`` to ``end``; None where it is undefined or beyond all numbers."""
    if start.value <= 0 or end.value <= 0 or end.tau - start.tau <= TOLERANCE:
        return None
    try:
        return (end.value / start.value) ** (1 / (end.tau - start.tau)) - 1
    except OverflowError:
        return None


def cross_check(baseline: Node, observed: Node, target: Node) -> CrossCheck:
    """Both methods for one observation between baseline and target.

    Eurostat: R = ((y/B)^{1/(ty−tB)} − 1) / ((T/B)^{1/(tT−tB)} − 1), bands 0.95 / 0.60 / 0.
    UNSD: v = y (1 + a)^{tT−ty}, share (v − B) / (T − B), bands 0.95 / 0.10.
    """
    so_far, needed = growth(baseline, observed), growth(baseline, target)
    if so_far is None or needed is None or abs(needed) <= TOLERANCE:
        return CrossCheck()
    ratio = so_far / needed
    try:
        arrival = observed.value * (1 + so_far) ** (target.tau - observed.tau)
    except OverflowError:  # a jump within days, extrapolated over years
        return CrossCheck(ratio, _eurostat_band(ratio))
    share = (arrival - baseline.value) / (target.value - baseline.value)
    return CrossCheck(ratio, _eurostat_band(ratio), share, _unsd_band(share))


def _eurostat_band(ratio: float) -> str:
    if ratio >= EUROSTAT_ON_TRACK:
        return "on_track"
    if ratio >= EUROSTAT_MODERATE:
        return "needs_acceleration"
    return "off_track" if ratio >= 0 else "regressing"


def _unsd_band(share: float) -> str:
    if share >= UNSD_ON_TRACK:
        return "on_track"
    return "needs_acceleration" if share >= UNSD_MODERATE else "off_track"


_FAVOUR = {"achieved": 3, "on_track": 3, "needs_acceleration": 2, "off_track": 1, "regressing": 0}


def disagrees(status: str, check: CrossCheck) -> bool:
    """True where the defined methods fall in different bands.

    UNSD knows no band below "off track", so its lowest agrees with regressing too.
    """
    if status not in _FAVOUR:
        return False
    ours = _FAVOUR[status]
    eurostat = check.eurostat_band is not None and _FAVOUR[check.eurostat_band] != ours
    unsd = check.unsd_band is not None and _FAVOUR[check.unsd_band] != max(ours, 1)
    return eurostat or unsd
