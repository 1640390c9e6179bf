"""Addresses of sources: a browser may follow them, and nothing else may stand there."""

from pathlib import Path

import pytest
from builders import a_registry, observed, row

from dashboard.components import markup
from dashboard.components.provenance import source_links
from dashboard.wording.catalog import Words
from dashboard.wording.sentences import Speaker
from loaders.diagnostics import Report
from loaders.observations import read_observations
from loaders.web_address import LONGEST, is_web_address

GOOD = [
    "https://www.msit.go.kr/bbs/view.do?sCode=user&mId=113",
    "http://kosis.kr",
    "HTTPS://kosis.kr:8443/a#b",
    "https://과학기술.한국/문서?쪽=1",
    "https://[2001:db8::1]/x",
    "https://s.kr/" + "x" * (LONGEST - 13),
]
BAD = [
    "",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    " javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "file:///etc/passwd",
    "ftp://kosis.kr/x",
    "//kosis.kr/x",
    "/x",
    "kosis.kr",
    "https://",
    "https:///x",
    "https:kosis.kr",
    "https://kim:pw@kosis.kr/",
    "https://msit.go.kr@evil.example/",
    "https://msit.go.kr\\@evil.example/",
    "https://kosis.kr/a b",
    "https://kosis.kr/a\nb",
    "https://kosis.kr/\u202efdp",
    "https://kosis.kr/\u200b",
    "https://kosis.kr/\x00",
    "https://kosis.kr:x/",
    "https://kosis.kr:99999/",
    "https://[::1",
    "https://s.kr/" + "x" * LONGEST,
]


@pytest.mark.parametrize("text", GOOD)
def test_public_pages_are_addresses(text):
    assert is_web_address(text)
    assert f'href="{markup.escape(text)}"' in markup.outside(text, "S")


@pytest.mark.parametrize("text", BAD)
def test_everything_else_is_not_and_is_never_drawn_as_a_link(text):
    assert not is_web_address(text)
    assert markup.outside(text, "S") == "S"


@pytest.mark.parametrize("text", ["javascript:alert(1)", "data:text/html;x", "https://a@b.kr/"])
def test_a_file_of_actual_values_is_refused_with_its_place(text):
    report = Report()
    lines = "indicator,scope,period,value,status,published,known,source,url,note\n" + row("x", "2025", "1", url=text)
    assert read_observations(lines.encode(), "actuals/a.csv", report) == []
    assert [(issue.code, issue.place.line, issue.place.column) for issue in report] == [("actuals.url", 2, 9)]


def test_a_value_that_got_in_another_way_is_named_and_not_linked(monkeypatch):
    """An entry of the ledger from before the grammar, or one that was changed behind it."""
    from dataclasses import replace

    (one,) = observed(row("unicorns", "2025", "3"))
    forged = replace(one, sources=(("S", "javascript:alert(1)"),))
    say = Speaker(a_registry(), Words("ko"))
    assert source_links(forged, say) == "S"
    assert 'href="https://s.kr/x"' in source_links(one, say)
    monkeypatch.setattr(markup, "is_web_address", lambda _: True)
    assert "javascript:" in source_links(forged, say), "control: without the grammar it is drawn"


def test_one_place_draws_links_to_other_sites():
    code = Path(markup.__file__).parents[1]
    drawing = [file.name for file in code.rglob("*.py") if "noreferrer" in file.read_text(encoding="utf-8")]
    assert drawing == ["markup.py"]
