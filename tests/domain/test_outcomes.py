"""After the due date: METHOD's examples O1 to O14 as printed, each with a negative twin, and what they leave open."""

import json
from datetime import date
from functools import partial

import builders
import pytest
from builders import a_data_folder, a_registry, a_target, a_version, observed, row
from click.testing import CliRunner

from dashboard.cli import main
from loaders.assessment import assess
from loaders.domain.method import outcome as outcomes
from loaders.domain.method.outcome import Verdict, months_between, result_due
from loaders.domain.method.status import Overlay, Reason, Status
from loaders.domain.model import Series
from loaders.record import record

LAG = "release_lag_days: 60, grace_days: 30"
ANNUAL = f"{{indicator: m, frequency: annual, {LAG}}}"
BASE = "{value: 775, period: 2019}"
HEAD = "{value: 1500, due: 2022, comparator: at_least}"


ISSUED = "2019-06-30"
"""Day of the document, before all due dates here."""
assessed = partial(builders.assessed, issued=ISSUED)


def level(baseline=BASE, target=HEAD, **fields):
    return a_target("m", a_version(baseline=baseline, target=target), **({"series": ANNUAL} | fields))


RULE = a_target(
    "m",
    a_version(baseline=None, target="{value: 5, due: 2020, comparator: at_least}"),
    series=f"{{indicator: m, nature: rule, frequency: irregular, {LAG}}}",
    unit="year",
)
TOTAL = a_target(
    "m",
    a_version(baseline=None, start="2024", target="{value: 10, due: 2025, comparator: at_least}"),
    kind="cumulative",
    measure="flow",
    series=ANNUAL,
)


def final(period, value, **changes):
    return row("m", period, value, **changes)


V2019, V2021, V2022, V2024 = final("2021", "1600"), final("2021", "1100"), final("2022", "1230"), final("2024", "2030")
LATE = date(2026, 11, 27)
KEPT, BROKEN, UNKNOWN = Verdict.KEPT, Verdict.BROKEN, Verdict.UNKNOWN

# number: target, values, as_of | status, reason, verdict, overlays
EXAMPLES = {
    "O1": (level(), (V2022, V2024), date(2024, 3, 15), "missed", None, "broken", set()),
    "O2": (level(), (V2022, V2024), LATE, "achieved", None, "kept_late", {"late"}),
    "O3": (level(None), (V2022,), date(2023, 6, 1), "missed", None, "broken", set()),
    "O4": (level(), (V2021, final("2023", "1400")), date(2024, 3, 15), "missed", None, "broken", {"date_unproven"}),
    "O5": (level(), (V2021, final("2023", "1400")), LATE, "missed", None, "broken", {"date_unproven"}),
    "O6": (level(), (V2021,), date(2023, 3, 15), "awaiting_outcome", None, "awaiting", set()),
    "O7": (level(), (V2021,), date(2023, 6, 1), "not_assessable", "outcome_unknown", "unknown", set()),
    "O8": (level(), (V2019,), LATE, "achieved", None, "kept", set()),
    "O9": (level(), (V2019, final("2022", "1400")), LATE, "missed", None, "broken", {"lost"}),
    "O10": (level(), (final("2024", "1700"),), LATE, "achieved", None, "date_unproven", {"date_unproven"}),
    "O11": (RULE, (final("2020-01-01", "5"),), LATE, "achieved", None, "kept", set()),
    "O12": (TOTAL, (final("2024", "4"),), LATE, "not_assessable", "outcome_unknown", "unknown", set()),
    "O13": (TOTAL, (final("2024", "4"), final("2025", "5")), LATE, "missed", None, "broken", set()),
    "O14": (level(), (final("2022", "1230", status="P"),), date(2023, 6, 1), "missed", None, "broken", {"provisional"}),
}
# the same with one thing changed that must change the answer
TWINS = {
    "O1": (level(), (final("2022", "1500"), V2024), date(2024, 3, 15), "achieved", None, "kept", {"borderline"}),
    "O2": (level(), (V2022, final("2024", "1499")), LATE, "missed", None, "broken", set()),
    "O3": (
        level(None),
        (final("2021", "1230"),),
        date(2023, 6, 1),
        "not_assessable",
        "outcome_unknown",
        "unknown",
        set(),
    ),
    "O4": (level(), (V2021, final("2023", "1400")), date(2023, 3, 31), "awaiting_outcome", None, "awaiting", set()),
    "O5": (
        level(),
        (V2021, final("2023", "1400", status="E")),
        LATE,
        "not_assessable",
        "outcome_unknown",
        "unknown",
        set(),
    ),
    "O6": (level(), (V2021,), date(2023, 4, 1), "not_assessable", "outcome_unknown", "unknown", set()),
    "O7": (level(), (V2021,), date(2023, 3, 31), "awaiting_outcome", None, "awaiting", set()),
    "O8": (level(), (final("2019", "775"),), LATE, "not_assessable", "outcome_unknown", "unknown", set()),
    "O9": (level(), (V2019, final("2022", "1600")), LATE, "achieved", None, "kept", set()),
    "O10": (level(), (final("2023", "1400"), final("2024", "1700")), LATE, "achieved", None, "kept_late", {"late"}),
    "O11": (RULE, (final("2020-01-01", "5"), final("2020-07-01", "4")), LATE, "missed", None, "broken", {"lost"}),
    "O12": (TOTAL, (final("2024", "4"),), date(2026, 3, 31), "awaiting_outcome", None, "awaiting", set()),
    "O13": (TOTAL, (final("2024", "4"), final("2025", "6")), LATE, "achieved", None, "kept", set()),
    "O14": (
        level(),
        (final("2022", "1230", status="E"),),
        date(2023, 3, 1),
        "awaiting_outcome",
        None,
        "awaiting",
        set(),
    ),
}
ALL = [(f"{name}{mark}", case) for mark, table in (("", EXAMPLES), (" twin", TWINS)) for name, case in table.items()]


@pytest.mark.parametrize("case", [case for _, case in ALL], ids=[name for name, _ in ALL])
def test_examples(case):
    target, rows, as_of, status, reason, verdict, overlays = case
    found = record(assessed(target, *rows, as_of=as_of))
    assert (found["status"], found["reason"], found["outcome"]["verdict"]) == (status, reason, verdict)
    assert set(found["overlays"]) == overlays


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_from_the_command_line(name, tmp_path):
    target, rows, as_of, status, reason, verdict, overlays = EXAMPLES[name]
    folder = a_data_folder(tmp_path / "d", target, rows=rows, issued=ISSUED)
    result = CliRunner().invoke(main, ["status", "--data", str(folder), "--as-of", str(as_of), "--format", "json"])
    assert result.exit_code == 0, result.output
    (found,) = json.loads(result.stdout)
    assert (found["status"], found["reason"], found["outcome"]["verdict"]) == (status, reason, verdict)
    assert set(found["overlays"]) == overlays


def outcome_of(name, table=EXAMPLES):
    target, rows, as_of, *_ = table[name]
    return assessed(target, *rows, as_of=as_of).current


def test_how_much_was_missing():
    assert outcome_of("O1").gap_to_target == 270
    assert outcome_of("O1").value / 1500 == 0.82
    assert outcome_of("O13").gap_to_target == 1


def test_how_late_and_since_when():
    late = outcome_of("O2").outcome
    assert (late.months_late, late.at) == (24, date(2024, 12, 31))
    early = outcome_of("O8").outcome
    assert (early.at, early.early) == (date(2021, 12, 31), True)
    assert outcome_of("O9").outcome.event == "lost 2022-12-31"
    assert outcome_of("O7").outcome.result_due == outcome_of("O6").outcome.result_due == date(2023, 3, 31)
    assert outcome_of("O12").outcome.result_due == date(2026, 3, 31)


def test_the_last_value_before_it_is_shown_where_no_result_is_known():
    for name in ("O6", "O7"):
        assert outcome_of(name).observation.period.text == "2021"


def test_after_the_due_date_there_is_no_path_to_be_on():
    found = outcome_of("O1")
    assert [found.months, found.expected, found.delivery_ratio, found.required_pace_final] == [None] * 4
    control = assessed(level(), final("2021", "1100"), as_of=date(2022, 12, 31)).current
    assert control.months is not None


@pytest.mark.parametrize(
    ("series", "anchor", "expected"),
    [
        (None, None, date(2023, 12, 31)),
        ({"frequency": "annual"}, None, date(2023, 12, 31)),
        ({"frequency": "annual", "release_lag_days": 60}, None, date(2023, 3, 31)),
        ({"frequency": "quarterly", "release_lag_days": 60}, None, date(2023, 3, 31)),
        ({"frequency": "biennial", "release_lag_days": 60}, date(2021, 12, 31), date(2024, 3, 30)),
        ({"frequency": "irregular", "release_lag_days": 60}, None, date(2023, 3, 31)),
        ({"frequency": "annual", "release_lag_days": 60, "year_starts": 3}, None, date(2023, 5, 29)),
    ],
)
def test_the_day_of_the_result(series, anchor, expected):
    one = Series.model_validate({"indicator": "m"} | series) if series else None
    assert result_due(date(2022, 12, 31), one, anchor) == expected


@pytest.mark.parametrize(
    ("due", "end", "months"),
    [
        (date(2022, 12, 31), date(2024, 12, 31), 24),
        (date(2022, 12, 31), date(2023, 2, 28), 2),
        (date(2022, 6, 30), date(2022, 12, 31), 6),
        (date(2022, 12, 31), date(2023, 1, 1), 1),
        (date(2022, 6, 15), date(2022, 7, 15), 1),
        (date(2022, 6, 15), date(2022, 7, 16), 2),
    ],
)
def test_calendar_months(due, end, months):
    assert months_between(due, end) == months


def test_a_period_that_contains_the_due_date_and_meets_it_proves_no_date():
    target = level(target="{value: 1500, due: 2022-06-30, comparator: at_least}")
    found = assessed(target, final("2022", "1600"), as_of=LATE).current
    assert (found.status, found.overlays) == (Status.ACHIEVED, (Overlay.DATE_UNPROVEN,))
    short = assessed(target, final("2022", "1400"), as_of=LATE).current
    assert (short.status, short.overlays) == (Status.MISSED, ())
    earlier = assessed(target, final("2021", "1600"), final("2022", "1700"), as_of=LATE).current
    assert (earlier.status, earlier.overlays) == (Status.ACHIEVED, ())


def test_unit_scope_and_a_later_break_still_bar_a_value():
    other = assessed(level(), final("2022", "1600", scope="world"), as_of=LATE).current
    assert (other.status, other.reason) == (Status.NOT_ASSESSABLE, Reason.SCOPE_MISMATCH)
    units = ANNUAL.replace("indicator: m", "indicator: m, unit: percent")
    assert assessed(level(series=units), final("2022", "1600"), as_of=LATE).current.reason is Reason.UNIT_MISMATCH
    due = "{value: 1500, due: 2024, comparator: at_least}"
    broken = "{{indicator: m, frequency: annual, {lag}, breaks: [{{period: {year}, note: {{ko: 가, en: a}}}}]}}"
    after = level(target=due, series=broken.format(lag=LAG, year=2024))
    assert assessed(after, final("2024", "1600"), as_of=LATE).current.reason is Reason.SERIES_BREAK
    before = level(None, target=due, series=broken.format(lag=LAG, year=2019))
    assert assessed(before, final("2024", "1600"), as_of=LATE).status is Status.ACHIEVED


def test_a_value_in_error_for_the_due_date_decides_nothing():
    wrong = level(
        target="{value: 90, due: 2022, comparator: at_least}", baseline="{value: 10, period: 2019}", unit="percent"
    )
    found = evidence_with_bounds(wrong, final("2022", "104"))
    assert (found.status, found.current.reason) == (Status.NOT_ASSESSABLE, Reason.VALUE_ERROR)
    both = final("2022", "1600", source="A"), final("2022", "1400", source="B")
    assert assessed(level(), *both, as_of=LATE).current.reason is Reason.VALUE_CONFLICT


def evidence_with_bounds(target, *rows):
    (found,) = assess(a_registry(target, issued=ISSUED), observed(*rows), LATE)
    return found


# -- limits, kept values, ranges, ceilings on totals, yearly quotas ----------------------------------


@pytest.mark.parametrize(
    ("kind", "target", "value", "status"),
    [
        ("limit", "{value: 50, due: 2022, comparator: at_most}", "50", "within_limit"),
        ("limit", "{value: 50, due: 2022, comparator: at_most}", "51", "exceeded"),
        ("limit", "{value: 50, due: 2022, comparator: less_than}", "50", "exceeded"),
        ("maintain", "{value: 50, due: 2022, comparator: at_least}", "50", "achieved"),
        ("maintain", "{value: 50, due: 2022, comparator: at_least}", "49", "missed"),
        ("range", "{low: 40, high: 50, due: 2022, comparator: within}", "45", "achieved"),
        ("range", "{low: 40, high: 50, due: 2022, comparator: within}", "51", "missed"),
    ],
)
def test_where_the_day_alone_decides(kind, target, value, status):
    goal = a_target(
        "m",
        a_version(baseline=None, target=target, start="2021" if kind == "limit" else None),
        kind=kind,
        series=ANNUAL,
    )
    rows = final("2022", value), final("2024", "45" if status in ("exceeded", "missed") else "99")
    assert assessed(goal, *rows, as_of=LATE).status == status
    earlier = final("2021", "45"), final("2023", "45")
    assert assessed(goal, *earlier, as_of=LATE).current.reason is Reason.OUTCOME_UNKNOWN


@pytest.mark.parametrize(
    ("comparator", "flows", "as_of", "status"),
    [
        ("at_most", {"2024": "4"}, date(2025, 6, 1), "within_limit"),
        ("at_most", {"2024": "4", "2025-H1": "7"}, date(2025, 9, 1), "exceeded"),
        ("at_most", {"2024": "4", "2025": "6"}, LATE, "within_limit"),
        ("at_most", {"2024": "4", "2025": "7"}, LATE, "exceeded"),
        ("at_most", {"2024": "4"}, date(2026, 3, 1), "awaiting_outcome"),
        ("at_most", {"2024": "11"}, LATE, "exceeded"),
        ("exact", {"2024": "4", "2025": "6.1"}, LATE, "achieved"),
        ("exact", {"2024": "4", "2025": "6.2"}, LATE, "missed"),
        ("exact", {"2024": "10"}, date(2025, 6, 1), "on_track"),
        ("exact", {"2024": "11"}, date(2025, 6, 1), "off_track"),
        ("about", {"2024": "4", "2025": "6.5"}, LATE, "achieved"),
        ("about", {"2024": "4", "2025": "6.6"}, LATE, "missed"),
        ("at_least", {"2024": "10"}, date(2025, 6, 1), "achieved"),
        ("at_least", {"2024": "4", "2025": "5", "2026": "1"}, date(2027, 6, 1), "achieved"),
    ],
)
def test_totals(comparator, flows, as_of, status):
    goal = TOTAL.replace("comparator: at_least", f"comparator: {comparator}").replace(
        "unit: company", "unit: krw_trillion"
    )
    rows = [final(period, value, published=period) for period, value in flows.items()]
    found = assessed(goal, *rows, as_of=as_of)
    assert found.status == status
    assert (Overlay.LATE in found.current.overlays) == ("2026" in flows)


YEARLY = a_target(
    "m",
    a_version(baseline=None, start="2021", target="{value: 100, due: 2025, comparator: at_least}"),
    kind="recurring",
    measure="flow",
    series=ANNUAL,
)


@pytest.mark.parametrize(
    ("values", "status", "met"),
    [
        ("110 105 120 101 118", "achieved", 5),
        ("110 99 120 101 500", "missed", 4),
        ("110 105 120 101 -", "not_assessable", 4),
        ("110 99 120 101 -", "missed", 3),
    ],
)
def test_yearly_quotas_after_the_last_year(values, status, met):
    rows = [final(str(year), one) for year, one in enumerate(values.split(), 2021) if one != "-"]
    found = assessed(YEARLY, *rows, as_of=LATE)
    assert (found.status, found.current.periods_met, found.current.periods_due) == (status, met, 5)


def test_a_raised_quota_never_rewrites_the_past():
    later = a_version(
        "plan-2025",
        baseline=None,
        start="2021",
        reason="raised",
        target="{value: 150, due: 2030, comparator: at_least}",
    )
    target = a_target(
        "m",
        a_version(baseline=None, start="2021", target="{value: 100, due: 2030, comparator: at_least}"),
        later,
        kind="recurring",
        measure="flow",
        series=ANNUAL,
    )
    rows = [final(str(year), "118") for year in range(2021, 2025)]
    found = assessed(target, *rows, as_of=LATE)
    assert (found.status, found.current.periods_met, found.current.expected) == (Status.ACHIEVED, 4, 100)
    raised = assessed(target, *rows, final("2025", "118"), as_of=LATE)
    assert (raised.status, raised.current.periods_met, raised.current.expected) == (Status.NEEDS_ACCELERATION, 4, 150)


def test_quotas_by_year_within_one_version():
    version = a_version(
        baseline=None,
        start="2023",
        quotas="[{value: 80, period: 2023}, {value: 90, period: 2024}]",
        target="{value: 100, due: 2030, comparator: at_least}",
    )
    target = a_target("m", version, kind="recurring", measure="flow", series=ANNUAL)
    found = assessed(target, final("2023", "80"), final("2024", "89"), final("2025", "90"), as_of=LATE).current
    assert (found.periods_met, found.expected) == (2, 90)


# -- careless twins: each takes one guard away, and the example it protects must fall ------------------


def test_control_an_estimate_must_not_decide(monkeypatch):
    monkeypatch.setattr(outcomes, "DECISIVE", frozenset("ABPE"))
    target, rows, as_of, status, *_ = TWINS["O5"]
    assert record(assessed(target, *rows, as_of=as_of))["status"] != status


def test_control_without_the_date_in_the_row_a_later_value_proves_everything(monkeypatch):
    monkeypatch.setattr(outcomes, "value_of_the_day", lambda points, due, rule=False: points[-1] if points else None)
    target, rows, as_of, *_, overlays = EXAMPLES["O4"]
    assert set(record(assessed(target, *rows, as_of=as_of))["overlays"]) != overlays
