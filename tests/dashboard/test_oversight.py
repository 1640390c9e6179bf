"""What the secretariat is told of overdue statistics: whom to remind, and where there is no ministry to remind."""

import html
import re

import pytest
from builders import a_target
from desk_pages import opened
from ledger_world import TEXT

from dashboard import context
from dashboard.components import oversight

PRODUCER = "{indicator: unicorns, frequency: annual, release_lag_days: 60, grace_days: 30, producer: {ko: 먼 나라 연구소, en: Institute}}"


@pytest.fixture
def told(board, drawn):
    def read(series=None):
        folder = context.folder()
        text = TEXT
        if series:
            first, rest = TEXT.split("  - id: robots", 1)
            head = first.split("targets:\n")[0] + "targets:\n"
            text = head + a_target("unicorns", lead="msit", series=series) + "  - id: robots" + rest
        (folder / "targets.yaml").write_text(text, encoding="utf-8")
        context.use_folder(folder)
        board.become("reviewer")
        drawn.clear()
        test = opened("review")
        assert not test.exception, test.exception
        whole = html.unescape(re.sub(r"<[^>]+>", " ", "".join(drawn)))
        return " ".join(whole.split()).split("나왔어야 할 통계")[1][:400]

    return read


def test_the_ministry_that_answers_is_reminded(told):
    assert "과기정통부 담당자께: ‘유니콘’의 2025 값이 2026-03-31까지" in told()


def test_of_an_index_that_an_institute_publishes_no_ministry_is_reminded(told):
    text = told(PRODUCER)
    assert "먼 나라 연구소의 발표입니다. 부처에 물을 값이 아닙니다." in text
    assert "담당자께" not in text


def test_without_the_rule_it_would_be(told, monkeypatch):
    """The control: whoever answers for the goal is asked for the institute's index."""
    monkeypatch.setattr(oversight, "owes", lambda registry, target, day: [registry.ministry["msit"]])
    assert "과기정통부 담당자께" in told(PRODUCER)
