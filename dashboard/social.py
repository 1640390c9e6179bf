"""How a page presents itself where its address is shared: title, description and picture of a target."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from html import escape
from pathlib import Path
from urllib.parse import parse_qs, urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from dashboard import context, state
from dashboard.assets import FONTS
from dashboard.charts.social_card import HEIGHT, WIDTH, Card, social_card
from dashboard.desk import today
from dashboard.site_address import absolute
from dashboard.wording.catalog import DEFAULT_LANGUAGE, LANGUAGES, Words
from dashboard.wording.format import date_text
from dashboard.wording.sentences import Speaker
from loaders.assessment import Assessment
from loaders.domain.period import parse_period

PATH = "/picture"
FONT = FONTS / "PretendardGOV-SemiBold.subset.ttf"
_HOUR = "public, max-age=3600"


def head_of(scope: Scope, words: Words) -> str:
    """Title and description for the page's head; of the target where the address names one."""
    found = _asked(scope)
    title, text = words("app.title"), words("app.description")
    picture = ""
    if found is not None:
        item, day, say = *found, _speaker(words)
        title = f"{say.name(item.target)}: {say.said(item)} – {title}"
        text = say.headline(item)
        query = urlencode({state.LANGUAGE: words.language, state.AS_OF: day.isoformat()})
        host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
        address = absolute(f"{PATH}/{item.id}.png?{query}", scope["scheme"], host)
        about = {"image": address, "image:width": WIDTH, "image:height": HEIGHT, "image:alt": text}
        picture = "".join(_property(f"og:{key}", str(value)) for key, value in about.items())
        picture += '<meta name="twitter:card" content="summary_large_image">'
    locale = {"ko": "ko_KR", "en": "en_GB"}[words.language]
    about = {"type": "website", "locale": locale, "site_name": words("app.title"), "title": title, "description": text}
    shared = "".join(_property(f"og:{key}", value) for key, value in about.items())
    return f'<title>{escape(title)}</title><meta name="description" content="{escape(text)}">{shared}{picture}'


def _property(name: str, value: str) -> str:
    return f'<meta property="{name}" content="{escape(value)}">'


def _speaker(words: Words) -> Speaker:
    registry = context.registry()
    assert registry is not None, "a target was found in it"
    return Speaker(registry, words)


def _asked(scope: Scope) -> tuple[Assessment, date] | None:
    """The target that the address names, judged on the day it names; None without one."""
    if scope["path"].strip("/") != state.PAGES["target"]:
        return None
    query = parse_qs(scope["query_string"].decode("latin-1"))
    return _found(query.get(state.TARGET, [""])[0], query.get(state.AS_OF, [""])[0])


def _found(name: str, day_text: str) -> tuple[Assessment, date] | None:
    try:
        day = parse_period(day_text).end if day_text else today()
    except ValueError:
        day = today()
    item = next((one for one in context.assessments(day) if one.id == name), None)
    return None if item is None else (item, day)


async def picture(request: Request) -> Response:
    """The picture of one target as PNG; 404 where there is no such target on the day."""
    language = request.query_params.get(state.LANGUAGE, DEFAULT_LANGUAGE)
    found = _found(request.path_params["name"], request.query_params.get(state.AS_OF, ""))
    if found is None:
        return Response(status_code=404)
    item, day = found
    words = Words(language if language in LANGUAGES else DEFAULT_LANGUAGE)
    say = _speaker(words)
    foot = f"{words('app.title')} · {words('overview.as_of', date=date_text(day, words.language))}"
    card = Card(say.name(item.target), item.status, say.status(item), say.headline(item), foot)
    return Response(_png(social_card(card)), media_type="image/png", headers={"Cache-Control": _HOUR})


@lru_cache(maxsize=64)
def _png(svg: str) -> bytes:
    import resvg_py

    return bytes(resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True, font_files=[str(Path(FONT))]))
