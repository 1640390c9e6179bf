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

from loaders.assessment import Assessment, assess
from loaders.domain.method.judge import judge
from loaders.domain.method.judgement import Judgement
from loaders.domain.method.status import Reason, Status
from loaders.domain.model import Method, Registry, Target, Version
from loaders.domain.observation import Observation
from loaders.domain.period import parse_period
from loaders.domain.vintage import evidence, latest_known


class Cause(StrEnum):
    """What moved a status, in the order in which the inputs are swapped."""

    NEW_OBSERVATION = "new_observation"
    REVISED_OBSERVATION = "revised_observation"
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
    """The observation behind it, for the two causes by observation."""
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
            found.append(_explained(start, after, own, since, until, old.method, registry.method))
    return found


def _outcome(now: Judgement) -> tuple[Status, Reason | None]:
    return now.status, now.reason


def _explained(
    before: Assessment,
    after: Assessment,
    rows: Sequence[Observation],
    since: date,
    until: date,
    old_method: Method,
    new_method: Method,
) -> Change:
    target, first, last = after.target, before.version, after.version
    if target.breakdown or Status.SUPERSEDED in (before.status, after.status):
        return Change(before, after, Cause.PARTS)
    known = [row for row in rows if row.known <= since]
    came = [row for row in rows if since < row.known <= until]
    periods = {(row.scope, row.period) for row in known}
    new = [row for row in came if (row.scope, row.period) not in periods]
    revised = [row for row in came if (row.scope, row.period) in periods]

    def outcome(version: Version, own: Sequence[Observation], day: date, method: Method) -> tuple:
        return _outcome(_judged(target, version, own, until, day, method))

    start = _outcome(before.current)
    if new and outcome(first, [*known, *new], since, old_method) != start:
        return Change(before, after, Cause.NEW_OBSERVATION, observation=_latest(new))
    if revised and outcome(first, [*known, *revised], since, old_method) != start:
        return Change(before, after, Cause.REVISED_OBSERVATION, observation=_latest(revised))
    if last is not first and outcome(last, known, since, old_method) != start:
        return Change(before, after, Cause.VERSION, version=last)
    if new_method != old_method and outcome(first, known, since, new_method) != start:
        return Change(before, after, Cause.THRESHOLDS)
    if outcome(first, known, until, old_method) != start:
        return Change(before, after, Cause.TIME)
    return Change(before, after, Cause.SEVERAL)


def _judged(
    target: Target, version: Version, rows: Sequence[Observation], until: date, day: date, method: Method
) -> Judgement:
    """Judged on ``day`` with exactly ``rows``, whenever they became known."""
    known = latest_known(rows, target.series, until)
    found = evidence(known, target.series, (version.scope or target.scope).id)
    return judge(target, version, found, day, method)


def _latest(rows: Sequence[Observation]) -> Observation:
    return max(rows, key=lambda row: (row.period.end, row.known))


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
        "observation": {"period": seen.period.text, "value": seen.value} if seen else None,
        "version": version.document if version else None,
        "known": day.isoformat() if (day := known_on(change, registry)) else None,
    }


def _stand(item: Assessment) -> dict[str, Any]:
    now = item.current
    return {"status": now.status.value, "reason": now.reason.value if now.reason else None}


def known_on(change: Change, registry: Registry) -> date | None:
    """Day from which the cause was known: of the observation or the document; None where time moved it."""
    if change.observation is not None:
        return change.observation.known
    return issued(registry, change.version) if change.version is not None else None
