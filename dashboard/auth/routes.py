"""Signing in and out of local accounts: two forms that post, two cookies that scripts cannot read."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from urllib.parse import parse_qs, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from dashboard import desk
from dashboard.auth.attached import evidence
from dashboard.auth.trouble import TROUBLE, cause_of
from dashboard.auth.viewer import COOKIE
from dashboard.local_address import local_or
from dashboard.off_loop import LateError, off_loop
from loaders.ledger import browsers
from loaders.ledger.accounts import ABSOLUTE, AccountError, sign_out
from loaders.ledger.sign_in import Visit, sign_in

SIGN_IN, SIGN_OUT = "/auth/sign-in", "/auth/sign-out"
PAGE, DESK = "/sign-in", "/desk"
ATTACHED = "/auth/evidence"
MAX_FORM = 4096
SEE_OTHER = 303
KNOWN = "kpi_known"
"""Cookie of a browser that signed in before; it goes to the sign-in and nowhere else, and opens nothing."""
MOST_TOKENS, TOKEN_MARK = 4, "."
"""Accounts of one browser."""


async def post_sign_in(request: Request) -> Response:
    """Open a session, or send back to the form with the reason."""
    ledger, refused = desk.ledger(), _refusal(request)
    if ledger is None or refused is not None:
        return refused or _closed()
    form = await _form(request)
    back = {"next": local_or(form.get("next"), DESK), **_language(form)}
    visit = Visit(request.client.host if request.client else "", known_tokens(request), secrets.token_urlsafe(32))
    try:
        token = await off_loop(partial(sign_in, ledger, form.get("name", ""), form.get("password", ""), visit))
    except AccountError as error:
        return _back({"problem": error.code, **error.parameters, **back})
    except TROUBLE as error:
        return _back({"problem": "ledger", "cause": cause_of(error), **back})
    answer = RedirectResponse(back["next"], status_code=SEE_OTHER)
    _keep(request, answer, COOKIE, token, ABSOLUTE, "/")
    tokens = TOKEN_MARK.join([visit.browser, *visit.known][:MOST_TOKENS])
    _keep(request, answer, KNOWN, tokens, browsers.KEPT, SIGN_IN)
    return answer


async def post_sign_out(request: Request) -> Response:
    """End the session on the server and in the browser; without one nothing is asked of the ledger."""
    ledger, refused = desk.ledger(), _refusal(request)
    if ledger is None or refused is not None:
        return refused or _closed()
    token = request.cookies.get(COOKIE)
    if token:
        form = await _form(request)
        try:
            await off_loop(partial(sign_out, ledger, token))
        except TROUBLE as error:
            # The browser keeps its cookie: without it nobody could end the session that goes on.
            unknown = isinstance(error, LateError) and error.begun
            problem = "out_unknown" if unknown else "out"
            return _back({"problem": problem, "cause": cause_of(error), **_language(form)})
    answer = RedirectResponse("/", status_code=SEE_OTHER)
    answer.delete_cookie(COOKIE, path="/")
    return answer


def known_tokens(request: Request) -> tuple[str, ...]:
    """The tokens of known browsers that came along, one for each account that signed in here."""
    found = request.cookies.get(KNOWN, "").split(TOKEN_MARK)
    return tuple(one for one in found if one)[:MOST_TOKENS]


def _keep(request: Request, answer: Response, name: str, value: str, age: timedelta, path: str) -> None:
    answer.set_cookie(
        name,
        value,
        max_age=int(age.total_seconds()),
        path=path,
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )


def _back(query: Mapping[str, str | int]) -> Response:
    return RedirectResponse(f"{PAGE}?{urlencode(query)}", status_code=SEE_OTHER)


def served() -> list[Route]:
    """The routes of a server with a desk. Every method comes here: what is not taken falls to Streamlit's own page."""
    posts = ((SIGN_IN, post_sign_in), (SIGN_OUT, post_sign_out))
    every = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
    return [
        *(Route(path, answer, methods=every) for path, answer in posts),
        Route(f"{ATTACHED}/{{name}}", evidence),
    ]


def _closed() -> Response:
    """Where there is no ledger to ask: to the page that says why, or nowhere on a server without a desk."""
    return RedirectResponse(PAGE, status_code=SEE_OTHER) if desk.trouble() else Response(status_code=404)


def _refusal(request: Request) -> Response | None:
    """Why a form is not looked at: sent with another method, or by another site."""
    if request.method != "POST":
        return Response(status_code=405, headers={"Allow": "POST"})
    if not same_origin(request):
        return PlainTextResponse("This form was sent from another site.", status_code=403)
    return None


def same_origin(request: Request) -> bool:
    """True where the browser says that one of our own pages sent the form."""
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc == request.headers.get("host")


async def _form(request: Request) -> dict[str, str]:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MAX_FORM:
            return {}
    return {key: values[0].replace("\0", "") for key, values in parse_qs(body.decode("utf-8", "replace")).items()}


def _language(form: dict[str, str]) -> dict[str, str]:
    return {"lang": form["lang"]} if form.get("lang") else {}
