"""Passwords of local accounts, kept as argon2 hashes only."""

from __future__ import annotations

import secrets
import threading
from functools import lru_cache

from loaders.ledger.errors import AccountError

SHORTEST_PASSWORD = 12
_TURNS = threading.BoundedSemaphore(2)
"""Passwords tried at the same time: each takes 64 MiB and a core for a moment."""


def hashed(name: str, password: str) -> str:
    """The hash to keep; refuses a password that is short or contains the name."""
    from argon2 import PasswordHasher

    if len(password) < SHORTEST_PASSWORD:
        raise AccountError("short_password")
    if name.casefold() in password.casefold():
        raise AccountError("name_in_password")
    return PasswordHasher().hash(password)


def matches(held: str | None, password: str) -> bool:
    """True for the right password. Where none is held the work is the same, so that time does not tell."""
    from argon2 import PasswordHasher
    from argon2.exceptions import VerificationError

    try:
        with _TURNS:
            return PasswordHasher().verify(held or _nobodys(), password) and held is not None
    except VerificationError:
        return False


@lru_cache(maxsize=1)
def _nobodys() -> str:
    from argon2 import PasswordHasher

    return PasswordHasher().hash(secrets.token_urlsafe(24))
