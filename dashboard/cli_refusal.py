"""What the command line says where it cannot go on: one line with what, where and the way out, and exit code 2.

Only imported once something has failed: the verbs must start fast.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import click

DATABASE = "KPI_DATABASE_URL"
_EMBEDDED = f"leave {DATABASE} out for the ledger in the data folder"


class Refusal(click.ClickException):
    """One line, and exit code 2."""

    exit_code = 2

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.split()))


def explained(error: Exception) -> Refusal:
    """The line for an error that no verb expected."""
    if isinstance(error, OSError) and error.filename is not None:
        return Refusal(f"{error.filename}: {error.strerror}. Check the path and who may read and write there.")
    if isinstance(error, OSError):
        return Refusal(f"{error.strerror or error}. Check the address and the port.")
    return Refusal(f"{type(error).__name__}: {error}. This is a defect: set KPI_DEBUG=1 for the details and report it.")


@contextmanager
def at_ledger(data: Path) -> Generator[None]:
    """Around everything that a verb does with the ledger of a data folder."""
    from sqlalchemy.exc import ArgumentError, SQLAlchemyError

    from loaders.ledger.errors import LedgerError

    where = _where(data)
    try:
        yield
    except ModuleNotFoundError as error:
        raise Refusal(f"{where}: needs {error.name}. Install it: pip install 'kpi-targets[postgres]'.") from error
    except ArgumentError as error:
        raise Refusal(f"{where}: {error}. Write postgresql://user@host/name, or {_EMBEDDED}.") from error
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise Refusal(f"{where}: {_what(error, _said(error))}") from error
    except LedgerError as error:
        said = str(error.parameters.get("said") or error)
        raise Refusal(f"{where}: {_what(error, said)}") from error
    except Exception as error:
        if type(error).__module__.startswith("alembic"):
            later = "It was made by a later version: install that one."
            raise Refusal(f"{where}: {error}. {later}") from error
        raise


def _what(error: Exception, said: str) -> str:
    from dashboard.auth.trouble import cause_of

    ways = {
        "locked": "Another program is holding it: try again, or end that program.",
        "full": "Nothing was saved: make room on the disk and do it again.",
        "read_only": "Nothing was saved: check who may write there.",
        "away": f"Start the database or mend {DATABASE}."
        if os.environ.get(DATABASE)
        else "Move the file away, then restore a backup with kpi ledger restore.",
    }
    return f"{said}. {ways[cause_of(error)]}"


def _said(error: Exception) -> str:
    """The first line of what the database said."""
    return (str(getattr(error, "orig", None) or error).strip() or type(error).__name__).splitlines()[0].rstrip(".")


def _where(data: Path) -> str:
    """The database as it is named in messages, without its password; refuses an address that is none.

    Also a file that SQLite would wait for.
    """
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    from loaders.ledger.store import FILE

    configured = os.environ.get(DATABASE)
    if not configured:
        _check_file(data / FILE)
        return str(data / FILE)
    try:
        url = make_url(configured)
        url.get_backend_name()
    except (ArgumentError, ValueError):  # what it says may hold the password
        raise Refusal(f"{DATABASE}: no database address. Write postgresql://user@host/name, or {_EMBEDDED}.") from None
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise Refusal(
            f"{DATABASE}: {url.get_backend_name()} is no database for the ledger. "
            f"Write postgresql://user@host/name, or {_EMBEDDED}."
        )
    if url.get_backend_name() == "sqlite":
        _check_file(Path(url.database or ""))
    return url.render_as_string(hide_password=True)


def _check_file(path: Path) -> None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return
    except OSError as error:
        raise Refusal(f"{path}: {error.strerror}. Check the path and who may read it.") from None
    if not stat.S_ISREG(found.st_mode):
        raise Refusal(f"{path}: not a regular file. Move it away, then restore a backup with kpi ledger restore.")
