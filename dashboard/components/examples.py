"""Live examples for the method page: a target of the day for which a number is defined, with its working.

Which target serves is a rule and no choice: judged ones first, among them headline goals, then the
registry's order. So the same day always shows the same example.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from dashboard.components import outlook
from dashboard.components.glossary import undefined_word
from dashboard.components.markup import escape, link
from dashboard.components.scene import Scene
from dashboard.components.status_tally import bar, counted
from dashboard.components.target_card import badge
from dashboard.components.upcoming import change_line
from dashboard.components.working import rows
from dashboard.components.working_kinds import Row, Rows, moment
from dashboard.components.working_path import check_rows, formula_markup, projection_rows
from dashboard.state import TARGET
from dashboard.wording.format import date_text
from dashboard.wording.sentences import ABSENCES, Speaker
from loaders.assessment import Assessment
from loaders.changes import Change
from loaders.domain.method.outcome import KNOWN
from loaders.domain.method.status import ASSESSED, Overlay
from loaders.domain.model import Kind
from loaders.domain.period import release_due
from loaders.record import record
from loaders.tallies import tally_of

_COMPARES = re.compile("[=<≤≥]")


@dataclass(frozen=True, slots=True)
class Examples:
    """Everything that the examples of one day are taken from."""

    scene: Scene
    found: Sequence[tuple[Assessment, Rows]]
    """Targets with all lines of their working, the preferred ones first."""
    changes: Sequence[Change]
    """Changes of the year before the day."""


def examples(items: Iterable[Assessment], changes: Iterable[Change], scene: Scene) -> Examples:
    """The day's targets in the order in which they serve as examples."""
    found = [(item, all_rows(item, scene.say)) for item in sorted(items, key=preference)]
    return Examples(scene, found, sorted(changes, key=lambda one: preference(one.after)))


def preference(item: Assessment) -> tuple[bool, bool]:
    """Sorts judged targets first, among them headline goals; the sort keeps the registry's order."""
    return item.status not in ASSESSED, not item.target.headline


def all_rows(item: Assessment, say: Speaker) -> Rows:
    """The working with the cross-checks and the projection."""
    return [*rows(item, say), *check_rows(item, say), *projection_rows(item, say)]


Example = tuple[Assessment, Rows]
"""A target and the lines of its working that serve."""


def pick(day: Examples, keys: Sequence[str], has: Callable[[Assessment], bool] = lambda _: True) -> Example | None:
    """The first target that has a line for each of ``keys``, and these lines; None where none has."""
    for item, lines in day.found:
        own = {line.key: line for line in lines}
        if has(item) and all(key in own for key in keys):
            return item, [own[key] for key in keys]
    return None


def example(day: Examples, keys: Sequence[str]) -> str:
    """The lines ``keys`` of a level's working; that there is no example, where none has them."""
    found = pick(day, keys, lambda item: item.target.kind is Kind.LEVEL)
    return _box(found[0], working_lines(found[1]), day.scene) if found else _made_up(day, keys[0])


def kind_example(day: Examples, kind: str, keys: Sequence[str]) -> str:
    """The same for targets of one kind; says whether there are any that merely lack values."""
    words = day.scene.say.words
    own = [item for item, _ in day.found if item.target.kind == kind]
    if not own:
        return _made_up(day, kind)
    found = pick(day, keys, lambda item: item.target.kind == kind and item.status in ASSESSED)
    if found:
        return _box(found[0], working_lines(found[1]), day.scene)
    said = words.counted("method.example.kind_unjudged", len(own))
    return f'{_made_up(day, kind)}<p class="kpi-small">{escape(said)} {_link(own[0], day.scene)}</p>'


def working_lines(lines: Sequence[Row]) -> str:
    """Lines of a working as name, formula with the numbers put in, and result; one alone needs no name."""
    if len(lines) == 1 and lines[0].formula:
        return f"<p>{_sum(lines[0])}</p>"
    return "<dl>" + "".join(f"<div><dt>{escape(one.name)}</dt><dd>{_sum(one)}</dd></div>" for one in lines) + "</dl>"


def _sum(one: Row) -> str:
    sign = "→" if _COMPARES.search(one.formula + one.result) else "="
    formula = f"{formula_markup(one.formula)} {sign} " if one.formula else ""
    return f"{formula}<strong>{escape(one.result)}</strong>"


def _box(item: Assessment, inner: str, scene: Scene) -> str:
    title = escape(scene.say.words("method.example"))
    head = f'<p class="kpi-of"><span>{title}</span> {_link(item, scene)} {badge(item, scene.say)}</p>'
    return f'<div class="kpi-example">{head}{inner}</div>'


def _link(item: Assessment, scene: Scene) -> str:
    return link(scene.request.link("target", {TARGET: item.id}), escape(scene.say.name(item.target)))


def _none(day: Examples) -> str:
    return f'<p class="kpi-example kpi-small">{escape(day.scene.say.words("method.example.none"))}</p>'


def _made_up(day: Examples, key: str) -> str:
    """An example of made-up numbers, called that, where no registered target gives one."""
    words, name = day.scene.say.words, f"method.made_up.{key}"
    if not words.has(name):
        return _none(day)
    title = f'<p class="kpi-of"><span>{escape(words("method.made_up"))}</span></p>'
    return f'<div class="kpi-example">{title}<p>{escape(words(name))}</p></div>'


def _first(day: Examples, has: Callable[[Assessment], object]) -> Assessment | None:
    return next((item for item, _ in day.found if has(item)), None)


def _time(day: Examples) -> str:
    """A value of less than a year where there is one: its end is not the end of a year."""

    def short(item: Assessment) -> bool:
        return item.current.observation is not None and "-" in item.current.observation.period.text

    item = _first(day, short) or _first(day, lambda one: one.current.observation)
    if item is None or item.current.observation is None:
        return _none(day)
    seen = item.current.observation
    line = Row("time", "", day.scene.say.period(item.target, seen.period.text), f"τ = {moment(seen.tau)}")
    return _box(item, working_lines([line]), day.scene)


def _crosschecks(day: Examples) -> str:
    keys = ("ratio", "eurostat", "unsd")
    found = pick(day, keys, lambda item: Overlay.METHOD_DISAGREEMENT in item.current.overlays) or pick(day, keys)
    if found is None:
        return _none(day)
    item, lines = found
    differ = Overlay.METHOD_DISAGREEMENT in item.current.overlays
    say = day.scene.say
    line = say.line(item.target, item.version)
    why = say.words("target.cross.why", line=line) if differ else say.words("target.cross.agree")
    return _box(item, f"{working_lines(lines)}<p>{escape(why)}</p>", day.scene)


def _freshness(day: Examples) -> str:
    item, words = _first(day, lambda one: one.next_release is not None), day.scene.say.words
    if item is None or item.evidence.latest is None or item.target.series is None or item.next_release is None:
        return _none(day)
    series, language = item.target.series, words.language
    ends = release_due(item.evidence.latest.period.end, series.frequency, 0, 0)
    formula = words(
        "method.release.formula",
        end=date_text(ends, language) if ends else "–",
        lag=series.release_lag_days,
        grace=series.grace_days,
    )
    result = f"{date_text(item.next_release, language)} ({words(f'method.freshness.{item.freshness}')})"
    return _box(item, working_lines([Row("release", words("method.release"), formula, result)]), day.scene)


def _projection(day: Examples) -> str:
    found = pick(day, ("drift", "spread", "centre", "half_width"))
    if found is None:
        return _none(day)
    item, lines = found
    return _box(item, working_lines(lines) + outlook.projection(item, day.scene.say), day.scene)


def _flips(day: Examples) -> str:
    item = _first(day, lambda one: one.flips)
    return _box(item, outlook.flips(item, day.scene.say, day.scene.day), day.scene) if item else _none(day)


def _goalposts(day: Examples) -> str:
    item = _first(day, lambda one: len(one.versions) > 1)
    return _box(item, outlook.goalposts(item, day.scene.say), day.scene) if item else _none(day)


def _relative(day: Examples) -> str:
    say = day.scene.say

    def apart(item: Assessment) -> bool:
        """Stated in other words than its value: not "455 trillion won" for 455 trillion won."""
        goal = item.version.target
        return bool(goal and goal.relative and goal.relative(say.language) != say.goal(item.target, item.version))

    item = _first(day, apart)
    if item is None or item.version.target is None or item.version.target.relative is None:
        return _none(day)
    said = say.words("target.limits.relative", words=item.version.target.relative(say.language))
    goal = say.words("method.relative.value", value=say.goal(item.target, item.version))
    return _box(item, f"<p>{escape(said)} · {escape(goal)}</p>", day.scene)


def _tally(day: Examples) -> str:
    words, found = day.scene.say.words, tally_of(item for item, _ in day.found)
    if not found.total:
        return _none(day)
    said = words("overview.sentence_all", total=found.total, judged=found.judged, parts=counted(found, words))
    return f'<div class="kpi-example"><p>{escape(said)}</p>{bar(found, words)}</div>'


def _change(day: Examples) -> str:
    moved = next((one for one in day.changes if one.before is not None), None)
    return f'<div class="kpi-example"><p>{change_line(moved, day.scene)}</p></div>' if moved else _none(day)


def _undefined(day: Examples) -> str:
    words = day.scene.say.words
    item = _first(day, lambda one: len(set(record(one)["undefined"].values())) > 1)
    if item is None:
        return _none(day)
    fields: dict[str, list[str]] = {}
    for field, reason in record(item)["undefined"].items():
        fields.setdefault(reason, []).append(field)
    lines = "".join(
        f"<li>{', '.join(f'<code>{escape(one)}</code>' for one in own)}: {escape(undefined_word(reason, words))}</li>"
        for reason, own in fields.items()
    )
    return _box(item, f"<ul>{lines}</ul>", day.scene)


def _outcome(day: Examples) -> str:
    """A promise whose due date has passed, a kept or broken one before one that nobody knows of."""
    item = _first(day, lambda one: one.current.outcome and one.current.outcome.verdict in KNOWN)
    item = item or _first(day, lambda one: one.current.outcome)
    if item is None:
        return _none(day)
    return _box(item, f"<p>{escape(day.scene.say.headline(item))}</p>", day.scene)


def _absence(day: Examples) -> str:
    item = _first(day, lambda one: one.current.reason in ABSENCES)
    return _box(item, f"<p>{escape(day.scene.say.reason(item))}</p>", day.scene) if item else _none(day)


SHOWN: dict[str, Callable[[Examples], str]] = {
    "time": _time,
    "crosschecks": _crosschecks,
    "freshness": _freshness,
    "projection": _projection,
    "flips": _flips,
    "goalposts": _goalposts,
    "relative": _relative,
    "tally": _tally,
    "outcome": _outcome,
    "absence": _absence,
    "change": _change,
    "undefined": _undefined,
}
"""Examples that are more than lines of a working, by the name that the help text gives."""
