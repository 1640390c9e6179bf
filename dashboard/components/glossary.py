"""Every member of the method's vocabularies, explained, with how many targets have it on the day.

The lists follow the code: a member without words fails at once, so nothing can be added unexplained.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from dashboard.charts.theme import status_mark
from dashboard.components.markup import escape, link
from dashboard.components.outcome_pictures import outcome_picture
from dashboard.components.scene import Scene
from dashboard.state import TARGET
from dashboard.wording.catalog import Words
from loaders.assessment import Assessment
from loaders.changes import Cause, Change
from loaders.domain.method.outcome import Verdict as Outcome
from loaders.domain.method.projection import Projection, Unprojected, Verdict
from loaders.domain.method.status import Overlay, Reason, Status
from loaders.domain.model import Comparator
from loaders.record import record

UNDEFINED = (
    "not_a_single_value",
    "not_due_yet",
    "no_result",
    "not_late",
    "kind",
    "no_path",
    "nothing_due_yet",
    "outside_the_path",
    "date_passed",
    "too_few_points",
    "no_movement",
    "must_turn_round",
    "zero_or_change_of_sign",
    "undefined",
)
"""Codes of `loaders.undefined` that are neither a reason of the gate nor one for having no projection."""


def undefined_word(code: str, words: Words) -> str:
    """Why a number is not there, by the code of the record."""
    own = f"method.undefined.{code}"
    if words.has(own):
        return words(own)
    return words(f"method.reason.{code}" if code in tuple(Reason) else f"method.unprojected.{code}")


def statuses(items: Sequence[Assessment], scene: Scene) -> str:
    """All statuses with their mark."""
    words = scene.say.words

    def mark(one: str) -> str:
        return f'<span class="kpi-badge kpi-{one}">{status_mark(Status(one))}{escape(words(f"status.{one}"))}</span>'

    return _list("status", Status, mark, lambda one: [item for item in items if item.status == one], scene)


def reasons(items: Sequence[Assessment], scene: Scene) -> str:
    """Why a target cannot be judged, in the order in which the gate asks."""
    return _list(
        "reason",
        Reason,
        _named("reason", scene),
        lambda one: [item for item in items if item.current.reason == one],
        scene,
    )


def overlays(items: Sequence[Assessment], scene: Scene) -> str:
    """What stands beside a status and never changes it."""
    words = scene.say.words

    def tag(one: str) -> str:
        return f'<span class="kpi-tag">{escape(words(f"overlay.{one}"))}</span>'

    return _list("overlay", Overlay, tag, lambda one: [item for item in items if one in item.current.overlays], scene)


def comparators(items: Sequence[Assessment], scene: Scene) -> str:
    """The words that compare a value with its target."""

    def has(one: str) -> list[Assessment]:
        return [item for item in items if item.version.target is not None and item.version.target.comparator == one]

    return _list("comparator", Comparator, _named("comparator", scene), has, scene)


def outcomes(items: Sequence[Assessment], scene: Scene) -> str:
    """How a promise may end, in the order in which the table asks."""

    def has(one: str) -> list[Assessment]:
        return [item for item in items if item.current.outcome is not None and item.current.outcome.verdict == one]

    words, named = scene.say.words, _named("outcome", scene)

    def term(one: str) -> str:
        return f"{named(one)}{outcome_picture(Outcome(one), words(f'method.outcome.{one}.picture'))}"

    return _list("outcome", Outcome, term, has, scene)


def verdicts(items: Sequence[Assessment], scene: Scene) -> str:
    """Where the target lies against the interval."""

    def has(one: str) -> list[Assessment]:
        return [
            item for item in items if isinstance(item.projection, Projection) and item.projection.verdict.value == one
        ]

    return _list("verdict", Verdict, _named("verdict", scene), has, scene)


def unprojected(items: Sequence[Assessment], scene: Scene) -> str:
    """Why there is no projection."""
    term = _named("unprojected", scene)
    return _list("unprojected", Unprojected, term, lambda one: [i for i in items if i.projection == one], scene)


def undefined_codes(items: Sequence[Assessment], scene: Scene) -> str:
    """Why a number is not there."""
    codes = [(item, set(record(item)["undefined"].values())) for item in items]
    return _list("undefined", UNDEFINED, _code, lambda one: [item for item, own in codes if one in own], scene)


def causes(changes: Sequence[Change], scene: Scene) -> str:
    """What moves a status, in the order in which the inputs are swapped; counted over the year's changes."""
    return _list(
        "cause", Cause, _named("cause", scene), lambda one: [c.after for c in changes if c.cause == one], scene
    )


def _list(
    name: str,
    members: Iterable[str],
    term: Callable[[str], str],
    has: Callable[[str], Sequence[Assessment]],
    scene: Scene,
) -> str:
    entries = "".join(
        f'<div id="{name}-{one}"><dt>{term(one)}</dt>'
        f"<dd>{escape(scene.say.words(f'method.{name}.{one}'))}{_count(name, has(one), scene)}</dd></div>"
        for one in members
    )
    return f'<dl class="kpi-pairs">{entries}</dl>'


def _named(name: str, scene: Scene) -> Callable[[str], str]:
    """Terms as a reader says them; below them the code that the downloads carry."""

    def term(one: str) -> str:
        return f'{escape(scene.say.words(f"method.{name}.{one}.name"))} <small class="kpi-muted">{_code(one)}</small>'

    return term


def _code(one: str) -> str:
    return f"<code>{escape(one)}</code>"


def _count(name: str, own: Sequence[Assessment], scene: Scene) -> str:
    """How many have it, with one of them to look at; that none has."""
    words = scene.say.words
    if not own:
        none = words("method.count.cause_none" if name == "cause" else "method.count_none")
        return f' <small class="kpi-muted">{escape(none)}</small>'
    said = escape(words.counted("method.count.cause" if name == "cause" else "method.count", len(own)))
    first = link(scene.request.link("target", {TARGET: own[0].id}), escape(scene.say.name(own[0].target)))
    return f' <small class="kpi-muted">{said} {first}</small>'


LISTS: dict[str, Callable[[Sequence[Assessment], Scene], str]] = {
    "statuses": statuses,
    "reasons": reasons,
    "overlays": overlays,
    "comparators": comparators,
    "outcomes": outcomes,
    "verdicts": verdicts,
    "unprojected": unprojected,
    "undefined": undefined_codes,
}
"""The lists by the name that the help text gives; `causes` is made of changes."""
