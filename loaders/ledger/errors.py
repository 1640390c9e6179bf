"""Why the ledger refuses: a code and what a page needs to say it in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from loaders.ledger.chain import Flaw


class LedgerError(Exception):
    """A refusal; nothing was written, but where `UnknownOutcomeError` says that nobody knows."""

    code = "refused"

    def __init__(self, **parameters: str | int) -> None:
        self.parameters = parameters
        super().__init__(f"{self.code}: {', '.join(f'{key}={value}' for key, value in parameters.items())}")


class DeniedError(LedgerError):
    """The role does not allow it; a row in the log of denials says so."""

    code = "denied"


class UnknownError(LedgerError):
    """There is no such thing, or it is none of the actor's business: both look the same."""

    code = "unknown"


class StaleError(LedgerError):
    """Somebody was faster: the subject has another version than the one displayed."""

    code = "stale"


class AlreadyDecidedError(LedgerError):
    """The version has been decided on."""

    code = "already_decided"


class WrongStateError(LedgerError):
    """The submission's state does not allow the action."""

    code = "wrong_state"


class ClosedError(LedgerError):
    """No review round is open."""

    code = "closed"


class KeyReusedError(LedgerError):
    """The idempotency key stands for another command."""

    code = "key_reused"


class LostError(LedgerError):
    """The ledger is not the one it was, as `how` says (`loaders.ledger.identity`); nothing goes into it."""

    code = "lost"

    @property
    def how(self) -> str:
        """`missing`, `replaced`, `empty`, `other`, `behind` or `rewritten`."""
        return str(self.parameters["how"])


class FlawedError(LedgerError):
    """What is to be read is not what the log says; ``flaws`` name every row that is not."""

    code = "flawed"

    def __init__(self, *flaws: Flaw) -> None:
        self.flaws = flaws
        super().__init__(rows=", ".join(f"{flaw.table} {flaw.row} {flaw.field} {flaw.code}" for flaw in flaws[:5]))


class NotSavedError(LedgerError):
    """The database could not take it: `full`, `locked`, `read_only` or `away`; nothing was written."""

    code = "not_saved"

    @property
    def cause(self) -> str:
        """Why, as a code."""
        return str(self.parameters["cause"])


class UnknownOutcomeError(NotSavedError):
    """The database went away while it was told to commit: saved or not, only a later look can say."""

    code = "unknown_outcome"


class UnreadableLedgerError(NotSavedError):
    """The database could not be read; whoever only looked has changed nothing."""

    code = "unreadable"


@dataclass(frozen=True, slots=True)
class Fault:
    """One field that is not right."""

    code: str
    field: str
    value: str = ""


class InvalidError(LedgerError):
    """Fields that are not right, all of them at once."""

    code = "invalid"

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__(fields=", ".join(f"{fault.field} {fault.code}" for fault in faults))


class FileRefusedError(LedgerError):
    """Rows of one file that were refused, by their place from 0; not one row of it was written."""

    code = "file_refused"

    def __init__(self, refused: Sequence[tuple[int, LedgerError]]) -> None:
        self.refused = tuple(refused)
        super().__init__(rows=", ".join(f"{place} {error.code}" for place, error in self.refused))


class AccountError(Exception):
    """What keeps an account from being made, changed or entered; `code` names it."""

    def __init__(self, code: str, **parameters: str | int) -> None:
        self.code, self.parameters = code, parameters
        super().__init__(code)
