"""One version of one target judged on what was known on one day: gate, rule of the kind, overlays.

Nothing else computes a number of the method: page, export and report print the record made here.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from loaders.domain.method.crosscheck import disagrees
from loaders.domain.method.trajectory import TOLERANCE
from loaders.domain.model import Kind, Method, Target, Version
from loaders.method1.gate import NOT_ABOUT_THE_VALUE, gate, missed_releases
from loaders.method1.judgement import Judgement, direction_of
from loaders.method1.kinds import RULES, Case, promised_path
from loaders.method1.status import Overlay, Reason, Status, level_status
from loaders.method1.vintage import Evidence


def judge(target: Target, version: Version, found: Evidence, as_of: date, method: Method) -> Judgement:
    """Status of ``version`` on ``as_of`` with all numbers that are defined."""
    if version.target is None:
        return Judgement(Status.DROPPED, observation=found.latest)
    reason = gate(target, version, found, as_of)
    latest = found.latest
    if latest is None or reason in (Reason.SCOPE_MISMATCH, Reason.UNIT_MISMATCH, Reason.SERIES_BREAK):
        shown = latest if reason is not Reason.SCOPE_MISMATCH else None
        return Judgement(
            Status.NOT_ASSESSABLE,
            reason or Reason.NO_OBSERVATION,
            _standing_overlays(version),
            shown or (found.others[-1] if found.others else None),
            promised_path(target, version),
            direction_of(target, version),
        )
    working, status = RULES[target.kind](Case(target, version, version.target, found, latest, as_of, method))
    if reason is not None and not (reason in NOT_ABOUT_THE_VALUE and status is Status.ACHIEVED):
        return replace(working, status=Status.NOT_ASSESSABLE, reason=reason, overlays=_standing_overlays(version))
    if status is Status.NOT_ASSESSABLE:
        return replace(working, overlays=_standing_overlays(version))
    return replace(working, status=status, overlays=_overlays(target, version, working, status, as_of, method))


def _standing_overlays(version: Version) -> tuple[Overlay, ...]:
    assumed = version.baseline is not None and version.baseline.assumed
    return (Overlay.ASSUMED_BASELINE,) if assumed else ()


def _overlays(
    target: Target, version: Version, working: Judgement, status: Status, as_of: date, method: Method
) -> tuple[Overlay, ...]:
    found, latest = list(working.overlays), working.observation
    assert latest is not None
    if target.series is not None and missed_releases(latest, target.series, as_of) >= 1:
        found.append(Overlay.STALE)
    path = working.trajectory
    if target.kind is Kind.LEVEL and path is not None and status is not Status.MISSED:
        shifted = {
            level_status(path, latest.number + sign * latest.epsilon, latest.tau, latest.epsilon, method)
            for sign in (-1, 1)
        }
        if len(shifted) > 1:
            found.append(Overlay.BORDERLINE)
    if path is not None and target.kind in (Kind.LEVEL, Kind.RANK) and status is not Status.ACHIEVED:
        rung = path.rung(latest.tau)
        passed = rung not in (path.baseline, path.target)
        if passed and (working.direction or 1) * (latest.number - rung.value) < -TOLERANCE:
            found.append(Overlay.MILESTONE_MISSED)
    if disagrees(status, working.crosscheck):
        found.append(Overlay.METHOD_DISAGREEMENT)
    return (*found, *_standing_overlays(version))
