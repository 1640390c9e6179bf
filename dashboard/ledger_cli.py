"""`kpi ledger`: verify, back up, restore and export what ministries submitted."""

from __future__ import annotations

import os
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dashboard.cli import DEFAULT_DATA, NOTHING_READ, data_option

if TYPE_CHECKING:
    from loaders.ledger.chain import Flaw
    from loaders.ledger.store import Ledger

PROBLEMS = {
    "not_embedded": "this ledger is on PostgreSQL: use pg_dump and pg_restore, then kpi ledger verify.",
    "exists": "{path} exists already; choose another name.",
    "missing": "there is no {path}.",
    "not_a_ledger": "{path} is not a ledger.",
    "damaged": "{path} is damaged.",
    "flawed": "the copy has {count} flaws, the first at entry {seq}: {flaw} {place}. A backup stays where it is and "
    "kpi ledger verify names them all; restore --force puts it in place all the same.",
}
FLAWS = {
    "gap": "entries before it are gone or out of order",
    "previous": "it does not follow the entry before it",
    "hash": "it was changed after it was written",
    "missing": "the log was longer: its end is gone, or an older file is in its place",
    "rewritten": "the log was another one when this entry was kept elsewhere",
    "unlogged": "no entry of the log knows this row",
    "absent": "the log knows this row, the table does not",
    "differs": "the log says something else",
    "digest": "the digest is not that of the figures",
    "unreadable": "it cannot be read",
    "role": "who did it did not have that role then, as far as the log knows",
    "unknown": "this release knows no such action",
    "lost": "the file is not there",
    "altered": "the file holds other bytes than were handed in",
}
"""What each code means."""
MOST_FLAWS = 50


@click.group()
def ledger() -> None:
    """Verify, back up, restore and export the ledger."""


@ledger.command()
@data_option
@click.option(
    "--anchors",
    "elsewhere",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="A copy of anchors.jsonl that was kept off this machine.",
)
def verify(folder: Path | None, elsewhere: Path | None) -> None:
    """Replay the log against every table, the kept heads and the attached files; exits 1 where something is wrong."""
    from loaders.ledger.anchors import ANCHORS, cuts
    from loaders.ledger.proof import verify_folder

    data = _data(folder)
    with closing(_open(data)) as held:
        found = verify_folder(held, data, elsewhere)
    counted = f"{found.head.count} entries, {found.receipts} receipts, {found.evidence} attached files"
    click.echo(f"{counted}, head {found.head.hash}")
    for cut in cuts(elsewhere or data / ANCHORS):
        click.echo(f"restored with --force at {cut.at}: entries {cut.head.count + 1} to {cut.known} are gone", err=True)
    if found.open_fields:
        click.echo(f"{found.open_fields} fields are older than what the log tells today; nothing proves them", err=True)
    for flaw in found.flaws[:MOST_FLAWS]:
        click.echo(flaw_text(flaw), err=True)
    if len(found.flaws) > MOST_FLAWS:
        click.echo(f"and {len(found.flaws) - MOST_FLAWS} more", err=True)
    if not found.sound:
        sys.exit(1)


def flaw_text(flaw: Flaw) -> str:
    """A flaw on one line: code, place, entry of the log, and what that means."""
    place = f"{flaw.table} {flaw.row}".strip() + (f" {flaw.field}" if flaw.field else "")
    entry = f" (entry {flaw.seq})" if flaw.seq else ""
    return f"{flaw.code}: {place}{entry}: {FLAWS[flaw.code]}".replace("\n", " ")


@ledger.command()
@data_option
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
def backup(folder: Path | None, target: Path) -> None:
    """Copy the ledger to TARGET and attached files to TARGET.evidence, verify both, keep the head of the chain."""
    from loaders.ledger import backup as copies

    data = _data(folder)
    try:
        with closing(_open(data)) as held:
            found = copies.backup(held, data, target)
    except copies.BackupError as error:
        raise click.UsageError(PROBLEMS[error.code].format(**error.parameters)) from None
    click.echo(f"{target}: {found.head.count} entries, {found.receipts} receipts, verified")
    click.echo(f"{copies.evidence_beside(target)}: {found.evidence} attached files; copy both")


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
    click.echo(f"restored {found.head.count} entries, {found.receipts} receipts, {found.evidence} attached files")
    for flaw in found.flaws[:MOST_FLAWS]:
        click.echo(flaw_text(flaw), err=True)


@ledger.command()
@data_option
def export(folder: Path | None) -> None:
    """Print every row as a line of JSON; passwords and sessions are left out."""
    from loaders.ledger.backup import export as lines

    with closing(_open(_data(folder))) as held:
        for line in lines(held):
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
