"""Who led a goal when it was set, who answers for it on the day that is shown, and why."""

from __future__ import annotations

from dashboard.components.markup import escape, link
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
