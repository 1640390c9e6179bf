"""Secret figures that a test looks for in everything the public is sent.

A canary has nine digits or more. Widget ids, session ids and digests are hexadecimal hashes, of which one run of
a page's messages holds tens of thousands of digits: four given digits stand in one of them on some day of the
year, twelve never (16⁻¹² a place).
"""

from __future__ import annotations

import base64
import html
import re
import struct
import unicodedata
import zipfile
from io import BytesIO
from urllib.parse import unquote_plus

FEWEST_DIGITS = 9
_APART = "[^0-9A-Za-z]{0,3}"
"""What may stand between two digits: 4,135 · 4 135 · 4_135 · 4.135e11 · 4,135억 7,268만."""
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")


class Canary:
    """A secret number and every way in which it may be written."""

    def __init__(self, digits: str) -> None:
        if not digits.isdecimal() or len(digits) < FEWEST_DIGITS:
            raise ValueError(f"{digits}: a canary has {FEWEST_DIGITS} digits or more; fewer occur in hashes by chance")
        self.digits = digits
        self._written = re.compile(_APART.join(digits))
        self._packed = tuple(_packed(int(digits)))

    def sings_in(self, data: str | bytes) -> bool:
        """Whether the number stands in ``data``: written, escaped, as a binary number, or inside a zip file."""
        raw = data.encode() if isinstance(data, str) else data
        if raw.startswith(b"PK\x03\x04"):
            with zipfile.ZipFile(BytesIO(raw)) as book:
                return any(self.sings_in(book.read(part)) for part in book.namelist())
        return any(form in raw for form in self._packed) or bool(self._written.search(_plain(raw)))


def _plain(raw: bytes) -> str:
    """Text without the escapes of JSON, HTML and addresses, and with the usual digits."""
    text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), raw.decode("utf-8", "replace"))
    return unicodedata.normalize("NFKC", unquote_plus(html.unescape(text)))


def _packed(number: int):
    """The number as protobuf, Arrow and typed arrays carry it, and those in base64 at any of three places."""
    for form in ("<d", ">d", "<q", ">q"):
        eight = struct.pack(form, number)
        yield eight
        for ahead in range(3):
            behind = -(ahead + len(eight)) % 3
            text = base64.b64encode(bytes(ahead) + eight + bytes(behind))
            # The outer characters also hold bits of the neighbours.
            yield text[-(-ahead * 8 // 6) : len(text) - -(-behind * 8 // 6)]
    yield bytes(_varint(number))


def _varint(number: int):
    while number > 0x7F:
        yield number & 0x7F | 0x80
        number >>= 7
    yield number
