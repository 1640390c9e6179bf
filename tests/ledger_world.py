"""Two ministries, their people, their targets, and the shortest way to act on a ledger."""

from __future__ import annotations

import itertools
import threading
import uuid
from datetime import datetime, timedelta

from builders import HEAD, a_target
from sqlalchemy import insert

from loaders.domain.policy import Role
from loaders.ledger import commands as say
from loaders.ledger import service
from loaders.ledger.accounts import add_account, change_account
from loaders.ledger.migrate import migrate
from loaders.ledger.tables import accounts
from loaders.registry import parse_registry

TEXT = HEAD.replace("pillars:", "  - {id: mss, name: {ko: 중기부, en: MSS}}\npillars:") + "".join(
    a_target(name, lead=lead, series=f"{{indicator: {name}, frequency: annual, release_lag_days: 60, grace_days: 30}}")
    for name, lead in (("unicorns", "msit"), ("robots", "msit"), ("shops", "mss"))
)
REGISTRY, _report = parse_registry(TEXT, "targets.yaml")
assert REGISTRY is not None
assert not list(_report), [str(issue) for issue in _report]

PEOPLE = {
    "officer": ("officer", "msit", 0),
    "colleague": ("officer", "msit", 0),
    "lead": ("lead", "msit", 0),
    "stranger": ("officer", "mss", 0),
    "reviewer": ("reviewer", None, 0),
    "second": ("reviewer", None, 0),
    "editor": ("registry_editor", None, 0),
    "auditor": ("auditor", None, 0),
    "admin": ("administrator", None, 0),
    "gone": ("reviewer", None, 1),
}
"""Accounts: role, ministry, disabled."""


def logged(ledger):
    """A migrated ledger with everybody's account in the log, as `kpi user add` writes it: it verifies."""
    migrate(ledger)
    for name, (role, ministry, disabled) in PEOPLE.items():
        add_account(ledger, name, Role(role), ministry, subject=f"{name}@kpi.kr", full_name=f"{name} 님")
        if disabled:
            change_account(ledger, name, disabled=True)
    return ledger


class Clock:
    """A clock that moves one step at each look, and wherever it is put."""

    def __init__(self, now: datetime, step: timedelta) -> None:
        self.now, self.step, self.lock = now, step, threading.Lock()

    def __call__(self) -> datetime:
        with self.lock:
            self.now += self.step
            return self.now


def figures(value: str = "3", **more: str) -> say.Figures:
    return say.Figures(**{"value": value, "source": "중기부", "url": "https://mss.kr/1", "published": "2026-02"} | more)


_keys = itertools.count()


def key() -> str:
    return f"{next(_keys)}-{uuid.uuid4()}"


def populated(ledger):
    """A migrated ledger with one account of each kind."""
    migrate(ledger)
    with ledger.write() as connection:
        for name, (role, ministry, disabled) in PEOPLE.items():
            row = {"id": name, "name": name, "role": role, "ministry": ministry, "disabled": disabled, "epoch": 1}
            connection.execute(insert(accounts).values(row | {"created_at": ledger.now()}))
    return ledger


def at_once(*jobs):
    """Run ``jobs`` from the same moment on; what each gave or raised."""
    barrier, out = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(place, job):
        barrier.wait()
        try:
            out[place] = job()
        except Exception as error:
            out[place] = error

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return out


class Desk:
    """Everybody's actions on one ledger, each with a key of its own and the version as it is."""

    def __init__(self, ledger, registry=REGISTRY) -> None:
        self.ledger, self.registry = ledger, registry

    def do(self, action, actor, command, expected=0, idempotency_key=None):
        return action(self.ledger, self.registry, actor, command, idempotency_key or key(), expected)

    def submit(self, actor="officer", target="unicorns", period="2025", value="3", expected=0, **more):
        return self.do(service.submit, actor, say.Submit(target, period, figures(value), **more), expected)

    def send_back(self, submission=1, expected=1, actor="reviewer", reason="출처를 확인해 주세요"):
        return self.do(service.send_back, actor, say.Return(submission, reason), expected)

    def approve(self, submission=1, expected=1, actor="reviewer", release_at=None, digest=None):
        from loaders.ledger.rows import read_submission

        if digest is None:
            with self.ledger.read() as connection:
                found = read_submission(connection, submission)
            digest = found.latest.digest if found and found.latest else ""
        return self.do(service.approve, actor, say.Approve(submission, digest, release_at), expected)

    def schedule(self, release_at, submission=1, expected=1, actor="reviewer"):
        return self.do(service.schedule, actor, say.Schedule(submission, release_at), expected)

    def correct(self, value="4", submission=1, expected=1, actor="officer", reason="집계 오류"):
        return self.do(service.correct, actor, say.Correct(submission, figures(value), reason), expected)

    def withdraw(self, submission=1, expected=1, actor="officer", reason="다시 확인"):
        return self.do(service.withdraw, actor, say.Withdraw(submission, reason), expected)

    def stop(self, submission=1, expected=1, actor="reviewer", reason="집계에서 빠진 기업이 있음"):
        return self.do(service.stop, actor, say.Stop(submission, reason), expected)

    def resume(self, submission=1, expected=1, actor="reviewer", hold=1, reason="다시 확인함"):
        return self.do(service.resume, actor, say.Resume(submission, hold, reason), expected)

    def state(self, submission=1):
        from loaders.ledger.rows import read_submission

        with self.ledger.read() as connection:
            return read_submission(connection, submission).state(self.ledger.now())

    def count(self, table) -> int:
        from sqlalchemy import func, select

        with self.ledger.read() as connection:
            return connection.execute(select(func.count()).select_from(table)).scalar_one()
