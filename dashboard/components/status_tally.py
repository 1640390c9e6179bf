"""How many stand how: in words, as one bar, and as a table by group."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from dashboard.charts.tally import tally_bar
from dashboard.charts.theme import outcome_unknown_mark, status_mark
from dashboard.components.markup import escape, link, table
from dashboard.wording.catalog import Words
from loaders.domain.method.outcome import Verdict
from loaders.domain.method.status import ASSESSED, Group, Status
from loaders.tallies import BARRED, Tally

UNJUDGED = (Group.OUTCOME_UNKNOWN, Group.AWAITING, Group.NO_STATISTIC, Group.NOT_ASSESSABLE, Group.CLOSED)
"""Groups without a judgement: first the promises whose day has come, then those of which nothing can be said yet."""
HOLLOW = (Group.NO_STATISTIC, Group.NOT_ASSESSABLE, Group.CLOSED)
MARKS: dict[str, Status] = {
    Verdict.KEPT: Status.ACHIEVED,
    Verdict.KEPT_LATE: Status.ACHIEVED,
    Verdict.DATE_UNPROVEN: Status.ACHIEVED,
    Verdict.BROKEN: Status.MISSED,
    Verdict.AWAITING: Status.AWAITING_OUTCOME,
    Verdict.WITHDRAWN: Status.DROPPED,
    BARRED: Status.NOT_ASSESSABLE,
    Group.NO_STATISTIC: Status.NOT_ASSESSABLE,
    Group.CLOSED: Status.DROPPED,
}
"""Verdicts and groups by the status whose shape and colour they bear."""
UNKNOWN = (Verdict.UNKNOWN, Group.OUTCOME_UNKNOWN)
ENDED = (
    Verdict.KEPT,
    Verdict.KEPT_LATE,
    Verdict.DATE_UNPROVEN,
    Verdict.BROKEN,
    Verdict.UNKNOWN,
    Verdict.AWAITING,
    Verdict.WITHDRAWN,
    BARRED,
)
"""What can have become of a promise, in the order in which it is told."""


def marked(name: str, inner: str, size: int = 12) -> str:
    """Shape and colour of a status, verdict or group with ``inner`` markup beside it."""
    if name in UNKNOWN:
        mark, look = outcome_unknown_mark(size), "outcome_unknown"
    else:
        status = MARKS.get(name) or Status(name)
        mark, look = status_mark(status, size), status.value
    return f'<span class="kpi-badge kpi-{look}">{mark}{inner}</span>'


def counted(found: Tally, words: Words) -> str:
    """Counts in words, judged statuses only: "달성 2 · 정상 5"."""
    return " · ".join(text for _, text in _judged(found, words)) or words("overview.none_judged")


def counted_marks(found: Tally, words: Words) -> str:
    """The same as markup, each with the mark and colour that it has in the bar."""
    parts = [marked(status, escape(text)) for status, text in _judged(found, words)]
    return " · ".join(parts) or escape(words("overview.none_judged"))


def told(key: str, found: Tally, words: Words) -> str:
    """The sentence ``key`` on all, the judged ones and their statuses, as markup with the marks of the bar."""
    sentence = words(key, total=found.total, judged=found.judged, parts="{parts}")
    return escape(sentence).replace("{parts}", counted_marks(found, words))


def _judged(found: Tally, words: Words) -> list[tuple[Status, str]]:
    return [
        (status, words("overview.part", status=words(f"status.{status}"), count=found.counts[status]))
        for status in ASSESSED
        if found.counts[status]
    ]


def rest(found: Tally, words: Words) -> str:
    """The other groups in words: "나머지 5개: 결과 확인 안 됨 2 · 통계 없음 3"; nothing where all are judged."""
    parts = [words(f"group.{name}", count=found.groups[name]) for name in UNJUDGED if found.groups[name]]
    return words("overview.rest", count=found.total - found.judged, parts=" · ".join(parts)) if parts else ""


def legend(found: Tally, words: Words) -> str:
    """The other groups as a line of marks with whole words: what the rest of the bar is."""
    entries = "".join(
        f"<li>{marked(name, escape(words(f'overview.group.{name}', count=found.groups[name])))}</li>"
        for name in UNJUDGED
        if found.groups[name]
    )
    if not entries:
        return ""
    title = words("overview.rest_title", count=found.total - found.judged)
    return f'<ul class="kpi-legend" aria-label="{escape(title)}"><li>{escape(title)}</li>{entries}</ul>'


def bar(found: Tally, words: Words) -> str:
    """One stacked bar; what cannot be judged is never left out."""
    counts = {str(status): found.counts[status] for status in ASSESSED} | {
        str(name): found.groups[name] for name in UNJUDGED
    }
    labels = {str(status): words(f"status.{status}") for status in ASSESSED}
    labels |= {str(name): words(f"group.{name}.name") for name in UNJUDGED}
    parts = ", ".join(f"{labels[name]} {count}" for name, count in counts.items() if count)
    return tally_bar(counts, labels, words("overview.tally_alt", parts=parts), HOLLOW)


def promises(ended: Mapping[str, int], words: Words, listed: Callable[[str], str]) -> str:
    """What became of the promises whose day has passed, as large figures; nothing where none has.

    ``listed`` gives the address of the goals behind a figure.
    """
    shown = [(name, ended[name]) for name in ENDED if ended[name]]
    if not shown:
        return ""
    figures = "".join(
        f"<div><dt>{marked(name, link(listed(name), escape(words(f'overview.passed.{name}'))))}</dt>"
        f'<dd class="kpi-{_look(name)}">{count}</dd></div>'
        for name, count in shown
    )
    title = words.counted("overview.passed", sum(count for _, count in shown))
    return f'<h2>{escape(title)}</h2><dl class="kpi-ended">{figures}</dl>'


def _look(name: str) -> str:
    return "outcome_unknown" if name in UNKNOWN else MARKS[name].value


def by_group(title: str, groups: Mapping[str, Tally], words: Words) -> str:
    """One row a group: all, judged, each judged status, then the groups without a judgement. Names are text.

    Only statuses and groups that occur have a column.
    """
    own = list(groups.values())
    statuses = [status for status in ASSESSED if any(one.counts[status] for one in own)]
    others = [name for name in UNJUDGED if any(one.groups[name] for one in own)]
    head = [
        title,
        words("tally.total"),
        words("tally.judged"),
        *(words(f"status.{status}") for status in statuses),
        *(words(f"group.{name}.name") for name in others),
    ]
    rows = [
        (
            escape(name),
            str(found.total),
            str(found.judged),
            *(_count(status, found.counts[status]) for status in statuses),
            *(_count(other, found.groups[other]) for other in others),
        )
        for name, found in groups.items()
    ]
    numeric: Sequence[int] = range(1, len(head))
    return f'<div class="kpi-counts">{table(head, rows, label=title, numeric=numeric)}</div>'


def _count(name: str, count: int) -> str:
    return marked(name, str(count)) if count else ""
