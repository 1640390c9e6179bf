"""YAML text into plain data that can say where each part stands.

A healthy file is read the short way (`yaml_plain`); places are looked up only when something has to
be said about them.

Refused with a place each: duplicate keys (the parser would keep the last in silence), anchors and
aliases (a 400-byte file can unfold to gigabytes), tags, several documents, deep nesting, and the
plain scalars that YAML 1.1 reads as something else than a person does (``no`` as false, ``017`` as
15, ``12:30`` as 750).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

import yaml

from loaders.diagnostics import Issue, Place, Report
from loaders.yaml_plain import AMBIGUOUS, LOADER, MAX_DEPTH, MAX_SCALAR, OddError, hidden_character, plain_data, resolve

MAX_BYTES = 16 * 1024 * 1024

Path = tuple[str | int, ...]


@dataclass(slots=True)
class Source:
    """Plain data, what is wrong with it, and on request where each part of it stands."""

    name: str
    text: str = ""
    data: object = None
    report: Report = field(default_factory=Report)
    keys: dict[Path, Any] = field(default_factory=dict)
    """The parser's own marks of keys and values; empty until a place is asked for."""
    values: dict[Path, Any] = field(default_factory=dict)

    def place(self, path: Path, *, key: bool = False) -> Place:
        """Place of the value (or the key) at ``path``, else of the nearest thing that encloses it."""
        if not self.values and self.data is not None:
            _read_carefully(self)
        if key and path in self.keys:
            return self._at(self.keys[path])
        while path and path not in self.values:
            path = path[:-1]
        return self._at(self.values.get(path))

    def _at(self, mark: Any) -> Place:
        return Place(self.name, mark.line + 1, mark.column + 1) if mark else Place(self.name, 1, 1)


class _RefusedError(Exception):
    """The text cannot be read on; the issue is already in the report."""


def read_yaml(text: str, name: str) -> Source:
    """Parse ``text``; problems are in the result's report, never raised.

    ``name`` is the path printed with each place. Data is None where nothing could be read.
    """
    source = Source(name, text)
    if len(text) > MAX_BYTES:
        _issue(source, "too_large", Place(name), f"the file is larger than {MAX_BYTES // 2**20} MiB.")
        return source
    try:
        source.data = plain_data(text)
    except (OddError, yaml.YAMLError):
        _read_carefully(source)
    return source


def _read_carefully(source: Source) -> None:
    try:
        source.data = _Builder(source, yaml.parse(source.text, Loader=LOADER)).document()
    except _RefusedError:
        source.data = None
    except yaml.YAMLError as error:
        source.data = None
        _syntax(source, error)


class _Builder:
    """Builds data from parser events in one pass, so that nothing refused is ever unfolded."""

    def __init__(self, source: Source, events: Iterator[yaml.Event]) -> None:
        self.source = source
        self.events = events
        self.depth = 0

    def document(self) -> object:
        data: object = None
        seen = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                seen += 1
                if seen > 1:
                    self.refuse("several_documents", event, 'a second document begins here ("---").', "Keep one.")
            elif isinstance(event, yaml.StreamStartEvent | yaml.DocumentEndEvent | yaml.StreamEndEvent):
                continue
            else:
                data = self.value(event, ())
        if data is None:
            self.refuse("empty", None, "the file holds no data.", "It needs documents, pillars, units and targets.")
        return data

    def value(self, event: yaml.Event, path: Path) -> object:
        self.check_plain(event)
        self.source.values[path] = event.start_mark
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event, path)
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.refuse("too_deep", event, f"nested more than {MAX_DEPTH} levels deep.")
        built = self.mapping(path) if isinstance(event, yaml.MappingStartEvent) else self.sequence(path)
        self.depth -= 1
        return built

    def check_plain(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            self.refuse("anchor", event, "anchors and aliases (& and *) are not allowed.", "Write the value out.")
        if getattr(event, "tag", None):
            self.refuse("tag", event, "tags (!) are not allowed.", "Remove the tag or put the text in quotes.")

    def sequence(self, path: Path) -> list[object]:
        items: list[object] = []
        for event in self.events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self.value(event, (*path, len(items))))
        return items

    def mapping(self, path: Path) -> dict[str, object]:
        built: dict[str, object] = {}
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            self.check_plain(event)
            if not isinstance(event, yaml.ScalarEvent):
                self.refuse("key", event, "a key must be a plain word.")
            key = event.value
            here = (*path, key)
            if key in built:
                first = self.source.keys[here]
                self.complain(
                    "duplicate_key",
                    event,
                    f"{dotted(here)}: the key stands twice, first on line {first.line + 1}.",
                    "Keep one of them.",
                    path=here,
                )
                self.value(next(self.events), (*path, f"{key} (again)"))
                continue
            self.source.keys[here] = event.start_mark
            built[key] = self.value(next(self.events), here)
        return built

    def scalar(self, event: yaml.ScalarEvent, path: Path) -> object:
        text: str = event.value
        if len(text) > MAX_SCALAR:
            message = f"a value of {len(text):,} characters."
            self.complain("too_long", event, message, f"At most {MAX_SCALAR:,}.", path=path)
            return text[:MAX_SCALAR]
        self.check_characters(event, text, path)
        if event.style not in (None, ""):
            return text
        value = resolve(text)
        if value is not AMBIGUOUS:
            return value
        message = f"{text[:40]} would be read as something else by other programs."
        self.complain(
            "ambiguous", event, message, "Write a plain number, true or false, or put the text in quotes.", path=path
        )
        return text

    def check_characters(self, event: yaml.ScalarEvent, text: str, path: Path) -> None:
        if not unicodedata.is_normalized("NFC", text):
            self.complain("not_composed", event, "the text is not in composed form (NFC).", "Type it again.", path=path)
        hidden = hidden_character(text)
        if hidden is not None:
            self.complain("invisible", event, f"an invisible character (U+{ord(hidden):04X}).", "Remove it.", path=path)

    def complain(self, code: str, event: yaml.Event | None, message: str, hint: str = "", path: Path = ()) -> None:
        mark = event.start_mark if event else None
        place = Place(self.source.name, mark.line + 1, mark.column + 1) if mark else Place(self.source.name, 1, 1)
        _issue(self.source, code, place, message, hint, path)

    def refuse(self, code: str, event: yaml.Event | None, message: str, hint: str = "") -> NoReturn:
        self.complain(code, event, message, hint)
        raise _RefusedError


def dotted(path: Path) -> str:
    """A path as people write it: ``targets.3.versions.0.lines``."""
    return ".".join(str(part) for part in path)


def _issue(source: Source, code: str, place: Place, message: str, hint: str = "", path: Path = ()) -> None:
    source.report.add(Issue(f"yaml.{code}", message, place, hint, path=path))


def _syntax(source: Source, error: yaml.YAMLError) -> None:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    place = Place(source.name, mark.line + 1, mark.column + 1) if mark else Place(source.name, 1, 1)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "not readable"
    hint = "Indent with spaces, not tabs." if "\\t" in str(problem) else "Check indentation, quotes and brackets here."
    _issue(source, "syntax", place, f"not valid YAML: {problem}.", hint)
