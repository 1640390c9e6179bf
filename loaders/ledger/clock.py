"""Time as the ledger writes it: UTC to the microsecond, as text that sorts in time order.

Text, because SQLite forgets time zones and both databases must hash the same row alike.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]
"""Gives the present moment with its time zone; injected, so that tests can set it."""

KOREA = timezone(timedelta(hours=9), "KST")
_FORM = "%Y-%m-%dT%H:%M:%S.%fZ"


def system_clock() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    """``moment`` as text; a moment without time zone is refused."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(UTC).strftime(_FORM)


def moment(text: str) -> datetime:
    """The moment that `stamp` wrote."""
    return datetime.strptime(text, _FORM).replace(tzinfo=UTC)


def day_in(time_zone: str, now: datetime) -> date:
    """The calendar day of ``now`` in ``time_zone``: the one "today" of command line, pages and desk."""
    return now.astimezone(ZoneInfo(time_zone)).date()


def day_in_korea(text: str) -> date:
    """The calendar day in Korea of a stamped moment: the day on which a release is known."""
    return moment(text).astimezone(KOREA).date()
