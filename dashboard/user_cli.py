"""`kpi user`: who may work at the desk. Whoever has the machine may say so; every change is in the audit log."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dashboard.cli import DEFAULT_DATA, data_option

if TYPE_CHECKING:
    from loaders.ledger.errors import AccountError
    from loaders.ledger.store import Ledger

ROLES = ("officer", "lead", "reviewer", "registry_editor", "auditor", "administrator")
PASSWORD = "KPI_PASSWORD"
"""The password, where nobody is there to type it."""
PROBLEMS = {
    "exists": "there is such an account already; see kpi user list.",
    "unknown": "there is no such account; see kpi user list.",
    "ministry": "officers and leads need --ministry, the other roles have none.",
    "short_password": "a password needs at least 12 characters.",
    "name_in_password": "the password must not contain the name.",
    "role": "this role cannot be given.",
    "name_empty": "NAME is empty.",
    "name_blank": "NAME has a blank or a line break at its beginning or end; leave it out.",
    "name_long": "NAME has more than {most} characters; choose a shorter one.",
    "name_characters": "NAME: {odd} cannot stand there; use letters and digits, and ._- after the first.",
    "name_scripts": "NAME mixes scripts; letters other than Latin, Hangul and Han stand alone.",
    "name_reserved": "NAME is, or looks like, one that the audit log uses itself; choose another one.",
    "name_alike": 'NAME could be taken for "{other}", which exists; choose another one.',
}


@click.group()
def user() -> None:
    """Add, change and list the accounts of the desk."""


@user.command()
@data_option
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--ministry", default=None, help="Id of the ministry, for officers and leads.")
@click.option("--full-name", default="", help="Name as it is shown.")
@click.option("--subject", default=None, help="Identity at the OpenID provider or the proxy; then no password.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def add(
    folder: Path | None,
    name: str,
    role: str,
    ministry: str | None,
    full_name: str,
    subject: str | None,
    password_stdin: bool,
) -> None:
    """Add an account; the first one opens the desk."""
    from loaders.domain.policy import Role
    from loaders.ledger.accounts import AccountError, add_account

    _check_ministry(folder, ministry)
    ledger = _ledger(folder)
    password = None if subject else _password(password_stdin)
    try:
        made = add_account(ledger, name, Role(role), ministry, password=password, subject=subject, full_name=full_name)
    except AccountError as error:
        raise _refusal(error) from None
    click.echo(f"{made.id}: {role}{f' of {ministry}' if ministry else ''}")


@user.command()
@data_option
@click.argument("name")
@click.option("--enable", is_flag=True, help="Let the account sign in again.")
def disable(folder: Path | None, name: str, enable: bool) -> None:
    """Shut an account out at once: every session ends."""
    _change(folder, name, disabled=not enable)


@user.command()
@data_option
@click.argument("name")
@click.argument("role", type=click.Choice(ROLES))
@click.option("--ministry", default=None)
def role(folder: Path | None, name: str, role: str, ministry: str | None) -> None:
    """Give an account another role; every session ends."""
    from loaders.domain.policy import Role

    _check_ministry(folder, ministry)
    _change(folder, name, role=Role(role), ministry=ministry)


@user.command()
@data_option
@click.argument("name")
@click.option("--password-stdin", is_flag=True)
def password(folder: Path | None, name: str, password_stdin: bool) -> None:
    """Set an account's password; every session ends."""
    _change(folder, name, password=_password(password_stdin))


@user.command()
@data_option
@click.argument("name")
def forget(folder: Path | None, name: str) -> None:
    """Forget the browsers that an account is known by; sessions go on."""
    from loaders.ledger.accounts import AccountError, forget_browsers

    try:
        gone = forget_browsers(_ledger(folder), name)
    except AccountError as error:
        raise _refusal(error) from None
    click.echo(f"{name}: {gone} forgotten")


@user.command("list")
@data_option
def list_accounts(folder: Path | None) -> None:
    """Print the accounts."""
    from loaders.ledger.accounts import all_accounts

    for one in all_accounts(_ledger(folder)):
        state = "disabled" if one.disabled else "active"
        click.echo(f"{one.id}\t{one.role}\t{one.ministry or '-'}\t{state}\t{one.name}")


def _change(folder: Path | None, name: str, **changes: object) -> None:
    from loaders.ledger.accounts import AccountError, change_account

    try:
        found = change_account(_ledger(folder), name, **changes)  # ty: ignore[invalid-argument-type]
    except AccountError as error:
        raise _refusal(error) from None
    click.echo(f"{found.id}: {found.role}{' (disabled)' if found.disabled else ''}")


def _refusal(error: AccountError) -> click.UsageError:
    return click.UsageError(PROBLEMS[error.code].format(**error.parameters))


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    if os.environ.get(PASSWORD):
        return os.environ[PASSWORD]
    return click.prompt("Password", hide_input=True, confirmation_prompt=True)


def _check_ministry(folder: Path | None, ministry: str | None) -> None:
    if ministry is None:
        return
    from dashboard.cli_refusal import Refusal
    from loaders.registry import load_registry

    registry, report = load_registry(folder or DEFAULT_DATA)
    if registry is None:
        raise Refusal(f"{next(iter(report))} Without the registry nobody knows the ministries.")
    if ministry not in registry.ministry:
        known = ", ".join(registry.ministry)
        raise click.UsageError(f'--ministry: there is no "{ministry}". Known: {known}.')


def _ledger(folder: Path | None) -> Ledger:
    from dashboard.ledger_cli import lost
    from loaders.ledger.errors import LostError
    from loaders.ledger.opening import open_known

    data = (folder or DEFAULT_DATA).resolve()
    if not data.is_dir():
        raise click.UsageError(f"--data: {data} is not a folder.")
    try:
        return open_known(data, os.environ.get("KPI_DATABASE_URL"))
    except LostError as error:
        lost(error)
