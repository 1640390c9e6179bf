"""The short way through YAML: a file with nothing unusual in it becomes plain data, and fast.

Anything that `yaml_source` would complain about makes this reader give up (`OddError`); the careful
reader then says what it is and where. Keeping no places and walking no paths halves the time of a
check.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import yaml

MAX_DEPTH = 20
MAX_SCALAR = 20_000
"""Characters of one value; a longer one is not a text that a page could show."""

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

# Control and format characters (Unicode categories Cc and Cf) except the line feed.
_HIDDEN = (
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f]"
)


class OddError(Exception):
    """There is something in the text that needs the careful reader."""


def hidden_character(text: str) -> str | None:
    """First character that nobody sees, or None."""
    if text.replace("\n", "").isprintable():
        return None
    found = re.search(_HIDDEN, text)
    return found.group() if found else None


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


def plain_data(text: str) -> object:
    """Data of a healthy document.

    Raises
    ------
    OddError, yaml.YAMLError
        where the careful reader has something to say.
    """
    if hidden_character(text) or not unicodedata.is_normalized("NFC", text):
        raise OddError
    root: Any = None
    holder: Any = None
    key: str | None = None
    outer: list[tuple[Any, Any]] = []
    documents = 0
    for event in yaml.parse(text, Loader=LOADER):
        kind = type(event)
        if kind is yaml.ScalarEvent:
            value = _scalar(event)
            if key is None and type(holder) is dict:
                if event.value in holder:
                    raise OddError
                key = event.value
                continue
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            if event.anchor or event.tag or len(outer) >= MAX_DEPTH or (key is None and type(holder) is dict):
                raise OddError
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
