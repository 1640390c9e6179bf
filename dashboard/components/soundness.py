"""What verification of the ledger says, in words: all is as the log says, or where it is not."""

from __future__ import annotations

from dashboard.components.markup import escape, paragraph
from dashboard.wording.catalog import Words
from loaders.ledger.chain import Flaw
from loaders.ledger.proof import Verified

MOST_FLAWS = 50


def soundness(found: Verified, words: Words) -> str:
    """What verification says: the same as `kpi ledger verify`, at most `MOST_FLAWS` places of it."""
    if found.sound:
        numbers = {"n": found.head.count, "receipts": found.receipts, "files": found.evidence}
        told = words("audit.sound", hash=found.head.hash[:16], **numbers)
        if found.open_fields:
            told += " " + words("audit.open_fields", n=found.open_fields)
        return paragraph(told, "kpi-notice", "status")
    lines = [f"<li>{escape(flaw_text(flaw, words))}</li>" for flaw in found.flaws[:MOST_FLAWS]]
    more = len(found.flaws) - MOST_FLAWS
    if more > 0:
        lines.append(f"<li>{escape(words('audit.flaws.more', n=more))}</li>")
    told = paragraph(words("audit.flaws", n=len(found.flaws)), "kpi-broken", "alert")
    return f"{told}<ul>{''.join(lines)}</ul>"


def flaw_text(flaw: Flaw, words: Words) -> str:
    """Where something is not as the log says, and what that means."""
    place = " ".join(part for part in (flaw.table, flaw.row, flaw.field) if part)
    entry = words("audit.flaw.entry", seq=flaw.seq) if flaw.seq else ""
    return f"{place}{entry}: {words(f'audit.flaw.{flaw.code}')}"
