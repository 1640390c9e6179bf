"""One data folder, read and checked: registry, observations and the report of both."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from loaders.diagnostics import Report
from loaders.domain.model import Registry
from loaders.domain.observation import Observation
from loaders.observations import FOLDER, check_observations, load_observations
from loaders.registry import FILE_NAME, TargetPlaces, load_registry
from loaders.traceability import PUBLISHED, check_citations, check_published


@dataclass(frozen=True, slots=True)
class Dataset:
    """What a data folder holds; the registry is None where nothing could be read."""

    registry: Registry | None
    observations: tuple[Observation, ...]
    report: Report
    proved: int = 0
    """Versions whose printed figure was found on its cited lines."""
    incomplete: bool = False
    """True where the files hold less than was published, without a recorded removal."""


def load_dataset(folder: Path, *, sources: Path | None = None, label: str | None = None) -> Dataset:
    """Read and check ``folder``; nothing is raised for bad content.

    ``sources`` is the folder of the documents' texts, for proving the citations; ``label`` is how
    the folder is called in messages.
    """
    name = label or str(folder)
    registry, report = load_registry(folder, f"{name}/{FILE_NAME}")
    observations, found = load_observations(folder, name)
    report.extend(found)
    proved = 0
    if registry is not None:
        places = TargetPlaces(folder, f"{name}/{FILE_NAME}")
        check_observations(registry, observations, report)
        check_published(registry, folder, name, places, report)
        if sources is not None:
            proved = check_citations(registry, sources, places, report)
    return Dataset(registry, tuple(observations), report, proved)


def data_stamp(folder: Path) -> str:
    """Digest of names, sizes and times of all files that the dataset is read from: the key of every cache."""
    import hashlib

    files = [folder / FILE_NAME, folder / PUBLISHED, *sorted((folder / FOLDER).glob("*.csv"))]
    return hashlib.sha256(repr([(path.name, *_state(path)) for path in files]).encode()).hexdigest()


def _state(path: Path) -> tuple[int, int]:
    try:
        stat = path.stat()
    except OSError:
        return 0, 0
    return stat.st_mtime_ns, stat.st_size
