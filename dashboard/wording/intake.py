"""Wrong cells, refused files and doubts as sentences."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.wording.catalog import Words
from loaders.doubts import Doubt
from loaders.entry_columns import COLUMN
from loaders.entry_row import CellProblem
from loaders.readers.sheet import Spot, UnreadableError

SHOWN = 60
"""Characters shown of what was entered."""


def place_text(words: Words, spot: Spot) -> str:
    """E3 in a workbook, 3행 5열 in a text file, nothing for the whole file."""
    if not spot.row or spot.grid:
        return str(spot)
    return words("entry.place.text", row=spot.row, column=spot.column)


def file_text(words: Words, problem: UnreadableError) -> str:
    """Why a file was refused."""
    message = words(f"file.{problem.code}", **problem.parameters)
    return words("entry.line", place=place_text(words, problem.spot), message=message) if problem.spot.row else message


def problem_text(words: Words, problem: CellProblem) -> str:
    """E3 [실적] 숫자가 아닙니다 (입력값: '6,54.5'), with a suggestion where there is one."""
    message = words(f"entry.{problem.code}", **_filled(words, problem.parameters))
    meant = problem.parameters.get("suggestion") or problem.parameters.get("close")
    if meant:
        message = f"{message.rstrip('.')}. {words('entry.suggestion', suggestion=meant)}"
    if not problem.spot.row:
        return message
    place = place_text(words, problem.spot)
    if not problem.column:
        return words("entry.line", place=place, message=message)
    column = COLUMN[problem.column].heading(words.language)
    if not problem.entered.strip():
        return words("entry.line_blank", place=place, column=column, message=message)
    return words(
        "entry.line_column", place=place, column=column, message=message.rstrip("."), entered=_short(problem.entered)
    )


def doubt_text(words: Words, doubt: Doubt) -> str:
    """What looks odd, as a question."""
    side = doubt.parameters.get("side")
    return words(f"doubt.{doubt.code}.{side}" if side else f"doubt.{doubt.code}", **_filled(words, doubt.parameters))


def _filled(words: Words, parameters: Mapping[str, str | Spot]) -> dict[str, str]:
    """The parameters in the language asked for, limits put into words: an end that is missing has no number."""
    found = {key: place_text(words, one) if isinstance(one, Spot) else one for key, one in parameters.items()}
    if words.language == "en":
        found |= {key.removesuffix("_en"): text for key, text in found.items() if key.endswith("_en")}
    if "meant" in found:
        found["meant"] = words(f"doubt.meant.{found['meant']}")
    low, high = found.get("low", ""), found.get("high", "")
    if low or high:
        which = "both" if low and high else "low" if low else "high"
        found["limits"] = words(f"entry.limits.{which}", low=low, high=high)
    return found


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else f"{line[: SHOWN - 1]}…"
