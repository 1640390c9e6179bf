"""Signing in and out of local accounts: two forms that post, one cookie that scripts cannot read."""

from __future__ import annotations

from functools import lru_cache, partial
from urllib.parse import parse_qs, urlencode, urlsplit

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from dashboard import desk
from dashboard.auth.attached import evidence
from dashboard.auth.viewer import COOKIE
from loaders.ledger.accounts import ABSOLUTE, AccountError, sign_in, sign_out

SIGN_IN, SIGN_OUT = "/auth/sign-in", "/auth/sign-out"
PAGE = "/sign-in"
ATTACHED = "/auth/evidence"
MAX_FORM = 4096
SEE_OTHER = 303
MOST_AT_ONCE = 2
"""Passwords tried at the same time: each takes 64 MiB and a core for a moment."""


async def post_sign_in(request: Request) -> Response:
    """Open a session, or send back to the form with the reason."""
    ledger, refused = desk.ledger(), _refusal(request)
    if ledger is None or refused is not None:
        return refused or _closed()
    form = await _form(request)
    where = local_path(form.get("next", "/desk"))
    try:
        proved = partial(sign_in, ledger, form.get("name", "").strip(), form.get("password", ""))
        token = await to_thread.run_sync(proved, limiter=_limiter())
    except AccountError as error:
        query = urlencode({"problem": error.code, "next": where, **_language(form)})
        return RedirectResponse(f"{PAGE}?{query}", status_code=SEE_OTHER)
    answer = RedirectResponse(where, status_code=SEE_OTHER)
    answer.set_cookie(
        COOKIE,
        token,
        max_age=int(ABSOLUTE.total_seconds()),
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )
    return answer


async def post_sign_out(request: Request) -> Response:
    """End the session on the server and in the browser."""
    ledger, refused = desk.ledger(), _refusal(request)
    if ledger is None or refused is not None:
        return refused or _closed()
    token = request.cookies.get(COOKIE)
    if token:
        sign_out(ledger, token)
    answer = RedirectResponse("/", status_code=SEE_OTHER)
    answer.delete_cookie(COOKIE, path="/")
    return answer


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


@lru_cache(maxsize=1)
def _limiter() -> CapacityLimiter:
    return CapacityLimiter(MOST_AT_ONCE)


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


def local_path(text: str) -> str:
    """``text`` where it is a path on this host, the desk otherwise: no form sends anybody elsewhere."""
    parts = urlsplit(text)
    is_local = text.startswith("/") and not text.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return text if is_local and text.isprintable() else "/desk"


async def _form(request: Request) -> dict[str, str]:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MAX_FORM:
            return {}
    return {key: values[0].replace("\0", "") for key, values in parse_qs(body.decode("utf-8", "replace")).items()}


def _language(form: dict[str, str]) -> dict[str, str]:
    return {"lang": form["lang"]} if form.get("lang") else {}
