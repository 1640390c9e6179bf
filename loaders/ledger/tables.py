"""The ledger's tables. Rows of submissions, versions, decisions, releases, holds, receipts and audit never change.

Numbers and times are text on purpose: SQLite loses the precision of decimals and the zone of times,
and a row must hash the same on both databases. What is "current" follows from the rows; nothing
stores it twice. Accounts, sessions and rounds change in place, and each change has its audit row.
What was refused is counted apart from all that, and forgotten in time.
"""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()

accounts = Table(
    "account",
    metadata,
    Column("id", Text, primary_key=True),  # the sign-in name
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("ministry", Text),  # None for roles that belong to no ministry
    Column("subject", Text, unique=True),  # identity at the OpenID provider or the proxy
    Column("password", Text),  # argon2 hash; None where another system signs in
    Column("disabled", Integer, nullable=False, default=0),
    Column("epoch", Integer, nullable=False, default=1),  # sessions of an earlier epoch are void
    Column("created_at", Text, nullable=False),
    CheckConstraint("disabled IN (0, 1)"),
)

sessions = Table(
    "session",
    metadata,
    Column("token_hash", Text, primary_key=True),  # the token itself is only in the browser
    Column("account", Text, ForeignKey("account.id"), nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("issued_at", Text, nullable=False),
    Column("seen_at", Text, nullable=False),
    Column("revoked_at", Text),
)

sign_in_failures = Table(
    "sign_in_failure",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account", Text, nullable=False),  # hash of the name that was typed
    Column("address", Text, nullable=False),  # or the known browser
    Column("at", Text, nullable=False),
    Index("ix_sign_in_failure", "account", "at"),
    Index("ix_sign_in_failure_address", "address", "at"),
)

known_browsers = Table(
    "known_browser",
    metadata,
    Column("token_hash", Text, primary_key=True),  # the token itself is only in the browser
    Column("account", Text, ForeignKey("account.id"), nullable=False),
    Column("seen_at", Text, nullable=False),
    Index("ix_known_browser", "account"),
)

rounds = Table(
    "review_round",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("opens_at", Text, nullable=False),
    Column("closes_at", Text, nullable=False),
)

submissions = Table(
    "submission",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("target", Text, nullable=False),
    Column("indicator", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("ministry", Text, nullable=False),
    Column("opened_by", Text, ForeignKey("account.id"), nullable=False),
    Column("opened_at", Text, nullable=False),
    UniqueConstraint("indicator", "scope", "period"),  # one value of one thing: a second one is a version
)

FIGURES = ("value", "status", "published", "source", "url", "note", "evidence", "evidence_name")
"""What an officer states, the same in drafts and versions; all text."""


def _figures() -> list[Column]:
    return [Column(name, Text, nullable=False, default="") for name in FIGURES]


drafts = Table(
    "draft",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("submission", Integer, ForeignKey("submission.id"), nullable=False),
    *_figures(),
    Column("saved_by", Text, ForeignKey("account.id"), nullable=False),
    Column("saved_at", Text, nullable=False),
    Index("ix_draft", "submission"),
)

versions = Table(
    "version",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("submission", Integer, ForeignKey("submission.id"), nullable=False),
    Column("number", Integer, nullable=False),  # 1, 2, 3 ... within the submission
    *_figures(),
    Column("confirmed", Text, nullable=False, default="{}"),  # JSON: code of a doubt -> the officer's reason
    Column("unchanged", Integer, nullable=False, default=0),  # 1: "no change", the last value confirmed
    Column("reason", Text, nullable=False, default=""),  # why a released value is corrected
    Column("digest", Text, nullable=False),  # of what the reviewer sees
    Column("round", Text, ForeignKey("review_round.id")),
    Column("submitted_by", Text, ForeignKey("account.id"), nullable=False),
    Column("submitted_at", Text, nullable=False),
    UniqueConstraint("submission", "number"),
    CheckConstraint("unchanged IN (0, 1)"),
)

decisions = Table(
    "decision",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("version", Integer, ForeignKey("version.id"), nullable=False, unique=True),  # one decision a version
    Column("kind", Text, nullable=False),
    Column("reason", Text, nullable=False, default=""),
    Column("decided_by", Text, ForeignKey("account.id"), nullable=False),
    Column("decided_at", Text, nullable=False),
    CheckConstraint("kind IN ('returned', 'approved', 'withdrawn')"),
)

releases = Table(
    "release",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("version", Integer, ForeignKey("version.id"), nullable=False),
    Column("number", Integer, nullable=False),  # the highest number is in force: a release can be moved until it is due
    Column("release_at", Text, nullable=False),
    Column("scheduled_by", Text, ForeignKey("account.id"), nullable=False),
    Column("scheduled_at", Text, nullable=False),
    UniqueConstraint("version", "number"),
    Index("ix_release_at", "release_at"),
)

holds = Table(
    "hold",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("submission", Integer, ForeignKey("submission.id"), nullable=False),
    Column("number", Integer, nullable=False),  # 1, 2, 3 ... within the submission
    Column("through", Integer, nullable=False),  # it is about the versions up to this number that are not out
    Column("kind", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("held_by", Text, ForeignKey("account.id"), nullable=False),
    Column("held_at", Text, nullable=False),
    UniqueConstraint("submission", "number"),
    CheckConstraint("kind IN ('stopped', 'resumed', 'withdrawn')"),
)

audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("recorded_at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", Text, nullable=False),  # canonical JSON
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False, unique=True),
)

receipts = Table(
    "receipt",
    metadata,
    Column("number", Text, primary_key=True),
    Column("actor", Text, nullable=False),
    Column("idempotency_key", Text, nullable=False),
    Column("command", Text, nullable=False),
    Column("digest", Text, nullable=False),  # of the command: a key may not be used for another one
    Column("subject", Text, nullable=False),
    Column("version", Integer, nullable=False),  # the subject's version after the action
    Column("recorded_at", Text, nullable=False),
    Column("audit", Integer, ForeignKey("audit.seq"), nullable=False),
    UniqueConstraint("actor", "idempotency_key"),
)

denials = Table(
    "denial",
    metadata,
    Column("minute", Text, primary_key=True),
    Column("actor", Text, primary_key=True),
    Column("action", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("address", Text, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("last_at", Text, nullable=False),
    CheckConstraint("count > 0"),
)

APPEND_ONLY = ("submission", "draft", "version", "decision", "release", "hold", "receipt", "audit")
"""Tables in which the database itself refuses UPDATE and DELETE."""
