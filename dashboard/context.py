"""The only caching boundary: cached calls into the loaders.

Everything cached here is published data, keyed by the data folder's stamp, the day and nothing
else; who is looking never enters a key, because nothing here depends on it. Plain `lru_cache`:
Streamlit's own cache hashes its arguments anew at every call, which took most of a rerun's time.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from dashboard import desk
from dashboard.cli import DEFAULT_DATA
from dashboard.state import Request
from loaders.assessment import Assessment, assess
from loaders.dataset import Dataset, data_stamp, load_dataset
from loaders.domain.model import Registry, Target
from loaders.domain.own_years import tell_observations
from loaders.files import read_bounded
from loaders.history import Stretch
from loaders.history import history as history_of
from loaders.ledger.published import epoch, released
from loaders.registry import FILE_NAME
from loaders.yaml_source import MAX_BYTES

_folder = DEFAULT_DATA
STAMP_SECONDS = 0.5
_seen: tuple[float, Path | None, str] = (0.0, None, "")
MOST_PAGES = 256
_pages: dict[tuple[Path, str, str, Request], str] = {}
_last_good: dict[Path, Dataset] = {}


def use_folder(folder: Path) -> None:
    """Serve ``folder`` from now on; called once by the server before it starts."""
    global _folder
    _folder = folder


def folder() -> Path:
    """The data folder that is served."""
    return _folder


def current_stamp() -> str:
    """Stamp of the data folder, at most `STAMP_SECONDS` old: a rerun asks for it many times."""
    global _seen
    now = time.monotonic()
    at, where, stamp = _seen
    if where != _folder or now - at > STAMP_SECONDS:
        ledger = desk.published_ledger()
        # The day belongs to it: what is published tomorrow is shown tomorrow.
        stamp = f"{data_stamp(_folder)}{epoch(ledger) if ledger else ''}{desk.today()}"
        _seen = (now, _folder, stamp)
    return stamp


@lru_cache(maxsize=4)
def _dataset(folder: Path, stamp: str) -> Dataset:
    # The stamp is part of the key only: a changed file is read again, and so are released values.
    found, ledger = load_dataset(folder, label=folder.name), desk.published_ledger()
    if ledger is None:
        return found
    rows = (*found.observations, *released(ledger))
    told = tell_observations(found.registry, rows) if found.registry is not None else rows
    return replace(found, observations=tuple(told))


@lru_cache(maxsize=4)
def _shown(folder: Path, stamp: str, day: date) -> Dataset:
    """The data without what is not published yet: a page may be set to a later day, but tells nothing of it."""
    found = _dataset(folder, stamp)
    return replace(found, observations=tuple(one for one in found.observations if one.opens <= day))


@lru_cache(maxsize=64)
def _assessments(folder: Path, stamp: str, day: date) -> list[Assessment]:
    dataset = serving()
    return assess(dataset.registry, dataset.observations, day) if dataset.registry else []


def dataset() -> Dataset:
    """The data folder as it stands now, with everything that is wrong with it."""
    stamp = current_stamp()
    found = _dataset(_folder, stamp).registry
    return _shown(_folder, stamp, desk.today(found.site.time_zone) if found is not None else desk.today())


def serving() -> Dataset:
    """The data to show: as it stands now, or the last that could be read where nothing can be read now."""
    now = dataset()
    if now.registry is not None:
        _last_good[_folder] = now
        return now
    return _last_good.get(_folder, now)


def registry() -> Registry | None:
    """The registry to show; None where none could ever be read."""
    return serving().registry


def today() -> date:
    """Today by the site's clock."""
    found = registry()
    return desk.today(found.site.time_zone) if found is not None else desk.today()


def assessments(day: date) -> list[Assessment]:
    """How every target stood on ``day``, in the registry's order."""
    return _assessments(_folder, current_stamp(), day)


def history(target: Target, day: date) -> list[Stretch]:
    """Every status that ``target`` had up to ``day``."""
    return _history(_folder, current_stamp(), target.id, day)


@lru_cache(maxsize=256)
def _history(folder: Path, stamp: str, target: str, day: date) -> list[Stretch]:
    now = serving()
    return history_of(now.registry, now.observations, now.registry.target[target], day) if now.registry else []


def registry_version() -> str:
    """Short content hash of the registry file that is served: the version to cite."""
    return _file_digest(_folder, current_stamp())


@lru_cache(maxsize=4)
def _file_digest(folder: Path, stamp: str) -> str:
    try:
        return hashlib.sha256(read_bounded(folder / FILE_NAME, MAX_BYTES)).hexdigest()[:8]
    except OSError:
        return "–"


def markup(page: str, request: Request, build: Callable[[], str]) -> str:
    """The markup of ``page`` for what the address asks, built once for each state of the data.

    It holds no colours (those are CSS properties), so one text serves both themes.
    """
    key = (_folder, current_stamp(), page, request)
    if key not in _pages:
        while len(_pages) >= MOST_PAGES:
            _pages.pop(next(iter(_pages)), None)
        _pages[key] = build()
    return _pages[key]
