"""One headline goal as a card, and the badge that every list uses."""

from __future__ import annotations

from dashboard import context
from dashboard.charts.from_assessment import chart_data
from dashboard.charts.sparkline import sparkline
from dashboard.charts.theme import outcome_unknown_mark, status_mark
from dashboard.components.markup import escape, link
from dashboard.components.scene import Scene
from dashboard.state import TARGET
from dashboard.wording.format import value_text
from dashboard.wording.sentences import Speaker
from loaders.alternatives import Reading, best, readings
from loaders.assessment import Assessment
from loaders.domain.method.status import Group, Reason
from loaders.domain.model import Target


def badge(item: Assessment, say: Speaker) -> str:
    """Status as shape, word and colour."""
    unknown = item.current.reason is Reason.OUTCOME_UNKNOWN
    mark = outcome_unknown_mark() if unknown else status_mark(item.status)
    name = "outcome_unknown" if unknown else item.status
    return f'<span class="kpi-badge kpi-{name}">{mark}{escape(say.status(item))}</span>'


def value_line(item: Assessment, say: Speaker) -> str:
    """Latest value → target (year)."""
    words, seen = say.words, item.current.observation
    goal = f"{words('card.target')} {say.goal(item.target, item.version)} ({say.due(item.version)})"
    if item.current.value is not None:
        value = escape(say.latest(item))
    elif seen is None and item.version.baseline is not None:
        start = say.value(item.target, item.version.baseline.value)
        value = f'<span class="kpi-muted">{escape(words("card.baseline_only", value=start))}</span>'
    elif seen is not None:
        value = f'<span class="kpi-muted">{escape(say.observed(item.target, seen))}</span>'
    else:
        value = f'<span class="kpi-muted">{escape(words("card.no_value"))}</span>'
    return f'<strong>{value}</strong> <span aria-hidden="true">→</span> <span>{escape(goal)}</span>'


def other_value(target: Target, reading: Reading, say: Speaker) -> str:
    """The latest value of another statistic with its period, in that statistic's own unit."""
    unit = say.registry.unit[reading.other.unit or target.unit]
    value = value_text(reading.latest.as_published, unit, say.language)
    return f"{value} ({say.period(target, reading.latest.period.text)})"


def _instead(item: Assessment, scene: Scene) -> str:
    """One grey line with the best other statistic where the goal itself cannot be judged; never a status colour."""
    if item.group in (Group.JUDGED, Group.CLOSED):
        return ""
    found = best(readings(item.target, context.serving().observations, scene.day))
    if found is None:
        return ""
    say = scene.say
    said = say.words("card.instead", name=found.other.name(say.language), value=other_value(item.target, found, say))
    return f'<p class="kpi-other">{escape(said)}</p>'


def card(item: Assessment, scene: Scene) -> str:
    """Name, status, value against target, trend, months, and where the value comes from."""
    say, words, target = scene.say, scene.say.words, item.target
    seen = item.current.observation
    told = say.told(item)
    foot = [] if seen is None else [words("card.period", period=say.period(target, seen.period.text))]
    foot += [say.ministry(target, scene.day), say.document(item.version)]
    alt = f"{say.name(target)}: {told}"
    name = link(scene.request.link("target", {TARGET: item.id}), escape(say.name(target)))
    return (
        f'<article class="kpi-card"><header><h4>{name}</h4>{badge(item, say)}</header>'
        f'<p class="kpi-value">{value_line(item, say)}</p>'
        f'<div class="kpi-trend">{sparkline(chart_data(item, scene.day), alt)}<span>{escape(told)}</span></div>'
        f"{_instead(item, scene)}"
        f"<footer>{escape(' · '.join(foot))}</footer></article>"
    )
