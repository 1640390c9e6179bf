"""`kpi ledger`: verify, back up, restore and export what ministries submitted."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from dashboard.cli import DEFAULT_DATA, NOTHING_READ, data_option

if TYPE_CHECKING:
    from loaders.ledger.errors import LostError
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
LOST = {
    "missing": "the ledger is gone: there was one here, and its file is not there.",
    "replaced": "the ledger's file was replaced meanwhile.",
    "empty": "the database holds no ledger, and there was one.",
    "other": "another ledger stands in the place of the one that was here.",
    "behind": "the ledger holds {have} entries and is known to have held {kept}: an older copy stands in its place.",
    "rewritten": "entry {seq} of the ledger is not the one that was kept.",
}
WAY_OUT = (
    "Put it back with kpi ledger restore BACKUP, or take the one that is there with kpi ledger adopt. "
    "Only where it is lost for good: move the folder local/ away, and a new ledger is made."
)


def lost(error: LostError) -> NoReturn:
    """End with what happened to the ledger and the way out."""
    click.echo(f"Error: {LOST[error.how].format(**error.parameters)} {WAY_OUT}", err=True)
    sys.exit(NOTHING_READ)


@click.group()
def ledger() -> None:
    """Verify, back up, restore and export the ledger."""


@ledger.command()
@data_option
def verify(folder: Path | None) -> None:
    """Check the audit chain, its kept heads and every receipt; exits 1 where something is wrong."""
    from loaders.ledger import backup

    data = _data(folder)
    held = _open(data)
    not_it = _not_the_one(held, data)
    if not_it is not None and not_it.how == "empty":
        lost(not_it)
    found = backup.verify(held, backup.anchors(data))
    click.echo(f"{found.head.count} entries, {found.receipts} receipts, head {found.head.hash}")
    if found.flaw is not None:
        click.echo(f"the chain breaks at entry {found.flaw.seq}: {found.flaw.code}", err=True)
    if found.orphans:
        click.echo(f"{found.orphans} receipts have no audit row", err=True)
    if not_it is not None:
        click.echo(f"{LOST[not_it.how].format(**not_it.parameters)} {WAY_OUT}", err=True)
    if found.flaw is not None or found.orphans or not_it is not None:
        sys.exit(1)


@ledger.command()
@data_option
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
def backup(folder: Path | None, target: Path) -> None:
    """Copy the ledger to TARGET, verify the copy, and keep the head of its chain."""
    from loaders.ledger import backup as copies

    data = _data(folder)
    held = _open(data)
    not_it = _not_the_one(held, data)
    if not_it is not None:
        lost(not_it)
    try:
        found = copies.backup(held, data, target)
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
@click.option("--force", is_flag=True, help="Even where it is shorter than what is known to have existed.")
def adopt(folder: Path | None, force: bool) -> None:
    """Go on with the ledger that is there: after a restoration by other means than kpi ledger restore."""
    from loaders.ledger import backup as copies
    from loaders.ledger.identity import renewed, write_identity

    data = _data(folder)
    held = _open(data)
    found = copies.verify(held, [] if force else copies.anchors(data))
    if found.flaw is not None:
        told = f"the audit chain breaks at entry {found.flaw.seq} ({found.flaw.code})"
        raise click.UsageError(f"{told}; --force takes it where only the end is missing.")
    with held.read() as connection:
        write_identity(data, renewed(connection, copies.anchors(data)))
    click.echo(f"{found.head.count} entries, {found.receipts} receipts: the ledger to go on with")


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
    """The ledger that is there, for looking at it; which one it is is another question (`_not_the_one`)."""
    from loaders.ledger.errors import LostError
    from loaders.ledger.opening import gone
    from loaders.ledger.store import FILE, address_of, open_ledger

    configured = os.environ.get("KPI_DATABASE_URL")
    if gone(data, configured):
        lost(LostError(how="missing"))
    if not configured and not (data / FILE).exists():
        click.echo("there is no ledger yet: kpi user add opens the desk", err=True)
        sys.exit(NOTHING_READ)
    return open_ledger(address_of(data, configured))


def _not_the_one(held: Ledger, data: Path) -> LostError | None:
    """Why the ledger is not the one that the folder had before; None where it is, and then it is brought up to date."""
    from loaders.ledger.errors import LostError
    from loaders.ledger.migrate import migrate
    from loaders.ledger.opening import identify

    try:
        identify(held, data)
    except LostError as error:
        return error
    migrate(held)
    return None
