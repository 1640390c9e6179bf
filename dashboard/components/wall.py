"""The wall view: one headline goal after the other, legible from five metres.

It turns by CSS alone: no script, no reruns, and a reader who asked for less motion sees all of them
standing one below the other.
"""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.charts.from_assessment import chart_data
from dashboard.charts.sparkline import sparkline
from dashboard.components.markup import escape
from dashboard.components.scene import Scene
from dashboard.components.status_tally import bar, counted
from dashboard.components.target_card import badge, value_line
from dashboard.wording.format import date_text
from loaders.assessment import Assessment, late_first
from loaders.domain.method.status import ASSESSED
from loaders.tallies import tally_of

SECONDS = 12
"""How long one goal stays."""


def wall(found: Sequence[Assessment], scene: Scene) -> str:
    """Headline goals that can be judged, late ones first, turning; the tally of all below."""
    words = scene.say.words
    shown = late_first([item for item in found if item.target.headline and item.status in ASSESSED])
    whole, total = len(shown) * SECONDS, tally_of(found)
    slides = "".join(_slide(item, number, whole, scene) for number, item in enumerate(shown))
    share = 100 / max(len(shown), 1)
    turn = f"@keyframes kpi-turn{{0%{{visibility:visible;opacity:1}}{share:.3f}%,100%{{visibility:hidden;opacity:0}}}}"
    day = words("overview.as_of", date=date_text(scene.day, words.language))
    sentence = words("overview.sentence_all", total=total.total, judged=total.judged, parts=counted(total, words))
    return (
        f'<style>{turn}</style><main class="kpi-wall" aria-label="{escape(words("app.title"))}">{slides}'
        f"<footer><p>{escape(sentence)}</p>{bar(total, words)}"
        f"<p>{escape(day)} · {escape(words('app.title'))}</p></footer></main>"
    )


def _slide(item: Assessment, number: int, whole: int, scene: Scene) -> str:
    say = scene.say
    told = say.told(item)
    trend = sparkline(chart_data(item, scene.day), f"{say.name(item.target)}: {told}")
    return (
        f'<article style="animation:kpi-turn {whole}s steps(1) {number * SECONDS - whole}s infinite">'
        f'<h1>{escape(say.name(item.target))}</h1><p class="kpi-wall-status">{badge(item, say)}</p>'
        f'<p class="kpi-wall-value">{value_line(item, say)}</p><p>{escape(told)}</p>'
        f'<div class="kpi-trend">{trend}</div></article>'
    )
