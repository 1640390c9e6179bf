"""How each version of a target stands on one day: its own outcome, which no later document erases.

A version whose due date has passed keeps the outcome that its own values give it, whatever came
after. One that was dropped, handed on to other targets or redefined before a result was known is
withdrawn on that day, visibly.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from loaders.domain.method.case import Case
from loaders.domain.method.judge import judge
from loaders.domain.method.judgement import Judgement
from loaders.domain.method.outcome import KNOWN, Outcome, Verdict
from loaders.domain.method.status import Status
from loaders.domain.model import Method, Reason, Registry, Target, Version
from loaders.domain.observation import Observation
from loaders.domain.vintage import Bounds, Evidence, Issued, evidence, latest_known, versions_issued

TAKES_BACK = frozenset({Reason.DROPPED, Reason.MERGED, Reason.SPLIT, Reason.REDEFINED})
"""Reasons of a later version that end an earlier goal instead of moving it."""
HANDS_ON = frozenset({Reason.MERGED, Reason.SPLIT})
"""Of those, the ones after which the aim lives on in other targets."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One version on one day."""

    version: Version
    issued: date
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Judge:
    """A target with its rows, judged on any day by any of its versions."""

    registry: Registry
    target: Target
    rows: Sequence[Observation]
    bounds: Bounds
    method: Method

    def evidence(self, version: Version, day: date) -> Evidence:
        """What was known on ``day`` of the statistic as ``version`` counts it."""
        return evidence(latest_known(self.rows, self.target.series, day), self.target, version, self.bounds)

    def judged(self, issued: Sequence[Issued], day: date, found: Evidence | None = None) -> Judgement:
        """The last of the ``issued`` versions on ``day``."""
        seen = found if found is not None else self.evidence(issued[-1].version, day)
        return judge(self.target, issued, seen, day, self.method, year_starts=self.registry.site.year_starts)


def standings(ask: Judge, issued: Sequence[Issued], as_of: date) -> tuple[Standing, ...]:
    """Every version that states a goal, oldest first, as it stands on ``as_of``."""
    handed_on = handed_on_from(ask.registry, ask.target, as_of)
    found = []
    for number, one in enumerate(issued):
        if one.version.target is None:
            continue
        ends = _ends(issued[number + 1 :], max(handed_on, one.on) if handed_on else None)
        judged = ask.judged(issued[: number + 1], as_of)
        if ends is not None:
            judged = _closed(ask, issued[: number + 1], judged, *ends)
        found.append(Standing(one.version, one.on, judged))
    return tuple(found)


def handed_on_from(registry: Registry, target: Target, as_of: date) -> date | None:
    """First day on which a target that replaces this one is in force; None where none is yet."""
    days = [
        min(one.on for one in versions_issued(successor, registry.document, as_of))
        for name in target.superseded_by
        if (successor := registry.target.get(name)) is not None and versions_issued(successor, registry.document, as_of)
    ]
    return min(days, default=None)


def _ends(later: Iterable[Issued], handed_on: date | None) -> tuple[date, Status] | None:
    """Day on which a goal was taken back and what it is since; None while it is only moved or stands."""
    found = []
    for one in later:
        reasons = TAKES_BACK.intersection(one.version.reason)
        if reasons or one.version.target is None:
            found.append((one.on, Status.SUPERSEDED if reasons & HANDS_ON else Status.DROPPED))
    if not found and handed_on is not None:
        return handed_on, Status.SUPERSEDED
    return min(found, default=None)


def _closed(ask: Judge, issued: Sequence[Issued], now: Judgement, day: date, status: Status) -> Judgement:
    """``now`` where its outcome was already known on ``day``, else withdrawn on that day."""
    then = ask.judged(issued, day)
    if then.outcome is not None and then.outcome.verdict in KNOWN:
        return now
    case = Case(ask.target, tuple(issued), ask.evidence(issued[-1].version, day), day, ask.method)
    due = case.due
    outcome = Outcome(Verdict.WITHDRAWN, status, due, case.result_due(due) if due is not None else None, withdrawn=day)
    return replace(now, status=status, reason=None, overlays=(), outcome=outcome)
