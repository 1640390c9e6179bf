"""The message catalogues: one gettext file per language, read once.

Keys are ids (``status.on_track``), not English sentences, so that a change of wording is a change
in one file. A missing key is a defect and raises; a test holds both catalogues to the same keys.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from babel.messages.pofile import read_po

LANGUAGES = ("ko", "en")
DEFAULT_LANGUAGE = "ko"
FOLDER = Path(__file__).parent / "locale"


@lru_cache(maxsize=4)
def catalog(language: str) -> dict[str, str]:
    """All messages of ``language`` by key."""
    with (FOLDER / f"{language}.po").open("rb") as file:
        messages = read_po(file, locale=language)
    return {str(item.id): str(item.string) for item in messages if item.id}


class Words:
    """The messages of one language: ``words("status.on_track")``, ``words("card.target", value=…)``."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else DEFAULT_LANGUAGE
        self._messages = catalog(self.language)

    def __call__(self, key: str, /, **values: object) -> str:
        """The message ``key`` with its placeholders filled in."""
        message = self._messages[key]
        return message.format(**values) if values else message

    def counted(self, key: str, count: int, **values: object) -> str:
        """The message ``key`` for ``count`` things; its ``_one`` form where there is one of them."""
        own = f"{key}_one"
        return self(own if count == 1 and self.has(own) else key, count=count, **values)

    def has(self, key: str) -> bool:
        """True where the catalogue holds ``key``."""
        return key in self._messages
