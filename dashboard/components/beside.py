"""Other statistics beside a target's own: what they span, why none is the answer, and each with its source."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.components.markup import escape, paragraph
from dashboard.components.provenance import source_links
from dashboard.components.scene import Scene
from dashboard.components.target_card import other_value
from loaders.alternatives import Reading, span
from loaders.assessment import Assessment


def spanned(item: Assessment, found: Sequence[Reading], scene: Scene, *, drawn: bool) -> str:
    """One sentence: in which years they range from what to what, and why none decides; nothing without any."""
    between = span(found)
    if between is None:
        return ""
    say, words, target = scene.say, scene.say.words, item.target
    years = sorted({between.first.year, between.last.year})
    low, high = say.observed(target, between.low), say.observed(target, between.high)
    when = (
        words("beside.years", first=years[0], last=years[-1]) if len(years) > 1 else words("beside.year", year=years[0])
    )
    key = "beside.one" if low == high else "beside.range"
    said = words(key, n=between.count, when=when, low=low, high=high)
    dots = words("beside.dots") if drawn else ""
    return paragraph(" ".join(filter(None, (dots, said, words("beside.why")))), "kpi-small")


def alternatives(item: Assessment, found: Sequence[Reading], scene: Scene, *, drawn: bool) -> str:
    """Each with its latest value and source, those on the chart with the number of their dots; never a status."""
    if not found:
        return ""
    alike, unlike = [one for one in found if one.same_unit], [one for one in found if not one.same_unit]
    numbered, rest = (alike, unlike) if drawn else ([], [*alike, *unlike])
    body = "".join(
        f"<{tag}>{''.join(_entry(item, one, scene) for one in own)}</{tag}>"
        for tag, own in (("ol", numbered), ("ul", rest))
        if own
    )
    title = escape(scene.say.words("target.alternatives"))
    told = "" if drawn else spanned(item, found, scene, drawn=False)
    return f'<section class="kpi-beside"><h2>{title}</h2>{told}{body}</section>'


def _entry(item: Assessment, one: Reading, scene: Scene) -> str:
    name, value = one.other.name(scene.say.language), other_value(item.target, one, scene.say)
    return f"<li>{escape(name)}: <strong>{escape(value)}</strong> {source_links(one.latest, scene.say)}</li>"
