"""Lessons told through the command line, because that is where a wrong number leaves the house."""

import json

from builders import a_data_folder, a_target, a_version, row
from click.testing import CliRunner

from dashboard.cli import main

ISSUED = "2021-06-30"
ANNUAL = "{{indicator: {id}, frequency: annual, release_lag_days: 90, grace_days: 30}}"
TODAY = "2026-11-27"


def goal(id, target, baseline="{value: 0, period: 2020}", later=(), **fields):
    """A target of a plan of 2021 with a yearly statistic."""
    base = {"series": ANNUAL.format(id=id), "unit": "percent"} | {k: v for k, v in fields.items() if k in TARGET_FIELDS}
    version = {"baseline": baseline, "target": target} | {k: v for k, v in fields.items() if k not in TARGET_FIELDS}
    return a_target(id, a_version(**version), *later, **base)


TARGET_FIELDS = ("kind", "unit", "measure", "integer", "scope", "series", "superseded_by", "breakdown")


def value(id, period, number, published=None, **changes):
    return row(id, period, number, published=published or f"{int(period[:4]) + 1}-03", **changes)


class Told:
    """What the command line says of a data folder."""

    def __init__(self, folder, targets, rows, issued=ISSUED, method=1):
        self.folder = a_data_folder(folder, *targets, rows=rows, issued=issued)
        path = self.folder / "targets.yaml"
        path.write_text(path.read_text("utf-8").replace("version: 1", f"version: {method}", 1), encoding="utf-8")

    def run(self, *args):
        result = CliRunner().invoke(main, [args[0], "--data", str(self.folder), *args[1:]])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    def check(self):
        result = self.run("check")
        return result.exit_code, [line.split(" ", 2)[1] for line in result.stdout.splitlines()]

    def status(self, as_of=TODAY):
        return {one["id"]: one for one in json.loads(self.run("status", "--as-of", as_of, "--format", "json").stdout)}

    def stand(self, as_of=TODAY):
        return {name: (one["status"], one["reason"]) for name, one in self.status(as_of).items()}

    def ended(self, as_of=TODAY, id="one"):
        """Status or reason of one target, its verdict and its overlays in one line: "achieved kept_late late"."""
        found = self.status(as_of)[id]
        stand = found["reason"] or found["status"]
        return " ".join(filter(None, (stand, found["outcome"]["verdict"], *sorted(found["overlays"]))))
