"""What a page says while the ledger cannot be used, or newer files are not served."""

from __future__ import annotations

from dashboard.components.markup import escape
from dashboard.trouble import Trouble
from dashboard.watch import State
from dashboard.wording.catalog import Words
from dashboard.wording.format import date_text
from loaders.ledger.clock import KOREA, moment


def closed(trouble: Trouble, words: Words) -> str:
    """Instead of a page of the desk: what happened to the ledger, since when, and the way out."""
    what = words(f"ledger.trouble.{trouble.code}", **{"have": "", "kept": "", "seq": "", **trouble.parameters})
    since = words("ledger.since", when=moment_text(trouble.since, words))
    way_out = words("ledger.way_out.restore" if trouble.to_restore else "ledger.way_out.wait")
    return (
        f'<div class="kpi-broken" role="alert"><strong>{escape(words("ledger.stopped"))}</strong>'
        f"<p>{escape(what)} {escape(since)}</p><p>{escape(words('ledger.stopped.nothing_lost'))}</p>"
        f"<p>{escape(way_out)}</p></div>"
    )


def as_verified(looked: State, words: Words) -> str | None:
    """For the footer: since when the ledger could not be looked at, and when it last was; None while it can."""
    if looked.ledger is None:
        return None
    since = moment_text(looked.ledger.since, words)
    if not looked.ledger_at:
        return words("footer.ledger_never", since=since)
    return words("footer.ledger_since", verified=moment_text(looked.ledger_at, words), since=since)


def moment_text(stamped: str, words: Words) -> str:
    """A stamped moment in Korean time: 2026년 11월 23일 14:05."""
    found = moment(stamped).astimezone(KOREA)
    return f"{date_text(found.date(), words.language)} {found:%H:%M}"
