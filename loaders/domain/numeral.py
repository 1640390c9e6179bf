"""The one grammar of published numbers: plain decimals, read without guessing, kept as they were published.

At most 15 digits before the point, 16 behind it and 17 significant ones: that is what a float gives
back unchanged, and no statistic prints more. Digits beyond are the noise of a machine (0.30000000000000004).
"""

from __future__ import annotations

import re
from typing import Literal

WHOLE_DIGITS, DECIMALS, SIGNIFICANT = 15, 16, 17
_PLAIN = re.compile(r"[+-]?(0|[1-9][0-9]*)(?:\.([0-9]+))?")

Refused = Literal["number", "too_long", "too_fine"]
ADVICE = {
    "number": "Write 1234.5, without separators or units.",
    "too_long": f"Write at most {WHOLE_DIGITS} digits before the point; take a larger unit.",
    "too_fine": f"Write at most {DECIMALS} decimals and {SIGNIFICANT} digits in all, as they were published.",
}
"""The way out of each refusal, in English."""


def refused(text: str) -> Refused | None:
    """Why ``text`` is no number of this grammar: none at all, too many digits, too many decimals; None where it is."""
    found = _PLAIN.fullmatch(text)
    if found is None:
        return "number"
    whole, decimals = found[1], found[2] or ""
    if len(whole) > WHOLE_DIGITS:
        return "too_long"
    significant = len((whole + decimals).lstrip("0"))
    return "too_fine" if len(decimals) > DECIMALS or significant > SIGNIFICANT else None
