"""Bring a ledger's database to the present form, from nothing or from an earlier one."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config

from loaders.ledger.store import Ledger

SCRIPTS = Path(__file__).parent / "migrations"


def migrate(ledger: Ledger) -> None:
    """Create or upgrade the tables; two processes that start at once take turns."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    # Alembic's own transaction would end SQLite's; `write` holds the one that all of it happens in.
    with ledger.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
