"""A shared address shows the target's own title, sentence and picture, and the picture has its words."""

import asyncio
import io
from html import escape

import pytest
from PIL import Image, ImageChops
from starlette.requests import Request

from dashboard import social
from dashboard.charts.social_card import Card, social_card, wrapped
from dashboard.charts.theme import LIGHT
from dashboard.wording.catalog import Words
from loaders.domain.method.status import Status

pytestmark = pytest.mark.usefixtures("sample")


def head(path, query="", language="ko", host="evil.example"):
    scope = {"path": path, "query_string": query.encode(), "scheme": "https", "headers": [(b"host", host.encode())]}
    return social.head_of(scope, Words(language))


def test_a_target_has_its_own_title_description_and_picture(monkeypatch):
    monkeypatch.setenv("KPI_BASE_URL", "https://kpi.example/")
    text = head("/target", "id=ai_talent&as_of=2026-11-23")
    assert "<title>AI 인재: 2024년 6월 값은 약속한 길보다 약 8개월 늦음 – 국가 AI 목표 현황판</title>" in text
    assert 'og:description" content="2024년 6월 AI 인재 5만 4,000명: 약속한 길보다 약 8개월 늦음.' in text
    assert "https://kpi.example/picture/ai_talent.png?lang=ko&amp;as_of=2026-11-23" in text
    english = head("/target", "id=ai_talent&as_of=2026-11-23", "en")
    assert "about 8 months behind the promised path" in english
    assert 'og:locale" content="en_GB"' in english


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("evil.example", "/picture"),
        ("127.0.0.1.evil.example", "/picture"),
        ("localhost@evil.example", "/picture"),
        ("evil.example:80", "/picture"),
        ('"><script>', "/picture"),
        ("127.0.0.1:8501", "https://127.0.0.1:8501/picture"),
        ("localhost:8501", "https://localhost:8501/picture"),
    ],
)
def test_no_host_that_a_request_names_enters_the_page(host, address, monkeypatch):
    monkeypatch.delenv("KPI_BASE_URL", raising=False)
    query = "id=ai_talent&as_of=2026-11-23"
    assert f'"{address}/ai_talent.png?lang=ko' in head("/target", query, host=host)
    monkeypatch.setattr(social, "absolute", lambda path, scheme, host: f"{scheme}://{host}{path}")
    assert f"https://{escape(host)}/picture" in head("/target", query, host=host), "control: as it was"


@pytest.mark.parametrize(("path", "query"), [("/", ""), ("/targets", "id=ai_talent"), ("/target", "id=<script>")])
def test_other_pages_have_the_dashboards_title_and_no_picture(path, query):
    text = head(path, query)
    assert "<title>국가 AI 목표 현황판</title>" in text
    assert "og:image" not in text
    assert "<script>" not in text


def picture(name, query=""):
    scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": query.encode()}
    return asyncio.run(social.picture(Request(scope | {"path_params": {"name": name}})))


def drawn(svg):
    return Image.open(io.BytesIO(social._png(svg))).convert("RGB")


def test_the_picture_is_a_png_with_text_in_it():
    answer = picture("ai_talent", "as_of=2026-11-23&lang=en")
    assert (answer.status_code, answer.media_type) == (200, "image/png")
    assert Image.open(io.BytesIO(answer.body)).size == (1200, 630)
    assert picture("nothing").status_code == 404


def test_hangul_is_drawn_and_not_dropped():
    """The control: without the packaged font the words vanish without a word."""
    card = Card("가", Status.ON_TRACK, "정상", "나", "다")
    bare = Card(" ", Status.ON_TRACK, " ", " ", " ")
    assert ImageChops.difference(drawn(social_card(card)), drawn(social_card(bare))).getbbox() is not None
    lost = social_card(card).replace("Pretendard GOV", "No Such Font")
    assert ImageChops.difference(drawn(lost), drawn(social_card(bare))).getbbox() is None


def test_long_names_are_wrapped_and_cut_with_a_sign():
    lines = wrapped("아주 긴 이름을 가진 목표 " * 8, 64, 2)
    assert len(lines) == 2
    assert lines[-1].endswith("…")
    assert wrapped("짧은 이름", 64, 2) == ["짧은 이름"]
    assert LIGHT.status[Status.OFF_TRACK] in social_card(Card("a", Status.OFF_TRACK, "b", "c", "d"))
