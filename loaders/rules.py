"""Rules across fields: what a well-formed entry must also mean. One function and one code each.

Codes are stable: people search for them, tests name them and the app translates them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

from loaders.domain.method.comparison import is_printed
from loaders.domain.method.trajectory import TOLERANCE
from loaders.domain.model import Comparator, Kind, Reason, Registry, Target, Version
from loaders.domain.period import add_months, parse_period
from loaders.domain.vocabulary import SMALLEST
from loaders.web_address import is_web_address
from loaders.yaml_source import Path, Source, dotted

PLAN_TOLERANCE = 0.005
"""A plan may leave this share of its total unexplained (METHOD, "cumulative")."""
MOST_SUCCESSORS = 100
"""So far a circle of successors is followed; a longer one is no slip of the pen."""
_NO_ADDRESS, _ADDRESS_HINT = "is not the address of a web page.", "https://host/path, without blanks or user names."


class Finding(NamedTuple):
    """What a rule found: where inside the target, what, and the way out."""

    path: Path
    message: str
    hint: str = ""
    key: bool = False
    given: str = ""
    """What stands there, where that helps to find it."""


Findings = Iterator[Finding]
RegistryRule = Callable[[Registry, date | None], Findings]
VersionRule = Callable[[Registry, Target, Version], Findings]
TargetRule = Callable[[Registry, Target], Findings]


def check_registry(registry: Registry, indexes: Sequence[int], source: Source, today: date | None = None) -> None:
    """Run all rules; ``indexes`` are the targets' positions in the file.

    Without ``today`` no date lies too far ahead.
    """
    _check_ids(registry, source, indexes)
    for code, registry_rule in REGISTRY_RULES.items():
        for found in registry_rule(registry, today):
            _add(source, code, (), found)
    for index, target in zip(indexes, registry.targets, strict=True):
        if source.report.hopeless:
            return
        for code, rule in TARGET_RULES.items():
            for found in rule(registry, target):
                _add(source, code, ("targets", index), found, target)
        for number, version in enumerate(target.versions):
            for code, version_rule in VERSION_RULES.items():
                for found in version_rule(registry, target, version):
                    _add(source, code, ("targets", index, "versions", number), found, target)


def _add(source: Source, code: str, base: Path, found: Finding, target: Target | None = None) -> None:
    path = (*base, *found.path)
    subject = dotted((target.id, *path[2:])) if target else dotted(path)
    more: dict[str, Any] = {
        "at_key": found.key,
        "target": target.id if target else None,
        "subject": subject,
        "given": found.given,
    }
    source.report.add(source.issue(f"rule.{code}", f"{subject}: {found.message}", path, found.hint, **more))


def _check_ids(registry: Registry, source: Source, indexes: Sequence[int]) -> None:
    for section in ("documents", "ministries", "pillars", "units", "targets"):
        seen: set[str] = set()
        for position, item in enumerate(getattr(registry, section)):
            index = indexes[position] if section == "targets" else position
            if item.id in seen:
                target = item.id if section == "targets" else None
                message = f"{item.id}: this id stands twice in {section}."
                hint, path = "Ids are unique and stable for ever.", (section, index, "id")
                source.report.add(source.issue("rule.id_twice", message, path, hint, target=target, subject=item.id))
            seen.add(item.id)


# -- rules of the whole --------------------------------------------------------------------------


def thresholds_in_order(registry: Registry, today: date | None) -> Findings:
    """A target that needs acceleration stands below one that is on track."""
    method = registry.method
    if method.needs_acceleration >= method.on_track:
        message = f"{method.needs_acceleration:g} does not lie below on_track, {method.on_track:g}."
        yield Finding(("method", "needs_acceleration"), message, "on_track is the higher one.")


def days_not_far_ahead(registry: Registry, today: date | None) -> Findings:
    """What has happened did not happen more than a year from now."""
    if today is None:
        return
    latest = add_months(today, 12)
    dated: list[tuple[Path, str]] = [
        (("documents", number, "issued"), one.issued) for number, one in enumerate(registry.documents)
    ]
    dated += [(("removed", number, "on"), one.on) for number, one in enumerate(registry.removed)]
    for path, text in dated:
        if parse_period(text).start > latest:
            yield Finding(path, f"{text} lies more than a year ahead.", "Check the year.", given=text)


def removed_is_gone(registry: Registry, today: date | None) -> Findings:
    """What stands under removed stands nowhere else."""
    for number, one in enumerate(registry.removed):
        if one.id in registry.target:
            message = f"{one.id} is removed and still among the targets."
            yield Finding(("removed", number, "id"), message, "Take it out of one of the two.", given=one.id)


def addresses_lead_to_pages(registry: Registry, today: date | None) -> Findings:
    """The addresses of documents lead to public pages."""
    for number, one in enumerate(registry.documents):
        for field, address in (("url", one.url), ("official", one.official)):
            if address and not is_web_address(address):
                yield Finding(("documents", number, field), _NO_ADDRESS, _ADDRESS_HINT)


# -- rules of a target ---------------------------------------------------------------------------


def known_references(registry: Registry, target: Target) -> Findings:
    """Pillar, unit, ministries, documents and related targets exist."""
    wanted: list[tuple[Path, str, Container[str]]] = [
        (("pillar",), target.pillar, registry.pillar),
        (("unit",), target.unit, registry.unit),
    ]
    wanted += [(("lead",), target.lead, registry.ministry)] if target.lead else []
    wanted += [(("with", i), name, registry.ministry) for i, name in enumerate(target.with_)]
    wanted += [(("versions", i, "document"), one.document, registry.document) for i, one in enumerate(target.versions)]
    wanted += [(("tasks", i, "document"), one.document, registry.document) for i, one in enumerate(target.tasks)]
    wanted += [(("related", i, "target"), one.target, registry.target) for i, one in enumerate(target.related)]
    wanted += [(("superseded_by", i), name, registry.target) for i, name in enumerate(target.superseded_by)]
    wanted += [(("answers", "ministry"), target.answers.ministry, registry.ministry)] if target.answers else []
    if target.series and target.series.unit:
        wanted.append((("series", "unit"), target.series.unit, registry.unit))
    for path, name, known in wanted:
        if name not in known:
            yield Finding(
                path, f'"{name}" is not declared in this file.', "Declare it or mend the spelling.", given=name
            )


def succeeded_by_another(registry: Registry, target: Target) -> Findings:
    """Who follows the successors never comes back; nor is a target related to itself."""
    for number, one in enumerate(target.superseded_by):
        if target.id in _successors(registry, one):
            message = "is superseded by itself." if one == target.id else f"{one} is in the end superseded by it."
            yield Finding(("superseded_by", number), message, "The later of the two has no successor.", given=one)
    for number, relation in enumerate(target.related):
        if relation.target == target.id:
            yield Finding(("related", number, "target"), "is the target itself.", "Name the other one.")


def _successors(registry: Registry, first: str) -> set[str]:
    """``first``, what superseded it, and so on."""
    found, ahead = set(), [first]
    while ahead and len(found) < MOST_SUCCESSORS:
        name = ahead.pop()
        if name not in found:
            found.add(name)
            known = registry.target.get(name)
            ahead += known.superseded_by if known else []
    return found


def declared_addresses(registry: Registry, target: Target) -> Findings:
    """The addresses of declared statuses and of tasks lead to public pages."""
    for field, entries in (("declared", target.declared), ("tasks", target.tasks)):
        for index, one in enumerate(entries):
            if one.url and not is_web_address(one.url):
                yield Finding((field, index, "url"), _NO_ADDRESS, _ADDRESS_HINT)


def version_order(registry: Registry, target: Target) -> Findings:
    """Versions stand oldest first, one per document."""
    documents = registry.document
    for number, (earlier, later) in enumerate(pairwise(target.versions), start=1):
        if earlier.document == later.document:
            yield Finding(("versions", number, "document"), "two versions of one document.", "Merge them.")
            continue
        before, after = documents.get(earlier.document), documents.get(later.document)
        if before and after and after.issued_period.end < before.issued_period.end:
            yield Finding(("versions", number, "document"), "versions must stand oldest first.", "Move it up.")


def version_reason(registry: Registry, target: Target) -> Findings:
    """A later version says what changed; the first one has nothing to change."""
    if target.versions[0].reason:
        yield Finding(("versions", 0, "reason"), "the first version changes nothing.", "Remove the reason.", key=True)
    for number, version in enumerate(target.versions[1:], start=1):
        if not version.reason:
            yield Finding(
                ("versions", number), "a later version needs a reason.", "raised, lowered, postponed, redefined ..."
            )


def plausible_flow(registry: Registry, target: Target) -> Findings:
    """Totals add up flows; a stock is never summed, a rank counts places."""
    if target.kind is Kind.CUMULATIVE and target.measure in ("stock", "ratio", "index", "rank"):
        yield Finding(("measure",), f"a {target.measure} cannot be added up.", "Use kind: level, or measure: flow.")
    if target.kind is Kind.RANK and target.measure not in (None, "rank"):
        yield Finding(("measure",), "a rank target measures a rank.", "Write measure: rank.")


def parts_of_a_breakdown(registry: Registry, target: Target) -> Findings:
    """A breakdown names parts that exist, not itself, with weights where the rule needs them."""
    parts = target.breakdown
    if parts is None:
        if target.kind is Kind.BREAKDOWN:
            yield Finding((), "a breakdown needs its parts.", "Write breakdown: with rule and children.")
        return
    if target.kind is not Kind.BREAKDOWN:
        yield Finding(("breakdown",), "only kind: breakdown has parts.", key=True)
    for number, child in enumerate(parts.children):
        path = ("breakdown", "children", number, "target")
        known = registry.target.get(child.target)
        if known is None:
            yield Finding(path, f'"{child.target}" is not in this file or has an error itself.', "Declare or mend it.")
        elif known.kind is Kind.BREAKDOWN:
            yield Finding(path, f'"{child.target}" is a breakdown itself.', "Name its parts instead.")
    weights = [child.weight for child in parts.children]
    if parts.rule == "weighted" and (None in weights or abs(sum(w or 0 for w in weights) - 1) > 1e-6):
        path = ("breakdown", "children")
        yield Finding(path, "the weights must add up to 1.", "Give every part its weight.", key=True)


# -- rules of a version --------------------------------------------------------------------------


def has_goal(registry: Registry, target: Target, version: Version) -> Findings:
    """A version states a value, unless it drops or merges the goal."""
    goal = version.target
    if goal is None:
        if not {Reason.DROPPED, Reason.MERGED, Reason.SPLIT}.intersection(version.reason):
            yield Finding((), "the target value is missing.", "Only a version that drops the goal has none.")
    elif target.kind is Kind.RANGE:
        if goal.low is None or goal.high is None or goal.low >= goal.high:
            yield Finding(("target",), "a range needs low and high, low first.")
    elif goal.value is None and target.kind not in (Kind.BINARY, Kind.LADDER, Kind.BREAKDOWN):
        yield Finding(("target",), "value is missing.")


def cited(registry: Registry, target: Target, version: Version) -> Findings:
    """A version cites the lines that state it; an act is cited by its article in the printed figure."""
    document = registry.document.get(version.document)
    if not version.lines and (document is None or document.type != "act"):
        yield Finding((), "lines is missing.", "Cite the document's lines; only a document of type: act needs none.")


def printed_figure(registry: Registry, target: Target, version: Version) -> Findings:
    """The printed figure shows a number: provenance is not a formality."""
    if not any(char.isdigit() for char in version.as_printed) and version.target is not None:
        yield Finding(("as_printed",), "shows no figure.", "Quote the figure as the document prints it.")


def time_order(registry: Registry, target: Target, version: Version) -> Findings:
    """Baseline, milestones and target follow one another in time."""
    nodes = _dated_nodes(version)
    for (_, early), (path, late) in pairwise(nodes):
        if late <= early:
            yield Finding(
                path,
                "does not lie after the value before it in time.",
                "Nodes stand in time order: baseline, milestones, target.",
            )


def right_side(registry: Registry, target: Target, version: Version) -> Findings:
    """Milestones lie between baseline and target and never turn back, unless the printed figure shows them so.

    A plan may peak first (emissions that rise until 2027); a slip of the pen is not printed.
    """
    goal, start = version.target, version.baseline
    if goal is None or goal.value is None or start is None or target.kind not in (Kind.LEVEL, Kind.RANK):
        return
    sign = math.copysign(1, goal.value - start.value)
    values = [start.value, *(item.value for item in version.milestones), goal.value]
    for number, (before, after) in enumerate(pairwise(values[:-1])):
        turns = sign * (after - before) < -TOLERANCE or sign * (goal.value - after) < -TOLERANCE
        if turns and not is_printed(version.as_printed, after):
            yield Finding(
                ("milestones", number, "value"),
                "lies on the wrong side of the path from baseline to target.",
                "If the document plans a peak first, quote its figure in as_printed.",
            )


def moves(registry: Registry, target: Target, version: Version) -> Findings:
    """Baseline and target differ, unless a value is to be kept."""
    goal, start = version.target, version.baseline
    if target.kind in (Kind.LEVEL, Kind.RANK) and goal and start and goal.value == start.value:
        yield Finding(("target", "value"), "equals the baseline.", "Use kind: maintain for a value to be kept.")


def direction_fits(registry: Registry, target: Target, version: Version) -> Findings:
    """The comparator points the same way as the path."""
    goal, start = version.target, version.baseline
    if goal is None or goal.value is None:
        return
    falling = goal.comparator in (Comparator.AT_MOST, Comparator.LESS_THAN, Comparator.WITHIN)
    rising_words = (Comparator.AT_LEAST, Comparator.MORE_THAN, Comparator.UP_TO)
    if target.kind is Kind.RANK and goal.comparator in rising_words:
        yield Finding(("target", "comparator"), "a rank gets better as it falls.", "Use at_most.")
    if target.kind is Kind.RANK and start and goal.value > start.value:
        yield Finding(("target", "value"), "is a worse rank than the baseline.")
    if target.kind is Kind.LEVEL and start is not None and goal.value != start.value:
        rising = goal.value > start.value
        if rising and falling:
            yield Finding(
                ("target", "comparator"), f"{goal.comparator} does not fit a value that is to rise.", "Use at_least."
            )
        if not rising and goal.comparator in rising_words:
            yield Finding(
                ("target", "comparator"), f"{goal.comparator} does not fit a value that is to fall.", "Use at_most."
            )


def plan_adds_up(registry: Registry, target: Target, version: Version) -> Findings:
    """A yearly plan belongs to a total and leaves no more than 0.5 % of it unexplained."""
    goal = version.target
    if version.plan and target.kind is not Kind.CUMULATIVE:
        yield Finding(("plan",), "only a cumulative target has a plan.", key=True)
    elif version.plan and goal is not None and goal.value:
        total = sum(part.value for part in version.plan)
        if abs(total - goal.value) > PLAN_TOLERANCE * abs(goal.value) + TOLERANCE:
            yield Finding(
                ("plan",),
                f"adds up to {total:g}, not {goal.value:g}.",
                "Check each part; up to 0.5 % may remain.",
                key=True,
            )
        ends = [parse_period(part.period) for part in version.plan]
        for number, (early, late) in enumerate(pairwise(ends), start=1):
            if late.start <= early.end:
                yield Finding(
                    ("plan", number, "period"), "overlaps the period before it.", "Plan periods stand in time order."
                )


def period_known(registry: Registry, target: Target, version: Version) -> Findings:
    """A total with a due date says from when it is counted; nothing starts after it is due."""
    goal = version.target
    if goal is None or goal.due is None:
        return
    if target.kind is Kind.CUMULATIVE and not version.plan and version.start is None:
        yield Finding(("target",), "a cumulative target needs start: or plan:.", "From when are the flows counted?")
    elif version.start and parse_period(version.start).start > parse_period(goal.due).end:
        yield Finding(("start",), "lies after the due date.")


def weights_add_up(registry: Registry, target: Target, version: Version) -> Findings:
    """The weights of a ladder's steps add up to 1."""
    if version.steps and abs(sum(step.weight for step in version.steps) - 1) > 1e-6:
        yield Finding(("steps",), f"weights add up to {sum(step.weight for step in version.steps):g}, not 1.", key=True)


def path_possible(registry: Registry, target: Target, version: Version) -> Findings:
    """Constant growth needs values of one sign, none of them 0."""
    if version.path != "geometric":
        return
    values = [number for _, number in _numbers(version)]
    if any(value == 0 for value in values) or len({value > 0 for value in values}) > 1:
        yield Finding(("path",), "a geometric path needs values of one sign without 0.", "Use path: linear.")


def within_bounds(registry: Registry, target: Target, version: Version) -> Findings:
    """Values lie inside the unit's natural bounds, and whole things are whole."""
    unit = registry.unit.get(target.unit)
    low, high = unit.bounds if unit else (None, None)
    for path, value in _numbers(version):
        if (low is not None and value < low) or (high is not None and value > high):
            yield Finding(path, f"{value:g} lies outside the bounds of {target.unit}.", "Check the value's scale.")
        elif target.integer and value != int(value):
            yield Finding(path, f"{value:g} is not a whole number.", "Remove integer: true or mend the value.")


def not_too_small(registry: Registry, target: Target, version: Version) -> Findings:
    """Values are 0 or large enough to divide by; the model holds the other end."""
    for path, value in _numbers(version, plan=True):
        if 0 < abs(value) < SMALLEST:
            yield Finding(path, f"{value:g} is smaller than {SMALLEST:g}.", "Write 0, or take a smaller unit.")


def plausible_dates(registry: Registry, target: Target, version: Version) -> Findings:
    """A due date does not lie before the document that set it."""
    document, goal = registry.document.get(version.document), version.target
    if document is None or goal is None or goal.due is None:
        return
    if parse_period(goal.due).end < document.issued_period.start:
        yield Finding(("target", "due"), "lies before the document's own date.", "Check the year.")


def _dated_nodes(version: Version) -> list[tuple[Path, float]]:
    nodes: list[tuple[Path, float]] = []
    if version.baseline:
        nodes.append((("baseline", "period"), parse_period(version.baseline.period).tau))
    nodes += [(("milestones", i, "due"), parse_period(item.due).tau) for i, item in enumerate(version.milestones)]
    if version.target and version.target.due:
        nodes.append((("target", "due"), parse_period(version.target.due).tau))
    return nodes


def _numbers(version: Version, *, plan: bool = False) -> list[tuple[Path, float]]:
    found: list[tuple[Path, float | None]] = []
    if version.baseline:
        found.append((("baseline", "value"), version.baseline.value))
    found += [(("milestones", i, "value"), item.value) for i, item in enumerate(version.milestones)]
    found += [(("plan", i, "value"), item.value) for i, item in enumerate(version.plan)] if plan else []
    if version.target:
        goal = version.target
        found += [(("target", name), getattr(goal, name)) for name in ("value", "low", "high")]
    return [(path, value) for path, value in found if value is not None]


REGISTRY_RULES: dict[str, RegistryRule] = {
    "thresholds": thresholds_in_order,
    "far_ahead": days_not_far_ahead,
    "removed": removed_is_gone,
    "address": addresses_lead_to_pages,
}
TARGET_RULES: dict[str, TargetRule] = {
    "reference": known_references,
    "successor": succeeded_by_another,
    "address": declared_addresses,
    "version_order": version_order,
    "reason": version_reason,
    "measure": plausible_flow,
    "breakdown": parts_of_a_breakdown,
}
VERSION_RULES: dict[str, VersionRule] = {
    "goal": has_goal,
    "lines": cited,
    "printed": printed_figure,
    "time_order": time_order,
    "wrong_side": right_side,
    "no_movement": moves,
    "direction": direction_fits,
    "plan_sum": plan_adds_up,
    "period": period_known,
    "weights": weights_add_up,
    "path": path_possible,
    "bounds": within_bounds,
    "too_small": not_too_small,
    "due_before_document": plausible_dates,
}
