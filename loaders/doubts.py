"""Is this value plausible? Questions that ask an officer for a reason and never refuse anything.

A value in the wrong unit is off by a power of ten, so it is compared with the last comparable value: near
×10, ×100, ×10,000 ... a slip is likelier than a miracle. There is deliberately no model of the series here;
with three to nine values a year's change beyond four times the usual one is all that can be asked honestly.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from loaders.domain.method.trajectory import TOLERANCE
from loaders.domain.model import Kind, Target, Unit
from loaders.domain.observation import Observation
from loaders.domain.period import Period
from loaders.domain.vintage import evidence, latest_known

NEAR = 0.2
"""How near log10 of a ratio must lie to a whole number: ×6.3 to ×15.8 looks like ×10."""
USUAL = 4
"""A yearly change beyond this many times the median one is asked about."""
FEW = 3
"""Below this many values there is no usual change; then a value beyond three times the last is asked about."""
ALWAYS = 10
"""Ten times the last value or a tenth of it is asked about however short the series or small the numbers."""
FLOORS = {"percent": 10.0, "rank": 5.0}
"""Changes below this, in the unit, are never a jump."""
SHARE_OF_LAST = 0.5
"""Of other units a change below this share of the last value is never a jump."""
SMALL_COUNT = 3
"""0 → 2 companies is no jump."""
BEYOND_GROWTH = 30
"""Published values of a young series may well grow tenfold; beyond this a file is asked about."""
OVER_GOAL = 1000
"""A first value may well pass its goal tenfold; a thousandfold it is in another unit."""
STEPS = (3, 4, 6, 8, 12)
"""Powers of ten in which Korean statistics are written: 천, 만, 백만, 억, 조."""


class Doubt(NamedTuple):
    """A question: what looks odd, in no language. Its code is the key of the officer's reason."""

    code: str
    parameters: Mapping[str, str]


def doubts(target: Target, unit: Unit, earlier: Sequence[Observation], value: Decimal, period: Period) -> list[Doubt]:
    """Questions about ``value`` for ``period``; ``earlier`` are what is known of the indicator today.

    Codes: bounds, share, scale, factor, jump, sign, fall, unchanged, decimals, zero.
    """
    points = _comparable(target, earlier, period)
    same = [one for one in points if (one.period.start, one.period.end) == (period.start, period.end)]
    before = [one for one in points if one not in same]
    last = (same or before or [None])[-1]
    found = [_bounds(unit, value), _decimals(target, unit, before, value)]
    slip = _against_baseline(target, unit, value) if last is None else None
    if last is None:
        found.append(slip)
    else:
        slip = _sign(last, value) or _slip(unit, last.number, value)
        found += [
            slip or _jump(unit, before, last, value, period),
            _fall(target, last, value) if not same and slip is None else None,
            _unchanged(target, last, value) if not same else None,
        ]
    if slip is None:  # in another unit other decimals are no wonder
        found.append(_dropped_zero(target, unit, points, value))
    return [one for one in found if one is not None]


def slips(
    target: Target,
    unit: Unit,
    before: Sequence[Observation],
    value: Decimal,
    period: Period,
    *,
    first_of_all: bool = False,
) -> Doubt | None:
    """The doubt about a value of a file beside the sound ones ``before`` it: sign, share, scale, factor or jump.

    The ``first_of_all`` of a series is held against the baseline.
    """
    if not before:
        return _far(_against_baseline(target, unit, value)) if first_of_all else None
    last = before[-1]
    found = _sign(last, value) or _far(_slip(unit, last.number, value))
    large, small = max(abs(float(value)), abs(last.number)), min(abs(float(value)), abs(last.number))
    if found is None and (len(before) >= FEW or (small and large >= BEYOND_GROWTH * small)):
        found = _jump(unit, before, last, value, period)
    return found


def _far(slip: Doubt | None) -> Doubt | None:
    """A slip of two places or more; tenfold, published values do grow."""
    return slip if slip is not None and len(slip.parameters["factor"]) > len("10") else None


def from_goal(target: Target, unit: Unit, value: Decimal) -> Doubt | None:
    """The doubt about a first value without a baseline: a thousand times the goal, or a share where it is a percent."""
    version = target.versions[-1]
    goal = version.target.value if version.target is not None else None
    if goal is None or version.baseline is not None:
        return None
    if unit.style != "rank" and goal and abs(value) >= OVER_GOAL * abs(Decimal(repr(goal))):
        return Doubt("goal", {"last": plain(goal), "factor": f"{float(abs(value)) / abs(goal):.0f}", "side": "over"})
    found = _slip(unit, goal, value)
    return found if found is not None and found.code == "share" and abs(value) < 1 else None


def plain(value: float | Decimal) -> str:
    """A number for a message: 12.3, 13000, -5; no exponent."""
    text = format(Decimal(repr(value)) if isinstance(value, float) else value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _comparable(target: Target, earlier: Sequence[Observation], period: Period) -> list[Observation]:
    """Values of the target's own scope up to ``period``, since the last break before its end."""
    found = evidence(latest_known(earlier, target.series, date.max), target, target.versions[-1])
    last_break = max((one for one in found.breaks if one < period.tau - TOLERANCE), default=0.0)
    return [one for one in found.points if last_break + TOLERANCE < one.tau <= period.tau + TOLERANCE]


def _bounds(unit: Unit, value: Decimal) -> Doubt | None:
    low, high = unit.bounds
    if high is None and unit.style == "percent":
        high = 100.0
    if (low is not None and value < low) or (high is not None and value > high):
        return Doubt("bounds", {"low": "" if low is None else plain(low), "high": "" if high is None else plain(high)})
    return None


def _decimals(target: Target, unit: Unit, before: Sequence[Observation], value: Decimal) -> Doubt | None:
    places = -int(value.as_tuple().exponent)
    if target.integer or unit.decimals == 0:
        most = 0
    elif len(before) >= 2:
        most = max(_places(one) for one in before)
    else:
        return None
    return Doubt("decimals", {"decimals": str(places), "usual": str(most)}) if places > most else None


def _dropped_zero(target: Target, unit: Unit, points: Sequence[Observation], value: Decimal) -> Doubt | None:
    """39 after 39.4 and 38.1: a spreadsheet drops the zero of 39.0, and with it the margin of error (ε)."""
    if target.integer or unit.decimals == 0 or unit.style == "rank":
        return None
    start = target.versions[-1].baseline
    known = [_places(one) for one in points[-2:]] or ([_decimals_of(start.value)] if start is not None else [])
    places, usual = max(0, -int(value.as_tuple().exponent)), min(known, default=0)
    if places >= usual:
        return None
    return Doubt("zero", {"read": f"{value:f}", "shown": f"{value:.{usual}f}"})


def _places(seen: Observation) -> int:
    """Decimals with which a value was published."""
    return max(0, round(-math.log10(2 * seen.epsilon)))


def _decimals_of(value: float) -> int:
    return len(plain(value).partition(".")[2])


def _sign(last: Observation, value: Decimal) -> Doubt | None:
    return Doubt("sign", {"last": plain(last.number)}) if float(value) * last.number < 0 else None


def _slip(unit: Unit, last: float, value: Decimal) -> Doubt | None:
    """A ratio near a power of ten, named by the unit that was probably meant."""
    if unit.style == "rank" or not last or not value:
        return None
    power = math.log10(abs(float(value) / last))
    nearest = round(power)
    if nearest == 0 or abs(power - nearest) > NEAR:
        return None
    known = {"last": plain(last), "factor": f"1{'0' * abs(nearest)}", "side": "over" if nearest > 0 else "under"}
    if unit.style == "percent" and abs(nearest) == 2:
        return Doubt("share", known)
    meant = _meant_unit(unit, nearest)
    return Doubt("scale", known | {"meant": meant}) if meant else Doubt("factor", known)


def _meant_unit(unit: Unit, power: int) -> str:
    """Code of the unit in which the number would be right: 650000 where 65조원 were meant is written in 억원."""
    if unit.style == "currency" and unit.base == "KRW":
        held = round(math.log10(unit.scale)) - power
        return f"won_{held}" if held in STEPS or held == 0 else ""
    # 5.1 where 51000 people were meant is written in 만명; nobody counts in parts of a person.
    return f"count_{-power}" if unit.style == "count" and -power in STEPS else ""


def _jump(unit: Unit, before: Sequence[Observation], last: Observation, value: Decimal, period: Period) -> Doubt | None:
    change = abs(float(value) - last.number)
    large, small = max(abs(float(value)), abs(last.number)), min(abs(float(value)), abs(last.number))
    floor = FLOORS.get(unit.style, max(SHARE_OF_LAST * abs(last.number), SMALL_COUNT if unit.decimals == 0 else 0.0))
    if unit.style != "rank" and small and large >= ALWAYS * small:
        odd = True
    elif len(before) < FEW:
        odd = change > floor and large > 3 * small and unit.style != "rank"
    else:
        odd = change > max(USUAL * _usual_change(before, period.tau - last.tau), floor)
    return Doubt("jump", {"last": plain(last.number), "change": plain(float(f"{change:.6g}"))}) if odd else None


def _usual_change(before: Sequence[Observation], years: float) -> float:
    """Median change of the series over so many years; over one of its own steps where there are none."""
    steps = [(after.tau - one.tau, abs(after.number - one.number)) for one, after in pairwise(before)]
    steps = [(length, size) for length, size in steps if length > TOLERANCE]
    if not steps:
        return 0.0
    return median(size / length for length, size in steps) * (years or median(length for length, _ in steps))


def _fall(target: Target, last: Observation, value: Decimal) -> Doubt | None:
    """A stock that shrinks, unless shrinking is the aim."""
    version = target.versions[-1]
    goal, start = version.target, version.baseline
    shrinks = goal and start and goal.value is not None and goal.value < start.value
    if target.measure != "stock" or shrinks or target.kind in (Kind.LIMIT, Kind.RANGE) or float(value) >= last.number:
        return None
    return Doubt("fall", {"last": plain(last.number)})


def _unchanged(target: Target, last: Observation, value: Decimal) -> Doubt | None:
    if target.measure == "rank" or target.kind in (Kind.RANK, Kind.BINARY, Kind.LADDER) or float(value) != last.number:
        return None
    return Doubt("unchanged", {"last": plain(last.number), "period": last.period.text})


def _against_baseline(target: Target, unit: Unit, value: Decimal) -> Doubt | None:
    """The first value of a series has only the baseline to be compared with."""
    baseline = target.versions[-1].baseline or target.versions[0].baseline
    return _slip(unit, baseline.value, value) if baseline is not None else None
