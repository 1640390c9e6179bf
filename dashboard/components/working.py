"""The figures of a target, the working behind its status, and the cross-checks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dashboard.components.markup import escape, table
from dashboard.components.working_kinds import Rows, own_rows
from dashboard.components.working_path import formula_markup, pace, path_rows
from dashboard.wording.catalog import Words
from dashboard.wording.format import fixed, plain_number, share_text
from dashboard.wording.sentences import Speaker
from loaders.agreement import Agreement
from loaders.assessment import Assessment
from loaders.domain.method.status import ASSESSED, Group, Overlay
from loaders.domain.model import Kind
from loaders.domain.period import date_of


def figures(item: Assessment, say: Speaker) -> str:
    """Four figures in a row; those that are not defined say so."""
    if item.target.kind in (Kind.RANK, Kind.MAINTAIN):
        cells = _rank_figures(item, say)
    elif item.current.periods_due is not None and item.status in ASSESSED:
        cells = _yearly_figures(item, say)
    elif item.current.deviation is not None and item.status in ASSESSED:
        cells = _level_figures(item, say)
    elif item.target.breakdown is not None and item.current.delivery_ratio is not None:
        cells = _whole_figures(item, say)
    else:
        cells = _bare_figures(item, say)
    if len(item.versions) > 1:
        original = f"{say.words(f'status.{item.original.status}')}"
        cells.append((say.words("target.fact.original"), original, say.goal(item.target, item.versions[0])))
    body = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}<small>{escape(more)}</small></dd></div>"
        for name, value, more in cells
    )
    return f'<section><h2>{escape(say.words("target.facts"))}</h2><dl class="kpi-facts">{body}</dl></section>'


Cells = list[tuple[str, str, str]]


def _level_figures(item: Assessment, say: Speaker) -> Cells:
    words, now, target = say.words, item.current, item.target
    undefined = words("target.fact.undefined")
    promised = (
        ""
        if now.expected_progress is None
        else words("target.fact.progress_on_path", value=_percent(now.expected_progress))
    )
    deviation = undefined if now.deviation is None else say.difference(target, now.deviation)
    expected = (
        "" if now.expected is None else words("target.fact.deviation_of", value=say.computed(target, now.expected))
    )
    total = target.kind is Kind.CUMULATIVE
    return [
        (words("target.fact.total"), say.value(target, now.value or 0), _percent(now.progress or 0))
        if total
        else (words("target.fact.progress"), _percent(now.progress or 0), promised),
        (words("target.fact.deviation", line=say.line(target, item.version)), deviation, expected),
        (words("target.fact.pace"), pace(now.required_pace_final, item, say), _pace_note(item, say)),
        _next(item, say),
    ]


def _pace_note(item: Assessment, say: Speaker) -> str:
    words, now = say.words, item.current
    if now.recent_pace is None:
        return ""
    parts = [words("target.fact.pace_recent", value=pace(now.recent_pace, item, say))]
    if now.recent_pace_points == 2 and item.target.kind is not Kind.CUMULATIVE:
        parts.append(words("target.fact.pace_two"))
    if now.acceleration is not None and now.acceleration > 1:
        parts.append(words("target.fact.factor", n=plain_number(now.acceleration, 1)))
    elif now.required_pace_final is not None and now.required_pace_final * now.recent_pace < 0:
        parts.append(words("target.fact.turn"))
    return " · ".join(parts)


def _next(item: Assessment, say: Speaker) -> tuple[str, str, str]:
    words, now, target = say.words, item.current, item.target
    node = now.next_node
    if node is None:
        return words("target.fact.next"), words("target.fact.undefined"), ""
    last = now.trajectory is not None and node == now.trajectory.target
    year = date_of(node.tau).year
    when = f"{year}년" if say.language == "ko" else str(year)
    return words("target.fact.final" if last else "target.fact.next"), say.value(target, node.value), when


def _rank_figures(item: Assessment, say: Speaker) -> Cells:
    words, now, target = say.words, item.current, item.target
    if now.value is None or now.observation is None:
        return _bare_figures(item, say)
    field = re.search(r"\bof (\d+)\b", now.observation.note)
    ranked = now.observation.of_n or (field[1] if field else None)
    countries = words("target.fact.rank_of", n=ranked) if ranked else ""
    period = say.period(target, now.observation.period.text)
    cells = [(words("target.fact.rank_now"), say.latest(item), " · ".join(filter(None, (period, countries))))]
    if now.expected is not None and now.trajectory is not None:
        at_start = now.trajectory.rung(now.observation.tau) == now.trajectory.baseline
        note = words("target.fact.rung_since") if at_start and len(now.trajectory.nodes) > 1 else ""
        cells.append((words("target.fact.rung"), say.value(target, now.expected), note))
    if now.gap_to_target is not None and item.target.kind is Kind.RANK:
        gained = ""
        if now.trajectory is not None:
            change = now.trajectory.baseline.value - now.value
            gained = words("target.fact.gained", value=say.difference(target, change))
        cells.append(
            (words("target.fact.places"), say.difference(target, max(now.gap_to_target, 0), sign=False), gained)
        )
        cells.append(_next(item, say))
    elif now.gap_to_target is not None:
        cells.append((words("target.fact.margin"), say.difference(target, -now.gap_to_target), ""))
    return cells


def _yearly_figures(item: Assessment, say: Speaker) -> Cells:
    """A yearly quota: the last complete year, and years met out of years due."""
    words, now = say.words, item.current
    met = words("target.recurring", met=now.periods_met, due=now.periods_due)
    if now.periods_unknown:
        met += words("target.recurring.unknown", n=now.periods_unknown)
    return [*_bare_figures(item, say), (words("target.fact.years"), f"{now.periods_met}/{now.periods_due}", met)]


def _whole_figures(item: Assessment, say: Speaker) -> Cells:
    """A whole that adds up its parts: what they amount to beside what they promised."""
    words, now = say.words, item.current
    promised = words("target.fact.progress_expected", value=_percent(now.expected_progress or 0))
    progress = words("target.fact.progress"), _percent(now.progress or 0), promised
    return [progress, (words("target.fact.goal"), say.goal(item.target, item.version), say.due(item.version))]


def _bare_figures(item: Assessment, say: Speaker) -> Cells:
    words, now, target = say.words, item.current, item.target
    start, seen = item.version.baseline, now.observation
    none = words("card.no_value")
    value = (say.observed(target, seen), say.period(target, seen.period.text)) if seen else (none, "")
    cells = [
        (words("target.fact.value"), *value),
        (words("target.fact.goal"), say.goal(target, item.version), say.due(item.version)),
    ]
    if start is not None:
        cells.insert(0, (words("target.fact.start"), say.value(target, start.value), say.period(target, start.period)))
    off = _off_the_target(item)
    if off is not None:
        cells.append((words("target.fact.off"), say.difference(target, off), ""))
    elif now.gap_to_target is not None and now.value is not None and _is_open(item):
        cells.append((words("target.fact.gap"), say.difference(target, max(now.gap_to_target, 0), sign=False), ""))
    return cells


def _is_open(item: Assessment) -> bool:
    """True where a way is left: not of a yearly quota, met or not each year by its own, nor of a goal taken back."""
    return item.current.periods_due is None and item.version.target is not None and item.group is not Group.CLOSED


def _off_the_target(item: Assessment) -> float | None:
    """Signed distance of a value from what was to be reached or kept, where no way is left that leads there."""
    now, goal = item.current, item.version.target
    ended = now.outcome is not None and item.status in ASSESSED
    if not (ended or item.target.kind is Kind.LIMIT) or not _is_open(item) or now.value is None or goal is None:
        return None
    if goal.value is not None:
        return now.value - goal.value
    if goal.low is None or goal.high is None:
        return None
    return min(now.value - goal.low, 0.0) or max(now.value - goal.high, 0.0)


def _percent(share: float) -> str:
    return share_text(share)


def rows(item: Assessment, say: Speaker) -> Rows:
    """The lines of the working, by the kind's own rule or along its path; none without a value."""
    own = own_rows(item, say) if item.status in ASSESSED else None
    if own:
        return own
    return [] if item.current.value is None else path_rows(item, say)


def steps(item: Assessment, say: Speaker) -> str:
    """The formulas with the numbers put in, thresholds and method version."""
    words, method, found = say.words, say.registry.method, rows(item, say)
    intro = words(
        "target.working.intro",
        version=method.judged_by,
        on_track=method.on_track,
        needs_acceleration=method.needs_acceleration,
    )
    if not found:
        why = words("target.working.none", reason=say.said(item))
        return f"<p>{escape(intro)}</p><p>{escape(why)}</p>"
    head = [words(f"target.working.col.{key}") for key in ("what", "formula", "result")]
    lines = [(escape(one.name), formula_markup(one.formula), escape(one.result)) for one in found]
    return f"<p>{escape(intro)}</p>{table(head, lines, label=words('target.working.alt'), numeric=(2,))}"


def cross_checks(item: Assessment, say: Speaker, past: tuple[Sequence[Agreement], int] = ((), 0)) -> str:
    """How other published methods would judge, why they differ, and how they did on the values before."""
    words, check = say.words, item.current.crosscheck
    if item.target.kind is not Kind.LEVEL or item.current.delivery_ratio is None or item.status == "not_assessable":
        return ""
    undefined = words("target.cross.undefined")

    def said(number: float | None, band: str | None) -> str:
        return undefined if number is None or band is None else f"{words(f'status.{band}')} ({fixed(number)})"

    rows = [
        (words("target.cross.ours"), f"{say.status(item)} (ρ {fixed(item.current.delivery_ratio)})"),
        (words("target.cross.eurostat"), said(check.eurostat_ratio, check.eurostat_band)),
        (words("target.cross.unsd"), said(check.unsd_share, check.unsd_band)),
        (words("target.cross.dns"), words(f"target.cross.dns.{check.dns_weather or 'none'}")),
    ]
    if check.ppg_rate is not None:
        rows.append((words("target.cross.ppg"), words("target.cross.ppg.said", rate=plain_number(check.ppg_rate, 1))))
    body = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in rows)
    differ = Overlay.METHOD_DISAGREEMENT in item.current.overlays
    why = words("target.cross.agree") if check.eurostat_ratio is not None else ""
    if differ:
        why = words("target.cross.why", line=say.line(item.target, item.version))
    note = f"{why} {words('target.cross.not_used')}".strip()
    return (
        f'<section><h2>{escape(words("target.cross"))}</h2><dl class="kpi-pairs">{body}</dl>'
        f'<p class="kpi-small">{escape(note)}</p>{_agreed(past, words)}</section>'
    )


def _agreed(past: tuple[Sequence[Agreement], int], words: Words) -> str:
    """On how many past values each method agreed, and how often each changed its mind."""
    found, ours = past
    if not any(one.compared > 1 for one in found):
        return ""
    said = [
        words(
            "target.cross.past",
            method=words(f"target.cross.{one.method}"),
            n=one.compared,
            agreed=one.agreed,
            turns=one.turns,
        )
        for one in found
    ]
    said.append(words("target.cross.past.ours", turns=ours))
    lines = "".join(f"<li>{escape(one)}</li>" for one in said)
    return f'<p class="kpi-small">{escape(words("target.cross.past.title"))}</p><ul class="kpi-small">{lines}</ul>'
