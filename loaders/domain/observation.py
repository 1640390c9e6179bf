"""One published value of one indicator for one reference period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from loaders.domain.period import Period

STATUSES = {
    "A": "normal",
    "P": "provisional",
    "E": "estimated",
    "F": "forecast",
    "B": "break",
    "D": "definition differs",
    "M": "missing",
}
"""SDMX observation statuses (CL_OBS_STATUS) in use here."""

NOT_COMPARABLE = frozenset("FDM")
"""Statuses that are shown and never judged."""

DECISIVE = frozenset("ABP")
"""Statuses that may decide an outcome: no estimate and no forecast ever does."""

PRELIMINARY = frozenset("PE")
"""Statuses that a later release may overturn; they never make a target missed."""


@dataclass(frozen=True, slots=True)
class Observation:
    """A value with the source that published it and the day on which we came to know it."""

    indicator: str
    scope: str
    period: Period
    value: float | None
    """In the registry's unit; None only where the row withdraws an earlier one (status M)."""
    epsilon: float
    """Half of the last published digit, in the registry's unit."""
    status: str
    """SDMX observation status, a key of `STATUSES`."""
    published: date
    known: date
    sources: tuple[tuple[str, str], ...]
    """Pairs of source and address; several where publications agree."""
    note: str = ""
    published_text: str = ""
    """The publication date as precise as it is known: a month stays a month."""
    line: int = 0
    """Line in its file, for messages."""
    file: str = ""
    recorded: date | None = None
    """Day on which this tracker took the value in."""
    grade: str = ""
    """primary, secondary or own."""
    restates: bool = False
    """True where an old value is repeated for a later date without a new measurement."""
    of_n: int | None = None
    """Countries ranked."""
    note_ko: str = ""
    note_en: str = ""
    licence: str = ""
    checked: str = ""
    """Codes of doubts that a person has looked at and found to be right (`loaders.plausible`)."""
    corrects: bool = False
    """True where it replaces what was known of its period on the same day too: a released correction."""

    digits: str = ""
    """The value as published, every digit of it; empty where only the number is known."""

    @property
    def as_published(self) -> Decimal | float:
        """The value with its digits: 39.0 is not 39."""
        return Decimal(self.digits) if self.digits else self.number

    @property
    def number(self) -> float:
        """The value of a row that has one."""
        if self.value is None:
            raise ValueError(f"{self.indicator} {self.period.text} was withdrawn and has no value")
        return self.value

    @property
    def opens(self) -> date:
        """First day on which it counts: never before it was published."""
        return max(self.known, self.published)

    @property
    def tau(self) -> float:
        """End of the reference period as a decimal year."""
        return self.period.tau

    @property
    def preliminary(self) -> bool:
        """True for provisional and estimated values."""
        return self.status in PRELIMINARY


def half_of_last_digit(text: str) -> float:
    """Uncertainty of a published figure: half of its last digit ("12.3" → 0.05, "28" → 0.5)."""
    _, _, decimals = text.partition(".")
    return 0.5 * 10.0 ** -len(decimals)
