"""The short way through YAML: a file with nothing unusual in it becomes plain data, and fast.

Anything that `yaml_source` would complain about makes this reader give up (`OddError`); the careful
reader then says what it is and where. Keeping no places and walking no paths halves the time of a
check.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

import yaml

MAX_DEPTH = 20
MAX_SCALAR = 20_000
"""Characters of one value; a longer one is not a text that a page could show."""
MAX_EVENTS = 200_000
"""Keys, values, begins and ends of a whole file: some 2,000 targets, read in a second."""
MAX_PART = 5_000
"""The same of one entry; the longest that was ever written has two hundred."""
ENTRY_DEPTH = 2
"""Containers around an entry: the file's mapping and the section's list."""

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

AMBIGUOUS = object()
"""What `resolve` gives for a plain scalar that YAML 1.1 reads as something else than a person does."""

_INT = re.compile(r"[-+]?(?:0|[1-9]\d{0,17})", re.ASCII)
_FLOAT = re.compile(r"[-+]?(?:0|[1-9]\d{0,17})\.\d{1,12}(?:[eE][-+]?\d{1,3})?", re.ASCII)
_SURPRISE = re.compile(
    r"""(?ix)(?:[-+]?0\d[\d_]*|0[xo][0-9a-f]+|0b[01]+  # octal and friends
    |[-+]?\d[\d_]*_\d[\d_]*                   # 1_000
    |[-+]?\d+(?::\d{1,2})+                     # sexagesimal
    |[-+]?\d+[eE][-+]?\d+                      # 1e3, a text to the parser
    |[-+]?\d{19,}|[-+]?\.(?:inf|nan)|[-+]?\d+\.|[-+]?\.\d+)"""
)
_CONSTANTS = {"true": True, "false": False, "null": None, "~": None, "": None}
_BOOLEANS = frozenset({"y", "yes", "n", "no", "on", "off"})
_NUMBER_STARTS = frozenset("0123456789+-.")

_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
"""Unicode categories of what is no letter to anybody: control, format, unassigned and private characters
(the non-characters among them), surrogates and line separators."""
_FILLERS = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters by their category, blank on every screen."""


class OddError(Exception):
    """There is something in the text that needs the careful reader."""


class TooMuchError(Exception):
    """More than any registry holds; the text says of what, ``mark`` where."""

    def __init__(self, text: str, mark: yaml.Mark | None) -> None:
        super().__init__(text)
        self.mark = mark


def hidden_character(text: str) -> str | None:
    """First character that nobody sees, or None; the line feed is seen."""
    if text.replace("\n", "").isprintable() and not any(filler in text for filler in _FILLERS):
        return None
    unseen = {one for one in set(text) if unicodedata.category(one) in _UNSEEN or one in _FILLERS} - {"\n"}
    return min(unseen, key=text.index) if unseen else None


def resolve(text: str) -> Any:
    """Value of a plain scalar: number, true, false, null or text; `AMBIGUOUS` where readers differ."""
    if text[:1] in _NUMBER_STARTS:
        if _INT.fullmatch(text):
            return int(text)
        if _FLOAT.fullmatch(text):
            return float(text)
        return AMBIGUOUS if _SURPRISE.fullmatch(text) else text
    if len(text) > 5:
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    return AMBIGUOUS if text.lower() in _BOOLEANS else text


def plain_data(text: str, most: int = MAX_EVENTS) -> object:
    """Data of a healthy document of at most ``most`` parser events.

    Raises
    ------
    OddError, yaml.YAMLError
        where the careful reader has something to say.
    TooMuchError
        where the document is larger than any registry; nobody need read it again.
    """
    if hidden_character(text) or not unicodedata.is_normalized("NFC", text):
        raise OddError
    root: Any = None
    holder: Any = None
    key: str | None = None
    outer: list[tuple[Any, Any]] = []
    documents = 0
    begun = 0
    for number, event in enumerate(yaml.parse(text, Loader=LOADER)):
        kind = type(event)
        if number - begun > MAX_PART or number > most:
            raise too_much(event, number, most)
        if kind is yaml.ScalarEvent:
            if key is None and type(holder) is dict:
                # A key is a word whatever YAML 1.1 makes of it: `on` is a day here.
                if event.anchor or event.tag or event.style or len(event.value) > MAX_SCALAR or event.value in holder:
                    raise OddError
                key = event.value
                continue
            value = _scalar(event)
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            if event.anchor or event.tag or len(outer) >= MAX_DEPTH or (key is None and type(holder) is dict):
                raise OddError
            if len(outer) <= ENTRY_DEPTH:
                begun = number
            outer.append((holder, key))
            holder, key = {} if kind is yaml.MappingStartEvent else [], None
            continue
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            value = holder
            holder, key = outer.pop()
        else:
            documents += kind is yaml.DocumentStartEvent
            if kind is yaml.AliasEvent or documents > 1:
                raise OddError
            continue
        if holder is None:
            root = value
        elif key is None:
            holder.append(value)  # ty: ignore[missing-union-attribute]
        else:
            holder[key] = value
            key = None
    if root is None:
        raise OddError
    return root


def bounded(events: Iterable[yaml.Event], most: int = MAX_EVENTS) -> Iterator[yaml.Event]:
    """The same events, and TooMuchError where `plain_data` would raise it."""
    depth = begun = 0
    for number, event in enumerate(events):
        if isinstance(event, yaml.CollectionStartEvent):
            begun = number if depth <= ENTRY_DEPTH else begun
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if number - begun > MAX_PART or number > most:
            raise too_much(event, number, most)
        yield event


def too_much(event: yaml.Event, number: int, most: int) -> TooMuchError:
    """What to raise at ``event``: the whole file or one entry of it is too large."""
    whole = f"the file holds more than {most:,} parts."
    entry = f"an entry of more than {MAX_PART:,} parts."
    return TooMuchError(whole if number > most else entry, event.start_mark)


def _scalar(event: yaml.ScalarEvent) -> Any:
    text = event.value
    if event.anchor or event.tag or len(text) > MAX_SCALAR:
        raise OddError
    if not event.style:
        text = resolve(text)
        if text is AMBIGUOUS:
            raise OddError
    elif event.style == '"' and (hidden_character(text) or not unicodedata.is_normalized("NFC", text)):
        raise OddError
    return text
