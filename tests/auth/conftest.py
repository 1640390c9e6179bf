"""One account, made once: a password's hash and a migration are dear, a copy of the file is not."""

import shutil

import pytest

from loaders.domain.policy import Role
from loaders.ledger.accounts import add_account
from loaders.ledger.migrate import migrate
from loaders.ledger.store import FILE, open_ledger

PASSWORD = "correct horse battery"


@pytest.fixture(scope="session")
def one_account(tmp_path_factory):
    made = tmp_path_factory.mktemp("one account") / "ledger.sqlite3"
    found = open_ledger(f"sqlite:///{made}")
    migrate(found)
    add_account(found, "kim", Role.OFFICER, "msit", password=PASSWORD, subject="kim@msit.kr", full_name="Kim Officer")
    found.close()
    return made


@pytest.fixture
def ledger_file(one_account, tmp_path):
    """A data folder's ledger in which Kim of MSIT may sign in."""
    (tmp_path / FILE).parent.mkdir(parents=True)
    return shutil.copy(one_account, tmp_path / FILE)
