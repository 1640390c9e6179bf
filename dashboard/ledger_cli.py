"""`kpi ledger`: verify, back up, restore and export what ministries submitted."""

from __future__ import annotations

import os
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from dashboard.cli import DEFAULT_DATA, NOTHING_READ, data_option

if TYPE_CHECKING:
    from loaders.ledger.chain import Flaw
    from loaders.ledger.errors import LostError
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


def lost(error: LostError) -> NoReturn:
    """End with what happened to the ledger and the way out."""
    click.echo(f"Error: {LOST[error.how].format(**error.parameters)} {WAY_OUT}", err=True)
    sys.exit(NOTHING_READ)


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
    held = _open(data)
    not_it = _not_the_one(held, data)
    if not_it is not None and not_it.how == "empty":
        lost(not_it)
    with closing(held):
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
    if not_it is not None:
        click.echo(f"{LOST[not_it.how].format(**not_it.parameters)} {WAY_OUT}", err=True)
    if not found.sound or not_it is not None:
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
    held = _open(data)
    not_it = _not_the_one(held, data)
    if not_it is not None:
        lost(not_it)
    try:
        with closing(held):
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
@click.option("--force", is_flag=True, help="Even where it is shorter than what is known to have existed.")
def adopt(folder: Path | None, force: bool) -> None:
    """Go on with the ledger that is there: after a restoration by other means than kpi ledger restore."""
    from loaders.ledger.anchors import ANCHORS, keep
    from loaders.ledger.identity import renewed, write_identity
    from loaders.ledger.proof import verify_folder

    data = _data(folder)
    with closing(_open(data)) as held:
        found = verify_folder(held, data)
        if not found.sound and not force:
            first = flaw_text(found.flaws[0])
            raise click.UsageError(f"{len(found.flaws)} flaws, the first: {first}; --force takes it all the same.")
        if force:
            keep(data / ANCHORS, found.head, held.now(), forced=True)
        with held.read() as connection:
            write_identity(data, renewed(connection))
    click.echo(f"{found.head.count} entries, {found.receipts} receipts: the ledger to go on with")


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
