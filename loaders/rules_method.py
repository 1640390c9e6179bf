"""What method 2 asks of a registry: each kind reads what it reads, and reasons must fit their numbers.

Under ``method.version: 1`` what a kind does not read is a warning, under 2 an error; `kpi registry
upgrade` rewrites a registry of version 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from loaders.diagnostics import Level
from loaders.domain.method.comparison import BANDED, FALLING, RISING, comparator_of
from loaders.domain.method.kinds.rule import COMMON, COMMON_GOAL
from loaders.domain.method.kinds.table import KINDS
from loaders.domain.model import Comparator, Goal, Kind, Reason, Registry, Target, Version
from loaders.domain.period import parse_period
from loaders.yaml_source import Path, Source

OTHERWISE_REPORTED = frozenset({"plan"})
"""Unread fields that a rule with a better message already refuses."""
STRICT_SINCE = 2
"""From this version of the method on, what a kind does not read is an error."""


class Finding(NamedTuple):
    """What a rule found: where inside the target, what, the way out and how bad it is."""

    path: Path
    message: str
    hint: str = ""
    key: bool = False
    level: Level | None = "error"
    """None: a warning under method 1, an error under 2."""


Rule = Callable[[Registry, Target], Iterator[Finding]]


def check_method(registry: Registry, indexes: Sequence[int], source: Source) -> None:
    """Run the rules of method 2; ``indexes`` are the targets' positions in the file."""
    by_version: Level = "error" if registry.method.version >= STRICT_SINCE else "warning"
    for index, target in zip(indexes, registry.targets, strict=True):
        for code, rule in RULES.items():
            for found in rule(registry, target):
                path: Path = ("targets", index, *found.path)
                subject = ".".join((target.id, *(str(part) for part in found.path)))
                level = found.level or by_version
                sick = target.id if level == "error" else None
                message = f"{subject}: {found.message}"
                more = {"level": level, "target": sick, "at_key": found.key, "subject": subject}
                source.report.add(source.issue(f"rule.{code}", message, path, found.hint, **more))


def comparator_read(registry: Registry, target: Target) -> Iterator[Finding]:
    """The kind reads the comparator; none is ever dropped in silence."""
    known = KINDS[target.kind].comparators
    for number, version in enumerate(target.versions):
        goal = version.target
        if goal is None or not known or goal.comparator in known:
            continue
        if target.kind is Kind.RANK and goal.comparator in (*RISING, Comparator.UP_TO):
            continue  # the wrong direction is said as such
        read = comparator_of(target, version)
        words = " ".join(one.value for one in known)
        message = f"{target.kind} does not read {goal.comparator}; it is read as {read}."
        yield Finding(("versions", number, "target", "comparator"), message, f"One of {words}.", level=None)


def fields_read(registry: Registry, target: Target) -> Iterator[Finding]:
    """The kind reads every field that is written."""
    rule = KINDS[target.kind]
    readers = {name: kind for kind, other in KINDS.items() for name in (*other.fields, *other.goal_fields)}
    for number, version in enumerate(target.versions):
        written = _written(version) - COMMON - rule.fields - OTHERWISE_REPORTED
        for name in sorted(written):
            message = f"{target.kind} does not read {name}."
            hint = f"Remove it, or use a kind that reads it, such as {readers[name]}." if name in readers else ""
            yield Finding(("versions", number, name), message, hint, key=True, level=None)
        goal = version.target
        if goal is None:
            continue
        unread = _written(goal) - COMMON_GOAL - rule.goal_fields
        if (
            goal.tolerance is not None
            and "tolerance" in rule.goal_fields
            and comparator_of(target, version) not in BANDED
        ):
            unread |= {"tolerance"}
        for name in sorted(unread):
            message = f"{target.kind} with {goal.comparator} does not read {name}."
            yield Finding(("versions", number, "target", name), message, "Remove it.", key=True, level=None)


def _written(part: Version | Goal) -> frozenset[str]:
    """Fields that stand in the file with something else than what their absence would mean."""
    fields = type(part).model_fields
    return frozenset(
        name
        for name in part.model_fields_set
        if getattr(part, name) != fields[name].get_default(call_default_factory=True)
    )


def start_stated(registry: Registry, target: Target) -> Iterator[Finding]:
    """A yearly quota says from when it counts; a limit with a last day from when it holds."""
    for number, version in enumerate(target.versions):
        goal = version.target
        if goal is None or version.start is not None:
            continue
        if target.kind is Kind.RECURRING and not version.quotas:
            message = "a recurring target needs start:."
            yield Finding(("versions", number, "target"), message, "The first year that the quota is for.", level=None)
        if target.kind is Kind.LIMIT and goal.due is not None:
            message = "the limit is read as in force at once; due is only its last day."
            yield Finding(
                ("versions", number, "target", "due"),
                message,
                "If it holds from then on, write start: instead.",
                level="warning",
            )


def ambition_further(registry: Registry, target: Target) -> Iterator[Finding]:
    """The further end of a band lies beyond the value that keeps it."""
    for number, version in enumerate(target.versions):
        goal = version.target
        if goal is None or goal.ambition is None or goal.value is None:
            continue
        sign = -1 if comparator_of(target, version) in FALLING else 1
        if comparator_of(target, version) in BANDED or sign * (goal.ambition - goal.value) <= 0:
            message = f"{goal.ambition:g} lies no further than {goal.value:g}."
            hint = 'A band "40 to 45" is value: 40 with at_least and ambition: 45.'
            yield Finding(("versions", number, "target", "ambition"), message, hint)


def preference_names_a_source(registry: Registry, target: Target) -> Iterator[Finding]:
    """Of several values the registry prefers a source, not a number: its revision counts too."""
    for number, one in enumerate(target.series.preferences if target.series else []):
        path: Path = ("series", "preferences", number)
        if one.source is None and one.value is None:
            yield Finding(path, "names neither a source nor a value.", "Write source: as the observations name it.")
        elif one.source is None:
            yield Finding(path, "prefers a number.", "Write source: as the observations name it.", level=None)


def reason_fits(registry: Registry, target: Target) -> Iterator[Finding]:
    """The reason of a later version is not contradicted by its numbers."""
    stated = [(number, version) for number, version in enumerate(target.versions) if version.target is not None]
    for (_, before), (number, after) in pairwise(stated):
        for reason in after.reason:
            fault = _contradiction(reason, target, before, after)
            if fault is not None:
                hint = "Several reasons may stand in a list."
                yield Finding(("versions", number, "reason"), f"{reason}, but {fault}.", hint)


def _contradiction(reason: Reason, target: Target, before: Version, after: Version) -> str | None:
    """What in the numbers speaks against ``reason``; None where nothing does or they do not compare."""
    old, new = before.target, after.target
    assert old is not None and new is not None, "asked only of versions with a goal"
    same_scope = (before.scope or target.scope).id == (after.scope or target.scope).id
    if reason in (Reason.ADVANCED, Reason.POSTPONED):
        return _against_dates(reason, old, new)
    if not same_scope or old.value is None or new.value is None:
        return None
    moved = f"{old.value:g} became {new.value:g}"
    if reason is Reason.CONFIRMED:
        same_day = old.due is None or new.due is None or parse_period(old.due).end == parse_period(new.due).end
        return (
            None if old.value == new.value and same_day else moved if old.value != new.value else "the due date moved"
        )
    if reason in (Reason.RAISED, Reason.LOWERED):
        rises = new.value > old.value
        # Of a value that is to fall, a document may call a smaller number raised (more is asked) or lowered.
        falling = comparator_of(target, after) in FALLING
        if new.value == old.value or (not falling and rises is not (reason is Reason.RAISED)):
            return moved
    return None


def _against_dates(reason: Reason, old: Goal, new: Goal) -> str | None:
    if old.due is None or new.due is None:
        return None
    earlier, later = parse_period(old.due).end, parse_period(new.due).end
    fits = later < earlier if reason is Reason.ADVANCED else later > earlier
    return None if fits else f"{old.due} became {new.due}"


def handed_on(registry: Registry, target: Target) -> Iterator[Finding]:
    """A goal that was merged or split without a value of its own names the targets that took it over."""
    for number, version in enumerate(target.versions):
        reasons = {Reason.MERGED, Reason.SPLIT}.intersection(version.reason)
        if version.target is None and reasons and not target.superseded_by:
            word = min(reasons).value
            message = f"{word}, but nothing says into what."
            hint = "Write superseded_by: with the target or the list of targets that took it over."
            yield Finding(("versions", number, "reason"), message, hint, level=None)


def one_unit(registry: Registry, target: Target) -> Iterator[Finding]:
    """One indicator is read in one unit: its values carry none of their own."""
    if target.series is None:
        return
    unit = target.series.unit or target.unit
    others = [
        one
        for one in registry.targets
        if one.series is not None
        and one.series.indicator == target.series.indicator
        and (one.series.unit or one.unit) != unit
    ]
    if others:
        other = others[0]
        theirs = other.series.unit if other.series and other.series.unit else other.unit
        message = f"its values are read in {unit} here and in {theirs} by {other.id}."
        yield Finding(("series", "indicator"), message, "Say in series.unit in which unit they are published.")


RULES: dict[str, Rule] = {
    "comparator": comparator_read,
    "unread": fields_read,
    "start": start_stated,
    "ambition": ambition_further,
    "preference": preference_names_a_source,
    "reason_fits": reason_fits,
    "handed_on": handed_on,
    "one_unit": one_unit,
}
