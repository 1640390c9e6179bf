"""Why a number is not there: every null of the contract has a reason beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from loaders.domain.method.case import due_date
from loaders.domain.method.projection import Unprojected
from loaders.domain.method.status import Status
from loaders.domain.model import Kind

if TYPE_CHECKING:
    from loaders.assessment import Assessment

PATHLESS = frozenset({Kind.MAINTAIN, Kind.LIMIT, Kind.RECURRING})
"""Kinds that promise no path."""
ORDINAL = frozenset({Kind.RANK, Kind.MAINTAIN})
"""Kinds of places, of which there are no shares."""


def undefined(item: Assessment, found: Mapping[str, Any]) -> dict[str, str]:
    """Reason code by field for every null of ``found``, nested fields joined by a dot."""
    flat = dict(found)
    flat.pop("versions")
    for name in ("crosscheck", "projection", "outcome"):
        flat |= {f"{name}.{key}": value for key, value in flat.pop(name).items()}
    reasons = {}
    for name, value in flat.items():
        if value is None and name not in ("reason", "outcome.event"):
            reasons[name] = _reason(name, item)
    return reasons


def _reason(name: str, item: Assessment) -> str:
    now, kind = item.current, item.target.kind
    if name.startswith("projection"):
        return item.projection.value if isinstance(item.projection, Unprojected) else "undefined"
    if name.startswith("outcome"):
        return _of_an_outcome(name, item)
    if name in ("baseline", "target", "due", "observation"):
        return {"baseline": "no_baseline", "target": "not_a_single_value", "due": "no_due_date"}.get(
            name, "no_observation"
        )
    if now.reason is not None:
        return now.reason.value
    if now.outcome is not None:
        return "date_passed"
    if now.status in (Status.WITHIN_LIMIT, Status.EXCEEDED):
        return "kind"
    if kind in PATHLESS or (kind in ORDINAL or kind is Kind.RANK):
        return "kind"
    if now.trajectory is None:
        return "no_path"
    if name.startswith("crosscheck"):
        return "zero_or_change_of_sign" if kind is Kind.LEVEL else "kind"
    return _of_a_path(name, item)


def _of_an_outcome(name: str, item: Assessment) -> str:
    found = item.current.outcome
    if found is None:
        return "no_due_date" if due_date(item.version) is None else "not_due_yet"
    if found.result_due is None:
        return "no_due_date"
    return "not_late" if name == "outcome.months_late" else "no_result"


def _of_a_path(name: str, item: Assessment) -> str:
    now = item.current
    if name == "months":
        return "outside_the_path"
    if name.startswith("required_pace"):
        return "date_passed"
    if name == "recent_pace":
        return "too_few_points"
    if name == "acceleration":
        if now.required_pace_final is None:
            return "date_passed"
        if now.recent_pace is None:
            return "too_few_points"
        return "must_turn_round" if now.recent_pace else "no_movement"
    return "nothing_due_yet" if name == "delivery_ratio" else "kind"
