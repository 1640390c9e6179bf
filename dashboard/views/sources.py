"""From document to goal: what each document promised, line by line, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard import state
from dashboard.components.markup import escape, link, outside, table
from dashboard.components.provenance import line_ranges
from dashboard.components.scene import Scene, draw_page
from dashboard.components.status_tally import by_group
from dashboard.components.target_card import badge
from dashboard.wording.format import period_text
from dashboard.wording.sentences import Speaker, how_related
from loaders.assessment import Assessment
from loaders.coverage import Coverage, coverage, owed
from loaders.domain.model import Document, Text
from loaders.lineage import Goal, goals_of, issued_documents
from loaders.responsibility import publisher
from loaders.tallies import tally_of

ANNOUNCED = "announcement"
COUNTS = ("goals", "headline", "dated", "based", "measured", "fresh", "judged")


def page() -> None:
    """Draw the documents and their goals."""
    asked = state.document_id()
    draw_page(f"sources {asked}", lambda found, scene: _page(found, scene, asked))


def _page(found: Sequence[Assessment], scene: Scene, asked: str | None) -> str:
    say = scene.say
    goals = {one: goals_of(one, say.registry, found) for one in issued_documents(say.registry, found)}
    texts = [one for one in goals if one.type != ANNOUNCED]
    announced = [one for one in goals if one.type == ANNOUNCED]
    latest = texts[-1] if texts else None
    sections = [
        _section(
            one.id, one.title(say.language), _facts(one, say), goals[one], scene, asked == one.id, last=one == latest
        )
        for one in texts
    ]
    if announced:
        together = [goal for one in announced for goal in goals[one]]
        is_open = asked in {ANNOUNCED, *(one.id for one in announced)}
        title, note = say.words("sources.announced"), escape(say.words("sources.announced.note"))
        sections.append(_section(ANNOUNCED, title, note, together, scene, is_open, last=True))
    return (
        f"<h1>{escape(say.words('sources.title'))}</h1>"
        f'<p class="kpi-lead">{escape(_lead(found, goals, say))}</p>'
        f"{_coverage(found, goals, scene)}"
        f"<section><h2>{escape(say.words('sources.goals'))}</h2>{''.join(sections)}</section>"
        f"{_owed(found, scene)}"
    )


def _lead(found: Sequence[Assessment], goals: dict[Document, list[Goal]], say: Speaker) -> str:
    texts = [one for one in goals if one.type != ANNOUNCED]
    return say.words(
        "sources.lead", documents=len(texts), goals=len(found), versions=sum(len(one) for one in goals.values())
    )


def _coverage(found: Sequence[Assessment], goals: dict[Document, list[Goal]], scene: Scene) -> str:
    say, words = scene.say, scene.say.words
    rows = []
    announced: list[Goal] = []
    for document, own in goals.items():
        if document.type == ANNOUNCED:
            announced += own
            continue
        name = link(scene.request.link("sources", {state.DOCUMENT: document.id}), escape(_short(document, say)))
        rows.append((name, *_counts(coverage(((one.item, one.version) for one in own), scene.day))))
    if announced:
        name = link(scene.request.link("sources", {state.DOCUMENT: ANNOUNCED}), escape(words("sources.announced")))
        rows.append((name, *_counts(coverage(((one.item, one.version) for one in announced), scene.day))))
    total = coverage(((item, item.version) for item in found), scene.day)
    rows.append((f"<strong>{escape(words('sources.all'))}</strong>", *_counts(total)))
    head = [words("sources.col.document"), *(words(f"sources.count.{key}") for key in COUNTS)]
    title, note = words("sources.coverage"), words("sources.coverage.note")
    shown = table(head, rows, label=title, numeric=range(1, len(head)))
    body = f'<div class="kpi-counts">{shown}</div><p class="kpi-small">{escape(note)}</p>'
    stands = {
        _short(one, say): tally_of(goal.item for goal in own) for one, own in goals.items() if one.type != ANNOUNCED
    }
    if announced:
        stands[words("sources.announced")] = tally_of(goal.item for goal in announced)
    groups = by_group(words("sources.stands"), stands, words)
    return f"<section><h2>{escape(title)}</h2>{body}{groups}</section>"


def _counts(found: Coverage) -> list[str]:
    return [str(getattr(found, key)) for key in COUNTS]


def _short(document: Document, say: Speaker) -> str:
    return (document.short or document.title)(say.language)


def _facts(document: Document, say: Speaker) -> str:
    """Day of issue, what kind of document it is, its address and what a reader should know."""
    words = say.words
    parts = [escape(words("sources.issued", date=period_text(document.issued, say.language, edition=True)))]
    if document.type != "strategy":
        parts.append(escape(words(f"document.{document.type}")))
    if document.official:
        parts.append(outside(document.official, escape(words("sources.official"))))
    if document.url:
        key = "sources.open_summary" if document.type == "secondary" else "sources.open"
        parts.append(outside(document.url, escape(words(key))))
    note = f" {escape(document.note(say.language))}" if document.note else ""
    return f"{' · '.join(parts)}.{note}"


def _section(
    name: str, title: str, facts: str, goals: Sequence[Goal], scene: Scene, is_open: bool, *, last: bool
) -> str:
    words = scene.say.words
    count = words.counted("sources.count", len(goals))
    columns = ("lines", "printed", "goal", "value", "later", "status")
    head = [words(f"sources.col.{key}") for key in columns]
    rows = [_row(goal, scene, named=name == ANNOUNCED, last=last) for goal in goals]
    return (
        f'<details id="{escape(name)}"{" open" if is_open else ""}>'
        f'<summary><strong>{escape(title)}</strong> <span class="kpi-muted">{escape(count)}</span></summary>'
        f'<p class="kpi-small">{facts}</p>{table(head, rows, label=title, numeric=(0,))}</details>'
    )


def _row(goal: Goal, scene: Scene, *, named: bool, last: bool) -> tuple[str, ...]:
    say, version, target = scene.say, goal.version, goal.item.target
    document = say.registry.document[version.document]
    where = outside(document.url or "", escape(_short(document, say))) if named else escape(line_ranges(version.lines))
    return (
        where,
        f'<q lang="ko">{escape(version.as_printed)}</q>',
        link(scene.request.link("target", {state.TARGET: target.id}), escape(say.name(target))),
        escape(f"{say.goal(target, version)} ({say.due(version)})"),
        _later(goal, scene, last=last),
        badge(goal.item, say),
    )


def _later(goal: Goal, scene: Scene, *, last: bool) -> str:
    """What became of a goal: later versions, then similar aims measured differently."""
    say, words, target = scene.say, scene.say.words, goal.item.target
    said = [
        escape(
            words(
                "sources.later",
                document=say.document(version),
                target=say.goal(target, version),
                due=say.due(version),
                reason=say.changed(version),
            )
        )
        for version in goal.later
    ]
    for one in goal.successors:
        other = one.item.target
        name = link(scene.request.link("target", {state.TARGET: other.id}), escape(say.name(other)))
        said.append(f"{escape(say.document(one.item.versions[0]))}: {name}. {escape(how_related(one, say))}")
    if not said:
        return "" if last else f'<span class="kpi-muted">{escape(words("sources.later.none"))}</span>'
    return "<br>".join(said)


def _owed(found: Sequence[Assessment], scene: Scene) -> str:
    say, words = scene.say, scene.say.words
    led: dict[Text | None, int] = {}
    for item in found:
        led[publisher(item.target)] = led.get(publisher(item.target), 0) + 1
    rows = []
    for producer, missing in owed(found).items():
        ministry = producer(say.language) if producer else words("agenda.no_producer")
        names = ", ".join(
            link(scene.request.link("target", {state.TARGET: one.id}), escape(say.name(one.target))) for one in missing
        )
        rows.append((escape(ministry), str(led[producer]), str(len(missing)), names))
    if not rows:
        return ""
    title = words("sources.owed")
    head = [words(f"sources.owed.{key}") for key in ("ministry", "led", "missing", "names")]
    note = f'<p class="kpi-small">{escape(words("sources.owed.note"))}</p>'
    return f"<section><h2>{escape(title)}</h2>{note}{table(head, rows, label=title, numeric=(1, 2))}</section>"


page()
