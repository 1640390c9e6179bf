"""One data folder, read and checked: registry, observations and the report of both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from loaders.diagnostics import Issue, Place, Report
from loaders.domain.model import Registry
from loaders.domain.observation import Observation
from loaders.domain.own_years import tell_observations
from loaders.observations import FOLDER, MAX_ROWS, check_indicators, check_observations, load_observations
from loaders.published_values import VALUES, check_values
from loaders.registry import FILE_NAME, TargetPlaces, load_registry
from loaders.restated import check_restated
from loaders.traceability import PUBLISHED, check_citations, check_published
from loaders.unread import check_unread
from loaders.yaml_plain import MAX_EVENTS


@dataclass(frozen=True, slots=True)
class Dataset:
    """What a data folder holds; the registry is None where nothing could be read."""

    registry: Registry | None
    observations: tuple[Observation, ...]
    report: Report
    proved: int = 0
    """Versions whose printed figure was found on its cited lines."""
    incomplete: bool = False
    """True where less can be shown than the folder's own records say was published, so that who has shown more
    goes on showing that (RELIABILITY, rule 25); also where nothing could be read."""


def load_dataset(
    folder: Path,
    *,
    sources: Path | None = None,
    label: str | None = None,
    today: date | None = None,
    most_events: int = MAX_EVENTS,
    most_rows: int = MAX_ROWS,
    doubts: bool = False,
) -> Dataset:
    """Read and check ``folder``; nothing is raised for bad content.

    ``sources`` is the folder of the documents' texts, for proving the citations; ``label`` is how
    the folder is called in messages. Without ``today`` no date lies too far ahead. ``most_events`` and
    ``most_rows`` bound what is read (`loaders.yaml_plain`, `loaders.observations`). With ``doubts`` values that
    look odd, and what is hidden today, are warned of (`loaders.plausible`).
    """
    name = label or str(folder)
    registry, report = load_registry(folder, f"{name}/{FILE_NAME}", today=today, most=most_events)
    observations, found = load_observations(folder, name, today=today, most=most_rows)
    report.extend(found)
    check_unread(folder, name, report)
    if registry is None:
        return Dataset(None, tuple(observations), report, incomplete=True)
    observations = tell_observations(registry, observations)
    places = TargetPlaces(folder, f"{name}/{FILE_NAME}", most_events)
    check_observations(registry, observations, report)
    if doubts:
        from loaders.plausible import check_hidden, check_plausible  # only one verb asks for them

        check_plausible(registry, observations, report)
        if today is not None:
            check_hidden(registry, observations, today, places, report)
    check_indicators(registry, observations, lambda: places.indicators, report)
    check_restated(registry, observations, places, report, today)
    whole = check_published(registry, folder, name, places, report)
    whole = check_values(registry, observations, folder, name, report) and whole
    proved = check_citations(registry, sources, places, report) if sources is not None else 0
    if report.ok and not (folder / FOLDER).is_dir():
        # A nation that begins has none; it is only said where nothing worse is to be said.
        hint = "Nothing can be judged before there are values."
        place = Place(f"{name}/{FOLDER}")
        report.add(Issue("file.no_values", "there is no such folder.", place, hint, level="warning"))
    return Dataset(registry, tuple(observations), report, proved, incomplete=not whole)


def data_stamp(folder: Path) -> str:
    """Digest of names, sizes and times of all files that the dataset is read from: the key of every cache."""
    import hashlib

    try:
        values = sorted((folder / FOLDER).iterdir())  # those that nobody reads too: they are reported
    except OSError:
        values = []
    files = [folder / FILE_NAME, folder / PUBLISHED, folder / VALUES, *values]
    return hashlib.sha256(repr([(path.name, *_state(path)) for path in files]).encode()).hexdigest()


def _state(path: Path) -> tuple[int, int]:
    try:
        stat = path.stat()
    except OSError:
        return 0, 0
    return stat.st_mtime_ns, stat.st_size
