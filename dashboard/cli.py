"""`kpi`: check, status and serve. Heavy imports stay inside the verbs.

Exit codes: 0 without errors, 1 with errors in the data, 2 where nothing could be read or the
command itself was wrong. No traceback reaches the user.
"""

from __future__ import annotations

import gc
import os
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from loaders.dataset import Dataset

# Looking for pydantic plugins would read the metadata of every installed package at each start.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")

DEFAULT_DATA = Path(__file__).resolve().parent.parent / "data"
NOTHING_READ = 2
LEDGER = Path("local") / "ledger.sqlite3"
"""The embedded ledger, as `loaders.ledger.store` names it; not asked for there, because that takes long."""
IDENTITY, ANCHORS = Path("local") / "ledger.identity", Path("local") / "anchors.jsonl"
"""What says that there was one, as `loaders.ledger.identity` and `loaders.ledger.backup` name it."""

data_option = click.option(
    "--data", "folder", type=click.Path(path_type=Path), default=None, help="Data folder (targets.yaml, actuals/*.csv)."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="kpi-targets")
def main() -> None:
    """Track national targets: check the registry, print how every target stands, serve the dashboard."""


@main.command()
@data_option
@click.option(
    "--sources",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="KPI_SOURCES",
    help="Folder of the documents' texts: prove each printed figure on its lines.",
)
@click.option("--record", is_flag=True, help="Record the versions as published (data/published.csv).")
def check(folder: Path | None, sources: Path | None, record: bool) -> None:
    """Print every problem of the data folder, one per line: path:line:column: code message."""
    if sources is not None and not sources.is_dir():
        raise click.UsageError(f"--sources: {sources} is not a folder.")
    dataset = _load(folder, sources)
    for issue in dataset.report:
        click.echo(str(issue))
    registry = dataset.registry
    if registry is None:
        sys.exit(NOTHING_READ)
    if not dataset.report.ok:
        click.echo(f"{len(dataset.report.errors)} errors", err=True)
        sys.exit(1)
    versions = sum(len(target.versions) for target in registry.targets)
    summary = f"{len(registry.targets)} targets, {versions} versions, {len(dataset.observations)} values: no errors"
    if sources is not None:
        summary += f"; {dataset.proved} printed figures found on their lines"
    click.echo(summary, err=True)
    if record:
        from loaders.traceability import write_published

        changed = write_published(registry, folder or DEFAULT_DATA)
        click.echo(f"{changed} versions recorded as published", err=True)


@main.command()
@data_option
@click.option(
    "--as-of", "as_of", default=None, metavar="DATE", help="Judge by what was known on that day (2026-01-31)."
)
@click.option("--since", default=None, metavar="DATE", help="Print what changed since that day, and why.")
@click.option("--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True)
@click.option("--lang", type=click.Choice(["ko", "en"]), default="ko", show_default=True, help="Language of the table.")
@click.argument("targets", nargs=-1, metavar="[TARGET]...")
def status(
    folder: Path | None, as_of: str | None, since: str | None, form: str, lang: str, targets: tuple[str, ...]
) -> None:
    """Print how the targets stand: their status, numbers and reasons."""
    from dashboard.status_output import write_changes, write_status

    day = _day(as_of)
    start = _day(since, "--since") if since else None
    if start is not None and start > day:
        raise click.UsageError(f"--since: {start} lies after {day}.")
    dataset = _with_released(_load(folder), folder)
    if dataset.registry is None:
        for issue in dataset.report:
            click.echo(str(issue), err=True)
        sys.exit(NOTHING_READ)
    unknown = [name for name in targets if name not in dataset.registry.target]
    if unknown:
        from difflib import get_close_matches

        close = get_close_matches(unknown[0], list(dataset.registry.target), n=1)
        hint = f' Did you mean "{close[0]}"?' if close else ""
        raise click.UsageError(f'there is no healthy target "{unknown[0]}".{hint}')
    if start is None:
        click.echo(write_status(dataset, day, form, lang, targets), nl=False)
    else:
        click.echo(write_changes(dataset, start, day, form, lang, targets), nl=False)
    if not dataset.report.ok:
        click.echo(f"{len(dataset.report.errors)} errors in the data: see kpi check", err=True)
        sys.exit(1)


@main.command()
@data_option
@click.option("--port", type=click.IntRange(1, 65535), default=8501, show_default=True)
@click.option("--address", default="127.0.0.1", show_default=True)
@click.option("--public", "half", flag_value="public", help="Read-only: no desk, no uploader, no secrets.")
@click.option("--desk", "half", flag_value="desk", help="The other half: everybody signs in first.")
def serve(folder: Path | None, port: int, address: str, half: str | None) -> None:
    """Start the dashboard: both halves on one machine, or one of them."""
    from dashboard.auth.oidc import OidcSettingsError
    from dashboard.desk import ClosedDeskError, Mode
    from dashboard.server import run

    data = (folder or DEFAULT_DATA).resolve()
    if not data.is_dir():
        raise click.UsageError(f"--data: {data} is not a folder.")
    try:
        run(data, address=address, port=port, mode=Mode(half or "both"))
    except OidcSettingsError as error:
        raise click.UsageError(f"KPI_SIGN_IN=oidc: {error}.") from None
    except ClosedDeskError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(NOTHING_READ)


def _day(text: str | None, option: str = "--as-of") -> date:
    if text is None:
        return date.today()
    from loaders.domain.period import parse_period

    try:
        return parse_period(text).end
    except ValueError as error:
        raise click.UsageError(f"{option}: {error}.") from None


def _load(folder: Path | None, sources: Path | None = None) -> Dataset:
    # A short command ends before garbage matters. Collecting it while importing costs a tenth of the time,
    # and a last collection when the interpreter ends would cost more than reading the data.
    gc.disable()
    from loaders.dataset import load_dataset

    dataset = load_dataset(folder or DEFAULT_DATA, sources=sources, label=_label(folder))
    gc.freeze()
    return dataset


def _with_released(dataset: Dataset, folder: Path | None) -> Dataset:
    """The data with what has been released from the ledger, where there is one."""
    configured = os.environ.get("KPI_DATABASE_URL")
    data = folder or DEFAULT_DATA
    if not configured and not any((data / path).exists() for path in (LEDGER, IDENTITY, ANCHORS)):
        return dataset
    from dataclasses import replace

    from dashboard.ledger_cli import lost
    from loaders.ledger.anchors import anchors
    from loaders.ledger.errors import FlawedError, LostError
    from loaders.ledger.opening import identify
    from loaders.ledger.published import released
    from loaders.ledger.store import address_of, open_ledger

    ledger = open_ledger(address_of(data, configured), read_only=True)
    try:
        identify(ledger, data)
        return replace(dataset, observations=(*dataset.observations, *released(ledger, anchors(data))))
    except LostError as error:
        lost(error)
    except FlawedError as error:
        click.echo(f"what is released does not verify ({error.parameters['rows']}): see kpi ledger verify", err=True)
        sys.exit(NOTHING_READ)
    finally:
        ledger.close()


def _label(folder: Path | None) -> str:
    """The folder as messages print it: as given, else relative to where the user stands."""
    if folder is not None:
        return str(folder)
    return os.path.relpath(DEFAULT_DATA)


class _Later(click.Group):
    """A group of verbs whose module is read only when it is asked for: `kpi check` must start fast."""

    def __init__(self, name: str, module: str, text: str) -> None:
        super().__init__(name, help=text)
        self._module = module

    def _group(self) -> click.Group:
        from importlib import import_module

        return getattr(import_module(self._module), self.name or "")

    def list_commands(self, ctx: click.Context) -> list[str]:
        return self._group().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return self._group().get_command(ctx, cmd_name)


main.add_command(_Later("user", "dashboard.user_cli", "Add, change and list the accounts of the desk."))
main.add_command(_Later("ledger", "dashboard.ledger_cli", "Verify, back up, restore and export the ledger."))


if __name__ == "__main__":
    main()
