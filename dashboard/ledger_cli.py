"""`kpi ledger`: verify, back up, restore and export what ministries submitted."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dashboard.cli import DEFAULT_DATA, NOTHING_READ, data_option

if TYPE_CHECKING:
    from loaders.ledger.store import Ledger

PROBLEMS = {
    "not_embedded": "this ledger is on PostgreSQL: use pg_dump and pg_restore, then kpi ledger verify.",
    "exists": "{path} exists already; choose another name.",
    "missing": "there is no {path}.",
    "not_a_ledger": "{path} is not a ledger.",
    "damaged": "{path} is damaged.",
    "flawed": "the audit chain breaks at entry {seq} ({flaw}); --force restores it all the same.",
    "orphans": "{count} receipts have no audit row.",
}


@click.group()
def ledger() -> None:
    """Verify, back up, restore and export the ledger."""


@ledger.command()
@data_option
def verify(folder: Path | None) -> None:
    """Check the audit chain, its kept heads and every receipt; exits 1 where something is wrong."""
    from loaders.ledger import backup

    data = _data(folder)
    found = backup.verify(_open(data), backup.anchors(data))
    click.echo(f"{found.head.count} entries, {found.receipts} receipts, head {found.head.hash}")
    if found.flaw is not None:
        click.echo(f"the chain breaks at entry {found.flaw.seq}: {found.flaw.code}", err=True)
    if found.orphans:
        click.echo(f"{found.orphans} receipts have no audit row", err=True)
    if found.flaw is not None or found.orphans:
        sys.exit(1)


@ledger.command()
@data_option
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
def backup(folder: Path | None, target: Path) -> None:
    """Copy the ledger to TARGET, verify the copy, and keep the head of its chain."""
    from loaders.ledger import backup as copies

    data = _data(folder)
    try:
        found = copies.backup(_open(data), data, target)
    except copies.BackupError as error:
        raise click.UsageError(PROBLEMS[error.code].format(**error.parameters)) from None
    click.echo(f"{target}: {found.head.count} entries, {found.receipts} receipts, verified")


@ledger.command()
@data_option
@click.argument("source", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--force", is_flag=True, help="Even where the backup is shorter than what is known to have existed.")
def restore(folder: Path | None, source: Path, force: bool) -> None:
    """Put a backup in the ledger's place; what was there is kept beside it. Stop the server first."""
    from loaders.ledger import backup as copies
    from loaders.ledger.store import FILE

    data = _data(folder)
    if os.environ.get("KPI_DATABASE_URL"):
        raise click.UsageError(PROBLEMS["not_embedded"])
    try:
        found = copies.restore(data, source, data / FILE, force=force)
    except copies.BackupError as error:
        raise click.UsageError(PROBLEMS[error.code].format(**error.parameters)) from None
    click.echo(f"restored {found.head.count} entries, {found.receipts} receipts")


@ledger.command()
@data_option
def export(folder: Path | None) -> None:
    """Print every row as a line of JSON; passwords and sessions are left out."""
    from loaders.ledger.backup import export as lines

    for line in lines(_open(_data(folder))):
        click.echo(line)


def _data(folder: Path | None) -> Path:
    data = (folder or DEFAULT_DATA).resolve()
    if not data.is_dir():
        raise click.UsageError(f"--data: {data} is not a folder.")
    return data


def _open(data: Path) -> Ledger:
    from loaders.ledger.migrate import migrate
    from loaders.ledger.store import FILE, address_of, open_ledger

    configured = os.environ.get("KPI_DATABASE_URL")
    if not configured and not (data / FILE).exists():
        click.echo("there is no ledger yet: kpi user add opens the desk", err=True)
        sys.exit(NOTHING_READ)
    found = open_ledger(address_of(data, configured))
    migrate(found)
    return found
