"""The only caching boundary: what is served now, and cached calls into the loaders.

Everything cached here is published data, keyed by what was found at the last look (`dashboard.watch`),
the day and nothing else; who is looking never enters a key, because nothing here depends on it. Plain
`lru_cache`: Streamlit's own cache hashes its arguments anew at every call, which took most of a rerun's
time.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from pathlib import Path

from dashboard import desk
from dashboard.cli import DEFAULT_DATA
from dashboard.state import Request
from dashboard.watch import State, View, Watch
from loaders.agreement import Agreement
from loaders.agreement import agreements as agreements_of
from loaders.assessment import Assessment
from loaders.countable import assess_countable
from loaders.dataset import Dataset
from loaders.domain.model import Registry, Target
from loaders.history import Stretch, judged_values
from loaders.history import history as history_of

SNAPSHOT = "KPI_SNAPSHOT"
"""Where the public snapshot is kept, where that is not below the data folder."""
SNAPSHOT_FILE = Path("local") / "public-snapshot.json"
MOST_PAGES = 256

_folder = DEFAULT_DATA
_watch: Watch | None = None
_watched = -1
_pages: dict[tuple[View, str, Request], str] = {}


def use_folder(folder: Path) -> None:
    """Serve ``folder`` from now on; called once by the server before it starts."""
    global _folder, _watch
    stop()
    _folder, _watch = folder, None


def folder() -> Path:
    """The data folder that is served."""
    return _folder


def start() -> None:
    """Look in the background from now on, and keep a snapshot; called once by the server. Waits for the first look."""
    global _watch, _watched
    stop()
    place = Path(os.environ.get(SNAPSHOT) or _folder / SNAPSHOT_FILE)
    _watch, _watched = Watch(_folder, desk.look, desk.clock(), place), desk.opened()
    _watch.start()


def stop() -> None:
    """End what `start` began."""
    if _watch is not None:
        _watch.stop()


def _now() -> Watch:
    """What looks at the folder; a new one where another desk was opened since."""
    global _watch, _watched
    if _watch is None or _watched != desk.opened():
        stop()
        _watch, _watched = Watch(_folder, desk.look, desk.clock()), desk.opened()
    return _watch


def view() -> View:
    """Everything public as of the last look; whoever takes several things from it takes them of one moment."""
    return _now().view


def looked() -> State:
    """How the last looks at files and ledger went."""
    return _now().state


def look_soon() -> None:
    """Look before the next turn: something has just failed, or was just released."""
    _now().soon()


def dataset() -> Dataset:
    """The data folder as it stands now, with everything that is wrong with it."""
    return view().found


def serving() -> Dataset:
    """The data to show: the last that was whole, with what the ledger has released."""
    return view().served


def registry() -> Registry | None:
    """The registry to show; None where none could ever be read."""
    return serving().registry


def today() -> date:
    """Today by the site's clock."""
    found = registry()
    return desk.today(found.site.time_zone) if found is not None else desk.today()


def assessments(day: date) -> list[Assessment]:
    """How every target stood on ``day``, in the registry's order."""
    return assessments_of(view(), day)


def assessments_of(view: View, day: date) -> list[Assessment]:
    """How every target of ``view`` stood on ``day``, in the registry's order."""
    return _assessed(view, day)[0]


def left_out_of(view: View, day: date) -> tuple[str, ...]:
    """Targets of ``view`` whose numbers cannot be worked out; one of them takes nothing else with it."""
    return _assessed(view, day)[1]


@lru_cache(maxsize=64)
def _assessed(view: View, day: date) -> tuple[list[Assessment], tuple[str, ...]]:
    registry = view.served.registry
    if registry is None:
        return [], ()
    found, left_out = assess_countable(registry, view.served.observations, day)
    return found, tuple(left_out)


def history(target: Target, day: date) -> list[Stretch]:
    """Every status that ``target`` had up to ``day``."""
    return _history(view(), target.id, day)


@lru_cache(maxsize=256)
def _history(view: View, target: str, day: date) -> list[Stretch]:
    now = view.served
    return history_of(now.registry, now.observations, now.registry.target[target], day) if now.registry else []


def agreements(target: Target, day: date) -> tuple[list[Agreement], int]:
    """How often other methods agreed on the values of ``target`` up to ``day``, and how often ours turned."""
    return _agreements(view(), target.id, day)


@lru_cache(maxsize=256)
def _agreements(view: View, target: str, day: date) -> tuple[list[Agreement], int]:
    now = view.served
    if now.registry is None:
        return [], 0
    return agreements_of(judged_values(now.registry, now.observations, now.registry.target[target], day))


def registry_version() -> str:
    """Short content hash of the registry that is served: the version to cite."""
    return view().version


def markup(page: str, request: Request, build: Callable[[], str]) -> str:
    """The markup of ``page`` for what the address asks, built once for each state of the data.

    It holds no colours (those are CSS properties), so one text serves both themes.
    """
    key = (view(), page, request)
    if key not in _pages:
        while len(_pages) >= MOST_PAGES:
            _pages.pop(next(iter(_pages)), None)
        _pages[key] = build()
    return _pages[key]
