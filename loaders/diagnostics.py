"""What is wrong with the data, where, and the way out.

All problems are collected before anyone is told: a registry that is mended one error at a time is
a registry that nobody mends.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Level = Literal["error", "warning"]


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
    """Where inside the data, for what the reader of the file complains of."""
    subject: str = ""
    """The dotted path or value the message speaks of, for translated messages."""

    def __str__(self) -> str:
        text = f"{self.place}: {self.code} {self.message}"
        return f"{text} {self.hint}".rstrip()


@dataclass(slots=True)
class Report:
    """Issues found on the way."""

    issues: list[Issue] = field(default_factory=list)

    def add(self, issue: Issue) -> None:
        """Keep one more issue."""
        self.issues.append(issue)

    def extend(self, other: Report) -> None:
        """Take over all issues of another report."""
        self.issues.extend(other.issues)

    @property
    def errors(self) -> list[Issue]:
        """Issues that make the data wrong; warnings only make it doubtful."""
        return [issue for issue in self.issues if issue.level == "error"]

    @property
    def ok(self) -> bool:
        """True without errors."""
        return not self.errors

    def __iter__(self) -> Iterator[Issue]:
        return iter(sorted(self.issues, key=lambda one: (one.place, one.code)))

    def __len__(self) -> int:
        return len(self.issues)
