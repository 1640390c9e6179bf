"""`kpi registry`: what is done to the registry file as a whole."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from dashboard.cli import DEFAULT_DATA, NOTHING_READ


@click.group()
def registry() -> None:
    """Bring the registry to the present method."""


@registry.command()
@click.option("--data", "folder", type=click.Path(path_type=Path), default=None, help="Data folder.")
@click.option("--dry-run", is_flag=True, help="Say what would change and write nothing.")
def upgrade(folder: Path | None, dry_run: bool) -> None:
    """Rewrite a registry of method 1 for method 2 and explain each change in a line."""
    from loaders.dataset import load_dataset
    from loaders.registry import FILE_NAME
    from loaders.upgrade import read_text, write_upgrade
    from loaders.upgrade import upgrade as upgraded

    data = folder or DEFAULT_DATA
    dataset = load_dataset(data)
    if dataset.registry is None:
        for issue in dataset.report:
            click.echo(str(issue), err=True)
        sys.exit(NOTHING_READ)
    if not dataset.report.ok:
        click.echo("The registry has errors; mend them first: see kpi check.", err=True)
        sys.exit(1)
    try:
        found = upgraded(dataset, read_text(data / FILE_NAME)) if dry_run else write_upgrade(data)
    except (OSError, ValueError) as error:
        click.echo(f"Nothing was written: {error}", err=True)
        sys.exit(1)
    for one in found.edits:
        click.echo(f"{FILE_NAME}:{one.line}: {one.said}")
    for said in found.by_hand:
        click.echo(f"by hand: {said}")
    if found.by_hand and not dry_run:
        click.echo("Nothing was written: decide these by hand first.", err=True)
        sys.exit(1)
    if not found.edits and not found.by_hand:
        click.echo("The registry is of the present method; nothing to do.")
