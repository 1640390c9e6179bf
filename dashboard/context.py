"""The only caching boundary: cached calls into the loaders.

Everything cached here is published data, keyed by the data folder's stamp, the day and nothing
else; who is looking never enters a key, because nothing here depends on it.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import streamlit as st

from dashboard.cli import DEFAULT_DATA
from dashboard.state import Request
from loaders.assessment import Assessment, assess
from loaders.dataset import Dataset, Stamp, data_stamp, load_dataset
from loaders.domain.model import Registry

_folder = DEFAULT_DATA
STAMP_SECONDS = 0.5
_seen: tuple[float, Path | None, Stamp] = (0.0, None, ())
_last_good: dict[Path, Dataset] = {}


def use_folder(folder: Path) -> None:
    """Serve ``folder`` from now on; called once by the server before it starts."""
    global _folder
    _folder = folder


def folder() -> Path:
    """The data folder that is served."""
    return _folder


def current_stamp() -> Stamp:
    """Stamp of the data folder, at most `STAMP_SECONDS` old: a rerun asks for it many times."""
    global _seen
    now = time.monotonic()
    at, where, stamp = _seen
    if where != _folder or now - at > STAMP_SECONDS:
        stamp = data_stamp(_folder)
        _seen = (now, _folder, stamp)
    return stamp


@st.cache_resource(max_entries=4, show_spinner=False)
def _dataset(folder: Path, stamp: Stamp) -> Dataset:
    # The stamp is part of the key only: a changed file is read again.
    return load_dataset(folder, label=folder.name)


@st.cache_resource(max_entries=64, show_spinner=False)
def _assessments(folder: Path, stamp: Stamp, day: date) -> list[Assessment]:
    dataset = serving()
    return assess(dataset.registry, dataset.observations, day) if dataset.registry else []


def dataset() -> Dataset:
    """The data folder as it stands now, with everything that is wrong with it."""
    return _dataset(_folder, current_stamp())


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


def assessments(day: date) -> list[Assessment]:
    """How every target stood on ``day``, in the registry's order."""
    return _assessments(_folder, current_stamp(), day)


def registry_version() -> str:
    """Short content hash of the registry file that is served: the version to cite."""
    return _file_digest(_folder, current_stamp()[0])


@st.cache_resource(max_entries=4, show_spinner=False)
def _file_digest(folder: Path, stamp: tuple[str, int, int]) -> str:
    try:
        return hashlib.sha256((folder / stamp[0]).read_bytes()).hexdigest()[:8]
    except OSError:
        return "–"


def markup(page: str, request: Request, build: Callable[[], str]) -> str:
    """The markup of ``page`` for what the address asks, built once for each state of the data.

    It holds no colours (those are CSS properties), so one text serves both themes.
    """
    return _markup(_folder, current_stamp(), page, request, build)


@st.cache_resource(max_entries=256, show_spinner=False)
def _markup(folder: Path, stamp: Stamp, page: str, request: Request, _build: Callable[[], str]) -> str:
    return _build()
