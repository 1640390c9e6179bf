"""The packaged font is named in the head, served from here, and comes with its licence."""

import asyncio
from html import unescape

import pytest
from starlette.requests import Request

from dashboard import assets
from dashboard.document_head import CHUNKS, rewritten


def get(name):
    """The answer of the font route and the file it sends."""
    request = Request({"type": "http", "method": "GET", "path": "/", "headers": [], "path_params": {"name": name}})
    return asyncio.run(assets.font(request))


def test_every_face_in_the_head_is_served():
    head = rewritten(b'<html lang="en"><title>Streamlit</title>', "ko", "<title>x</title>").decode()
    assert head.count("@font-face") == len(assets.FACES) == 2
    for _, name in assets.FACES:
        assert f"url({assets.PATH}/{name})" in head
        answer = get(name)
        assert (answer.status_code, answer.media_type) == (200, "font/woff2")
        assert answer.path.read_bytes()[:4] == b"wOF2"


@pytest.mark.parametrize("name", ["LICENSE.txt", "../__init__.py", "none.woff2", ""])
def test_nothing_else_is_served(name):
    assert get(name).status_code == 404


def test_the_licence_is_packaged():
    assert "SIL Open Font License" in (assets.FONTS / "LICENSE.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(("language", "title"), [("ko", "국가 AI 목표 현황판"), ("en", "Korea's National AI Targets")])
def test_the_page_says_whose_it_is_before_any_script_has_run(language, title):
    bare = b'<html lang="en"><title>Streamlit</title><noscript><p>agents</p></noscript><div id="root"></div>'
    page = unescape(rewritten(bare, language, "<title>x</title>").decode())
    assert f'<div id="root"><div class="kpi-waiting" role="status"><strong>{title}</strong>' in page
    assert "agents" not in page
    assert "/data-files/targets.csv" in page.split("<noscript>")[1].split("</noscript>")[0]


def test_streamlits_own_page_still_has_the_places_that_are_rewritten():
    page = rewritten((CHUNKS.parents[1] / "index.html").read_bytes(), "ko", "<title>x</title>").decode()
    assert '<html lang="ko">' in page
    assert "kpi-waiting" in page
    assert "agent API" not in page.split("<body>")[1]
    assert "<title>x</title>" in page
