"""Forms sent to a route as a browser sends them."""

import asyncio

from starlette.requests import Request

PASSWORD = "correct horse battery"


def post(route, body="", origin="http://kpi.kr", cookie="", client=None):
    headers = [(b"host", b"kpi.kr"), (b"cookie", cookie.encode())]
    headers += [(b"origin", origin.encode())] if origin else []

    async def receive():
        return {"type": "http.request", "body": body.encode(), "more_body": False}

    scope = {"type": "http", "method": "POST", "path": "/", "scheme": "http", "query_string": b"", "headers": headers}
    scope |= {"client": client}
    return asyncio.run(route(Request(scope, receive)))


GOOD = f"name=kim&password={PASSWORD.replace(' ', '+')}&next=/desk"
