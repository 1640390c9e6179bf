"""The packaged font is named in the head, served from here, and comes with its licence."""

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from dashboard import assets
from dashboard.document_head import rewritten

CLIENT = TestClient(Starlette(routes=[Route(f"{assets.PATH}/{{name}}", assets.font)]))


def test_every_face_in_the_head_is_served():
    head = rewritten(b'<html lang="en"><title>Streamlit</title>', "ko").decode()
    assert head.count("@font-face") == len(assets.FACES) == 2
    for _, name in assets.FACES:
        assert f"url({assets.PATH}/{name})" in head
        answer = CLIENT.get(f"{assets.PATH}/{name}")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "font/woff2")
        assert answer.content[:4] == b"wOF2"


def test_nothing_else_is_served_and_the_licence_is_packaged():
    for name in ("LICENSE.txt", "..%2F__init__.py", "none.woff2"):
        assert CLIENT.get(f"{assets.PATH}/{name}").status_code == 404
    assert "SIL Open Font License" in (assets.FONTS / "LICENSE.txt").read_text(encoding="utf-8")
