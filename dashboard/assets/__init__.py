"""Files that browsers fetch: fonts, served by the dashboard itself so that no request leaves the host."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response

FONTS = Path(__file__).parent / "fonts"
FACES = (("400", "PretendardGOV-Regular.subset.woff2"), ("500 700", "PretendardGOV-SemiBold.subset.woff2"))
"""Weights and files of Pretendard GOV 1.3.9 (SIL Open Font License, see fonts/LICENSE.txt)."""
PATH = "/assets/fonts"
_YEAR = "public, max-age=31536000, immutable"


def font_faces() -> str:
    """CSS rules of the packaged font; text shows in the reader's own font until it has come."""
    return "".join(
        f"@font-face{{font-family:'Pretendard GOV';font-weight:{weight};font-display:swap;"
        f"src:url({PATH}/{name}) format('woff2')}}"
        for weight, name in FACES
    )


async def font(request: Request) -> Response:
    """One of the packaged font files, and nothing else."""
    name = request.path_params["name"]
    if name not in {file for _, file in FACES}:
        return Response(status_code=404)
    return FileResponse(FONTS / name, media_type="font/woff2", headers={"Cache-Control": _YEAR})
