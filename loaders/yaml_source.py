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
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn

import yaml

from loaders.diagnostics import Issue, Place, Report
from loaders.yaml_plain import (
    AMBIGUOUS,
    LOADER,
    MAX_DEPTH,
    MAX_EVENTS,
    MAX_SCALAR,
    OddError,
    TooMuchError,
    bounded,
    hidden_character,
    plain_data,
    resolve,
)

MAX_BYTES = 16 * 1024 * 1024

MAX_KEY = 1_000
"""Characters of a key; ours have twenty."""

Path = tuple[str | int, ...]


@dataclass(slots=True)
class Source:
    """Plain data and what is wrong with it; where each part stands is looked up at the end (`locate`)."""

    name: str
    text: str = ""
    data: object = None
    report: Report = field(default_factory=Report)

    def issue(self, code: str, message: str, path: Path, hint: str = "", **more: Any) -> Issue:
        """An issue about what stands at ``path``, whose place is still to be found."""
        return Issue(code, message, Place(self.name), hint, path=path, **more)

    def locate(self) -> None:
        """Give every issue its place: one pass over the text, and none where nothing is wrong."""
        issues = self.report.issues
        sought = [number for number, one in enumerate(issues) if not one.place.line and one.path]
        found = find_places(self.text, [issues[number].path for number in sought]) if sought else Places()
        for number in sought:
            line, column = found.of(issues[number].path, key=issues[number].at_key)
            issues[number] = replace(issues[number], place=Place(self.name, line, column))


@dataclass(slots=True)
class Places:
    """Line and column of keys and values by their path, counted from 1."""

    keys: dict[Path, tuple[int, int]] = field(default_factory=dict)
    values: dict[Path, tuple[int, int]] = field(default_factory=dict)

    def of(self, path: Path, *, key: bool = False) -> tuple[int, int]:
        """Place of the value (or the key) at ``path``, else of the nearest thing that encloses it."""
        if key and path in self.keys:
            return self.keys[path]
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path, (1, 1))


def find_places(text: str, wanted: Iterable[Path]) -> Places:
    """Places of the ``wanted`` paths and of what encloses them; the rest of the text is passed over.

    Keeping the place of every part of a large file would take more memory than all of its data.
    """
    ways = {path[:length] for path in wanted for length in range(len(path) + 1)}
    found, events = Places(), bounded(yaml.parse(text, Loader=LOADER))
    try:
        for event in events:
            if isinstance(event, yaml.NodeEvent):
                _walk(event, events, (), ways, found)
    except (yaml.YAMLError, TooMuchError):
        pass  # what stands before the fault has its place
    return found


def every_path(data: object, path: Path = ()) -> Iterator[Path]:
    """Paths of all parts of plain ``data``, the whole first."""
    yield path
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in inner:
        yield from every_path(value, (*path, key))


def _walk(event: yaml.Event, events: Iterator[yaml.Event], path: Path, ways: Set[Path], found: Places) -> None:
    if path not in ways:
        _skip(event, events)
        return
    found.values.setdefault(path, _at(event))
    if isinstance(event, yaml.MappingStartEvent):
        for key in events:
            if isinstance(key, yaml.MappingEndEvent):
                return
            here = (*path, key.value if isinstance(key, yaml.ScalarEvent) else "?")
            if here in ways:
                found.keys.setdefault(here, _at(key))
            if not isinstance(key, yaml.ScalarEvent):
                _skip(key, events)
            _walk(next(events), events, here, ways, found)
    elif isinstance(event, yaml.SequenceStartEvent):
        for number, item in enumerate(events):
            if isinstance(item, yaml.SequenceEndEvent):
                return
            _walk(item, events, (*path, number), ways, found)


def _skip(event: yaml.Event, events: Iterator[yaml.Event]) -> None:
    depth = int(isinstance(event, yaml.CollectionStartEvent))
    while depth:
        inner = next(events)
        depth += isinstance(inner, yaml.CollectionStartEvent) - isinstance(inner, yaml.CollectionEndEvent)


def _at(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


class _RefusedError(Exception):
    """The text cannot be read on; the issue is already in the report."""


def read_yaml(text: str, name: str, most: int = MAX_EVENTS) -> Source:
    """Parse ``text`` of at most ``most`` parser events; problems are in the result's report, never raised.

    ``name`` is the path printed with each place. Data is None where nothing could be read.
    """
    source = Source(name, text)
    if len(text) > MAX_BYTES:
        _issue(source, "too_large", Place(name), f"the file is larger than {MAX_BYTES // 2**20} MiB.")
        return source
    try:
        source.data = plain_data(text, most)
    except TooMuchError as error:
        _too_much(source, error)
    except (OddError, yaml.YAMLError):
        return read_carefully(text, name, most)
    return source


def read_carefully(text: str, name: str, most: int = MAX_EVENTS) -> Source:
    """The same by the longer way, which says what the shorter one gives up on."""
    source = Source(name, text)
    try:
        events = bounded(yaml.parse(text, Loader=LOADER), most)
        source.data = _Builder(source, events).document()
    except _RefusedError:
        pass
    except TooMuchError as error:
        _too_much(source, error)
    except yaml.YAMLError as error:
        _syntax(source, error)
    return source


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
        lines: dict[str, int] = {}
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            self.check_plain(event)
            if not isinstance(event, yaml.ScalarEvent):
                self.refuse("key", event, "a key must be a plain word.")
            if len(event.value) > MAX_KEY:
                self.refuse("key", event, f"a key of {len(event.value):,} characters.", f"At most {MAX_KEY}.")
            key = event.value
            here = (*path, key)
            if key in built:
                message = f"{dotted(here)}: the key stands twice, first on line {lines[key]}."
                self.complain("duplicate_key", event, message, "Keep one of them.", path=here)
                self.value(next(self.events), (*path, f"{key} (again)"))
                continue
            lines[key] = _at(event)[0]
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
        hint = "Write a plain number, true or false, or put the text in quotes."
        self.complain("ambiguous", event, message, hint, path=path, given=text[:40])
        return text

    def check_characters(self, event: yaml.ScalarEvent, text: str, path: Path) -> None:
        if not unicodedata.is_normalized("NFC", text):
            self.complain("not_composed", event, "the text is not in composed form (NFC).", "Type it again.", path=path)
        hidden = hidden_character(text)
        if hidden is not None:
            self.complain("invisible", event, f"an invisible character (U+{ord(hidden):04X}).", "Remove it.", path=path)

    def complain(
        self, code: str, event: yaml.Event | None, message: str, hint: str = "", path: Path = (), given: str = ""
    ) -> None:
        place = Place(self.source.name, *(_at(event) if event else (1, 1)))
        _issue(self.source, code, place, message, hint, path, given)
        if self.source.report.hopeless:
            raise _RefusedError

    def refuse(self, code: str, event: yaml.Event | None, message: str, hint: str = "") -> NoReturn:
        self.complain(code, event, message, hint)
        raise _RefusedError


def dotted(path: Path) -> str:
    """A path as people write it: ``targets.3.versions.0.lines``."""
    return ".".join(str(part) for part in path)


def _issue(
    source: Source, code: str, place: Place, message: str, hint: str = "", path: Path = (), given: str = ""
) -> None:
    subject = dotted(path)
    source.report.add(Issue(f"yaml.{code}", message, place, hint, path=path, subject=subject, given=given))


def _too_much(source: Source, error: TooMuchError) -> None:
    place = Place(source.name, error.mark.line + 1, error.mark.column + 1) if error.mark else Place(source.name, 1, 1)
    _issue(source, "too_much", place, str(error), "Nothing of it was read.")


def _syntax(source: Source, error: yaml.YAMLError) -> None:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    place = Place(source.name, mark.line + 1, mark.column + 1) if mark else Place(source.name, 1, 1)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "not readable"
    hint = "Indent with spaces, not tabs." if "\\t" in str(problem) else "Check indentation, quotes and brackets here."
    _issue(source, "syntax", place, f"not valid YAML: {problem}.", hint)
