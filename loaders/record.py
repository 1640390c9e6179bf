"""An assessment as the flat dictionary of the command line's JSON (DESIGN, "Contracts").

Numbers are not rounded; one that is not defined is None, with its reason beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from loaders.assessment import Assessment
from loaders.domain.method.case import due_date
from loaders.domain.method.judgement import Judgement
from loaders.domain.method.projection import Projection, Unprojected
from loaders.domain.model import Version
from loaders.undefined import undefined

if TYPE_CHECKING:
    import pandas as pd

OUTCOME = ("verdict", "at", "months_late", "result_due", "event")
"""Parts of an outcome."""


def record(item: Assessment) -> dict[str, Any]:
    """One flat record with the contract's fields; an undefined number is None."""
    now, goal, start = item.current, item.version.target, item.version.baseline
    seen = now.observation
    found: dict[str, Any] = {
        "id": item.id,
        "version": item.version.document,
        "kind": item.target.kind.value,
        "status": now.status.value,
        "reason": now.reason.value if now.reason else None,
        "overlays": [overlay.value for overlay in now.overlays],
        "baseline": start.value if start else None,
        "target": goal.value if goal else None,
        "due": _due(item.version),
        "observation": {"period": seen.period.written, "value": seen.value, "tau": seen.tau} if seen else None,
        "expected": now.expected,
        "progress": now.progress,
        "expected_progress": now.expected_progress,
        "delivery_ratio": now.delivery_ratio,
        "gap_to_target": now.gap_to_target,
        "deviation": now.deviation,
        "months": now.months,
        "required_pace_next": now.required_pace_next,
        "required_pace_final": now.required_pace_final,
        "recent_pace": now.recent_pace,
        "acceleration": now.acceleration,
        "crosscheck": {
            "dns_weather": now.crosscheck.dns_weather,
            "ppg_rate": now.crosscheck.ppg_rate,
            "eurostat_ratio": now.crosscheck.eurostat_ratio,
            "eurostat_band": now.crosscheck.eurostat_band,
            "unsd_share": now.crosscheck.unsd_share,
            "unsd_band": now.crosscheck.unsd_band,
        },
        "projection": _projected(item.projection),
        "outcome": outcome_record(now),
        "group": now.group.value,
        "versions": [
            {
                "document": one.version.document,
                "due": _due(one.version),
                "status": one.judgement.status.value,
                "outcome": outcome_record(one.judgement),
            }
            for one in item.standings
        ],
        "original": {"status": item.original.status.value},
    }
    return found | {"undefined": undefined(item, found)}


def outcome_record(now: Judgement) -> dict[str, Any]:
    """How a version ended; before its due date nothing but that it was reached and lost again."""
    found = now.outcome
    if found is None:
        return dict.fromkeys(OUTCOME) | {"event": f"lost {now.lost}" if now.lost else None}
    return {
        "verdict": found.verdict.value,
        "at": found.at.isoformat() if found.at else None,
        "months_late": found.months_late,
        "result_due": found.result_due.isoformat() if found.result_due else None,
        "event": found.event,
    }


def _due(version: Version) -> str | None:
    day = due_date(version)
    return day.isoformat() if day else None


def _projected(found: Projection | Unprojected) -> dict[str, Any]:
    if isinstance(found, Unprojected):
        return {"at": None, "centre": None, "low": None, "high": None, "verdict": None}
    return {
        "at": found.at,
        "centre": found.centre,
        "low": found.low,
        "high": found.high,
        "verdict": found.verdict.value,
    }


def frame(assessments: Iterable[Assessment]) -> pd.DataFrame:
    """The records as a table, one row per target, nested fields joined by a dot."""
    import pandas as pd

    return pd.json_normalize([record(item) for item in assessments])
