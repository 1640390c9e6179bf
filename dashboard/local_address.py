"""Which addresses lead to this site and nowhere else: the one place that decides it, for forms and redirects alike.

Browsers, proxies and frameworks read an address differently: some take a backslash for a slash, drop
tabs, decode `%2f` or fold `/..`. An address is local here only if all of them must read it alike, so
what is encoded twice, or is not its own normal form, is refused rather than repaired.
"""

from __future__ import annotations

import re
from unicodedata import normalize
from urllib.parse import unquote

LONGEST = 2000
"""Characters; browsers and proxies take at least that much, and no address of ours needs more."""
_MOST_DECODINGS = 4
_END_OF_PATH = re.compile(r"[?#]")
_DOTS = (".", "..")


def is_local(address: str) -> bool:
    """True where ``address`` (path, perhaps with query and fragment) can only mean a page of this site."""
    if len(address) > LONGEST or "\\" in address:
        return False
    plain = _decoded(address)
    path = _decoded(_END_OF_PATH.split(address, maxsplit=1)[0])
    if plain is None or path is None or not plain.isprintable():
        return False
    return path.startswith("/") and _is_its_own_normal_form(path)


def local_or(address: str | None, default: str) -> str:
    """``address`` where it is local, ``default`` otherwise."""
    return address if address is not None and is_local(address) else default


def _is_its_own_normal_form(path: str) -> bool:
    """True without empty, dot or blank-edged segments; a look-alike of a slash or a dot counts as one."""
    folded = normalize("NFKC", path)
    inner = folded.removeprefix("/").removesuffix("/").split("/")
    odd = any(not part or part in _DOTS or part != part.strip() for part in inner)
    return "\\" not in folded and (folded == "/" or not odd)


def _decoded(text: str) -> str | None:
    """``text`` without any percent-encoding; None where it is no UTF-8, or encoded again and again."""
    for _ in range(_MOST_DECODINGS):
        try:
            found = unquote(text, errors="strict")
        except UnicodeDecodeError:
            return None
        if found == text:
            return found
        text = found
    return None
