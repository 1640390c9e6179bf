"""`targets.yaml` into a registry, and a report of everything that is wrong with it.

A target with an error is left out and reported; the others are served. So one slip of the pen
never takes the whole dashboard down, and never goes unseen either.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from loaders.diagnostics import Issue, Place, Report
from loaders.domain.model import Document, Method, Ministry, Pillar, Registry, Removed, Site, Target, Unit
from loaders.rules import check_registry
from loaders.rules_method import check_method
from loaders.yaml_source import Source, dotted, read_yaml

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
    "string_pattern_mismatch": ("id", "must be lower-case words: letters and digits joined by _ (or -)."),
}

_ALIASES = {"with_": "with", "from_": "from"}
"""Fields whose names are Python's own words."""


def load_registry(folder: Path, label: str | None = None) -> tuple[Registry | None, Report]:
    """Read ``folder/targets.yaml``.

    Returns the registry of healthy targets (None where nothing could be read) and the report of
    all problems. ``label`` is the path printed with each place.
    """
    path = folder / FILE_NAME
    name = label or str(path)
    try:
        raw = path.read_bytes()
    except OSError as error:
        return None, _unreadable(name, error.strerror or "not readable", "Check the path given with --data.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None, _unreadable(name, "the file is not UTF-8 text.", "Save it as UTF-8.", code="encoding")
    return parse_registry(text, name)


def parse_registry(text: str, name: str) -> tuple[Registry | None, Report]:
    """Registry and report of a YAML text; ``name`` is the path printed with each place."""
    source = read_yaml(text, name)
    data, report = source.data, source.report
    if not isinstance(data, dict):
        if data is not None:
            _report(source, (), "sections", "the file must be a mapping of sections.", "Start with documents:")
        return None, report
    _check_sections(source, data)
    site = _parse(source, Site, data.get("site", {}), ("site",)) or Site()
    method = _parse(source, Method, data.get("method", {}), ("method",)) or Method()
    documents = _parse_list(source, data, "documents", Document)
    ministries = _parse_list(source, data, "ministries", Ministry)
    pillars = _parse_list(source, data, "pillars", Pillar)
    units = _parse_list(source, data, "units", Unit)
    _name_targets(data, report)
    entries = _parse_list(source, data, "targets", Target)
    removed = _parse_list(source, data, "removed", Removed)
    if any(not isinstance(data.get(key), list) for key in REQUIRED_SECTIONS):
        return None, report
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
    check_registry(whole, [index for index, _ in entries], source, report)
    check_method(whole, [index for index, _ in entries], source, report)
    sick = {issue.target for issue in report.errors if issue.target}
    if sick:
        whole = registry_of(_without(whole.targets, sick))
    return whole, report


def _name_targets(data: dict[str, Any], report: Report) -> None:
    """Say of what the reader complained of inside a target which target that is."""
    for number, issue in enumerate(report.issues):
        section, index = (*issue.path[:2], None, None)[:2]
        if section == "targets" and isinstance(index, int) and isinstance(data["targets"][index], dict):
            report.issues[number] = replace(issue, target=str(data["targets"][index].get("id")))


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
            _report(source, (key,), "unknown_field", f"{key}: unknown section.", _did_you_mean(key, SECTIONS), key=True)
    for key in REQUIRED_SECTIONS:
        if not isinstance(data.get(key), list):
            _report(source, (key,), "missing", f"{key}: a required section is missing or is not a list.", key=True)


class TargetPlaces(Mapping[str, Place]):
    """Where each target's entry begins; the file is read for it only when something has to be said."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, name

    @cached_property
    def found(self) -> dict[str, Place]:
        """Place of each target's id by that id."""
        source = read_yaml((self.folder / FILE_NAME).read_text(encoding="utf-8-sig"), self.name)
        data = source.data if isinstance(source.data, dict) else {}
        ids = [(i, item.get("id")) for i, item in enumerate(data.get("targets") or ()) if isinstance(item, dict)]
        return {str(name): source.place(("targets", index, "id"), key=True) for index, name in ids}

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
    parsed = [(index, _parse(source, model, item, (key, index))) for index, item in enumerate(items)]
    return [(index, item) for index, item in parsed if item is not None]


def _parse(source: Source, model: type[M], item: object, path: tuple) -> M | None:
    if not isinstance(item, dict):
        _report(source, path, "mapping", f"{dotted(path)}: must be a mapping of fields.")
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
    text = text.replace("..", ".")
    hint = ""
    if kind == "extra_forbidden":
        hint = _did_you_mean(str(loc[-1]), _fields(model, loc[:-1]))
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
        hint,
        key=kind == "extra_forbidden",
        target=target,
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


def _did_you_mean(word: str, known: object) -> str:
    from difflib import get_close_matches

    close = get_close_matches(word, list(known), n=1, cutoff=0.6)  # ty: ignore[invalid-argument-type]
    return f'Did you mean "{close[0]}"?' if close else ""


def _report(
    source: Source,
    path: tuple,
    code: str,
    message: str,
    hint: str = "",
    *,
    key: bool = False,
    target: str | None = None,
) -> None:
    source.report.add(Issue(f"schema.{code}", message, source.place(path, key=key), hint, target=target))


def _unreadable(name: str, message: str, hint: str, code: str = "unreadable") -> Report:
    report = Report()
    report.add(Issue(f"file.{code}", message, Place(name), hint))
    return report
