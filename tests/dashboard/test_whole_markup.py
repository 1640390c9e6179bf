"""What the markup of every page must hold: names for pictures, words and shapes for statuses, no raw keys."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import server
from dashboard.components.frame import BEHIND_THE_MENU, NAVIGATION
from dashboard.wording.catalog import Words

DAY = "2026-11-23"
TARGETS = ("ai_unicorns", "advanced_gpus", "imd_digital_rank", "enterprise_ai_adoption")
VISITS = [
    *((name, {}) for name in (*NAVIGATION, *BEHIND_THE_MENU)),
    *(("target", {"id": name}) for name in TARGETS),
    ("targets", {"view": "cards"}),
    ("overview", {"view": "wall"}),
    ("ministries", {"id": "msit"}),
    ("changes", {"since": "2024-09-26"}),
]


def unnamed_pictures(markup: str) -> list[str]:
    """Pictures that a screen reader can neither name nor skip."""
    found = [tag for tag in re.findall(r"<img\b[^>]*>", markup) if not re.search(r'\balt="[^"]+"', tag)]
    for tag, inner in re.findall(r"(<svg\b[^>]*>)(.*?)</svg>", markup, re.DOTALL):
        hidden = 'aria-hidden="true"' in tag
        named = 'role="img"' in tag and (re.search(r'aria-label="[^"]+"', tag) or re.search(r"<title>[^<]+<", inner))
        if not (hidden or named):
            found.append(tag)
    return found


def bare_statuses(markup: str) -> list[str]:
    """Coloured marks of a status that lack their shape or their word."""
    found = []
    for badge in re.findall(r'<span class="kpi-badge[^>]*>.*?</span>', markup, re.DOTALL):
        word = re.sub(r"<svg.*?</svg>", "", badge, flags=re.DOTALL)
        if "<path" not in badge or not re.sub(r"<[^>]*>", "", word).strip():
            found.append(badge)
    return found


def raw_keys(markup: str, words: Words) -> list[str]:
    """Keys of the catalogue that stand where their words should."""
    seen = re.sub(r"<[^>]*>", " ", markup)
    said = re.findall(r'(?:aria-label|title|alt)="([^"]*)"', markup)
    tokens = re.findall(r"\b[a-z_]+(?:\.[a-z_]+)+\b", " ".join([seen, *said]))
    return sorted({token for token in tokens if words.has(token)})


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_page(drawn, language):
    found = []
    words = Words(language)
    for page, query in VISITS:
        drawn.clear()
        test = AppTest.from_file(str(server.SCRIPT), default_timeout=120)
        for key, value in {"lang": language, "as_of": DAY, **query}.items():
            test.query_params[key] = value
        if page != "overview":
            test.switch_page(f"views/{page}.py")
        test.run()
        assert not test.exception, (page, test.exception)
        text = "".join(drawn)
        assert len(text) > 500, page
        found += [
            (page, query, what) for what in (*unnamed_pictures(text), *bare_statuses(text), *raw_keys(text, words))
        ]
    assert found == []


@pytest.mark.parametrize(
    "broken",
    [
        '<svg role="img"><path d="M0 0"/></svg>',
        '<svg><path d="M0 0"/></svg>',
        '<img src="/picture/ai_unicorns.png">',
        '<img src="/picture/ai_unicorns.png" alt="">',
    ],
)
def test_control_a_picture_without_a_name_is_found(broken):
    assert unnamed_pictures(broken)
    assert not unnamed_pictures('<svg role="img" aria-label="path"></svg><svg aria-hidden="true"></svg>')


@pytest.mark.parametrize(
    "broken",
    [
        '<span class="kpi-badge kpi-off_track">지연</span>',
        '<span class="kpi-badge kpi-off_track"><svg aria-hidden="true"><path d="M0 0"/></svg></span>',
    ],
)
def test_control_a_status_of_colour_alone_is_found(broken):
    assert bare_statuses(broken)


def test_control_a_key_that_was_not_translated_is_found():
    assert raw_keys("<p>nav.targets</p>", Words("ko")) == ["nav.targets"]
    assert raw_keys('<p title="nav.targets">목표 찾기 example.org</p>', Words("ko")) == ["nav.targets"]
