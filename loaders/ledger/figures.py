"""Are an officer's figures fit for the record? Numbers are text with a grammar of their own; nothing is guessed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import asdict
from datetime import date
from decimal import Decimal

from loaders.domain.model import Registry, Target
from loaders.domain.numeral import refused
from loaders.domain.observation import STATUSES
from loaders.domain.own_years import own_period
from loaders.domain.period import parse_day
from loaders.ledger.commands import Figures
from loaders.ledger.errors import Fault
from loaders.web_address import is_web_address

EVIDENCE = re.compile(r"[0-9a-f]{64}")
LONGEST = {"source": 300, "url": 1000, "note": 2000, "evidence_name": 200}
"""Characters that a field may have."""


def composed(figures: Figures) -> Figures:
    """The same with every text in one form (NFC) and without blanks at its ends."""
    return Figures(**{key: unicodedata.normalize("NFC", text).strip() for key, text in asdict(figures).items()})


def faults(figures: Figures, target: Target, period: str, registry: Registry, today: date) -> list[Fault]:
    """Everything that keeps ``figures`` from being submitted."""
    found = _period_faults(period, target, registry, today) + _value_faults(figures, target, registry)
    if figures.status not in STATUSES:
        found.append(Fault("status", "status", figures.status))
    found += _source_faults(figures)
    found += [Fault("long", key, str(most)) for key, most in LONGEST.items() if len(getattr(figures, key)) > most]
    if figures.published:
        found += _date_faults(figures.published, today)
    if any(not text.replace("\n", "").isprintable() for text in asdict(figures).values()):
        found.append(Fault("hidden", "note"))
    return found


def _period_faults(period: str, target: Target, registry: Registry, today: date) -> list[Fault]:
    try:
        found = own_period(period, target, registry)
    except ValueError:
        return [Fault("period", "period", period)]
    return [Fault("future", "period", period)] if found.end > today else []


def _value_faults(figures: Figures, target: Target, registry: Registry) -> list[Fault]:
    text = figures.value
    if not text:
        return [] if figures.status == "M" else [Fault("missing", "value")]  # M alone takes an earlier value back
    if refused(text) is not None:
        return [Fault("number", "value", text)]
    value, unit = Decimal(text), registry.unit[target.unit]
    low, high = unit.bounds
    if (low is not None and value < Decimal(str(low))) or (high is not None and value > Decimal(str(high))):
        return [Fault("bounds", "value", text)]
    if target.integer and value != value.to_integral_value():
        return [Fault("whole", "value", text)]
    return []


def _source_faults(figures: Figures) -> list[Fault]:
    found = [] if figures.source else [Fault("missing", "source")]
    if figures.evidence and not EVIDENCE.fullmatch(figures.evidence):
        found.append(Fault("evidence", "evidence", figures.evidence))
    if figures.url and not is_web_address(figures.url):
        found.append(Fault("url", "url", figures.url))
    if not figures.url and not figures.evidence:
        found.append(Fault("missing", "url"))
    return found


def _date_faults(text: str, today: date) -> list[Fault]:
    try:
        day = parse_day(text).start
    except ValueError:
        return [Fault("date", "published", text)]
    return [Fault("future", "published", text)] if day > today else []
