"""`targets.yaml` into a registry, and a report of everything that is wrong with it.

A target with an error is left out and reported; the others are served. So one slip of the pen
never takes the whole dashboard down, and never goes unseen either.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from loaders.diagnostics import Issue, Place, Report, close_to, did_you_mean
from loaders.domain.model import Document, Method, Ministry, Pillar, Registry, Removed, Site, Target, Unit
from loaders.domain.own_years import tell_target
from loaders.domain.vocabulary import LARGEST
from loaders.files import TooLargeError, read_bounded
from loaders.rules import check_registry
from loaders.rules_method import check_method
from loaders.yaml_plain import MAX_EVENTS
from loaders.yaml_source import MAX_BYTES, Source, dotted, find_places, read_yaml

FILE_NAME = "targets.yaml"

SECTIONS = ("site", "method", "documents", "ministries", "pillars", "units", "targets", "removed")
REQUIRED_SECTIONS = ("documents", "pillars", "units", "targets")

_MESSAGES = {
    "missing": ("missing", "a required field is missing."),
    "extra_forbidden": ("unknown_field", "unknown field."),
    "finite_number": ("number", "must be a finite number."),
    "list_type": ("list", "must be a list."),
    "too_short": ("empty_list", "must not be empty."),
    "string_type": ("text", "must be a text."),
    "string_too_short": ("text", "must not be empty."),
    "blank": ("text", "must not be blank."),
    "string_pattern_mismatch": ("id", "must be lower-case words: letters and digits joined by _ (or -)."),
}

_ALIASES = {"with_": "with", "from_": "from"}
"""Fields whose names are Python's own words."""


def load_registry(
    folder: Path, label: str | None = None, *, today: date | None = None, most: int = MAX_EVENTS
) -> tuple[Registry | None, Report]:
    """Read ``folder/targets.yaml``.

    Returns the registry of healthy targets (None where nothing could be read) and the report of
    all problems. ``label`` is the path printed with each place; ``today`` and ``most`` as for `parse_registry`.
    """
    path = folder / FILE_NAME
    name = label or str(path)
    try:
        raw = read_bounded(path, MAX_BYTES)
    except TooLargeError as error:
        return None, _unreadable(name, f"{error.strerror}.", code=f"yaml.{error.code}")
    except OSError as error:
        return None, _unreadable(name, error.strerror or "not readable", "Check the path given with --data.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None, _unreadable(name, "the file is not UTF-8 text.", "Save it as UTF-8.", code="file.encoding")
    del raw
    return parse_registry(text, name, today=today, most=most)


def parse_registry(
    text: str, name: str, *, today: date | None = None, most: int = MAX_EVENTS
) -> tuple[Registry | None, Report]:
    """Registry and report of a YAML text; ``name`` is the path printed with each place.

    ``today`` is the day from which dates are too far ahead (without it none is), ``most`` bounds the
    parser's events.
    """
    source = read_yaml(text, name, most)
    registry = _registry(source, today)
    source.locate()
    return registry, source.report


def _registry(source: Source, today: date | None) -> Registry | None:
    data, report = source.data, source.report
    if not isinstance(data, dict):
        if data is not None:
            _report(source, (), "sections", "the file must be a mapping of sections.", "Start with documents:")
        return None
    if report.rest:  # complaints that are not kept could be about any target
        return None
    _check_sections(source, data)
    site = _parse(source, Site, data.get("site", {}), ("site",)) or Site()
    method = _parse(source, Method, data.get("method", {}), ("method",)) or Method()
    documents = _parse_list(source, data, "documents", Document)
    ministries = _parse_list(source, data, "ministries", Ministry)
    pillars = _parse_list(source, data, "pillars", Pillar)
    units = _parse_list(source, data, "units", Unit)
    _name_targets(data, report)
    if "year_starts" in source.text and isinstance(data.get("targets"), list):
        data["targets"] = [tell_target(item, site.year_starts) for item in data["targets"]]
    entries = _parse_list(source, data, "targets", Target)
    removed = _parse_list(source, data, "removed", Removed)
    if report.hopeless or any(not isinstance(data.get(key), list) for key in REQUIRED_SECTIONS):
        return None
    declared = {str(item.get("id")) for item in data["targets"] if isinstance(item, dict)}

    def registry_of(targets: list[Target]) -> Registry:
        # Every part has been validated; doing it again would cost each start as much as the first time.
        return Registry.model_construct(
            site=site,
            method=method,
            documents=[item for _, item in documents],
            ministries=[item for _, item in ministries],
            pillars=[item for _, item in pillars],
            units=[item for _, item in units],
            targets=targets,
            removed=[item for _, item in removed],
        )

    whole = registry_of(_without([item for _, item in entries], declared - {item.id for _, item in entries}))
    indexes = [index for index, _ in entries]
    check_registry(whole, indexes, source, today)
    check_method(whole, indexes, source)
    if report.hopeless:
        return None
    if method.needs_acceleration >= method.on_track:
        method = Method()  # said already (rule.thresholds); a status by thresholds upside down would be false
    return registry_of(_without(whole.targets, report.sick))


def _name_targets(data: dict[str, Any], report: Report) -> None:
    """Say of what the reader complained of inside a target which target that is."""
    for number, issue in enumerate(report.issues):
        section, index = (*issue.path[:2], None, None)[:2]
        if section == "targets" and isinstance(index, int) and isinstance(data["targets"][index], dict):
            report.concern(number, str(data["targets"][index].get("id")))


def _without(targets: list[Target], gone: set[str]) -> list[Target]:
    """The targets that are not ``gone``, and of what they refer to only what is left."""
    if not gone:
        return targets
    return [
        item.model_copy(
            update={
                "related": [one for one in item.related if one.target not in gone],
                "superseded_by": [one for one in item.superseded_by if one not in gone],
            }
        )
        for item in targets
        if item.id not in gone
    ]


def _check_sections(source: Source, data: dict[str, object]) -> None:
    for key in data:
        if key not in SECTIONS:
            meant = _close(key, SECTIONS, source.report)
            _report(source, (key,), "unknown_field", f"{key}: unknown section.", key=True, subject=key, meant=meant)
    for key in REQUIRED_SECTIONS:
        if not isinstance(data.get(key), list):
            _report(source, (key,), "missing", f"{key}: a required section is missing or is not a list.", key=True)


class TargetPlaces(Mapping[str, Place]):
    """Where each target's entry begins; the file is read for it only when something has to be said."""

    def __init__(self, folder: Path, name: str, most: int = MAX_EVENTS) -> None:
        self.folder, self.name, self.most = folder, name, most

    @cached_property
    def source(self) -> Source:
        """The file, read as plain data; empty where it cannot be read any more."""
        try:
            text = read_bounded(self.folder / FILE_NAME, MAX_BYTES).decode("utf-8-sig")
        except (OSError, UnicodeDecodeError):
            text = ""
        return read_yaml(text, self.name, self.most)

    @cached_property
    def entries(self) -> list[tuple[int, dict[str, Any]]]:
        """All targets of the file as they stand there, the faulty ones too, with their positions."""
        data = self.source.data if isinstance(self.source.data, dict) else {}
        targets = data.get("targets")
        found = enumerate(targets) if isinstance(targets, list) else ()
        return [(index, item) for index, item in found if isinstance(item, dict)]

    @cached_property
    def found(self) -> dict[str, Place]:
        """Place of each target's id by that id."""
        ids = {("targets", index, "id"): str(item.get("id")) for index, item in self.entries}
        places = find_places(self.source.text, ids)
        return {name: Place(self.name, *places.of(path, key=True)) for path, name in ids.items()}

    @cached_property
    def indicators(self) -> set[str]:
        """Indicators that any target of the file names, the faulty ones too."""
        named = {str(item.get("id")) for _, item in self.entries}
        for _, item in self.entries:
            series = item.get("series")
            if isinstance(series, dict):
                others = series.get("alternatives")
                listed = [series, *(others if isinstance(others, list) else ())]
                named |= {str(one.get("indicator")) for one in listed if isinstance(one, dict)}
        return named

    def __getitem__(self, target: str) -> Place:
        return self.found[target]

    def __iter__(self) -> Iterator[str]:
        return iter(self.found)

    def __len__(self) -> int:
        return len(self.found)


M = TypeVar("M", bound=BaseModel)


def _parse_list(source: Source, data: dict[str, object], key: str, model: type[M]) -> list[tuple[int, M]]:
    items = data.get(key)
    if not isinstance(items, list):
        return []
    parsed = []
    for index, item in enumerate(items):
        found = _parse(source, model, item, (key, index))
        if found is not None:
            parsed.append((index, found))
        elif source.report.hopeless:
            break
    return parsed


def _parse(source: Source, model: type[M], item: object, path: tuple) -> M | None:
    if not isinstance(item, dict):
        subject = dotted(path)
        _report(source, path, "mapping", f"{subject}: must be a mapping of fields.", subject=subject)
        return None
    try:
        return model.model_validate(item)
    except ValidationError as error:
        for problem in error.errors(include_url=False, include_input=False):
            _report_problem(source, model, item, path, dict(problem))
        return None


def _report_problem(source: Source, model: type[BaseModel], item: dict, path: tuple, problem: dict[str, Any]) -> None:
    kind = problem["type"]
    *inner, last = problem["loc"] or ("",)
    # The last part of an unknown field's path is its own name, whatever it looks like.
    parts = [part for part in inner if not _is_branch(part)]
    parts += [last] if kind == "extra_forbidden" or (problem["loc"] and not _is_branch(last)) else []
    loc = tuple(_ALIASES.get(part, part) for part in parts)
    code, text = _MESSAGES.get(kind, ("value", f"{problem['msg'].removeprefix('Value error, ')}."))
    text = text[:-1] if text.endswith("..") else text
    meant = ""
    if kind == "extra_forbidden":
        meant = _close(str(loc[-1]), _fields(model, loc[:-1]), source.report)
    if LARGEST in (problem.get("ctx", {}).get("le"), -problem.get("ctx", {}).get("ge", 0)):
        code, text = "magnitude", f"lies beyond {LARGEST:g} in its unit; take a larger unit."
    if kind in ("enum", "literal_error"):
        code, text = "choice", f"must be one of {problem['ctx']['expected']}."
    if kind in ("bool_type", "bool_parsing"):
        code, text = "choice", "must be true or false."
    if kind in ("float_type", "int_type", "float_parsing", "int_parsing"):
        code, text = "number", "must be a number."
    subject = item.get("id") if isinstance(item.get("id"), str) else dotted(path)
    where = f"{subject}.{dotted(loc)}" if loc else str(subject)
    target = str(subject) if path[0] == "targets" else None
    issue_path = (*path, *loc)
    _report(
        source,
        issue_path if kind != "missing" else issue_path[:-1],
        code,
        f"{where}: {text}",
        key=kind == "extra_forbidden",
        target=target,
        subject=where,
        meant=meant,
    )


def _is_branch(part: object) -> bool:
    """Pydantic puts the name of a union's branch into the path; it is no part of the file."""
    return isinstance(part, str) and ("[" in part or part in ("nullable", "constrained-str"))


def _fields(model: type[BaseModel], loc: tuple) -> list[str]:
    """Field names allowed at ``loc`` inside ``model``."""
    for part in loc:
        if isinstance(part, int):
            continue
        info = model.model_fields.get(part) or model.model_fields.get(f"{part}_")
        inner = _model_in(info.annotation) if info else None
        if inner is None:
            return []
        model = inner
    return [info.alias or name for name, info in model.model_fields.items()]


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in (list, tuple, Union, UnionType, Annotated):
        return next((found for part in get_args(annotation) if (found := _model_in(part))), None)
    return None


def _close(word: str, known: Iterable[str], report: Report) -> str:
    """The known word that was probably meant; not looked for any more where nobody would read it."""
    return "" if report.rest else close_to(word, known)


def _report(
    source: Source,
    path: tuple,
    code: str,
    message: str,
    hint: str = "",
    *,
    key: bool = False,
    target: str | None = None,
    subject: str = "",
    meant: str = "",
) -> None:
    hint = did_you_mean(meant) if meant else hint
    issue = source.issue(f"schema.{code}", message, path, hint, at_key=key, target=target, subject=subject, meant=meant)
    source.report.add(issue)


def _unreadable(name: str, message: str, hint: str = "", code: str = "file.unreadable") -> Report:
    report = Report()
    report.add(Issue(code, message, Place(name), hint))
    return report
