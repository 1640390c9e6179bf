"""A registry of method 1 rewritten for method 2, each change explained in a line.

The file is edited where it stands, by the places of its own fields, so that comments, order and
spacing stay as they are; there is deliberately no YAML writer here, because none keeps all three.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path as FilePath

from loaders.dataset import Dataset, load_dataset
from loaders.domain.method.comparison import comparator_of
from loaders.domain.model import Comparator, Kind, Preference, Registry, Target, Version
from loaders.registry import FILE_NAME, parse_registry
from loaders.rules_method import STRICT_SINCE, fields_read
from loaders.traceability import PUBLISHED, digest, read_published, write_digests
from loaders.yaml_source import Path, Source, every_path, find_places, read_yaml

NEW_YEAR_FROM = 7
"""A quota of a document issued from July on begins with the next year."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of the text: what stands at an offset, what takes its place, and why."""

    start: int
    end: int
    text: str
    line: int
    said: str


@dataclass(frozen=True, slots=True)
class Upgrade:
    """A registry's text after the upgrade and what was done to it."""

    text: str
    edits: tuple[Edit, ...]
    by_hand: tuple[str, ...]
    """What still has to be decided by a person."""


def upgrade(dataset: Dataset, text: str) -> Upgrade:
    """The upgrade of the registry in ``text``, which ``dataset`` was read from; a registry of version 2 stays."""
    registry = dataset.registry
    if registry is None or registry.method.version >= STRICT_SINCE:
        return Upgrade(text, (), ())
    source = read_yaml(text, FILE_NAME)
    writer = _Writer(source)
    writer.method()
    indexes = {str(item.get("id")): number for number, item in enumerate(_targets(source))}
    for target in registry.targets:
        writer.target(registry, target, ("targets", indexes[target.id]), dataset)
    return Upgrade(
        _applied(text, writer.edits), tuple(sorted(writer.edits, key=lambda one: one.start)), tuple(writer.by_hand)
    )


def write_upgrade(folder: FilePath) -> Upgrade:
    """Upgrade the registry in ``folder`` and renew the digests of the versions that it rewrote.

    Nothing is written while something is left to be decided by hand.

    Raises
    ------
    ValueError
        where the result would not be a healthy registry: nothing is written then.
    """
    path = folder / FILE_NAME
    text = read_text(path)
    dataset = load_dataset(folder)
    found = upgrade(dataset, text)
    if not found.edits or found.by_hand or dataset.registry is None:
        return found
    after, report = parse_registry(found.text, FILE_NAME)
    lost = {one.id for one in dataset.registry.targets} - {one.id for one in after.targets} if after else {"all"}
    if after is None or lost:
        raise ValueError("; ".join(str(issue) for issue in report.errors))
    _renew_digests(folder, dataset.registry, after)
    path.write_bytes(found.text.encode("utf-8"))
    return found


def read_text(path: FilePath) -> str:
    """The file with its own line ends, and without the mark that some editors put at its beginning."""
    return path.read_bytes().decode("utf-8-sig")


def _renew_digests(folder: FilePath, before: Registry, after: Registry) -> None:
    recorded = read_published(folder)
    if not recorded or not (folder / PUBLISHED).is_file():
        return
    for target in before.targets:
        for old, new in zip(target.versions, after.target[target.id].versions, strict=True):
            key = target.id, old.document
            if recorded.get(key) == digest(old):
                recorded[key] = digest(new)
    write_digests(folder, recorded)


def _targets(source: Source) -> list[dict]:
    data = source.data
    return [one for one in data.get("targets", []) if isinstance(one, dict)] if isinstance(data, dict) else []


def _applied(text: str, edits: list[Edit]) -> str:
    for one in sorted(edits, key=lambda edit: edit.start, reverse=True):
        text = text[: one.start] + one.text + text[one.end :]
    return text


class _Writer:
    """Collects the edits of one file."""

    def __init__(self, source: Source) -> None:
        self.source, self.text = source, source.text
        self.places = find_places(source.text, every_path(source.data))
        self.starts = [0, *(match.end() for match in re.finditer("\n", source.text))]
        self.edits: list[Edit] = []
        self.by_hand: list[str] = []

    def offset(self, path: Path, *, key: bool = False) -> tuple[int, int]:
        """Offset and line of the value (or key) at ``path``."""
        line, column = self.places.of(path, key=key)
        return self.starts[line - 1] + column - 1, line

    def replace(self, path: Path, old: str, new: str, said: str) -> None:
        """Put ``new`` where the scalar ``old`` stands."""
        start, line = self.offset(path)
        quoted = self.text[start : start + 1] in "\"'"
        end = start + len(old) + 2 * quoted
        self.edits.append(Edit(start, end, new, line, said))

    def method(self) -> None:
        """Set the version of the method, in a section of its own where there was none."""
        data = self.source.data
        said = "method.version: 2"
        if isinstance(data, dict) and isinstance(data.get("method"), dict) and "version" in data["method"]:
            self.replace(("method", "version"), str(data["method"]["version"]), "2", said)
        elif isinstance(data, dict) and isinstance(data.get("method"), dict):
            first = next(iter(data["method"]))
            start, line = self.offset(("method", first), key=True)
            joint = (
                ", "
                if "{" in self.text[self.starts[line - 1] : start]
                else "\n" + " " * (start - self.starts[line - 1])
            )
            self.edits.append(Edit(start, start, f"version: 2{joint}", line, said))
        else:
            first = next(iter(data)) if isinstance(data, dict) else ""
            start, line = self.offset((first,), key=True)
            self.edits.append(Edit(start, start, "method: {version: 2}\n", line, said))

    def target(self, registry: Registry, target: Target, base: Path, dataset: Dataset) -> None:
        """All changes of one target."""
        for number, version in enumerate(target.versions):
            path = (*base, "versions", number)
            if version.target is not None:
                self.comparator(target, version, path)
                self.start(registry, target, version, path)
        for finding in fields_read(registry, target):
            self.unread(target, (*base, *finding.path))
        for number, one in enumerate(target.series.preferences if target.series else []):
            if one.source is None:
                self.preference(target, one, (*base, "series", "preferences", number), dataset)

    def comparator(self, target: Target, version: Version, path: Path) -> None:
        """The comparator that the kind reads."""
        goal = version.target
        assert goal is not None, "asked only of versions with a goal"
        new, why = comparator_of(target, version), "as it was read"
        if target.kind is Kind.CUMULATIVE and goal.comparator is Comparator.EQUAL:
            new, why = self.total(target)
        if target.kind is Kind.RANK:
            why = 'a place "within N" is at_most N'
        if new is not goal.comparator and target.kind not in (Kind.BINARY, Kind.LADDER):
            said = f"{target.id} ({version.document}): comparator {goal.comparator} → {new}, {why}"
            self.replace((*path, "target", "comparator"), goal.comparator.value, new.value, said)

    def total(self, target: Target) -> tuple[Comparator, str]:
        """Money that is spent must come out; more people or things than promised break nothing."""
        unit = self.source.data
        styles = {
            str(one.get("id")): one.get("style")
            for one in (unit.get("units", []) if isinstance(unit, dict) else [])
            if isinstance(one, dict)
        }
        if styles.get(target.unit) == "currency":
            return Comparator.EXACT, "a sum of money must come out (within 1 %)"
        return Comparator.AT_LEAST, "more than promised breaks nothing"

    def start(self, registry: Registry, target: Target, version: Version, path: Path) -> None:
        """From when a yearly quota counts or a limit holds, as it was read."""
        goal = version.target
        is_limit = target.kind is Kind.LIMIT and goal is not None and goal.due is not None
        if version.start is not None or version.quotas or not (is_limit or target.kind is Kind.RECURRING):
            return
        issued = registry.document[version.document].issued_period.end
        first = issued.isoformat() if is_limit else str(issued.year + (issued.month >= NEW_YEAR_FROM))
        why = "in force from its document on" if is_limit else "the first whole year after its document"
        start, line = self.offset((*path, "target"), key=True)
        before = self.text[self.starts[line - 1] : start]
        joint = "\n" + " " * len(before) if not before.strip(" -") else ", "
        said = f"{target.id} ({version.document}): start {first} added, {why}"
        self.edits.append(Edit(start, start, f"start: {first}{joint}", line, said))

    def unread(self, target: Target, path: Path) -> None:
        """A field that the kind does not read becomes a comment, so that nothing is lost."""
        start, line = self.offset(path, key=True)
        before = self.text[self.starts[line - 1] : start]
        name = path[-1]
        if before.strip():
            self.by_hand.append(f"{target.id}: {target.kind} does not read {name}; remove it or use another kind")
            return
        end = line
        while end < len(self.starts) and self._deeper(end, len(before)):
            end += 1
        stop = self.starts[end] if end < len(self.starts) else len(self.text)
        lines = self.text[self.starts[line - 1] : stop].splitlines(keepends=True)
        commented = "".join(f"{' ' * len(before)}# {one[len(before) :]}" for one in lines)
        said = f"{target.id}: {name} made a comment, {target.kind} does not read it"
        self.edits.append(Edit(self.starts[line - 1], stop, commented, line, said))

    def _deeper(self, number: int, indent: int) -> bool:
        """True where the line after ``number`` belongs to the field that begins at ``indent``."""
        stop = self.starts[number + 1] if number + 1 < len(self.starts) else len(self.text)
        text = self.text[self.starts[number] : stop]
        return bool(text.strip()) and (len(text) - len(text.lstrip(" ")) > indent or text[indent:].startswith("- "))

    def preference(self, target: Target, one: Preference, path: Path, dataset: Dataset) -> None:
        """The source whose number was preferred."""
        assert target.series is not None, "a preference stands in a series"
        names = list(dict.fromkeys(_sources_of(one, target.series.indicator, dataset)))
        where = f"{target.id} ({one.period})"
        if len(names) != 1:
            self.by_hand.append(f"{where}: no single source published {one.value:g}; write source: yourself")
            return
        start, line = self.offset((*path, "value"), key=True)
        match = re.compile(r"value:\s*[^,}\n]+").match(self.text, start)
        assert match is not None, "the key stands where the reader found it"
        quoted = json.dumps(names[0], ensure_ascii=False)
        said = f"{where}: prefers {names[0]} instead of the number {one.value:g}"
        self.edits.append(Edit(start, match.end(), f"source: {quoted}", line, said))


def _sources_of(one: Preference, indicator: str, dataset: Dataset) -> Iterator[str]:
    """Names of the sources that published the preferred number, but no other number for that period."""
    rows = [row for row in dataset.observations if row.indicator == indicator and row.period.text == one.period]
    others = {name for row in rows if row.value != one.value for name, _ in row.sources}
    for row in rows:
        if row.value == one.value:
            yield from (name for name, _ in row.sources if name not in others)
