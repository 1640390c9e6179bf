"""Attaching a file on the entry page: it is on the disk before its value is handed in, or the page says that it is not."""

import hashlib
from pathlib import Path

import pytest
from ledger_world import TEXT, Desk, logged
from streamlit.testing.v1 import AppTest

from dashboard import context, desk
from dashboard.auth.viewer import Viewer
from loaders.domain.policy import Role
from loaders.ledger import evidence
from loaders.ledger.tables import versions

PAGE = Path(desk.__file__).parent / "views" / "entry.py"
RAW = b"minutes of the meeting"
NAME = hashlib.sha256(RAW).hexdigest()


@pytest.fixture
def served(tmp_path, monkeypatch, drawn):
    (tmp_path / "targets.yaml").write_text(TEXT, encoding="utf-8")
    monkeypatch.delenv("KPI_DATABASE_URL", raising=False)
    monkeypatch.setattr(context, "_folder", tmp_path)
    monkeypatch.setattr("dashboard.auth.viewer.current", lambda: Viewer("officer", "officer", Role.OFFICER, "msit"))
    desk.open_desk(tmp_path)
    logged(desk.ledger())
    yield tmp_path
    desk.close_desk()


def attached(served):
    test = AppTest.from_file(str(PAGE), default_timeout=60)
    test.query_params["id"], test.query_params["period"] = "unicorns", "2024"
    test.run()
    test.file_uploader[0].set_value(("회의록.pdf", RAW, "application/pdf"))
    return test.run()


def test_the_file_is_kept_before_anything_is_handed_in(served, drawn):
    test = attached(served)
    assert not test.exception
    assert evidence.read(desk.evidence_folder(), NAME) == RAW
    assert NAME in "\n".join(drawn)
    assert Desk(desk.ledger()).count(versions) == 0


def test_a_full_disk_is_said_in_words(served, drawn, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(evidence.private, "write_whole", full)
    test = attached(served)
    assert not test.exception
    assert [error.value for error in test.error] == [
        "첨부 파일을 저장하지 못했습니다. 파일은 첨부되지 않았습니다. 잠시 뒤 다시 시도하고, 계속되면 담당자에게 알려 주세요."
    ]
    assert NAME not in "\n".join(drawn), "the form does not claim to have it"
