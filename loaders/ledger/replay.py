"""What the tables must hold, rebuilt from the audit log alone: one small function for each kind of entry.

A new action is one line in `REPLAY`. What the log does not tell of a row is left out of it: entries
written before the log carried everything prove less, and `proof` counts what they leave open.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from loaders.domain.policy import Action
from loaders.ledger.chain import Flaw, canonical
from loaders.ledger.commands import receipt_number
from loaders.ledger.tables import FIGURES

PLACE = ("target", "indicator", "scope", "period")
Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the log, its detail read."""

    seq: int
    at: str
    actor: str
    action: str
    subject: str
    detail: Mapping[str, Any]

    @property
    def number(self) -> int:
        """The submission that it is about."""
        kind, _, number = self.subject.partition(" ")
        if kind != "submission":
            raise ValueError(self.subject)
        return int(number)

    @property
    def name(self) -> str:
        """The account that it is about."""
        return self.subject.removeprefix("account ")


@dataclass(slots=True)
class Row:
    """A row that a table must hold, as far as the log tells it."""

    seq: int
    """The entry that last wrote it."""
    fields: dict[str, Any]


@dataclass(slots=True)
class Rebuilt:
    """All rows by table and by what they are: a version by submission and number, not by its row's id."""

    rows: dict[str, dict[Key, Row]] = field(default_factory=dict)
    evidence: dict[str, int] = field(default_factory=dict)
    """The first entry that names each file."""
    entries: dict[int, int] = field(default_factory=dict)
    """The last entry about each submission."""
    flaws: list[Flaw] = field(default_factory=list)
    """Entries that say nothing that could be rebuilt."""

    def put(self, table: str, key: Key, seq: int, **fields: Any) -> None:
        """A new row. The same key again is another row: what must be unique is for the database to say."""
        rows = self.rows.setdefault(table, {})
        rows[ordinal(key, rows)] = Row(seq, fields)

    def get(self, table: str, *key: Any) -> Row | None:
        """A row that was put."""
        return self.rows.get(table, {}).get((*key, 0))

    def change(self, table: str, key: Key, seq: int, **fields: Any) -> None:
        """Another content for some fields of a row."""
        row = self.rows[table][*key, 0]
        row.seq = seq
        row.fields |= fields


def ordinal(key: Key, taken: Mapping[Key, Any]) -> Key:
    """``key`` with the number of rows before it that have the same."""
    number = 0
    while (*key, number) in taken:
        number += 1
    return (*key, number)


Step = Callable[[Entry, Rebuilt], None]
"""Adds to what was rebuilt so far what one entry says."""


def _opened(entry: Entry, state: Rebuilt) -> None:
    """The submission that an entry is the first about; a first draft of long ago did not tell of what."""
    told = {key: entry.detail[key] for key in (*PLACE, "ministry") if key in entry.detail}
    known = state.get("submission", entry.number)
    if known is None:
        account = state.get("account", entry.actor)
        if "ministry" not in told and account is not None:
            told["ministry"] = account.fields.get("ministry")
        by = {"id": entry.number, "opened_by": entry.actor, "opened_at": entry.at}
        state.put("submission", (entry.number,), entry.seq, **by, **told)
    else:
        known.fields |= {key: told[key] for key in PLACE if key in told and key not in known.fields}


def _figures(entry: Entry, state: Rebuilt) -> dict[str, Any]:
    figures = {key: entry.detail[key] for key in FIGURES}
    if figures["evidence"]:
        state.evidence.setdefault(figures["evidence"], entry.seq)
    return figures


def draft_saved(entry: Entry, state: Rebuilt) -> None:
    """A draft, and the submission that it may have opened."""
    _opened(entry, state)
    by = {"submission": entry.number, "saved_by": entry.actor, "saved_at": entry.at}
    state.put("draft", (entry.number, entry.at), entry.seq, **_figures(entry, state), **by)


def handed_in(entry: Entry, state: Rebuilt) -> None:
    """A version."""
    _opened(entry, state)
    told = entry.detail
    stated = {key: told[key] for key in ("number", "unchanged", "reason", "digest", "round")}
    by = {"submission": entry.number, "submitted_by": entry.actor, "submitted_at": entry.at}
    stated |= by | {"confirmed": canonical(told["confirmed"])}
    state.put("version", (entry.number, told["number"]), entry.seq, **_figures(entry, state), **stated)


def decided(entry: Entry, state: Rebuilt) -> None:
    """A decision, and the release that an approval may bring with it; after it, a withdrawal is a hold."""
    told = entry.detail
    if "hold" in told:
        held(entry, state)
        return
    by = {"decided_by": entry.actor, "decided_at": entry.at}
    key = (entry.number, told["number"])
    state.put("decision", key, entry.seq, kind=told["kind"], reason=told["reason"], **by)
    if "release_at" in told:
        _release(entry, state, *key)


def held(entry: Entry, state: Rebuilt) -> None:
    """A release stopped, let go on, or withdrawn."""
    told = {key: entry.detail[key] for key in ("through", "kind", "reason")}
    by = {"submission": entry.number, "number": entry.detail["hold"], "held_by": entry.actor, "held_at": entry.at}
    state.put("hold", (entry.number, entry.detail["hold"]), entry.seq, **told, **by)


def scheduled(entry: Entry, state: Rebuilt) -> None:
    """A release, set or moved, of the version that the entry names, else of the last."""
    _release(entry, state, entry.number, entry.detail.get("number", entry.detail["version"]))


def _release(entry: Entry, state: Rebuilt, submission: int, version: int) -> None:
    number = 1
    while state.get("release", submission, version, number) is not None:
        number += 1
    by = {"scheduled_by": entry.actor, "scheduled_at": entry.at, "release_at": entry.detail["release_at"]}
    state.put("release", (submission, version, number), entry.seq, number=number, **by)


def round_opened(entry: Entry, state: Rebuilt) -> None:
    """A review round."""
    told = {key: entry.detail[key] for key in ("id", "name", "opens_at", "closes_at")}
    state.put("review_round", (told["id"],), entry.seq, **told)


def round_closed(entry: Entry, state: Rebuilt) -> None:
    """The end of a round, which may have come before."""
    key = (entry.subject.removeprefix("round "),)
    state.change("review_round", key, entry.seq, closes_at=entry.detail["closes_at"])


def account_added(entry: Entry, state: Rebuilt) -> None:
    """An account."""
    told = entry.detail
    more = {key: told[key] for key in ("name", "subject", "password", "created_at") if key in told}
    role = {"role": told["role"], "ministry": told["ministry"] or None}
    state.put("account", (entry.name,), entry.seq, id=entry.name, disabled=0, epoch=1, **role, **more)


def account_changed(entry: Entry, state: Rebuilt) -> None:
    """Role, password or lock of an account; each change ends its sessions by another epoch."""
    told, row = entry.detail, state.rows["account"][entry.name, 0]
    changed: dict[str, Any] = {"epoch": row.fields["epoch"] + 1}
    if "role" in told:
        changed |= {"role": told["role"], "ministry": told["ministry"] or None}
    if "disabled" in told:
        changed["disabled"] = int(told["disabled"] or 0)
    if "password" in told:
        changed["password"] = told["password"]
    state.change("account", (entry.name,), entry.seq, **changed)
    if told.get("password") == "changed":  # written before fingerprints were kept
        del row.fields["password"]


def nothing(entry: Entry, state: Rebuilt) -> None:
    """An entry that no row follows from: sessions come and go."""


REPLAY: dict[str, Step] = {
    Action.SAVE_DRAFT: draft_saved,
    Action.SUBMIT: handed_in,
    Action.CONFIRM_UNCHANGED: handed_in,
    Action.CORRECT: handed_in,
    Action.WITHDRAW: decided,
    Action.RETURN: decided,
    Action.APPROVE: decided,
    Action.SCHEDULE: scheduled,
    Action.STOP: held,
    Action.RESUME: held,
    Action.OPEN_ROUND: round_opened,
    Action.CLOSE_ROUND: round_closed,
}
"""What each action of the service leaves behind; beside that, each leaves a receipt."""
REPLAY_ACCOUNTS: dict[str, Step] = {
    "add_account": account_added,
    "change_account": account_changed,
    "sign_in": nothing,
    "sign_in_locked": nothing,  # written until names were no longer locked
    "forget_browsers": nothing,
    "sign_out": nothing,
}
"""What each entry about an account leaves behind."""


def rebuilt(chain: Iterable[Mapping[str, Any]]) -> Rebuilt:
    """All that the entries of ``chain`` say, the first to the last; an entry that cannot be read is a flaw."""
    state = Rebuilt()
    for row in chain:
        try:
            _step(row, state)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            state.flaws.append(_unread(row, "unreadable"))
    return state


def _unread(row: Mapping[str, Any], code: str) -> Flaw:
    kind, _, number = row["subject"].partition(" ")
    about = int(number) if kind == "submission" and number.isdecimal() else None
    return Flaw(row["seq"], code, "audit", str(row["seq"]), submission=about)


def _step(row: Mapping[str, Any], state: Rebuilt) -> None:
    action, subject = row["action"], row["subject"]
    step = REPLAY.get(action) or REPLAY_ACCOUNTS.get(action)
    if step is None:
        state.flaws.append(_unread(row, "unknown"))
        return
    entry = Entry(row["seq"], row["recorded_at"], row["actor"], action, subject, json.loads(row["detail"]))
    if subject.startswith("submission "):
        state.entries[entry.number] = entry.seq
    if action in REPLAY:
        if not _in_its_role(entry, state):
            state.flaws.append(_unread(row, "role"))
        _receipt(entry, state)
    step(entry, state)


def _in_its_role(entry: Entry, state: Rebuilt) -> bool:
    """True where the actor had the role in which they acted: one given behind the log and taken back shows here.

    What a role may do is not asked: the policy of today says nothing of what was right years ago.
    """
    if "role" not in entry.detail or not state.rows.get("account"):
        return True
    account = state.get("account", entry.actor)
    active = account is not None and not account.fields["disabled"]
    return account is not None and active and account.fields["role"] == entry.detail["role"]


def _receipt(entry: Entry, state: Rebuilt) -> None:
    number = receipt_number(entry.at, entry.seq)
    by = {"number": number, "actor": entry.actor, "recorded_at": entry.at, "subject": entry.subject}
    about = {"version": entry.detail["version"], "audit": entry.seq}
    state.put("receipt", (number,), entry.seq, **by, **about, **entry.detail.get("request", {}))
