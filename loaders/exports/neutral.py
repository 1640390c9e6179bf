"""The one place that keeps text from becoming a formula in somebody's spreadsheet.

Excel and its kin read a cell that begins with ``=``, ``+``, ``-`` or ``@`` as a formula, their East
Asian editions the full-width forms too; spaces, separators and quotes in front do not stop them. Such text
gets an apostrophe in front. A plain number stays as it is: "-5" is minus five.
"""

from __future__ import annotations

import re

_SKIPPED = r"[\s\u00a0\u3000\u200b\ufeff;,|\"]*"
_DANGEROUS = re.compile(rf"'*(?:[\t\r\n]|{_SKIPPED}[=+\-@＝＋－＠])")
# Apostrophes in front count as well, so that `unguard` gives back every text exactly.
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?", re.ASCII)


def guard(text: str) -> str:
    """``text`` with an apostrophe in front where a spreadsheet would calculate it."""
    return f"'{text}" if _risky(text) else text


def unguard(text: str) -> str:
    """What `guard` was given."""
    return text[1:] if text.startswith("'") and _risky(text[1:]) else text


def _risky(text: str) -> bool:
    return _DANGEROUS.match(text) is not None and _NUMBER.fullmatch(text) is None
