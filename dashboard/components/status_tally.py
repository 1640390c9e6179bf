"""How many stand how: in words, as one bar, and as a table by group."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.charts.tally import tally_bar
from dashboard.charts.theme import status_mark
from dashboard.components.markup import escape, table
from dashboard.wording.catalog import Words
from loaders.domain.method.status import ASSESSED, Status
from loaders.tallies import Tally


def counted(found: Tally, words: Words) -> str:
    """Counts in words, judged statuses only: "달성 2 · 정상 5"."""
    parts = [
        words("overview.part", status=words(f"status.{status}"), count=found.counts[status])
        for status in ASSESSED
        if found.counts[status]
    ]
    return " · ".join(parts) or words("overview.none_judged")


def bar(found: Tally, words: Words) -> str:
    """One stacked bar; the grey part is never left out."""
    ordered = {status: found.counts[status] for status in (*ASSESSED, *Status) if found.counts[status]}
    labels = {status: words(f"status.{status}") for status in ordered}
    parts = ", ".join(f"{labels[status]} {count}" for status, count in ordered.items())
    return tally_bar(ordered, labels, words("overview.tally_alt", parts=parts))


def by_group(title: str, groups: Mapping[str, Tally], words: Words) -> str:
    """One row a group: all, judged, each judged status, the rest. Group names are text."""
    heads = [words(f"status.{status}") for status in ASSESSED]
    head = [title, words("tally.total"), words("tally.judged"), *heads, words("tally.rest")]
    rows = [
        (
            escape(name),
            str(found.total),
            str(found.judged),
            *(_count(status, found.counts[status]) for status in ASSESSED),
            str(found.total - found.judged),
        )
        for name, found in groups.items()
    ]
    return f'<div class="kpi-counts">{table(head, rows, label=title, numeric=range(1, len(head)))}</div>'


def _count(status: Status, count: int) -> str:
    return f'<span class="kpi-badge kpi-{status}">{status_mark(status)}{count}</span>' if count else ""
