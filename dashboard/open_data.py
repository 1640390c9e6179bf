"""The open data's files: one route, the same tables as the command line, for any day."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from dashboard import context, state
from dashboard.desk import today
from loaders.assessment import Assessment
from loaders.domain.model import Registry
from loaders.domain.observation import Observation
from loaders.domain.period import parse_period
from loaders.exports.tables import observation_rows, status_rows, to_csv, to_xlsx, version_rows

PATH = "/data-files"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

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
    name, registry = request.path_params["name"], context.registry()
    if name not in FILES:
        return Response(status_code=404)
    if registry is None:
        return PlainTextResponse("The registry cannot be read.", status_code=503)
    text = request.query_params.get(state.AS_OF, "")
    try:
        day = parse_period(text).end if text else today()
    except ValueError as error:
        return PlainTextResponse(f"{state.AS_OF}: {error}.", status_code=400)
    found = list(context.assessments(day))
    rows = [row for row in context.serving().observations if row.opens <= day]
    wanted = request.query_params.get(state.TARGET)
    if wanted is not None:
        found = [item for item in found if item.id == wanted]
        names = {item.target.indicator for item in found}
        rows = [row for row in rows if row.indicator in names]
        if not found:
            return PlainTextResponse(f"{state.TARGET}: there is no such target on {day}.", status_code=404)
    media, build = FILES[name]
    stem, _, kind = name.partition(".")
    saved = f"{wanted or 'kpi'}-{stem}-{day.isoformat()}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{saved}"', "Cache-Control": "no-cache"}
    return Response(build(registry, found, rows), media_type=media, headers=headers)
