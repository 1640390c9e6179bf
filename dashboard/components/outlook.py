"""What lies ahead: flip points of the next release, the projection, the parts, and how the goal itself moved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from dashboard.charts.theme import status_mark
from dashboard.components.markup import escape, link, outside, table
from dashboard.components.scene import Scene
from dashboard.components.target_card import badge
from dashboard.state import TARGET
from dashboard.wording.format import date_text, plain_number
from dashboard.wording.sentences import Speaker, status_word
from loaders.assessment import Assessment
from loaders.domain.method.comparison import direction_of
from loaders.domain.method.projection import Unprojected
from loaders.domain.method.status import Status
from loaders.domain.model import Kind
from loaders.domain.period import date_of, parse_period


def ahead(item: Assessment, scene: Scene) -> str:
    """Flip points and projection; nothing for a target that has neither."""
    say, words = scene.say, scene.say.words
    body = flips(item, say, scene.day) + projection(item, say)
    return f"<section><h2>{escape(words('target.ahead'))}</h2>{body}</section>" if body else ""


def flips(item: Assessment, say: Speaker, day: date) -> str:
    """From which value of the next release on which status would hold; nothing without flip points.

    A release that should have come by ``day`` is not called coming.
    """
    if item.flips is None:
        return ""
    words, target = say.words, item.target
    total = target.kind is Kind.CUMULATIVE
    # "From 50 %" would be read as more; of ranks it is read as better.
    falls = direction_of(target, item.version) == -1 and target.measure != "rank" and target.kind is not Kind.RANK
    when = date_text(date_of(item.flips.tau), say.language)
    due = date_text(item.next_release, say.language) if item.next_release else "–"
    rows = []
    for number, flip in enumerate(item.flips.flips):
        name = status_word(target.kind, flip.status, words)
        mark = f'<span class="kpi-badge kpi-{flip.status}">{status_mark(flip.status)}{escape(name)}</span>'
        if flip.value is None:
            following = item.flips.flips[number + 1] if len(item.flips.flips) > 1 else None
            said = words("target.flip.always")
            if following is not None and following.value is not None:
                above = "target.flip.at_least" if following.beyond else "target.flip.above"
                said = words(above if falls else "target.flip.short_of", value=say.computed(target, following.value))
        else:
            rising = "target.flip.beyond" if flip.beyond else "target.flip.from"
            falling = "target.flip.less" if flip.beyond else "target.flip.at_most"
            key = falling if falls else rising
            said = words(key, value=say.computed(target, flip.value))
        rows.append((mark, escape(said)))
    key = "target.flip.total" if total else "target.flip.value"
    head = [words("targets.col.status"), words(key)]
    owed = item.next_release is not None and item.next_release < day
    intro = words("target.flip.intro_owed" if owed else "target.flip.intro", period=when, due=due)
    return f"<p>{escape(intro)}</p>{table(head, rows, label=words('target.flip'))}"


def projection(item: Assessment, say: Speaker) -> str:
    """The projection at the due date in a sentence, or why there is none."""
    words, found = say.words, item.projection
    if item.status in (Status.DROPPED, Status.SUPERSEDED):
        return ""
    if isinstance(found, Unprojected):
        if found in (Unprojected.KIND, Unprojected.NO_VALUE):
            return ""
        return f'<p class="kpi-small">{escape(words(f"projection.none.{found}"))}</p>'
    target = item.target
    goal = item.version.target
    value = say.value(target, goal.value) if goal is not None and goal.value is not None else ""
    where = words(
        f"projection.{found.verdict}",
        year=_year(found.at),
        low=say.computed(target, _shown(found.low)),
        high=say.computed(target, _shown(found.high)),
        target=value,
    )
    if item.status is Status.ACHIEVED:
        arrives = ""
    elif found.arrival is None:
        arrives = words("projection.never")
    elif found.arrival[1] is None:
        arrives = words("projection.arrival_open", first=_year(found.arrival[0]))
    else:
        arrives = words("projection.arrival", first=_year(found.arrival[0]), last=_year(found.arrival[1]))
    note = words("projection.note", n=found.drift.points)
    return f'<p>{escape(where)} {escape(arrives)}</p><p class="kpi-small">{escape(note)}</p>'


def _shown(value: float) -> float:
    """Four digits: a projection knows no more."""
    return float(f"{value:.4g}")


def _year(tau: float) -> int:
    return date_of(tau).year


def goalposts(item: Assessment, say: Speaker) -> str:
    """How the goal itself moved, and what that does to the status; nothing for a goal of one version."""
    first, last = item.versions[0], item.versions[-1]
    if len(item.versions) < 2 or first.target is None or last.target is None:
        return ""
    words, target = say.words, item.target
    moved = []
    if first.target.value is not None and last.target.value is not None and first.target.value != last.target.value:
        change = say.difference(target, last.target.value - first.target.value)
        moved.append(words("goalposts.value", change=change))
    if first.target.due and last.target.due:
        months = round(12 * (parse_period(last.target.due).tau - parse_period(first.target.due).tau))
        if months:
            moved.append(words("goalposts.later" if months > 0 else "goalposts.sooner", n=abs(months)))
    elif bool(first.target.due) != bool(last.target.due):
        moved.append(words("goalposts.date_set" if last.target.due else "goalposts.date_gone"))
    if (first.scope or target.scope).id != (last.scope or target.scope).id:
        moved.append(words("goalposts.scope"))
    said = words(
        "goalposts.sentence",
        first=f"{say.goal(target, first)} ({say.due(first)}, {say.document(first)})",
        last=f"{say.goal(target, last)} ({say.due(last)}, {say.document(last)})",
        moved=", ".join(moved) or words("goalposts.same"),
    )
    then = status_word(target.kind, item.original.status, words)
    both = words("goalposts.status", original=then, current=status_word(target.kind, item.current.status, words))
    return f"<p>{escape(said)} {escape(both)}</p>"


def parts(item: Assessment, scene: Scene, found: Mapping[str, Assessment]) -> str:
    """The parts of a breakdown with their statuses and the rule that joins them."""
    whole = item.target.breakdown
    if whole is None:
        return ""
    say, words = scene.say, scene.say.words
    rows = []
    for child in whole.children:
        part = found.get(child.target)
        if part is not None:
            name = link(scene.request.link("target", {TARGET: part.id}), escape(say.name(part.target)))
            weight = f"{plain_number(100 * child.weight, 0)}%" if child.weight is not None else ""
            rows.append((name, badge(part, say), weight, escape(say.said(part))))
    head = [words(f"target.parts.{key}") for key in ("name", "status", "weight", "said")]
    rule = words(f"target.parts.rule.{whole.rule}")
    title = words("target.parts")
    return f"<section><h2>{escape(title)}</h2><p>{escape(rule)}</p>{table(head, rows, label=title)}</section>"


def declared(item: Assessment, say: Speaker) -> str:
    """What the ministry itself declared, beside the computed status."""
    one = item.declared
    if one is None:
        return ""
    words = say.words
    source = outside(one.url or "", escape(one.source))
    said = words("target.declared", status=words(f"status.{one.status}"), date=say.period(item.target, one.on))
    return f"<p>{escape(said)} ({source})</p>"
