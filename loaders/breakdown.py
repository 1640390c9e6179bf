"""A target that follows from its parts, by the rule that it states (METHOD, "breakdown").

A dropped part leaves the whole and the weights of the others are rescaled; a part that another
target replaced is followed there. A part without a judgement is another thing: it is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from loaders.domain.method.judgement import Judgement
from loaders.domain.method.outcome import Outcome, Verdict, months_between
from loaders.domain.method.progress import delivery_ratio
from loaders.domain.method.status import ASSESSED, LATENESS, Overlay, Reason, Status, by_ratio
from loaders.domain.method.trajectory import TOLERANCE
from loaders.domain.model import Breakdown, Method, Target

BROKEN = (Status.MISSED, Status.EXCEEDED)
ENDED_WELL = (Status.ACHIEVED, Status.WITHIN_LIMIT)
TAKEN_OVER = frozenset({Overlay.LOST, Overlay.PROVISIONAL})
"""Overlays of an outcome that a whole has as soon as one of its parts has."""


class Part(NamedTuple):
    """One part that is still there."""

    judgement: Judgement | None
    """None where the part is not known on that day."""
    weight: float


def parts_of(parts: Breakdown, found: Mapping[str, Judgement], targets: Mapping[str, Target]) -> list[Part]:
    """The parts that count: dropped ones are gone, replaced ones are followed, weights add up to 1 again."""
    kept = [part for child in parts.children for part in _followed(child.target, child.weight or 1, found, targets, ())]
    whole = sum(part.weight for part in kept)
    return [Part(part.judgement, part.weight / whole) for part in kept]


def gone(parts: Breakdown, found: Mapping[str, Judgement]) -> list[str]:
    """Ids of the parts that were dropped, to be named beside the whole."""
    return [one.target for one in parts.children if (own := found.get(one.target)) and own.status is Status.DROPPED]


def _followed(
    name: str,
    weight: float,
    found: Mapping[str, Judgement],
    targets: Mapping[str, Target],
    seen: tuple[str, ...],
) -> list[Part]:
    own = found.get(name)
    if own is None or own.status not in (Status.DROPPED, Status.SUPERSEDED):
        return [Part(own, weight)]
    following = [one for one in targets[name].superseded_by if one in found and one not in (*seen, name)]
    if own.status is Status.DROPPED or not following:
        return []
    share = weight / len(following)
    return [part for one in following for part in _followed(one, share, found, targets, (*seen, name))]


def combined(
    own: Judgement, parts: Breakdown, found: Mapping[str, Judgement], targets: Mapping[str, Target], method: Method
) -> Judgement:
    """The judgement of a whole from those of its parts; ``own`` is that of its own series.

    ``headline`` keeps its own. ``all`` and ``worst`` take the latest part's status, ``all`` only
    where every part can be judged; missed or exceeded come before unknown, unknown before awaiting.
    ``weighted`` adds up P and P* and judges their ratio.
    """
    if parts.rule == "headline" or own.status in (Status.DROPPED, Status.SUPERSEDED):
        return own
    kept = parts_of(parts, found, targets)
    known = [part.judgement for part in kept if part.judgement is not None]
    judged = [one.status for one in known if one.status in ASSESSED]
    ended = own.outcome is not None
    if parts.rule == "weighted":
        pending = _pending(own, known) if ended else None
        return pending or _weighted(own, kept, method)
    if any(status in BROKEN for status in judged):
        return _as(own, _latest(judged), Verdict.BROKEN)
    if parts.rule == "all" and len(judged) < len(kept):
        return _pending(own, known) or _unjudged(own)
    pending = _pending(own, known) if ended else None
    if pending or not judged:
        return pending or _unjudged(own)
    return _kept(own, _latest(judged), known)


def _latest(judged: list[Status]) -> Status:
    """The latest of the parts' statuses; a limit that is kept stands behind everything that is to be reached."""
    ways = [status for status in judged if status is not Status.WITHIN_LIMIT]
    return min(ways or judged, key=LATENESS.index)


def _pending(own: Judgement, known: list[Judgement]) -> Judgement | None:
    """Unknown where a part's outcome is, else awaiting where a part's is; None without either."""
    if any(one.reason is Reason.OUTCOME_UNKNOWN for one in known):
        return replace(_as(own, Status.NOT_ASSESSABLE, Verdict.UNKNOWN), reason=Reason.OUTCOME_UNKNOWN)
    if any(one.status is Status.AWAITING_OUTCOME for one in known):
        return _as(own, Status.AWAITING_OUTCOME, Verdict.AWAITING)
    running = any(one.outcome is None and one.status in ASSESSED and one.status not in ENDED_WELL for one in known)
    if own.outcome is None or not running:
        return None
    # The date of the whole has passed and a part is still on its way to a later one: no pace answers that.
    if own.outcome.verdict is Verdict.AWAITING:
        return _as(own, Status.AWAITING_OUTCOME, Verdict.AWAITING)
    return replace(_as(own, Status.NOT_ASSESSABLE, Verdict.UNKNOWN), reason=Reason.OUTCOME_UNKNOWN)


def _kept(own: Judgement, status: Status, parts: list[Judgement]) -> Judgement:
    """``own`` with the status of its parts; once its date has passed, as late and as certain as the last of them."""
    whole = _as(own, status, Verdict.KEPT)
    if whole.outcome is None or whole.outcome.due is None:
        return whole
    due = whole.outcome.due
    after = [one for one in parts if (day := _reached_by(one)) is not None and day > due]
    late = [one.outcome.at for one in after if one.outcome and one.outcome.at and one.outcome.months_late is not None]
    said = {overlay for one in parts for overlay in one.overlays} & TAKEN_OVER
    outcome = whole.outcome
    if late:
        last = max(late)
        outcome = replace(outcome, verdict=Verdict.KEPT_LATE, at=last, months_late=months_between(due, last))
        said.add(Overlay.LATE)
    elif after:
        outcome = replace(outcome, verdict=Verdict.DATE_UNPROVEN)
        said.add(Overlay.DATE_UNPROVEN)
    overlays = tuple(one for one in Overlay if one in said or one in own.overlays)
    return replace(whole, outcome=replace(outcome, overlays=overlays), overlays=overlays)


def _reached_by(part: Judgement) -> date | None:
    """End of the period by which a part was reached; None for a limit, which is kept and not reached."""
    if part.status is Status.WITHIN_LIMIT:
        return None
    if part.outcome is not None:
        return part.outcome.at
    return part.observation.period.end if part.observation is not None else None


def _as(own: Judgement, status: Status, verdict: Verdict) -> Judgement:
    """``own`` with the status of its parts, and their verdict where its due date has passed."""
    outcome: Outcome | None = own.outcome
    if outcome is not None:
        outcome = replace(outcome, verdict=verdict, status=status, reason=None, at=outcome.due)
    return replace(own, status=status, reason=None, outcome=outcome)


def _weighted(own: Judgement, kept: list[Part], method: Method) -> Judgement:
    done = due = 0.0
    for part in kept:
        one = part.judgement
        if one is None or one.progress is None or one.status not in (*ASSESSED, Status.TOO_EARLY):
            return _unjudged(own)
        expected = 1.0 if one.outcome is not None else one.expected_progress
        if expected is None:
            return _unjudged(own)
        done += part.weight * one.progress
        due += part.weight * expected
    ratio = delivery_ratio(done, due, 0.0)
    if done >= 1 - TOLERANCE:
        status = Status.ACHIEVED
    elif own.outcome is not None:
        status = Status.MISSED
    elif ratio is None:
        status = Status.TOO_EARLY
    else:
        status = Status.REGRESSING if done < 0 else by_ratio(ratio, method)
    numbers = replace(own, progress=done, expected_progress=due, delivery_ratio=ratio, overlays=())
    if status is Status.ACHIEVED:
        return _kept(numbers, status, [part.judgement for part in kept if part.judgement is not None])
    return _as(numbers, status, Verdict.BROKEN)


def _unjudged(own: Judgement) -> Judgement:
    return replace(own, status=Status.NOT_ASSESSABLE, reason=Reason.CHILD_NOT_ASSESSABLE)
