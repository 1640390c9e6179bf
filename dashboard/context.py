"""The only caching boundary: cached calls into the loaders.

Everything cached here is published data, keyed by the data folder's stamp, the day and nothing
else; who is looking never enters a key, because nothing here depends on it.
"""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import streamlit as st

from dashboard.cli import DEFAULT_DATA
from loaders.assessment import Assessment, assess
from loaders.dataset import Dataset, Stamp, data_stamp, load_dataset
from loaders.domain.model import Registry

_folder = DEFAULT_DATA
_last_good: dict[Path, Dataset] = {}


def use_folder(folder: Path) -> None:
    """Serve ``folder`` from now on; called once by the server before it starts."""
    global _folder
    _folder = folder


def folder() -> Path:
    """The data folder that is served."""
    return _folder


def current_stamp() -> Stamp:
    """Stamp of the data folder as it is now."""
    return data_stamp(_folder)


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
