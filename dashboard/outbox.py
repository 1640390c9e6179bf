"""What somebody asked for on a page, kept until they have been told what came of it.

A second click, or any other input, makes Streamlit leave the running script at its next `st.` command:
before the action (then the click would be lost), or after it (then nobody would hear of it). So a click
is written down first, in a callback, which nothing interrupts; the action bears a key of its own; and
what came of it stays until pages that say so have been drawn to their end. Nothing in here touches
`st.session_state`, whose every reading is such a place to leave.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from loaders.domain.policy import Action
from loaders.ledger.commands import Receipt

SHOWN_SECONDS = 20.0
"""How long a message stays on the pages after it has first been drawn."""
REPEAT_SECONDS = 3.0
"""For how long the same click is the second half of a double click."""
monotonic = time.monotonic


@dataclass(slots=True)
class Attempt:
    """One action under its keys, sent to the ledger or about to be."""

    action: Action
    about: str
    """Fingerprint of the commands and of the version seen: the same again is the same attempt."""
    keys: tuple[str, ...]
    receipts: tuple[Receipt, ...] = ()
    at: float | None = None
    """When it was done."""

    def is_over(self) -> bool:
        """True where the same click would be meant anew."""
        return self.at is not None and monotonic() - self.at > REPEAT_SECONDS


@dataclass(slots=True)
class Said:
    """A message that has to be read."""

    kind: str
    """`receipt`, `refused` or `unknown`."""
    text: str
    since: float | None = None
    """When a page with it was first drawn to its end."""

    def is_over(self) -> bool:
        """True where it has been read."""
        return self.since is not None and monotonic() - self.since > SHOWN_SECONDS


@dataclass(slots=True)
class Outbox:
    """Clicks, attempts and answers of one browser tab."""

    wishes: set[str] = field(default_factory=set)
    """Buttons that were pressed and not acted upon yet."""
    attempts: dict[str, Attempt] = field(default_factory=dict)
    """The last attempt of each button."""
    said: list[Said] = field(default_factory=list)

    def attempt(self, form: str, action: Action, about: str, count: int = 1) -> Attempt:
        """The attempt that this click makes or repeats; ``count`` rows have a key each."""
        known = self.attempts.get(form)
        if known is not None and not known.is_over() and (known.action, known.about) == (action, about):
            return known
        made = Attempt(action, about, tuple(secrets.token_urlsafe(16) for _ in range(count)))
        self.attempts[form] = made
        return made

    def done(self, form: str, receipts: Sequence[Receipt], text: str) -> None:
        """It is on record; ``text`` says so."""
        self.attempts[form].receipts, self.attempts[form].at = tuple(receipts), monotonic()
        self.wishes.discard(form)
        self.say("receipt", text)

    def refused(self, form: str, text: str, *, unknown: bool = False) -> None:
        """It was not done; where nobody knows, the keys stay and the next look at the ledger decides."""
        self.wishes.discard(form)
        if not unknown:
            self.attempts.pop(form, None)
        self.say("unknown" if unknown else "refused", text)

    def open(self) -> list[tuple[str, Attempt]]:
        """Attempts of which nobody knows what became of them."""
        return [(form, one) for form, one in self.attempts.items() if one.at is None]

    def say(self, kind: str, text: str) -> None:
        """Put up a message in the place of those that have been drawn."""
        self.said = [one for one in self.said if one.since is None and one.text != text] + [Said(kind, text)]

    def drawn(self) -> None:
        """A page was drawn to its end: its messages were seen, and its buttons were all acted upon."""
        for one in self.said:
            one.since = monotonic() if one.since is None else one.since
        self.wishes.clear()
