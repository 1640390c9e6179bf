"""What changed between two days and why, on the same basket and counted by group."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dashboard import context, state
from dashboard.components.markup import escape, link, table
from dashboard.components.scene import Scene, draw_page
from dashboard.components.status_tally import bar, by_group, counted, rest
from dashboard.components.target_card import badge
from dashboard.wording.format import date_text
from loaders.assessment import Assessment
from loaders.changes import Cause, Change, changes, known_on
from loaders.domain.period import add_months, parse_period
from loaders.tallies import Tally, fixed_basket, grouped

PRESETS = (("months", 3), ("months", 6), ("year", 1), ("years", 2))
BACK_MONTHS = {"months": 1, "year": 12, "years": 12}


def page() -> None:
    """Draw the changes since the day that the address names, or within the last year."""
    asked = state.since()
    draw_page(f"changes {asked}", lambda found, scene: _page(found, scene, asked))


def _page(found: Sequence[Assessment], scene: Scene, asked: str | None) -> str:
    say, words, day = scene.say, scene.say.words, scene.day
    start, notice = add_months(day, -12), ""
    if asked:
        try:
            start = min(parse_period(asked).end, day)
        except ValueError:
            notice = f'<p class="kpi-notice" role="status">{escape(words("changes.bad_since", value=asked[:40]))}</p>'
    all_changes = changes(say.registry, context.serving().observations, start, day)
    new = [one for one in all_changes if one.cause is Cause.NEW_TARGET]
    moved = [one for one in all_changes if one.cause is not Cause.NEW_TARGET]
    title = words("changes.title", since=date_text(start, words.language), until=date_text(day, words.language))
    lead = words("changes.lead", count=len(moved), new=len(new))
    sections = (_presets(scene), _moved(moved, scene), _basket(found, start, scene), _new(new, scene))
    return (
        f'<h1>{escape(title)}</h1>{notice}<p class="kpi-lead">{escape(lead)}</p>'
        f"{''.join(sections)}{_groups(found, scene)}"
    )


def _presets(scene: Scene) -> str:
    words, say = scene.say.words, scene.say
    links = [
        link(
            scene.request.link("changes", {state.SINCE: add_months(scene.day, -n * BACK_MONTHS[unit]).isoformat()}),
            escape(words(f"changes.since.{unit}", n=n)),
        )
        for unit, n in PRESETS
    ]
    for document in say.registry.documents:
        issued = document.issued_period.end
        if document.type != "announcement" and issued < scene.day:
            name = (document.short or document.title)(say.language)
            links.append(link(scene.request.link("changes", {state.SINCE: issued.isoformat()}), escape(name)))
    return f'<p class="kpi-since">{escape(words("changes.since"))}: {" · ".join(links)}</p>'


def _moved(moved: Sequence[Change], scene: Scene) -> str:
    say, words = scene.say, scene.say.words
    title = f"<h2>{escape(words('changes.changed'))}</h2>"
    if not moved:
        return f'<section>{title}<p class="kpi-empty">{escape(words("changes.nothing"))}</p></section>'
    rows = []
    for one in sorted(moved, key=lambda change: known_on(change, say.registry) or scene.day, reverse=True):
        assert one.before is not None, "only new targets have no earlier status"
        known = known_on(one, say.registry)
        name = link(scene.request.link("target", {state.TARGET: one.after.id}), escape(say.name(one.after.target)))
        rows.append(
            (
                name,
                _standing(one.before, one, scene),
                _standing(one.after, one, scene),
                escape(say.cause(one)),
                escape(date_text(known, words.language)) if known else "",
            )
        )
    head = [words(f"changes.col.{key}") for key in ("name", "before", "after", "why", "known")]
    return f"<section>{title}{table(head, rows, label=words('changes.changed'), numeric=(4,))}</section>"


def _standing(item: Assessment, change: Change, scene: Scene) -> str:
    """The badge; with the reason where only the reason changed."""
    say = scene.say
    same = change.before is not None and change.before.status == change.after.status
    return badge(item, say) + (f' <span class="kpi-muted">{escape(say.reason(item))}</span>' if same else "")


def _basket(found: Sequence[Assessment], start: date, scene: Scene) -> str:
    words = scene.say.words
    then, now = fixed_basket(context.assessments(start), found)
    if not then.total:
        return ""

    def line(day: date, tally: Tally) -> str:
        text = words(
            "changes.basket.then",
            date=date_text(day, words.language),
            judged=tally.judged,
            parts=counted(tally, words),
        )
        return f'<p>{escape(text)}</p>{bar(tally, words)}<p class="kpi-small">{escape(rest(tally, words))}</p>'

    note = words("changes.basket.note", total=then.total)
    return (
        f"<section><h2>{escape(words('changes.basket'))}</h2>"
        f'<p class="kpi-small">{escape(note)}</p>{line(start, then)}{line(scene.day, now)}</section>'
    )


def _new(new: Sequence[Change], scene: Scene) -> str:
    if not new:
        return ""
    say, words = scene.say, scene.say.words
    entries = "".join(
        f"<li>{link(scene.request.link('target', {state.TARGET: one.after.id}), escape(say.name(one.after.target)))}"
        f' <span class="kpi-muted">{escape(say.document(one.after.versions[0]))}</span></li>'
        for one in new
    )
    title = words.counted("changes.new", len(new))
    return f'<details><summary>{escape(title)}</summary><ul class="kpi-choices">{entries}</ul></details>'


def _groups(found: Sequence[Assessment], scene: Scene) -> str:
    say, words = scene.say, scene.say.words
    tables = (
        ("pillar", lambda item: say.registry.pillar[item.target.pillar].name(say.language)),
        ("ministry", lambda item: say.ministry(item.target, scene.day)),
        ("document", lambda item: say.document(item.version)),
    )
    body = "".join(by_group(words(f"tally.{name}"), grouped(found, key), words) for name, key in tables)
    return (
        f"<section><h2>{escape(words('tally.title'))}</h2>"
        f'<p class="kpi-small">{escape(words("tally.note"))}</p>{body}</section>'
    )


page()
