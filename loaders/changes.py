"""What changed between two days, and why: one input is swapped at a time (METHOD, "Why did the status change?").

The inputs are a new observation, a revised one, the version in force, the thresholds and the time
that has passed. The first that moves the status by itself is named; where only several together
move it, that is said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from loaders.assessment import Assessment, assess, bounds_of
from loaders.domain.method.judgement import Judgement
from loaders.domain.method.status import Reason, Status
from loaders.domain.model import Method, Registry, Version
from loaders.domain.observation import Observation
from loaders.domain.period import parse_period
from loaders.domain.vintage import Issued, versions_issued
from loaders.standing import Judge


class Cause(StrEnum):
    """What moved a status, in the order in which the inputs are swapped."""

    NEW_OBSERVATION = "new_observation"
    REVISED_OBSERVATION = "revised_observation"
    WITHDRAWN = "withdrawn"
    """A published value was taken back (status M); no new statistic."""
    REDEFINED = "redefined"
    """A published value was declared to be of another definition (status D)."""
    VERSION = "version"
    THRESHOLDS = "thresholds"
    TIME = "time"
    SEVERAL = "several"
    """No input alone moves it."""
    PARTS = "parts"
    """A breakdown, or a target that another one replaced: look at those."""
    NEW_TARGET = "new_target"
    """The target did not exist on the earlier day."""


@dataclass(frozen=True, slots=True)
class Change:
    """One target whose status, or reason for having none, differs between the two days."""

    before: Assessment | None
    """None for a target that did not exist."""
    after: Assessment
    cause: Cause
    observation: Observation | None = None
    """The observation behind it, for the causes by observation."""
    version: Version | None = None
    """The version behind it, for a version or a new target."""


def changes(
    registry: Registry, observations: Iterable[Observation], since: date, until: date, earlier: Registry | None = None
) -> list[Change]:
    """All changes from ``since`` to ``until``, in the registry's order.

    ``earlier`` is the registry as it stood on ``since`` where its thresholds differ; the same one
    otherwise, whose versions already know their dates.
    """
    rows = list(observations)
    old = earlier or registry
    before = {item.id: item for item in assess(old, rows, since)}
    by_indicator: dict[str, list[Observation]] = defaultdict(list)
    for row in rows:
        by_indicator[row.indicator].append(row)
    found = []
    for after in assess(registry, rows, until):
        start = before.get(after.id)
        if start is None:
            found.append(Change(None, after, Cause.NEW_TARGET, version=after.versions[0]))
        elif _outcome(start.current) != _outcome(after.current):
            own = by_indicator[after.target.indicator]
            found.append(_explained(registry, start, after, own, since, until, old.method))
    return found


def _outcome(now: Judgement) -> tuple[Status, Reason | None]:
    return now.status, now.reason


def _explained(
    registry: Registry,
    before: Assessment,
    after: Assessment,
    rows: Sequence[Observation],
    since: date,
    until: date,
    old_method: Method,
) -> Change:
    target, new_method = after.target, registry.method
    if target.breakdown or Status.SUPERSEDED in (before.status, after.status):
        return Change(before, after, Cause.PARTS)
    first, last = versions_issued(target, registry.document, since), versions_issued(target, registry.document, until)
    known = [row for row in rows if row.opens <= since]
    by_cause = _sorted_by_cause(known, [row for row in rows if since < row.opens <= until])

    def outcome(issued: Sequence[Issued], own: Sequence[Observation], day: date, method: Method) -> tuple:
        # Exactly these rows are known, whenever they became so; the day is only that of the judgement.
        ask = Judge(registry, target, own, bounds_of(registry, target), method)
        return _outcome(ask.judged(issued, day, ask.evidence(issued[-1].version, until)))

    start = _outcome(before.current)
    for cause, came in by_cause.items():
        if came and outcome(first, [*known, *came], since, old_method) != start:
            return Change(before, after, cause, observation=_latest(came))
    if len(last) > len(first) and outcome(last, known, since, old_method) != start:
        return Change(before, after, Cause.VERSION, version=after.version)
    if new_method != old_method and outcome(first, known, since, new_method) != start:
        return Change(before, after, Cause.THRESHOLDS)
    if outcome(first, known, until, old_method) != start:
        return Change(before, after, Cause.TIME)
    return Change(before, after, Cause.SEVERAL)


def _sorted_by_cause(known: Sequence[Observation], came: Sequence[Observation]) -> dict[Cause, list[Observation]]:
    """What came to be known, by what it did to what was known before."""
    periods = {(row.scope, row.period) for row in known}
    found: dict[Cause, list[Observation]] = {
        Cause.NEW_OBSERVATION: [],
        Cause.REVISED_OBSERVATION: [],
        Cause.WITHDRAWN: [],
        Cause.REDEFINED: [],
    }
    for row in came:
        if (row.scope, row.period) not in periods:
            cause = Cause.NEW_OBSERVATION
        else:
            cause = {"M": Cause.WITHDRAWN, "D": Cause.REDEFINED}.get(row.status, Cause.REVISED_OBSERVATION)
        found[cause].append(row)
    return found


def _latest(rows: Sequence[Observation]) -> Observation:
    return max(rows, key=lambda row: (row.period.end, row.opens))


def issued(registry: Registry, version: Version) -> date:
    """Day from which a version is in force."""
    return parse_period(registry.document[version.document].issued).end


def record(change: Change, registry: Registry) -> dict[str, Any]:
    """One flat record: what stood before and after, what moved it and from which day that was known."""
    seen, version, before = change.observation, change.version, change.before
    return {
        "id": change.after.id,
        "before": _stand(before) if before else None,
        "after": _stand(change.after),
        "cause": change.cause.value,
        "observation": {"period": seen.period.written, "value": seen.value} if seen else None,
        "version": version.document if version else None,
        "known": day.isoformat() if (day := known_on(change, registry)) else None,
    }


def _stand(item: Assessment) -> dict[str, Any]:
    now = item.current
    return {"status": now.status.value, "reason": now.reason.value if now.reason else None}


def known_on(change: Change, registry: Registry) -> date | None:
    """Day from which the cause was known: of the observation or the document; None where time moved it."""
    if change.observation is not None:
        return change.observation.opens
    return issued(registry, change.version) if change.version is not None else None
