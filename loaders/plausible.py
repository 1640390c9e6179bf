"""Doubts about what stands in the files: the same that an officer at the desk is asked (`loaders.doubts`).

`kpi check` says them as warnings. Each value is held against those before it that compare with it,
and a level that the next value confirms is no slip. There is deliberately no doubt here about values
that merely fall or stay: in a file they have been looked at by whoever published them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from loaders.diagnostics import Issue, Place, Report
from loaders.domain.model import Kind, Registry, Target
from loaders.domain.observation import Observation
from loaders.domain.period import add_months
from loaders.domain.vintage import ADDED_UP, evidence, latest_known
from loaders.doubts import Doubt, from_goal, slips
from loaders.registry import TargetPlaces
from loaders.yaml_source import find_places

UNJUDGED = frozenset({Kind.BINARY, Kind.LADDER})
"""Kinds whose values are shares of deliverables."""
EARLY_DAYS = 31
"""A statistic with a release lag may be out so many days before its period ends, no more."""
WHOLE_YEAR = 12
SENSELESS = ("ratio", "index")
"""Measures that are published both as averages of a period and as they stand at its end."""
SAID = {
    "share": (
        "actuals.doubt_share",
        "about {factor} times {side} {last}: a share for a percentage, or the other way round?",
    ),
    "scale": ("actuals.doubt_scale", "about {factor} times {side} {last}: written in another unit?"),
    "factor": ("actuals.doubt_factor", "about {factor} times {side} {last}: check the digits."),
    "jump": ("actuals.doubt_jump", "{change} away from {last}, far more than the series ever moved."),
    "sign": ("actuals.doubt_sign", "of another sign than {last}."),
    "goal": ("actuals.doubt_goal", "about {factor} times {side} the goal {last}: written in another unit?"),
}
"""Code of the issue and what it says, by the doubt's own code."""


def check_plausible(registry: Registry, observations: Iterable[Observation], report: Report) -> None:
    """Warn of values that look odd beside the others of their series, or for the day on which they were known."""
    rows: dict[str, list[Observation]] = defaultdict(list)
    for item in observations:
        rows[item.indicator].append(item)
    told: set[tuple[str, int]] = set()
    for target in registry.targets:
        if target.kind in UNJUDGED or target.unit not in registry.unit:
            continue
        for seen, doubt in _doubts(registry, target, rows.get(target.indicator, [])):
            if doubt.code not in seen.checked.split() and (seen.file, seen.line) not in told:
                told.add((seen.file, seen.line))
                report.add(_issue(target, seen, doubt))


def _doubts(registry: Registry, target: Target, rows: Sequence[Observation]) -> Iterator[tuple[Observation, Doubt]]:
    unit, version = registry.unit[target.unit], target.versions[-1]
    found = evidence(latest_known(rows, target.series, date.max), target, version)
    runs: dict[tuple[int, int], list[Observation]] = defaultdict(list)
    for point in found.points:
        era = sum(begins < point.tau for begins in found.breaks)
        runs[era, point.period.months if _adds_up(target) else 0].append(point)
    for (era, _), points in runs.items():
        sound: list[Observation] = []
        suspect: Observation | None = None
        for point in points:
            value = Decimal(repr(point.number))
            doubt = slips(target, unit, sound, value, point.period, first_of_all=not era)
            if doubt and suspect and slips(target, unit, [suspect], value, point.period) is None:
                doubt = None  # the level has moved: two values agree on it
                sound.append(suspect)
            if doubt is None and not sound and not era:
                doubt = from_goal(target, unit, value)
            if doubt is None:
                sound.append(point)
                suspect = None
            else:
                suspect = point
                yield point, doubt
    if target.kind in ADDED_UP or target.measure == "flow":
        # Those of a level are aside, because their length differs from the goal's.
        single = [one for one in (*found.points, *found.aside) if not one.period.months]
        yield from ((one, Doubt("day", {})) for one in single)
    yield from ((one, Doubt("length", {})) for one in _of_unsaid_sense(target, found.points))
    if not _may_be_early(target):
        return
    for point in found.points:
        if (point.period.end - point.known).days > EARLY_DAYS and point.period.months > 1:
            yield point, Doubt("early", {"known": point.known.isoformat()})


def _of_unsaid_sense(target: Target, points: Sequence[Observation]) -> list[Observation]:
    """Values of part of a year beside those of whole years, where nothing says whether they are averages or ends."""
    series = target.series
    if series is None or series.statistic is not None or target.kind in ADDED_UP or target.measure not in SENSELESS:
        return []
    parts = [one for one in points if 0 < one.period.months < WHOLE_YEAR]
    return parts if any(one.period.months == WHOLE_YEAR for one in points) else []


def _adds_up(target: Target) -> bool:
    return target.measure == "flow" or target.kind in ADDED_UP


def _may_be_early(target: Target) -> bool:
    """True where a value cannot be out before its period is over: a statistic with a stated lag, no rank or rule."""
    series = target.series
    return (
        series is not None
        and series.release_lag_days > 0
        and series.nature == "statistic"
        and target.measure not in ("rank", "index")
        and target.kind not in (Kind.RANK, Kind.MAINTAIN)
    )


def check_hidden(
    registry: Registry, observations: Iterable[Observation], today: date, places: TargetPlaces, report: Report
) -> None:
    """Warn of values and documents that nobody sees ``today``, because their day has not come."""
    latest = add_months(today, 12)  # what lies beyond has been refused already
    for item in observations:
        if today < item.opens <= latest:
            stated = item.published_text if item.published >= item.known else item.known.isoformat()
            message = f"{item.indicator}.published: {_until(stated, item.opens, today)}"
            given, subject, place = stated, f"{item.indicator}.published", Place(item.file, item.line, 6)
            hint = "Write the day if it is known." if len(stated) < len("2026-01-01") else ""
            report.add(Issue("actuals.hidden", message, place, hint, level="warning", subject=subject, given=given))
    ahead = {number: one for number, one in enumerate(registry.documents) if today < one.issued_period.end <= latest}
    if not ahead:
        return
    found = find_places(places.source.text, [("documents", number, "issued") for number in ahead])
    for number, one in ahead.items():
        message = f"{one.id}.issued: {_until(one.issued, one.issued_period.end, today)}"
        hint = "Write the day if it is known." if len(one.issued) < len("2026-01-01") else ""
        place = Place(places.name, *found.of(("documents", number, "issued")))
        subject = f"{one.id}.issued"
        report.add(Issue("rule.not_in_force", message, place, hint, level="warning", subject=subject, given=one.issued))


def _until(stated: str, day: date, today: date) -> str:
    last = f"{stated} counts from its last day; " if stated != day.isoformat() else ""
    return f"{last}hidden until {day} (today is {today})."


def _issue(target: Target, seen: Observation, doubt: Doubt) -> Issue:
    subject, given = f"{seen.indicator}.value", seen.digits or f"{seen.value:g}"
    place = Place(seen.file, seen.line, 4)
    if doubt.code == "day":
        code, subject, given = "actuals.doubt_day", f"{seen.indicator}.period", seen.period.written
        message, place = (
            f"{given} is one day, and what came in on one day joins no total.",
            Place(seen.file, seen.line, 3),
        )
        hint = "Write the period: 2024, 2024-H1, 2023-FY with series.year_starts, or 2023-03..2024-02."
    elif doubt.code == "early":
        code = "actuals.doubt_early"
        subject, given, place = f"{seen.indicator}.period", seen.period.written, Place(seen.file, seen.line, 3)
        message = f"{given} was not over when the value became known ({doubt.parameters['known']})."
        hint = "Check the year; mark a forecast with status F, and a rate set in advance with series.nature: rule."
    elif doubt.code == "length":
        code = "actuals.doubt_length"
        subject, given, place = f"{seen.indicator}.period", seen.period.written, Place(seen.file, seen.line, 3)
        message = f"{given} stands beside values of whole years: averages, or as it stood at the end?"
        hint = "Say it in series.statistic (average or end): averages compare only with averages of equal length."
    else:
        side = {"over": "as much as", "under": "less than"}.get(doubt.parameters.get("side", ""), "")
        code, said = SAID[doubt.code]
        said = said.format(**{**doubt.parameters, "side": side})
        message, hint = f"{given} is {said}", "Correct it, or leave it if it was published so."
    return Issue(
        code, f"{subject}: {message}", place, hint, level="warning", target=target.id, subject=subject, given=given
    )
