"""A baseline whose own period is published with another value now: asked of whoever keeps the registry.

The status keeps the baseline that the document printed (METHOD, "Which values count"); nothing here decides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from loaders.diagnostics import Issue, Place, Report
from loaders.domain.method.kinds.table import KINDS
from loaders.domain.model import Registry, Target, Version
from loaders.domain.observation import Observation
from loaders.domain.vintage import evidence, latest_known, restated_baseline

MYRIADS = (("조", 1e12), ("억", 1e8), ("만", 1e4))
"""Korean numerals in which a document prints a rounded number: 5만명 is good to half of 만."""


def check_restated(
    registry: Registry,
    observations: Iterable[Observation],
    places: Mapping[str, Place],
    report: Report,
    today: date | None = None,
) -> None:
    """Warn where the published value of the baseline's own period differs from the printed one beyond ε."""
    rows: dict[str, list[Observation]] = defaultdict(list)
    for one in observations:
        rows[one.indicator].append(one)
    for target in registry.targets:
        if own := rows.get(target.indicator):
            _check(registry, target, own, places, report, today or date.max)


def _check(
    registry: Registry, target: Target, own: list[Observation], places: Mapping[str, Place], report: Report, day: date
) -> None:
    stated = [one for one in target.versions if one.baseline is not None]
    if not stated or not KINDS[target.kind].follows_baseline:
        return
    version, bounds = stated[-1], registry.unit[target.unit].bounds
    start, known = version.baseline, latest_known(own, target.series, day)
    found = restated_baseline(evidence(known, target, version, bounds), start)
    if found is None or start is None or abs(found.number - start.value) <= _rounding(version, start.value):
        return
    message = (
        f"{target.id}: {version.document} prints {start.value:.15g} for {start.period}, "
        f"but {found.number:.15g} is published for that period now."
    )
    hint = "Add a version with reason: rebased, mark a break, or correct the baseline if it was copied wrongly."
    place = places[target.id] if target.id in places else Place("")
    report.add(
        Issue(
            "rule.baseline_restated",
            message,
            place,
            hint,
            level="warning",
            target=target.id,
            subject=target.id,
            given=f"{start.period}: {start.value:.15g} → {found.number:.15g}",
        )
    )


def _rounding(version: Version, value: float) -> float:
    """Half of the last numeral that the document printed; 0 where it prints the number in digits alone."""
    return next((one / 2 for name, one in MYRIADS if name in version.as_printed and value and value % one == 0), 0.0)
