"""One target: its sentence, path, figures, working, versions, values and limits."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from dashboard import context, state
from dashboard.charts.data import ChartData
from dashboard.charts.from_assessment import chart_data
from dashboard.charts.outlook import numbers
from dashboard.charts.path_chart import path_alt, path_figure
from dashboard.components import outlook, working
from dashboard.components.beside import alternatives, spanned
from dashboard.components.duty import answers, tasks
from dashboard.components.frame import dark
from dashboard.components.markup import draw, escape, link
from dashboard.components.provenance import limits, observations, related, versions
from dashboard.components.scene import Scene
from dashboard.components.sharing import past, sharing
from dashboard.components.target_card import badge
from dashboard.desk import today
from dashboard.wording.catalog import Words
from dashboard.wording.format import date_text
from dashboard.wording.sentences import Speaker
from loaders.alternatives import readings
from loaders.assessment import Assessment
from loaders.domain.model import Version
from loaders.responsibility import answering


def page() -> None:
    """Draw the target that the address names."""
    request = state.request(today())
    words, registry = Words(request.language), context.registry()
    if registry is None:
        return
    scene = Scene(Speaker(registry, words), request)
    wanted = state.target_id()
    found = {item.id: item for item in context.assessments(request.day)}
    back = f'<p class="kpi-back">{link(request.link("targets"), escape(words("target.back")))}</p>'
    if wanted in found:
        _draw(found[wanted], scene, back, found)
    else:
        empty = f'<p class="kpi-empty">{escape(_why_missing(wanted, scene))}</p>'
        draw(f"{back}{empty}{_choices(list(found.values()), scene)}")


def _why_missing(wanted: str | None, scene: Scene) -> str:
    words, known = scene.say.words, scene.say.registry.target
    if wanted is None:
        return words("target.choose")
    if wanted in known:
        day = date_text(scene.day, words.language)
        return words("target.unknown_as_of", name=scene.say.name(known[wanted]), date=day)
    if any(issue.target == wanted for issue in context.dataset().report.errors):
        return words("target.sick")
    return words("target.unknown", id=wanted[:64])


def _choices(items: list[Assessment], scene: Scene) -> str:
    entries = "".join(
        f"<li>{link(scene.request.link('target', {state.TARGET: item.id}), escape(scene.say.name(item.target)))}</li>"
        for item in items
    )
    return f'<ul class="kpi-choices">{entries}</ul>'


def _draw(item: Assessment, scene: Scene, back: str, found: Mapping[str, Assessment]) -> None:
    say, words = scene.say, scene.say.words
    others = readings(item.target, context.serving().observations, scene.day)
    data = chart_data(item, scene.day, say.unit(item.target).bounds, say.language, others)
    title = words("target.chart_title", name=say.name(item.target), lag=say.said(item))
    empty = f'<p class="kpi-empty">{escape(words("target.no_chart"))}</p>' if data.is_empty else ""
    draw(
        f'{"" if state.embedded() else back}{_top(item, scene)}<h2 class="kpi-chart-title">{escape(title)}</h2>{empty}'
    )
    nearer = data.near()
    if nearer is not None and not state.embedded():
        draw(_ranges(item, scene))
    if data.path is not None and len(data.path.nodes) > 1:
        draw(f'<p class="kpi-small">{escape(words(f"chart.legend.{data.path.name}"))}</p>')
    if not data.is_empty:
        _chart(item, nearer if nearer is not None and state.near() else data, scene)
    drawn = bool(numbers(data))
    faint = spanned(item, others, scene, drawn=drawn) if drawn else ""
    shown = "" if state.embedded() else _below(item, scene, found, alternatives(item, others, scene, drawn=drawn))
    draw(faint + working.figures(item, say) + shown)


def _below(item: Assessment, scene: Scene, found: Mapping[str, Assessment], others: str) -> str:
    """All that the figures rest on, ``others`` being other statistics; a frame shows the figures and leads here."""
    say, words = scene.say, scene.say.words
    return (
        f"<details><summary>{escape(words('target.working'))}</summary>{working.steps(item, say)}</details>"
        + outlook.ahead(item, scene)
        + working.cross_checks(item, say, context.agreements(item.target, scene.day))
        + outlook.parts(item, scene, found)
        + versions(item, scene)
        + observations(item, scene)
        + past(context.history(item.target, scene.day), scene)
        + others
        + related(item, scene, found)
        + limits(item, scene)
        + sharing(item, scene, st.context.url or "", context.registry_version())
    )


def _top(item: Assessment, scene: Scene) -> str:
    say, words, target = scene.say, scene.say.words, item.target
    tags = "".join(_tag(words(f"overlay.{name}"), words(f"overlay.{name}.help")) for name in item.current.overlays)
    who = say.ministry(target, scene.day)
    where = " · ".join(
        (
            say.registry.pillar[target.pillar].name(say.language),
            who if answering(target) is None else words("target.answers", name=who),
            words(f"kind.{target.kind}"),
        )
    )
    since = say.since(item)
    old = f'<p class="kpi-small">{escape(since)}.</p>' if since else ""
    return (
        f'<section class="kpi-top"><p class="kpi-small">{escape(where)}</p><h1>{escape(say.name(target))}</h1>'
        f'<p class="kpi-lead">{escape(say.headline(item))}</p><p>{badge(item, say)} {tags}</p>{old}'
        f"{outlook.declared(item, say)}{_restated(item, say)}{answers(item, scene)}{tasks(item, scene)}</section>"
    )


def _restated(item: Assessment, say: Speaker) -> str:
    """Both values of the baseline's own period, where what is published now differs from what was printed."""
    now, start = item.current.restated, item.version.baseline
    if now is None or start is None:
        return ""
    said = say.words(
        "target.restated",
        period=say.period(item.target, start.period),
        printed=say.value(item.target, start.value),
        now=say.observed(item.target, now),
    )
    return f'<p class="kpi-small">{escape(said)}</p>'


def _tag(name: str, explained: str) -> str:
    return f'<span class="kpi-tag" title="{escape(explained)}">{escape(name)}</span>'


def _ranges(item: Assessment, scene: Scene) -> str:
    """The whole time up to the goal, or the published values alone, as links that keep the rest of the address."""
    words, parts = scene.say.words, []
    for key, value in (("all", None), ("near", "near")):
        name = escape(words(f"target.range.{key}"))
        wanted = {state.TARGET: item.id, state.RANGE: value}
        chosen = state.near() == (value is not None)
        mark = f'<strong aria-current="true">{name}</strong>'
        parts.append(mark if chosen else link(scene.request.link("target", wanted), name))
    return f'<p class="kpi-small kpi-since">{escape(words("target.range"))}: {" · ".join(parts)}</p>'


def _cited(version: Version, say: Speaker) -> str:
    """Document and line, as the end of its path is labelled."""
    name = say.document(version)
    if say.registry.document[version.document].type == "announcement" or not version.lines:
        return name
    return say.words("chart.cited", document=name, lines=min(version.lines))


def _chart(item: Assessment, data: ChartData, scene: Scene) -> None:
    say, words = scene.say, scene.say.words
    names = {version.document: _cited(version, say) for version in item.versions}

    def write(number: float) -> str:
        return say.computed(item.target, number)

    def when(period: str) -> str:
        return say.period(item.target, period)

    figure = path_figure(data, words, write, names, dark(), when)
    st.plotly_chart(
        figure,
        theme=None,
        width="stretch",
        config={"displayModeBar": False, "responsive": True},
        alt=path_alt(data, words, write, when),
        key="path",
    )


page()
