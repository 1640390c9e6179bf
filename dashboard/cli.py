"""`kpi`: check, status and serve. Heavy imports stay inside the verbs.

Exit codes: 0 without errors, 1 with errors in the data, 2 where nothing could be read or the
command itself was wrong. No traceback reaches the user.
"""

from __future__ import annotations

import gc
import os
import sys
from contextlib import nullcontext
from copy import copy
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from loaders.dataset import Dataset

# Looking for pydantic plugins would read the metadata of every installed package at each start.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")
# Seconds; without it PostgreSQL's library waits for ever for a host that does not answer.
os.environ.setdefault("PGCONNECT_TIMEOUT", "2")

DEFAULT_DATA = Path(__file__).resolve().parent.parent / "data"
NOTHING_READ = 2
LEDGER = Path("local") / "ledger.sqlite3"
"""The embedded ledger, as `loaders.ledger.store` names it; not asked for there, because that takes long."""
IDENTITY, ANCHORS = Path("local") / "ledger.identity", Path("local") / "anchors.jsonl"
"""What says that there was one, as `loaders.ledger.identity` and `loaders.ledger.backup` name it."""

data_option = click.option(
    "--data", "folder", type=click.Path(path_type=Path), default=None, help="Data folder (targets.yaml, actuals/*.csv)."
)


class _Kpi(click.Group):
    """The verbs; whatever fails in them is one line and exit code 2."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:
            from dashboard.cli_refusal import explained

            if os.environ.get("KPI_DEBUG"):
                raise
            raise explained(error) from error


@click.group(cls=_Kpi, context_settings={"help_option_names": ["-h", "--help"]})
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
@click.option("--record", is_flag=True, help="Record versions and values as published (data/published*.csv).")
def check(folder: Path | None, sources: Path | None, record: bool) -> None:
    """Print every problem of the data folder, one per line: path:line:column: code message."""
    if sources is not None and not sources.is_dir():
        raise click.UsageError(f"--sources: {sources} is not a folder.")
    dataset = _load(folder, sources, doubts=True)
    for issue in dataset.report:
        click.echo(str(issue))
    if dataset.report.rest:
        click.echo(f"{dataset.report.rest} more problems are not printed", err=True)
    registry = dataset.registry
    if registry is None:
        sys.exit(NOTHING_READ)
    if not dataset.report.ok:
        click.echo(f"{dataset.report.error_count} errors", err=True)
        sys.exit(1)
    versions = sum(len(target.versions) for target in registry.targets)
    summary = f"{len(registry.targets)} targets, {versions} versions, {len(dataset.observations)} values: no errors"
    if sources is not None:
        summary += f"; {dataset.proved} printed figures found on their lines"
    click.echo(summary, err=True)
    if record:
        from loaders.published_values import write_values
        from loaders.traceability import write_published

        where = folder or DEFAULT_DATA
        changed, values = write_published(registry, where), write_values(registry, dataset.observations, where)
        click.echo(f"{changed} versions and {values} values recorded as published", err=True)


@main.command()
@data_option
@click.option(
    "--as-of", "as_of", default=None, metavar="DATE", help="Judge by what was known on that day (2026-01-31)."
)
@click.option("--since", default=None, metavar="DATE", help="Print what changed since that day, and why.")
@click.option("--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True)
@click.option("--lang", type=click.Choice(["ko", "en"]), default="ko", show_default=True, help="Language of the table.")
@click.option(
    "--method",
    type=click.IntRange(1, 2),
    default=2,
    show_default=True,
    help="1 prints the verdicts of the method before outcomes, for comparison.",
)
@click.argument("targets", nargs=-1, metavar="[TARGET]...")
def status(
    folder: Path | None,
    as_of: str | None,
    since: str | None,
    form: str,
    lang: str,
    method: int,
    targets: tuple[str, ...],
) -> None:
    """Print how the targets stand: their status, numbers and reasons."""
    from dashboard.status_output import write_changes, write_method1, write_status

    asked = _day(as_of) if as_of else None
    start = _day(since, "--since") if since else None
    if start and asked and start > asked:
        raise click.UsageError(f"--since: {start} lies after {asked}.")
    dataset = _with_released(_load(folder), folder)
    if dataset.registry is None:
        for issue in dataset.report:
            click.echo(str(issue), err=True)
        sys.exit(NOTHING_READ)
    day = asked or _today(dataset.registry.site.time_zone)
    if start and start > day:
        raise click.UsageError(f"--since: {start} lies after {day}.")
    unknown = [name for name in targets if name not in dataset.registry.target]
    if unknown:
        from difflib import get_close_matches

        close = get_close_matches(unknown[0], list(dataset.registry.target), n=1)
        hint = f' Did you mean "{close[0]}"?' if close else ""
        raise click.UsageError(f'there is no healthy target "{unknown[0]}".{hint}')
    if method == 1:
        click.echo(write_method1(dataset, day, form, targets), nl=False)
    elif start is None:
        click.echo(write_status(dataset, day, form, lang, targets), nl=False)
    else:
        click.echo(write_changes(dataset, start, day, form, lang, targets), nl=False)
    if not dataset.report.ok:
        click.echo(f"{dataset.report.error_count} errors in the data: see kpi check", err=True)
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
    from dashboard.cli_refusal import at_ledger
    from dashboard.desk import ClosedDeskError, Mode
    from dashboard.server import run

    data = (folder or DEFAULT_DATA).resolve()
    if not data.is_dir():
        raise click.UsageError(f"--data: {data} is not a folder.")
    public = half == "public"  # it has neither of them to lose
    if not public:
        _check_registry(data)
    try:
        with nullcontext() if public else at_ledger(data):
            try:
                run(data, address=address, port=port, mode=Mode(half or "both"))
            except ClosedDeskError as error:
                raise error.__cause__ or error from None
    except OidcSettingsError as error:
        raise click.UsageError(f"KPI_SIGN_IN=oidc: {error}.") from None


def _check_registry(data: Path) -> None:
    """Refuse to start where there is no file to read; what is wrong inside it is shown on the pages."""
    from dashboard.cli_refusal import Refusal
    from loaders.files import read_bounded
    from loaders.registry import FILE_NAME
    from loaders.yaml_source import MAX_BYTES

    try:
        read_bounded(data / FILE_NAME, MAX_BYTES)
    except OSError as error:
        raise Refusal(f"{data / FILE_NAME}: {error.strerror}. Check the path given with --data.") from None


def _today(time_zone: str | None = None) -> date:
    """Today by the site's clock, as the pages have it; before the site is known, by that of Korea."""
    from loaders.domain.catalogue import Site
    from loaders.ledger.clock import day_in, system_clock

    return day_in(time_zone or Site().time_zone, system_clock())


def _day(text: str, option: str = "--as-of") -> date:
    from loaders.domain.period import parse_period

    try:
        return parse_period(text).end
    except ValueError as error:
        raise click.UsageError(f"{option}: {error}.") from None


def _load(folder: Path | None, sources: Path | None = None, *, doubts: bool = False) -> Dataset:
    # A short command ends before garbage matters. Collecting it while importing costs a tenth of the time,
    # and a last collection when the interpreter ends would cost more than reading the data.
    gc.disable()
    from loaders.dataset import load_dataset

    today = _today()  # the machine's own day may be yesterday where the site stands
    dataset = load_dataset(folder or DEFAULT_DATA, sources=sources, label=_label(folder), today=today, doubts=doubts)
    gc.freeze()
    return dataset


def _with_released(dataset: Dataset, folder: Path | None) -> Dataset:
    """The data with what has been released from the ledger, where there is one."""
    configured = os.environ.get("KPI_DATABASE_URL")
    data = folder or DEFAULT_DATA
    if not configured and not any((data / path).exists() for path in (LEDGER, IDENTITY, ANCHORS)):
        return dataset
    from dataclasses import replace

    from dashboard.cli_refusal import at_ledger
    from dashboard.ledger_cli import lost
    from loaders.domain.own_years import tell_observations
    from loaders.ledger.anchors import anchors
    from loaders.ledger.errors import FlawedError, LostError
    from loaders.ledger.opening import identify
    from loaders.ledger.published import released
    from loaders.ledger.store import address_of, open_ledger

    with at_ledger(data):
        ledger = open_ledger(address_of(data, configured), read_only=True)
        try:
            identify(ledger, data)
            rows = (*dataset.observations, *released(ledger, anchors(data)))
            told = tell_observations(dataset.registry, rows) if dataset.registry is not None else rows
            return replace(dataset, observations=tuple(told))
        except LostError as error:
            lost(error)
        except FlawedError as error:
            click.echo(
                f"what is released does not verify ({error.parameters['rows']}): see kpi ledger verify", err=True
            )
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
        found = self._group().get_command(ctx, cmd_name)
        return found and _guarded(found)


def _guarded(verb: click.Command) -> click.Command:
    """The verb, with everything it does at the ledger of its data folder inside `at_ledger`."""
    done, guarded = verb.callback, copy(verb)
    assert done is not None, "a verb does something"

    def run(folder: Path | None, **options: Any) -> Any:
        from dashboard.cli_refusal import at_ledger

        with at_ledger((folder or DEFAULT_DATA).resolve()):
            return done(folder=folder, **options)

    guarded.callback = run
    return guarded


main.add_command(_Later("user", "dashboard.user_cli", "Add, change and list the accounts of the desk."))
main.add_command(_Later("registry", "dashboard.registry_cli", "Bring the registry to the present method."))
main.add_command(_Later("ledger", "dashboard.ledger_cli", "Verify, back up, restore and export the ledger."))


if __name__ == "__main__":
    main()
