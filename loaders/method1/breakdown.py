"""A target that follows from its parts, by the rule that it states (METHOD, "breakdown")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from loaders.domain.method.progress import delivery_ratio
from loaders.domain.model import Breakdown, Child, Method
from loaders.method1.judgement import Judgement
from loaders.method1.status import ASSESSED, LATENESS, Reason, Status, by_ratio


def combined(own: Judgement, parts: Breakdown, found: Mapping[str, Judgement], method: Method) -> Judgement:
    """The judgement of a whole from those of its parts; ``own`` is that of its own series.

    ``headline`` keeps its own. ``all`` and ``worst`` take the latest part's status, ``all`` only
    where every part can be judged. ``weighted`` adds up P and P* and judges their ratio.
    """
    if parts.rule == "headline":
        return own
    known = [(child, found[child.target]) for child in parts.children if child.target in found]
    if parts.rule == "weighted":
        return _weighted(own, parts.children, known, method)
    judged = [part.status for _, part in known if part.status in ASSESSED]
    if not judged or (parts.rule == "all" and len(judged) < len(parts.children)):
        return _unjudged(own)
    return replace(own, status=min(judged, key=LATENESS.index), reason=None)


def _weighted(
    own: Judgement, children: Sequence[Child], known: Sequence[tuple[Child, Judgement]], method: Method
) -> Judgement:
    done = due = 0.0
    for child, part in known:
        if part.progress is None or part.expected_progress is None or part.status not in (*ASSESSED, Status.TOO_EARLY):
            return _unjudged(own)
        done += (child.weight or 0) * part.progress
        due += (child.weight or 0) * part.expected_progress
    if len(known) < len(children):
        return _unjudged(own)
    ratio = delivery_ratio(done, due, 0.0)
    if done >= 1:
        status = Status.ACHIEVED
    elif ratio is None:
        status = Status.TOO_EARLY
    else:
        status = Status.REGRESSING if done < 0 else by_ratio(ratio, method)
    return replace(
        own, status=status, reason=None, progress=done, expected_progress=due, delivery_ratio=ratio, overlays=()
    )


def _unjudged(own: Judgement) -> Judgement:
    return replace(own, status=Status.NOT_ASSESSABLE, reason=Reason.CHILD_NOT_ASSESSABLE)
