"""How the server stands, for whoever watches it.

200 while what the server is there for can be had: a half that shows public pages answers 200 from its
snapshot, with `degraded` and the reason, because taking it out of service would take the pages away.
The desk half alone answers 503 while its ledger cannot be used. 503 too where no registry could ever be
read.
"""

from __future__ import annotations

from typing import Any

from dashboard import context, desk
from dashboard.trouble import Trouble


def health() -> tuple[dict[str, Any], int]:
    """Body and status of `/healthz`."""
    view, looked = context.view(), context.looked()
    served = view.served.registry
    status = "ok"
    if served is None:
        status = "no_registry"
    elif looked.files is not None or looked.ledger is not None:
        status = "degraded"
    body: dict[str, Any] = {
        "status": status,
        "targets": len(served.targets) if served else 0,
        "problems": len(view.found.report.errors),
        "registry": view.version,
        "files": _told(looked.files) | {"last_good": view.last_good, "verified": looked.files_at or None},
        "ledger": _told(looked.ledger) | {"verified": looked.ledger_at or None, "followed": looked.followed},
        "snapshot": looked.kept,
    }
    closed = desk.mode() is desk.Mode.DESK and looked.ledger is not None
    return body, 503 if served is None or closed else 200


def _told(trouble: Trouble | None) -> dict[str, Any]:
    if trouble is None:
        return {"code": None, "since": None}
    return {"code": trouble.code, "since": trouble.since}
