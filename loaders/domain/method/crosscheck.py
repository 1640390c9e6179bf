"""Published methods beside ours; shown, never used for the status.

Eurostat and Open SDG compare compound growth rates; the UN Statistics Division extrapolates the
growth so far to the due date. Both need positive values: a zero baseline, a change of sign or
T = B leaves them undefined, and zero is never replaced by a small number. Germany's sustainability
"weather" extrapolates the mean yearly change; the French barometer's rate is the share of the way,
which knows no time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from loaders.domain.method.trajectory import TOLERANCE, Node

EUROSTAT_ON_TRACK, EUROSTAT_MODERATE = 0.95, 0.60
UNSD_ON_TRACK, UNSD_MODERATE = 0.95, 0.10


@dataclass(frozen=True, slots=True)
class CrossCheck:
    """Numbers and bands of the methods; None where undefined. Bands use our status words."""

    eurostat_ratio: float | None = None
    eurostat_band: str | None = None
    unsd_share: float | None = None
    unsd_band: str | None = None
    dns_weather: str | None = None
    """sun, sun_cloud, cloud or storm."""
    ppg_rate: float | None = None
    """Share of the way from baseline to target in per cent; it has no band, because it knows no time."""


def growth(start: Node, end: Node) -> float | None:
    """Compound growth per year from ``start`` to ``end``; None where it is undefined or beyond all numbers."""
    if start.value <= 0 or end.value <= 0 or end.tau - start.tau <= TOLERANCE:
        return None
    try:
        return (end.value / start.value) ** (1 / (end.tau - start.tau)) - 1
    except OverflowError:
        return None


def cross_check(
    baseline: Node,
    observed: Node,
    target: Node,
    points: Sequence[tuple[float, float]] = (),
    upcoming: Node | None = None,
) -> CrossCheck:
    """All methods for one observation between baseline and target.

    ``points`` are the comparable (τ, y) in time order and ``upcoming`` the next of several target
    years, both for the weather. PPG: 100 (y − B) / (T − B).
    """
    if target.value == baseline.value:
        return CrossCheck()
    direction = 1 if target.value > baseline.value else -1
    return replace(
        growth_methods(baseline, observed, target),
        dns_weather=dns_weather(points, upcoming or target, direction),
        ppg_rate=100 * (observed.value - baseline.value) / (target.value - baseline.value),
    )


DNS_POINTS, DNS_FEWEST = 6, 4
DNS_SUN, DNS_SUN_CLOUD = 5.0, 20.0
_A_YEAR = 0.02
"""Slack in years between two points that count as one year apart."""


def dns_weather(points: Sequence[tuple[float, float]], target: Node, direction: int) -> str | None:
    """Germany's sustainability "weather": the mean of the last yearly changes carried on to the target year.

    From the last 6 consecutive yearly points (at least 4, else None): what is missing then, as a share
    of what is missing now: up to 5 % sun, up to 20 % sun_cloud, more cloud; away from the target
    storm. Already reached: sun, or sun_cloud where it gets worse. (DNS indicator report, "Wetter",
    as coded in Nachhaltige-Entwicklung-Deutschland/open-sdg-site-starter, _pages/status.md.)
    """
    run = list(points[-1:])
    for point in reversed(points[:-1]):
        if len(run) == DNS_POINTS or abs(run[0][0] - point[0] - 1) > _A_YEAR:
            break
        run.insert(0, point)
    if len(run) < DNS_FEWEST:
        return None
    start, (last, value) = run[0][1], run[-1]
    mean = (value - start) / (len(run) - 1)
    missing = direction * (target.value - value)
    if missing <= TOLERANCE:
        return "sun" if direction * mean >= -TOLERANCE else "sun_cloud"
    if direction * mean < -TOLERANCE:
        return "storm"
    left = direction * (target.value - (value + mean * (target.tau - last)))
    share = 100 * left / missing
    if share < DNS_SUN:
        return "sun"
    return "sun_cloud" if share <= DNS_SUN_CLOUD else "cloud"


WEATHER_BANDS = {"sun": "on_track", "sun_cloud": "needs_acceleration", "cloud": "off_track", "storm": "regressing"}
"""The weather in our status words, for counting how often the methods agree."""


def growth_methods(baseline: Node, observed: Node, target: Node) -> CrossCheck:
    """The two methods of growth rates.

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
