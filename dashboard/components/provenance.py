"""From number to document and source: versions, published values, related goals, limits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dashboard.components.markup import escape, link, outside, table
from dashboard.components.outlook import goalposts
from dashboard.components.scene import Scene
from dashboard.state import DOCUMENT, TARGET
from dashboard.wording.format import date_text, period_text
from dashboard.wording.sentences import Speaker, how_related
from loaders.assessment import Assessment
from loaders.domain.model import Document, Version
from loaders.domain.observation import Observation
from loaders.lineage import neighbours
from loaders.observations import SEPARATOR


def versions(item: Assessment, scene: Scene) -> str:
    """Documents, values, dates, lines, printed figures, what changed."""
    say, words = scene.say, scene.say.words
    columns = ("document", "issued", "value", "due", "baseline", "milestones", "lines", "printed", "reason", "outcome")
    rows = [_version_row(item, version, number, scene) for number, version in enumerate(item.versions)]
    head = [words(f"target.versions.{key}") for key in columns]
    notes = [
        words("target.versions.note", document=say.document(version), note=version.note(say.language))
        for version in item.versions
        if version.note
    ]
    listed = "".join(f"<li>{escape(note)}</li>" for note in notes)
    shown = table(head, rows, label=words("target.versions.alt"), numeric=(1, 2, 3, 4, 8))
    below = f"<ul>{listed}</ul>" if listed else ""
    moved = goalposts(item, say)
    return f"<section><h2>{escape(words('target.versions'))}</h2>{moved}{shown}{below}</section>"


def _version_row(item: Assessment, version: Version, number: int, scene: Scene) -> tuple[str, ...]:
    say, target = scene.say, item.target
    words = say.words
    document = say.registry.document[version.document]
    title = outside(document.url or "", escape(document.title(say.language)))
    if document.type != "strategy":
        title += f' <span class="kpi-tag">{escape(words(f"document.{document.type}"))}</span>'
    if document.official:
        title += f" {outside(document.official, escape(words('sources.official')))}"
    start = version.baseline
    steps = [f"{say.value(target, one.value)} ({_year(one.due, say)})" for one in version.milestones]
    steps += [f"{say.value(target, one.value)} ({_year(one.period, say)})" for one in version.plan]
    changed = say.changed(version) or words("target.versions.first")
    return (
        title,
        escape(period_text(document.issued, say.language, edition=True)),
        escape(say.goal(target, version)),
        escape(say.due(version)),
        escape(f"{say.value(target, start.value)} ({say.period(target, start.period)})") if start else "",
        escape(", ".join(steps)),
        cited_lines(version, document, scene),
        f'<q lang="ko">{escape(version.as_printed)}</q>',
        escape(changed if number or version.reason else words("target.versions.first")),
        escape(_ended(item, version, say)),
    )


def _ended(item: Assessment, version: Version, say: Speaker) -> str:
    """The version's own outcome, which no later document erases; empty before its due date."""
    own = next((one for one in item.standings if one.version is version), None)
    if own is None:
        return ""
    said, weeks = say.ended(item.target, own.judgement), own.weeks_before_result
    return said if not weeks else f"{said} ({say.words('outcome.replaced', n=weeks)})"


def _year(period: str, say: Speaker) -> str:
    return period_text(period, say.language, edition=True)


def cited_lines(version: Version, document: Document, scene: Scene) -> str:
    """The cited lines, linked to the document's goals; nothing where its text is not at hand."""
    if document.file is None:
        return ""
    return link(scene.request.link("sources", {DOCUMENT: document.id}), escape(line_ranges(version.lines)))


def line_ranges(lines: Iterable[int]) -> str:
    """Line numbers as people write them: 440, 775–778."""
    runs: list[list[int]] = []
    for line in sorted(set(lines)):
        if runs and line == runs[-1][-1] + 1:
            runs[-1].append(line)
        else:
            runs.append([line])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def observations(item: Assessment, scene: Scene) -> str:
    """All published values with their sources; those of another scope apart."""
    words = scene.say.words
    title = f"<h2>{escape(words('target.observations'))}</h2>"
    points, others = item.evidence.points, item.evidence.others
    if not points and not others:
        return f'<section>{title}<p class="kpi-empty">{escape(words("target.observations.none"))}</p></section>'
    body = _values(item, points, scene) if points else ""
    if others:
        body += f"<h3>{escape(words('target.observations.other'))}</h3>{_values(item, others, scene)}"
    return f"<section>{title}{body}</section>"


def _values(item: Assessment, found: Iterable[Observation], scene: Scene) -> str:
    say, words, language = scene.say, scene.say.words, scene.say.language
    shown = list(reversed(list(found)))
    # Most values are known on the day they are published; that date stands only where it tells more.
    late = any(one.known != one.published for one in shown)
    taken = any(one.recorded for one in shown)
    dates = ("published", *(("known",) if late else ()), *(("recorded",) if taken else ()))
    columns = ("period", "value", "status", "source", *dates, "note")
    rows = []
    for one in shown:
        cells = {
            "period": escape(say.period(item.target, one.period.text)),
            "value": escape(say.observed(item.target, one)),
            "status": escape(words(f"obs.{one.status}")),
            "source": source_links(one, say),
            "published": escape(period_text(one.published_text, language, edition=True)),
            "known": escape(date_text(one.known, language)),
            "recorded": escape(date_text(one.recorded, language)) if one.recorded else "",
            "note": escape(in_language(one.note, language)),
        }
        rows.append([cells[key] for key in columns])
    head = [words(f"target.observations.{key}") for key in columns]
    return table(head, rows, label=words("target.observations.alt"), numeric=(0, 1, 2, *range(4, len(columns) - 1)))


def in_language(note: str, language: str) -> str:
    """The part of a value's note in ``language``: Korean first, English after a bar; one part serves both."""
    korean, _, english = note.partition(SEPARATOR)
    return english or korean if language == "en" else korean


def source_links(one: Observation, say: Speaker) -> str:
    """The sources of a value, each linked to its address or named by document and line, and whose word it is."""
    parts = []
    for name, address in one.sources:
        if address.startswith("doc:"):
            parts.append(escape(_document_line(address, name, say.registry.document, say)))
        else:
            parts.append(outside(address, escape(name)))
    if one.grade:
        parts.append(f'<span class="kpi-muted">{escape(say.words(f"grade.{one.grade}"))}</span>')
    return "<br>".join(parts)


def _document_line(address: str, name: str, documents: dict[str, Document], say: Speaker) -> str:
    identifier, _, line = address.removeprefix("doc:").partition("#L")
    document = documents.get(identifier)
    if document is None:
        return name
    where = (document.short or document.title)(say.language)
    return f"{name} ({where}, {line}행)" if say.language == "ko" else f"{name} ({where}, line {line})"


def related(item: Assessment, scene: Scene, found: Mapping[str, Assessment]) -> str:
    """Targets that measure a similar aim differently, whichever of the two says so."""
    say, words = scene.say, scene.say.words
    entries = []
    for one in neighbours(item, found):
        target = one.item.target
        name = link(scene.request.link("target", {TARGET: target.id}), escape(say.name(target)))
        entries.append(f"<li>{name}: {escape(how_related(one, say))}</li>")
    if not entries:
        return ""
    return f"<section><h2>{escape(words('target.related'))}</h2><ul>{''.join(entries)}</ul></section>"


def limits(item: Assessment, scene: Scene) -> str:
    """What this number does not say: scope, breaks, choices, caveats."""
    say, words, language, target = scene.say, scene.say.words, scene.say.language, item.target
    said: list[str] = []
    scope = item.version.scope or target.scope
    if scope.note:
        said.append(words("target.limits.scope", note=scope.note(language)))
    if target.note:
        said.append(target.note(language))
    goal, start = item.version.target, item.version.baseline
    if goal is not None and goal.relative:
        said.append(words("target.limits.relative", words=goal.relative(language)))
    if start is not None and start.assumed:
        said.append(words("target.limits.assumed"))
    if target.series is not None:
        said += _series_limits(item, say)
    if not said:
        return ""
    body = "".join(f"<li>{escape(text)}</li>" for text in said)
    return f"<section><h2>{escape(words('target.limits'))}</h2><ul>{body}</ul></section>"


def _series_limits(item: Assessment, say: Speaker) -> list[str]:
    words, language, series = say.words, say.language, item.target.series
    assert series is not None
    said = []
    if series.producer:
        said.append(words("target.limits.producer", producer=series.producer(language)))
    for one in series.breaks:
        said.append(words("target.limits.break", period=say.period(item.target, one.period), note=one.note(language)))
    for choice in series.preferences:
        said.append(
            words("target.limits.preference", period=say.period(item.target, choice.period), note=choice.note(language))
        )
    if item.next_release is not None:
        key = "target.limits.next_release" if item.freshness in ("fresh", "due") else "target.limits.overdue"
        said.append(words(key, date=date_text(item.next_release, language)))
    return said
