"""Who led a goal when it was set, who answers for it on the day that is shown and why, and its numbers in plans."""

from __future__ import annotations

from dashboard.components.markup import escape, link, outside
from dashboard.components.scene import Scene
from dashboard.state import TARGET
from loaders.assessment import Assessment
from loaders.responsibility import answering_on


def answers(item: Assessment, scene: Scene) -> str:
    """One small line: lead of the document, who answers now, the reason where the document names nobody."""
    say, words, target = scene.say, scene.say.words, item.target
    found = answering_on(say.registry, target, scene.day)
    if not found:
        return ""
    page = scene.request.link("ministries", {TARGET: found[0].id})
    now = link(f"{page}#{found[0].id}", escape(" · ".join(one.name(say.language) for one in found)))
    parts = []
    if target.lead is not None:
        led = say.registry.ministry[target.lead]
        key = "target.led" if [led] == found else "target.led_before"
        parts.append(escape(words(key, name=led.name(say.language))))
    said = (
        "target.answers_now" if target.lead is None or (parts and [say.registry.ministry[target.lead]] != found) else ""
    )
    if said:
        parts.append(escape(words(said, name="{name}")).replace("{name}", now))
    if target.lead is None and target.answers is not None:
        parts.append(escape(target.answers.note(say.language)))
    return f'<p class="kpi-small">{" ".join(parts)}</p>'


def tasks(item: Assessment, scene: Scene) -> str:
    """One small line with the goal's numbers in the plans that were out on the day, each with its address."""
    say, words, parts = scene.say, scene.say.words, []
    for one in item.target.tasks:
        document = say.registry.document[one.document]
        if document.issued_period.end > scene.day:
            continue
        name = words("target.task", document=(document.short or document.title)(say.language), number=one.number)
        said = outside(one.url or document.url or "", escape(name))
        parts.append(said if one.certainty == "text" else f"{said} ({escape(words('target.task.title_only'))})")
    return f'<p class="kpi-small">{escape(words("target.tasks"))}: {" · ".join(parts)}</p>' if parts else ""
