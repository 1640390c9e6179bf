"""The audit page and `kpi ledger verify` say the same of the ledger."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from ledger_world import TEXT, Desk, logged
from streamlit.testing.v1 import AppTest

from dashboard import context, desk, verification
from dashboard.auth.viewer import Viewer
from dashboard.cli import main
from dashboard.components.soundness import MOST_FLAWS
from dashboard.ledger_cli import FLAWS
from dashboard.wording.catalog import Words, catalog
from loaders.domain.policy import Role
from loaders.ledger.tables import receipts, versions

PAGE = Path(desk.__file__).parent / "views" / "audit.py"


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A served data folder with three values in its ledger, seen by the auditor."""
    (tmp_path / "targets.yaml").write_text(TEXT, encoding="utf-8")
    monkeypatch.delenv("KPI_DATABASE_URL", raising=False)
    monkeypatch.setattr(context, "_folder", tmp_path)
    monkeypatch.setattr("dashboard.auth.viewer.current", lambda: Viewer("auditor", "auditor", Role.AUDITOR))
    desk.open_desk(tmp_path)
    work = Desk(logged(desk.ledger()))
    for period in ("2022", "2023", "2024"):
        work.submit(period=period)
    yield tmp_path
    desk.close_desk()


def shown(drawn, monkeypatch):
    """What the page says now, whatever it found a moment ago."""
    monkeypatch.setattr(verification, "_seen", None)
    drawn.clear()
    test = AppTest.from_file(str(PAGE), default_timeout=30).run()
    assert not test.exception
    return "\n".join(drawn)


def verified(data):
    return CliRunner().invoke(main, ["ledger", "verify", "--data", str(data)])


def test_page_and_command_agree(data, drawn, monkeypatch):
    assert verified(data).exit_code == 0
    assert "접수증 3건과 모든 표, 첨부 파일 0개가 기록과 같습니다" in shown(drawn, monkeypatch)
    with desk.ledger().write() as connection:
        connection.exec_driver_sql("DROP TRIGGER version_no_update")
        connection.execute(versions.update().where(versions.c.number == 1).values(note="987654321"))
    command, page = verified(data), shown(drawn, monkeypatch)
    assert command.exit_code == 1
    assert len(command.stderr.splitlines()) == 6, "three values, each with another note than logged and than its digest"
    assert "기록과 표가 맞지 않는 곳이 6곳 있습니다" in page
    assert page.count("<li>version ") == 6
    assert "version 1 note (기록 12): 기록과 다릅니다." in page


def test_a_chain_that_is_whole_is_not_yet_a_sound_ledger(data, drawn, monkeypatch):
    """The control: looking at the chain alone, as the page did, finds nothing here."""
    from loaders.ledger import proof

    with desk.ledger().write() as connection:
        connection.exec_driver_sql("DROP TRIGGER version_no_update")
        connection.execute(versions.update().values(value="987654321"))
    monkeypatch.setattr(proof, "compare", lambda *_: [])
    assert "기록과 같습니다" in shown(drawn, monkeypatch)


def test_of_very_many_flaws_the_first_are_listed(data, drawn, monkeypatch):
    work = Desk(desk.ledger())
    for year in range(1960, 1960 + MOST_FLAWS):
        work.submit(period=str(year))
    with desk.ledger().write() as connection:
        connection.exec_driver_sql("DROP TRIGGER receipt_no_delete")
        connection.execute(receipts.delete())
    page = shown(drawn, monkeypatch)
    assert page.count("<li>receipt ") == MOST_FLAWS
    assert "그 밖에 3곳" in page
    assert verified(data).stderr.splitlines()[-1] == "and 3 more"


def test_every_code_has_its_words_on_the_page_and_in_the_command():
    codes = {key.removeprefix("audit.flaw.") for key in catalog("ko") if key.startswith("audit.flaw.")} - {"entry"}
    assert codes == set(FLAWS)


def test_a_search_does_not_walk_the_ledger_again(data, drawn, monkeypatch):
    shown(drawn, monkeypatch)
    looks = []
    monkeypatch.setattr(verification, "verify_folder", lambda *_: looks.append(1))
    AppTest.from_file(str(PAGE), default_timeout=30).run()
    assert looks == []
    monkeypatch.setattr(verification, "FRESH", -1.0)
    verification.latest(desk.ledger(), data)
    assert looks == [1]


def test_the_refusal_has_its_words():
    assert "검증" in Words("ko")("refused.flawed")
