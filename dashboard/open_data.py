"""The open data's files: one route, the same tables as the command line, for any day.

A file says in its headers which registry it is of (`X-Registry`), since when newer files are not served
(`X-Registry-Last-Good-Since`), when the ledger was last verified (`X-Ledger-Verified`), since when it
could not be (`X-Ledger-Away-Since`), and which targets could not be put in (`X-Left-Out`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from dashboard import context, downloads, state
from dashboard.desk import today
from dashboard.downloads import BusyError, Made, shelf
from dashboard.watch import State, View
from loaders.assessment import Assessment
from loaders.domain.model import Registry
from loaders.domain.observation import Observation
from loaders.domain.period import parse_period
from loaders.exports.tables import observation_rows, status_rows, to_csv, to_xlsx, version_rows

PATH = "/data-files"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_log = logging.getLogger(__name__)
RETRY_SECONDS = 5
UNCOUNTABLE = (ArithmeticError, ValueError, TypeError)
"""What one target with impossible numbers raises while a file is made; it is left out, and named."""


class NotYetError(LookupError):
    """The target was set later than on the day that is asked for."""


Build = Callable[[Registry, list[Assessment], Sequence[Observation]], bytes]

FILES: dict[str, tuple[str, Build]] = {
    "status.csv": ("text/csv; charset=utf-8", lambda registry, found, _: to_csv(status_rows(found, registry))),
    "versions.csv": ("text/csv; charset=utf-8", lambda _, found, __: to_csv(version_rows(found))),
    "observations.csv": ("text/csv; charset=utf-8", lambda _, __, rows: to_csv(observation_rows(rows))),
    "all.xlsx": (
        WORKBOOK,
        lambda registry, found, rows: to_xlsx(
            {
                "status": status_rows(found, registry),
                "versions": version_rows(found),
                "observations": observation_rows(rows),
            }
        ),
    ),
}
"""Files by name: media type and how each is made."""


async def download(request: Request) -> Response:
    """One of `FILES` as known on the day that the address names; values of one target where it names one."""
    name, view = request.path_params["name"], context.view()
    if name not in FILES:
        return Response(status_code=404)
    if view.served.registry is None:
        return PlainTextResponse("The registry cannot be read.", status_code=503)
    text = request.query_params.get(state.AS_OF, "")
    try:
        day = parse_period(text).end if text else today()
    except ValueError as error:
        return PlainTextResponse(f"{state.AS_OF}: {error}.", status_code=400)
    wanted = request.query_params.get(state.TARGET)
    if wanted is not None and wanted not in view.served.registry.target:
        return PlainTextResponse(f"{state.TARGET}: there is no such target.", status_code=404)
    try:
        await downloads.turnstile.passed()
        made = await shelf().get((view.key, day, name, wanted), lambda: _made(view, day, name, wanted))
    except BusyError:
        busy = {"Retry-After": str(RETRY_SECONDS), "Cache-Control": "no-store"}
        return PlainTextResponse("Too many are asking for files; come again.", status_code=503, headers=busy)
    except NotYetError:
        return PlainTextResponse(f"{state.TARGET}: there is no such target on {day}.", status_code=404)
    stem, _, kind = name.partition(".")
    saved = f"{wanted or 'kpi'}-{stem}-{day.isoformat()}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{saved}"', "Cache-Control": "no-cache"}
    headers |= provenance(view, context.looked(), made.left_out)
    return Response(made.body, media_type=FILES[name][0], headers=headers)


def provenance(view: View, looked: State, left_out: Sequence[str] = ()) -> dict[str, str]:
    """Headers that say which data a file is of, and since when it could not be looked at anew."""
    told = {
        "X-Registry": view.version if view.version.isascii() else "",
        "X-Registry-Last-Good-Since": looked.files.since if looked.files is not None and view.last_good else "",
        "X-Ledger-Verified": looked.ledger_at,
        "X-Ledger-Away-Since": looked.ledger.since if looked.ledger is not None else "",
        "X-Left-Out": " ".join(left_out),
    }
    return {key: value for key, value in told.items() if value}


def _made(view: View, day: date, name: str, wanted: str | None) -> Made:
    """The file; `NotYetError` where the wanted target did not exist on that day."""
    registry = view.served.registry
    assert registry is not None, "asked before"
    found = list(context.assessments_of(view, day))
    left_out = [*context.left_out_of(view, day)]
    rows = [row for row in view.served.observations if row.opens <= day]
    if wanted is not None:
        found = [item for item in found if item.id == wanted]
        if not found and wanted not in left_out:
            raise NotYetError
        left_out = [one for one in left_out if one == wanted]
        names = {registry.target[wanted].indicator}
        rows = [row for row in rows if row.indicator in names]
    build = FILES[name][1]
    try:
        return Made(build(registry, found, rows), tuple(left_out))
    except UNCOUNTABLE as error:
        _log.warning("%s does not hold every target: %s", name, error)
    able = [item for item in found if _works(build, registry, [item], [])]
    countable = [row for row in rows if _works(build, registry, [], [row])]
    left_out += [item.id for item in found if item not in able]
    left_out += sorted({row.indicator for row in rows} - {row.indicator for row in countable})
    return Made(build(registry, able, countable), tuple(dict.fromkeys(left_out)))


def _works(build: Build, *parts: Any) -> bool:
    try:
        build(*parts)
    except UNCOUNTABLE:
        return False
    return True
