"""What can be asked of the ledger, and the receipt that answers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime

from loaders.ledger.chain import canonical
from loaders.ledger.clock import day_in_korea, stamp


@dataclass(frozen=True, slots=True)
class Figures:
    """What an officer states of one period; all text, as entered."""

    value: str = ""
    status: str = "A"
    """SDMX observation status."""
    published: str = ""
    """When the statistic was published."""
    source: str = ""
    url: str = ""
    note: str = ""
    evidence: str = ""
    """SHA-256 of an attached file."""
    evidence_name: str = ""

    def digest(self) -> str:
        """Fingerprint of what a reviewer sees."""
        return hashlib.sha256(canonical(asdict(self)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class SaveDraft:
    """Keep what has been entered so far."""

    target: str
    period: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Submit:
    """Hand in a value for review."""

    target: str
    period: str
    figures: Figures
    confirmed: Mapping[str, str] = field(default_factory=dict)
    """Reason by code for each doubt that the officer confirmed."""


@dataclass(frozen=True, slots=True)
class ConfirmUnchanged:
    """State that the last value still holds for ``period``."""

    target: str
    period: str
    figures: Figures
    """The last value with its source, as it stands."""


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Take back what is not out yet."""

    submission: int
    reason: str


@dataclass(frozen=True, slots=True)
class Correct:
    """Hand in another value for one that is approved or released; the old one stays on record."""

    submission: int
    figures: Figures
    reason: str
    confirmed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Return:
    """Send a version back to its ministry."""

    submission: int
    reason: str


@dataclass(frozen=True, slots=True)
class Approve:
    """Accept the version that was displayed, and set its release where a time is given."""

    submission: int
    digest: str
    """Of the version that the reviewer saw."""
    release_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """Set or move the release of an approved version; a moment that has come releases it."""

    submission: int
    release_at: datetime


@dataclass(frozen=True, slots=True)
class Stop:
    """Hold back what is not out yet, in whatever state it is."""

    submission: int
    reason: str


@dataclass(frozen=True, slots=True)
class Resume:
    """End the holds of a submission up to the one that was displayed."""

    submission: int
    hold: int
    reason: str


@dataclass(frozen=True, slots=True)
class OpenRound:
    """Open a review round."""

    id: str
    name: str
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class CloseRound:
    """Close a round now."""

    id: str


Command = (
    SaveDraft
    | Submit
    | ConfirmUnchanged
    | Withdraw
    | Correct
    | Return
    | Approve
    | Schedule
    | Stop
    | Resume
    | OpenRound
    | CloseRound
)


def command_digest(command: Command) -> str:
    """Fingerprint of a whole command: an idempotency key stands for one of them only."""
    plain = {key: stamp(value) if isinstance(value, datetime) else value for key, value in asdict(command).items()}
    return hashlib.sha256(canonical({"command": type(command).__name__, **plain}).encode()).hexdigest()


def receipt_number(recorded_at: str, entry: int) -> str:
    """Number of the receipt for an entry of the audit log: R-2026-000017."""
    return f"R-{day_in_korea(recorded_at).year}-{entry:06d}"


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that an action is on record."""

    number: str
    subject: str
    version: int
    """Version of the subject after the action."""
    recorded_at: str
    repeated: bool = False
    """True where the same command had been recorded before; nothing was done again."""
