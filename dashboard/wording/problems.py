"""What is wrong with the data folder, in the reader's language: the place, what, and the way out.

The loaders speak English, for the command line and the log. Other languages say the fault by its code and add the
path it concerns, what stands there and what was probably meant.
"""

from __future__ import annotations

from dashboard.wording.catalog import Words
from loaders.diagnostics import Issue, Place


def place_text(words: Words, place: Place) -> str:
    """data/targets.yaml 7행 3열; only the path where the whole file is meant."""
    return words("issue.place", path=place.path, line=place.line, column=place.column) if place.line else place.path


def issue_text(words: Words, issue: Issue) -> str:
    """One problem as a sentence or two."""
    key = f"issue.{issue.code}"
    if words.language == "en" or not words.has(key):
        return f"{issue.message} {issue.hint}".strip()
    said = f"{issue.subject}: {words(key)}" if issue.subject else words(key)
    given = words("issue.given", given=issue.given) if issue.given else ""
    meant = words("entry.suggestion", suggestion=issue.meant) if issue.meant else ""
    return " ".join(part for part in (said, given, meant) if part)
