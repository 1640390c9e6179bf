"""Does a value keep the promise? What each comparator means (METHOD, "Comparators").

The direction of an outcome comes from here and never from the path, so that a goal without a
baseline can be judged once its date has passed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from loaders.domain.method.trajectory import TOLERANCE
from loaders.domain.model import Comparator, Kind, Target, Version
from loaders.domain.observation import half_of_last_digit

ABOUT_SHARE = 0.05
"""`about`: within 5 % of the target value."""
EXACT_SHARE = 0.01
"""`exact`: within 1 % of the target value."""

RISING = frozenset({Comparator.AT_LEAST, Comparator.MORE_THAN})
FALLING = frozenset({Comparator.AT_MOST, Comparator.LESS_THAN, Comparator.UP_TO})
STRICT = frozenset({Comparator.MORE_THAN, Comparator.LESS_THAN})
BANDED = frozenset({Comparator.EQUAL, Comparator.ABOUT, Comparator.EXACT})

_PRINTED = re.compile(r"\d[\d,]*(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Promise:
    """The values that keep a promise: an interval, with or without its ends."""

    low: float | None
    """None: no lower end."""
    high: float | None
    """None: no upper end."""
    strict: bool = False
    """True where the end itself does not keep it ("5 % 미만")."""

    def met(self, value: float) -> bool:
        """True where ``value`` keeps the promise."""
        slack = TOLERANCE * (-1 if self.strict else 1)
        above = self.low is None or value >= self.low - slack
        return above and (self.high is None or value <= self.high + slack)

    def short(self, value: float) -> float:
        """How far ``value`` is from keeping it: positive below or above the interval, 0 inside."""
        below = self.low - value if self.low is not None else 0.0
        above = value - self.high if self.high is not None else 0.0
        return max(below, above, 0.0)


def comparator_of(target: Target, version: Version) -> Comparator:
    """The comparator as the kind reads it.

    A registry of method 1 may hold one that its kind does not read; it is then read as the nearest
    one that the kind does, and `kpi check` says so.
    """
    goal, kind = version.target, target.kind
    assert goal is not None, "a version that drops its goal has no comparator"
    found = goal.comparator
    if kind is Kind.RANK or (kind is Kind.MAINTAIN and target.measure == "rank"):
        return Comparator.AT_MOST
    if kind is Kind.LEVEL and found in (Comparator.UP_TO, Comparator.WITHIN, Comparator.EXACT):
        if found is Comparator.EXACT:
            return Comparator.EQUAL
        start = version.baseline
        rises = start is None or goal.value is None or goal.value > start.value
        return Comparator.AT_LEAST if rises and found is Comparator.UP_TO else Comparator.AT_MOST
    if kind is Kind.CUMULATIVE:
        return {
            Comparator.EQUAL: Comparator.EXACT,
            Comparator.MORE_THAN: Comparator.AT_LEAST,
            Comparator.LESS_THAN: Comparator.AT_MOST,
            Comparator.UP_TO: Comparator.AT_MOST,
            Comparator.WITHIN: Comparator.AT_MOST,
        }.get(found, found)
    if kind in (Kind.MAINTAIN, Kind.RECURRING):
        return Comparator.AT_MOST if found in FALLING | {Comparator.WITHIN} else Comparator.AT_LEAST
    if kind is Kind.LIMIT and found in BANDED | {Comparator.WITHIN}:
        return Comparator.AT_MOST
    return found


def promise_of(target: Target, version: Version, value: float | None = None) -> Promise | None:
    """The values that keep ``version``'s goal, or one of ``value`` in its place; None without a value.

    equal: within half of the last printed digit; about: within 5 %; exact: within 1 %; each of them
    within ``tolerance`` where the version states one.
    """
    goal = version.target
    if goal is None:
        return None
    if target.kind is Kind.RANGE:
        return None if goal.low is None or goal.high is None else Promise(goal.low, goal.high)
    if target.kind in (Kind.BINARY, Kind.LADDER):
        return Promise(1.0, None)
    wanted = goal.value if value is None else value
    if wanted is None:
        return None
    comparator = comparator_of(target, version)
    if comparator in RISING:
        return Promise(wanted, None, comparator in STRICT)
    if comparator in FALLING:
        return Promise(None, wanted, comparator in STRICT)
    margin = tolerance_of(version, comparator)
    return Promise(wanted - margin, wanted + margin)


def tolerance_of(version: Version, comparator: Comparator) -> float:
    """Half the width of the band around the value, in the target's unit; 0 without a value."""
    goal = version.target
    if goal is None or goal.value is None:
        return 0.0
    if goal.tolerance is not None:
        return goal.tolerance
    if comparator is Comparator.ABOUT:
        return ABOUT_SHARE * abs(goal.value)
    if comparator is Comparator.EXACT:
        return EXACT_SHARE * abs(goal.value)
    return half_of_last_digit(_printed(version.as_printed, goal.value))


def _figures(text: str, value: float) -> list[str]:
    found = [number.replace(",", "") for number in _PRINTED.findall(text)]
    return [number for number in found if float(number) == abs(value)]


def is_printed(text: str, value: float) -> bool:
    """True where the printed figure shows ``value``."""
    return bool(_figures(text, value))


def _printed(text: str, value: float) -> str:
    """``value`` as the document prints it: a YAML number forgets that 1.0 was printed, the figure does not."""
    return max(_figures(text, value), key=len, default=f"{value:.15g}")


def direction_of(target: Target, version: Version) -> int | None:
    """+1 where more is better, −1 where less is; None where neither comparator nor baseline tells."""
    goal = version.target
    if goal is None or (goal.value is None and target.kind not in (Kind.BINARY, Kind.LADDER)):
        return None
    if target.kind in (Kind.BINARY, Kind.LADDER):
        return 1
    comparator = comparator_of(target, version)
    start = version.baseline
    if target.kind in (Kind.LEVEL, Kind.BREAKDOWN) and start is not None and goal.value not in (None, start.value):
        return 1 if goal.value > start.value else -1
    return -1 if comparator in FALLING or comparator is Comparator.WITHIN else 1
