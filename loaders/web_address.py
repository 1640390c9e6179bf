"""What may stand as the address of a source: one grammar for registry, actual files and forms.

A browser runs `javascript:` and `data:` as code of the page on which the link stands, reads a backslash
as a slash, drops tabs and line ends inside an address, and shows a name before `@` as if it were the
host. None of these has a use in the address of a public source.
"""

from __future__ import annotations

from urllib.parse import urlsplit

SCHEMES = ("http", "https")
LONGEST = 2000
"""Characters; what browsers, proxies and spreadsheets agree on."""


def is_web_address(text: str) -> bool:
    """True for http(s)://host…: printable, without blanks, backslashes, user names or a port that is none."""
    if len(text) > LONGEST or not text.isprintable() or " " in text or "\\" in text:
        return False
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in SCHEMES and bool(parts.hostname) and "@" not in parts.netloc
