"""What is wrong with the data, where, and the way out.

All problems are collected before anyone is told: a registry that is mended one error at a time is
a registry that nobody mends.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

Level = Literal["error", "warning"]

MOST = 200
"""Problems that are kept and shown; of the rest only the number is known. Nobody reads more."""
ENOUGH = 5_000
"""Errors after which a file is not read further: it is not a file of ours with slips in it."""
LONGEST_MESSAGE, LONGEST_HINT, LONGEST_WORD = 300, 200, 120
_LONG_WORD = re.compile(rf"\S{{{LONGEST_WORD + 1},}}")


class Place(NamedTuple):
    """A place in a file; line and column count from 1, 0 where the whole file is meant."""

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.path}:{max(self.line, 1)}:{max(self.column, 1)}"


@dataclass(frozen=True, slots=True)
class Issue:
    """One problem: a stable code, what is wrong, what to do about it, and where."""

    code: str
    message: str
    """English, for the command line and the log."""
    place: Place
    hint: str = ""
    level: Level = "error"
    target: str | None = None
    """Target that it concerns, where there is one."""
    path: tuple[str | int, ...] = ()
    """Where inside the data; a place that is not yet known is looked up by it."""
    at_key: bool = False
    """True where the key at `path` is meant, not its value."""
    subject: str = ""
    """The dotted path or name that the message speaks of, for messages in other languages."""
    given: str = ""
    """What stands there, where that helps to find it."""
    meant: str = ""
    """What was probably meant."""

    def __str__(self) -> str:
        text = f"{self.place}: {self.code} {self.message}"
        return f"{text} {self.hint}".rstrip()


@dataclass(slots=True)
class Report:
    """Issues found on the way: at most `MOST`, errors before warnings, and the number of the others."""

    issues: list[Issue] = field(default_factory=list)
    rest: int = 0
    """Issues beyond those that are kept."""
    error_count: int = 0
    """Errors, kept or not."""
    sick: set[str] = field(default_factory=set)
    """Targets with an error, kept or not: which of them are served must not hang on how many are shown."""

    def add(self, issue: Issue) -> None:
        """Keep one more issue, its texts cut to what a page can show."""
        error = issue.level == "error"
        self.error_count += error
        if error and issue.target:
            self.sick.add(issue.target)
        if len(self.issues) >= MOST:
            self.rest += 1
            warning = next((n for n, one in enumerate(self.issues) if one.level != "error"), None) if error else None
            if warning is None:
                return
            del self.issues[warning]
        self.issues.append(_shown(issue))

    def extend(self, other: Report) -> None:
        """Take over all issues of another report."""
        for issue in other.issues:
            self.add(issue)
        self.rest += other.rest
        self.error_count += other.error_count - len(other.errors)
        self.sick |= other.sick

    def concern(self, number: int, target: str) -> None:
        """Note that the issue in place ``number`` is one of ``target``."""
        self.issues[number] = replace(self.issues[number], target=target)
        if self.issues[number].level == "error":
            self.sick.add(target)

    @property
    def errors(self) -> list[Issue]:
        """Issues that make the data wrong; warnings only make it doubtful."""
        return [issue for issue in self.issues if issue.level == "error"]

    @property
    def ok(self) -> bool:
        """True without errors."""
        return not self.error_count

    @property
    def hopeless(self) -> bool:
        """True where there are so many errors that reading on tells nothing."""
        return self.error_count >= ENOUGH

    def __iter__(self) -> Iterator[Issue]:
        return iter(sorted(self.issues, key=lambda one: (one.place, one.code)))

    def __len__(self) -> int:
        return len(self.issues)


def _shown(issue: Issue) -> Issue:
    """The issue with texts that fit a line: cut, without line ends and characters that nobody sees."""
    given, meant = shortened(issue.given, LONGEST_WORD), shortened(issue.meant, LONGEST_WORD)
    message, hint = shortened(issue.message, LONGEST_MESSAGE), shortened(issue.hint, LONGEST_HINT)
    subject = shortened(issue.subject, LONGEST_WORD)
    return replace(issue, message=message, hint=hint, subject=subject, given=given, meant=meant)


def shortened(text: str, most: int) -> str:
    """``text`` in at most ``most`` characters, long words cut, what cannot be printed replaced by U+FFFD."""
    text = text[: 4 * most]
    if not text.isprintable():
        text = "".join(letter if letter.isprintable() else " " if letter.isspace() else "\ufffd" for letter in text)
    text = _LONG_WORD.sub(lambda found: f"{found[0][: LONGEST_WORD - 1]}…", text)
    return text if len(text) <= most else f"{text[: most - 1]}…"


def close_to(word: str, known: Iterable[str]) -> str:
    """The one of the ``known`` words that was probably meant, or empty."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(word[:LONGEST_WORD], list(known), n=1, cutoff=0.6)), "")


def did_you_mean(word: str) -> str:
    """The question with ``word``, empty without one."""
    return f'Did you mean "{word}"?' if word else ""
