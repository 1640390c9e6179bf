"""Whose line a path is, and what it asks for on a day (METHOD, "Paths and their names")."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from loaders.assessment import Assessment
from loaders.domain.method.comparison import comparator_of
from loaders.domain.method.kinds.cumulative import planned_path
from loaders.domain.method.kinds.table import promised_path
from loaders.domain.method.status import Reason, Status
from loaders.domain.method.trajectory import TOLERANCE
from loaders.domain.model import Comparator, Kind, Target, Version
from loaders.domain.period import FREQUENCY_MONTHS, decimal_year, next_period_end

YEAR = 12
"""Months after which a value without a rhythm counts as old."""
DATED_THROUGHOUT = (Kind.MAINTAIN, Kind.BINARY, Kind.LADDER)
"""Kinds whose whole path stands in the document: what is kept, or dated steps."""
PACED = (Status.ON_TRACK, Status.NEEDS_ACCELERATION, Status.OFF_TRACK, Status.REGRESSING, Status.TOO_EARLY)
"""Statuses before the due date that a later value could move."""


class PathName(StrEnum):
    """What a path may be called."""

    DECLARED = "declared"
    """Its interim nodes or its plan stand in the document: the promised path."""
    STRAIGHT = "straight"
    """Only start and goal do: the straight line between them is ours."""
    GROWTH = "growth"
    """Only start and goal do, joined at constant growth."""
    HELD = "held"
    """Only start and goal do, of a rank or of one lot: the start is kept until the due date."""


def path_name(target: Target, version: Version) -> PathName:
    """Declared where the document dates what lies between start and goal; else a line of ours.

    A plan of a single part dates nothing in between.
    """
    if version.milestones or len(version.plan) > 1 or target.kind in DATED_THROUGHOUT:
        return PathName.DECLARED
    if version.path == "step" or target.kind is Kind.RANK:
        return PathName.HELD
    return PathName.GROWTH if version.path == "geometric" else PathName.STRAIGHT


def asked_on(target: Target, version: Version, day: date) -> float | None:
    """E(day) in the indicator's unit; None where nothing is asked: no path, a ceiling, after the due date."""
    path = promised_path(target, version)
    today = decimal_year(day)
    if path is None or today > path.target.tau + TOLERANCE or today < path.baseline.tau:
        return None
    if target.kind is Kind.CUMULATIVE:
        plan = planned_path(version)
        ceiling = comparator_of(target, version) is Comparator.AT_MOST
        return None if plan is None or ceiling else plan.at(today)
    return path.rung(today).value if target.kind is Kind.RANK else path.expected(today)


def asked_since(item: Assessment) -> float | None:
    """What the path asks for on the assessment's day where the judged value is older than one cycle of its series.

    None where it is not, where no later value could move the status, and where nothing is asked.
    """
    seen = item.current.observation
    if seen is None or (item.status not in PACED and item.current.reason is not Reason.STALE):
        return None
    series = item.target.series
    cycle = (FREQUENCY_MONTHS.get(series.frequency) if series else None) or YEAR
    if item.as_of <= next_period_end(seen.period.end, cycle):
        return None
    return asked_on(item.target, item.version, item.as_of)
