"""Builders that read like the glossary."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from loaders.assessment import Assessment, assess
from loaders.diagnostics import Report
from loaders.domain.model import Registry
from loaders.domain.observation import Observation
from loaders.observations import COLUMNS, read_observations
from loaders.registry import parse_registry

SAMPLE = Path(__file__).parent / "sample"
"""Fourteen targets frozen on 23 November 2026: for sentences that the next published value must not change."""
HEAD = """\
method: {version: 1, on_track: 0.95, needs_acceleration: 0.60, too_early_share: 0.05, damping: 0.9}
documents:
  - {id: plan-2023, title: {ko: 계획 2023, en: Plan 2023}, issued: 2023-12-31}
  - {id: plan-2025, title: {ko: 계획 2025, en: Plan 2025}, issued: 2025-06-30}
ministries:
  - {id: msit, name: {ko: 과기정통부, en: MSIT}}
pillars:
  - {id: startups, name: {ko: 스타트업, en: Start-ups}}
units:
  - {id: company, name: {ko: 개, en: companies}, decimals: 0, bounds: [0, null]}
  - {id: percent, name: {ko: "%", en: "%"}, style: percent, bounds: [0, 100], difference: {ko: "%p", en: pp}}
  - {id: rank, name: {ko: 위, en: place}, style: rank, decimals: 0, difference: {ko: 계단, en: places}}
  - {id: krw_trillion, name: {ko: 조원, en: KRW trillion}, style: currency, scale: 1.0e+12, base: KRW}
  - {id: year, name: {ko: 년, en: years}, style: plain}
targets:
"""


def a_version(document: str = "plan-2023", **fields: str) -> str:
    """One version as YAML; fields are YAML texts, None leaves a field out."""
    base = {
        "lines": "[1]",
        "as_printed": '"0 → 10"',
        "baseline": "{value: 0, period: 2023}",
        "target": "{value: 10, due: 2030, comparator: at_least}",
    }
    body = {key: value for key, value in (base | fields).items() if value is not None}
    return f"      - document: {document}\n" + "".join(f"        {key}: {value}\n" for key, value in body.items())


def a_target(id: str = "unicorns", *versions: str, **fields: str) -> str:
    """One target as YAML with the given versions (a default one without)."""
    base = {
        "name": "{ko: 유니콘, en: Unicorns}",
        "pillar": "startups",
        "kind": "level",
        "unit": "company",
        "scope": "{id: kr}",
        "series": f"{{indicator: {id}}}",
    }
    body = {key: value for key, value in (base | fields).items() if value is not None}
    lines = "".join(f"    {key}: {value}\n" for key, value in body.items())
    return f"  - id: {id}\n{lines}    versions:\n{''.join(versions) or a_version()}"


ISSUED = "2023-12-31"
"""Day of the first document."""


def registry_text(*targets: str, issued: str = ISSUED) -> str:
    return HEAD.replace(ISSUED, issued) + "".join(targets or (a_target(),))


def a_registry(*targets: str, issued: str = ISSUED) -> Registry:
    """A registry that must be healthy."""
    registry, report = parse_registry(registry_text(*targets, issued=issued), "targets.yaml")
    assert not list(report), [str(issue) for issue in report]
    assert registry is not None
    return registry


def row(indicator: str, period: str, value: str, **changes: str) -> str:
    """One line of an observations file."""
    base = {"scope": "kr", "status": "A", "published": period, "known": "", "source": "S", "url": "https://s.kr/x"}
    cells = base | {"note": ""} | changes | {"indicator": indicator, "period": period, "value": value}
    return ",".join(cells[key] for key in COLUMNS)


def csv_text(*rows: str) -> str:
    return "\n".join([",".join(COLUMNS), *rows]) + "\n"


def observed(*rows: str) -> list[Observation]:
    """Observations that must be healthy."""
    report = Report()
    found = read_observations(csv_text(*rows).encode(), "actuals/a.csv", report)
    assert not list(report), [str(issue) for issue in report]
    return found


def assessed(target: str, *rows: str, as_of: date = date(2026, 6, 1), issued: str = ISSUED) -> Assessment:
    """One target assessed on the given observations."""
    (result,) = assess(a_registry(target, issued=issued), observed(*rows), as_of)
    return result


def a_data_folder(folder: Path, *targets: str, rows: tuple[str, ...] = (), issued: str = ISSUED) -> Path:
    """A data folder on disk."""
    (folder / "actuals").mkdir(parents=True)
    (folder / "targets.yaml").write_text(registry_text(*targets, issued=issued), encoding="utf-8")
    (folder / "actuals" / "a.csv").write_text(csv_text(*rows), encoding="utf-8")
    return folder
