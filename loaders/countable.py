"""One target whose numbers cannot be worked out takes no other with it, and is named.

The registry's bounds keep such targets out; this is for the case that they do not.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from loaders.assessment import Assessment, assess
from loaders.domain.model import Registry
from loaders.domain.observation import Observation
from loaders.record import record

UNCOUNTABLE = (ArithmeticError, ValueError)
"""What impossible numbers raise."""

_log = logging.getLogger(__name__)

LeftOut = dict[str, str]
"""Why a target could not be worked out, by its id."""


def assess_countable(
    registry: Registry, observations: Iterable[Observation], day: date
) -> tuple[list[Assessment], LeftOut]:
    """The assessments of all targets that can be worked out, and why the others cannot."""
    rows = tuple(observations)
    try:
        return assess(registry, rows, day), {}
    except UNCOUNTABLE:
        left_out = {target.id: why for target in registry.targets if (why := _fails(registry, target.id, rows, day))}
    for name, why in left_out.items():
        _log.warning("%s is left out: %s", name, why)
    return assess(_only(registry, {one.id for one in registry.targets} - left_out.keys()), rows, day), left_out


def records(found: Iterable[Assessment]) -> tuple[list[dict[str, Any]], LeftOut]:
    """The records of all assessments whose numbers are finite, and why the others are not among them."""
    kept: list[dict[str, Any]] = []
    left_out: LeftOut = {}
    for item in found:
        try:
            told = record(item)
            odd = next((name for name, value in _numbers(told) if not math.isfinite(value)), None)
        except UNCOUNTABLE as error:
            left_out[item.id] = _said(error)
            continue
        if odd is None:
            kept.append(told)
        else:
            left_out[item.id] = f"{odd} is no finite number"
    for name, why in left_out.items():
        _log.warning("%s is left out: %s", name, why)
    return kept, left_out


def _fails(registry: Registry, target: str, rows: tuple[Observation, ...], day: date) -> str:
    own = registry.target[target].indicator
    try:
        assess(_only(registry, {target}), [row for row in rows if row.indicator == own], day)
    except UNCOUNTABLE as error:
        return _said(error)
    return ""


def _only(registry: Registry, names: set[str]) -> Registry:
    # A copy would take along what the registry has already looked up by id.
    parts: dict[str, Any] = {name: getattr(registry, name) for name in Registry.model_fields}
    parts["targets"] = [one for one in registry.targets if one.id in names]
    return Registry.model_construct(**parts)


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _numbers(told: dict[str, Any], inside: str = "") -> Iterator[tuple[str, float]]:
    for name, value in told.items():
        if isinstance(value, dict):
            yield from _numbers(value, f"{name}.")
        elif isinstance(value, float):
            yield f"{inside}{name}", value
