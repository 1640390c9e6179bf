"""Names that people sign in with: one grammar, and none that could be taken for another.

Letters, digits and `._-`, in one case and one form (NFKC), so that nobody has to guess how a name
was typed. Two names that print alike (`officer1` and `officerl`, a Latin and a Cyrillic `a`) have the
same skeleton after Unicode's table of confusable characters; the second of them is refused. What the
audit log calls its own actors is nobody's name. Names that were given before are left as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from unicodedata import normalize

from loaders.ledger.errors import AccountError

LONGEST = 60
RESERVED = ("operator", "provider", "system")
"""Actors of the audit log that are no accounts."""
_MARKS = "._-"
_DIRECTION = re.compile("[\u200e\u200f]")  # the library's table marks right-to-left characters with these
_TOGETHER = {"LATIN", "HANGUL", "HAN"}
"""Scripts that may stand in one name; any other stands alone."""


def normal(name: str) -> str:
    """The one form in which a new name is kept: NFKC, lower case, without blanks around it."""
    return normalize("NFKC", normalize("NFKC", name.strip()).casefold())


def new_name(typed: str, taken: Iterable[str]) -> str:
    """``typed`` as it is kept.

    Raises
    ------
    AccountError
        `name_empty`, `name_long`, `name_blank`, `name_characters`, `name_scripts`, `name_reserved`,
        `exists`, or `name_alike` with the ``other`` name that it looks like.
    """
    if not typed.strip():
        raise AccountError("name_empty")
    if typed != typed.strip():
        raise AccountError("name_blank")
    name = normal(typed)
    if len(name) > LONGEST:
        raise AccountError("name_long", most=LONGEST)
    odd = next((one for one in name if not _may_stand(one)), None)
    if odd is not None:
        raise AccountError("name_characters", odd=odd if odd.isprintable() and odd != " " else f"U+{ord(odd):04X}")
    if name[0] in _MARKS:
        raise AccountError("name_characters", odd=name[0])
    if _mixes_scripts(name):
        raise AccountError("name_scripts")
    held, mine = list(taken), skeletons(name)
    if name in held or typed in held:
        raise AccountError("exists")
    if any(mine & skeletons(one) for one in RESERVED):
        raise AccountError("name_reserved")
    other = next((one for one in held if mine & skeletons(one)), None)
    if other is not None:
        raise AccountError("name_alike", other=other)
    return name


def skeletons(name: str) -> frozenset[str]:
    """What ``name`` looks like, as it stands and in lower case; names that share one look alike."""
    return frozenset(_skeleton(one) for one in (normalize("NFKC", name), normal(name)))


def _skeleton(text: str) -> str:
    for _ in range(2):  # a capital that is its characters' model becomes small, and may have a model again
        text = "".join(_model(one) for one in normalize("NFD", text)).casefold()
    return normalize("NFD", text)


def _model(character: str) -> str:
    """The character or characters that stand for all that look like ``character``."""
    from confusable_homoglyphs.confusables import confusables_data

    alike = confusables_data.get(character, ())
    if len(alike) != 1:  # none, or many: it is the model of the others itself
        return character
    other = _DIRECTION.sub("", alike[0]["c"])
    return other if len(confusables_data.get(other, ())) > 1 else min(character, other)


def _may_stand(character: str) -> bool:
    return character.isalpha() or character in _MARKS or (character.isascii() and character.isdigit())


def _mixes_scripts(name: str) -> bool:
    from confusable_homoglyphs.categories import unique_aliases

    found = {one for one in unique_aliases(name) if one is not None} - {"COMMON"}
    return len(found) > 1 and not found <= _TOGETHER
