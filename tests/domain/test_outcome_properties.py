"""What must hold of every outcome, whatever the values (hypothesis)."""

from datetime import date

import builders
from builders import a_target, a_version, observed, row
from hypothesis import given, settings
from hypothesis import strategies as st

from loaders.assessment import assess
from loaders.domain import vintage
from loaders.domain.method import judge as judging
from loaders.domain.method import outcome as outcomes
from loaders.domain.method.outcome import KNOWN, Verdict
from loaders.domain.method.status import Group, Reason, Status
from loaders.record import record
from loaders.tallies import groups_of

ISSUED, DUE = "2019-06-30", "{value: 100, due: 2022, comparator: at_least}"
ANNUAL = "{indicator: m, frequency: annual, release_lag_days: 60, grace_days: 30}"
WITH = builders.a_registry(
    a_target("m", a_version(baseline="{value: 10, period: 2018}", target=DUE), series=ANNUAL), issued=ISSUED
)
WITHOUT = builders.a_registry(a_target("m", a_version(baseline=None, target=DUE), series=ANNUAL), issued=ISSUED)

YEARS = st.integers(2019, 2026)
NUMBERS = st.integers(0, 200)
values = st.dictionaries(YEARS, st.tuples(NUMBERS, st.sampled_from("AAPE")), max_size=8)
days = st.dates(date(2019, 7, 1), date(2030, 1, 1))
quick = settings(max_examples=60, deadline=None)


def rows_of(found):
    return [
        row("m", str(year), str(number), status=status, published=f"{year + 1}-02-15")
        for year, (number, status) in found.items()
    ]


def judged(registry, rows, as_of):
    (item,) = assess(registry, observed(*rows), as_of)
    return item.current


@quick
@given(values, st.sampled_from("AP"), NUMBERS, st.dictionaries(st.integers(2023, 2028), NUMBERS, max_size=4))
def test_with_the_value_of_the_due_date_no_later_value_changes_kept_in_time(found, status, number, later):
    known = {year: one for year, one in found.items() if year < 2022} | {2022: (number, status)}
    before = judged(WITH, rows_of(known), date(2023, 6, 1))
    after = judged(WITH, rows_of(known | {year: (one, "A") for year, one in later.items()}), date(2029, 6, 1))
    in_time = [one.outcome.verdict is Verdict.KEPT for one in (before, after)]
    assert in_time[0] is in_time[1] is (number >= 100)
    assert before.outcome.verdict in KNOWN


@quick
@given(NUMBERS, NUMBERS)
def test_a_revision_or_withdrawal_of_that_value_does(first, second):
    old = row("m", "2022", str(first), published="2023-02-15")
    revised = row("m", "2022", str(second), published="2023-02-15", known="2024-02-15")
    assert judged(WITH, [old, revised], date(2024, 3, 1)).outcome.verdict is (
        Verdict.KEPT if second >= 100 else Verdict.BROKEN
    )
    gone = row("m", "2022", "", status="M", published="2024-02-15")
    assert judged(WITH, [old, gone], date(2024, 3, 1)).outcome.verdict is Verdict.UNKNOWN


@quick
@given(values, days, st.integers(0, 4000))
def test_a_verdict_that_rests_on_a_value_never_becomes_stale(found, as_of, more):
    rows = [one for one in observed(*rows_of(found)) if one.opens <= as_of]
    later = date.fromordinal(as_of.toordinal() + more)
    now, then = ({item.id: item for item in assess(WITH, rows, day)}["m"].current for day in (as_of, later))
    if now.outcome is not None and now.outcome.verdict in KNOWN:
        assert (then.status, then.outcome) == (now.status, now.outcome)


@quick
@given(values, days)
def test_adding_a_baseline_never_changes_an_outcome(found, as_of):
    rows = rows_of(found)
    assert judged(WITH, rows, as_of).outcome == judged(WITHOUT, rows, as_of).outcome


@quick
@given(values, YEARS, days)
def test_a_withdrawn_value_equals_one_that_was_never_published(found, year, as_of):
    gone = row("m", str(year), "", status="M", published=f"{year + 1}-03-01")
    never = {key: one for key, one in found.items() if key != year}
    if as_of >= date(year + 1, 3, 1):
        (one,) = assess(WITH, observed(*rows_of(found), gone), as_of)
        (other,) = assess(WITH, observed(*rows_of(never)), as_of)
        assert record(one) == record(other)


def scaled(number, power):
    """A whole number times ten to the power, written with the digits that a statistic of that unit would print."""
    if power >= 0:
        return str(number * 10**power)
    text = str(number).rjust(-power + 1, "0")
    return f"{text[:power]}.{text[power:]}"


def in_unit(power, numbers, as_of):
    base, goal = scaled(10, power), scaled(100, power)
    version = a_version(
        baseline=f"{{value: {base}, period: 2018}}", target=f"{{value: {goal}, due: 2022, comparator: at_least}}"
    )
    registry = builders.a_registry(a_target("m", version, series=ANNUAL, unit="krw_trillion"), issued=ISSUED)
    rows = [
        row(
            "m",
            str(year),
            scaled(number, power),
            published=f"{year + 1}-02-15",
        )
        for year, number in numbers.items()
    ]
    (item,) = assess(registry, observed(*rows), as_of)
    return item


@quick
@given(st.dictionaries(YEARS, st.integers(10, 200), max_size=6), days, st.integers(-3, -1), st.integers(-3, -1))
def test_another_unit_changes_no_status(numbers, as_of, one, other):
    """Powers of ten move the point; what the published digits allow moves with them."""
    first, second = in_unit(one, numbers, as_of), in_unit(other, numbers, as_of)
    assert (first.status, first.current.overlays) == (second.status, second.current.overlays)


@quick
@given(values, days)
def test_the_groups_add_up_to_all_targets(found, as_of):
    items = assess(WITH, observed(*rows_of(found)), as_of)
    counts = groups_of(items)
    assert set(counts) == set(Group)
    assert sum(counts.values()) == len(items) == 1
    assert (counts[Group.AWAITING] == 1) is (items[0].status is Status.AWAITING_OUTCOME)


def test_control_a_rule_that_reads_the_newest_value_breaks_the_first_property(monkeypatch):
    monkeypatch.setattr(outcomes, "value_of_the_day", lambda points, due, rule=False: points[-1] if points else None)
    rows = rows_of({2022: (120, "A"), 2023: (80, "A")})
    assert judged(WITH, rows, date(2024, 6, 1)).outcome.verdict is not Verdict.KEPT


def test_control_without_the_outcome_a_verdict_becomes_stale(monkeypatch):
    monkeypatch.setattr(judging, "_after", lambda case: None)
    rows = observed(*rows_of({2022: (90, "A")}))
    now, later = (assess(WITH, rows, day)[0].current for day in (date(2023, 6, 1), date(2027, 6, 1)))
    assert (now.status, later.reason) == (Status.NEEDS_ACCELERATION, Reason.STALE)


def test_control_an_outcome_that_asks_for_a_baseline_is_caught(monkeypatch):
    after = judging._after
    monkeypatch.setattr(judging, "_after", lambda case: after(case) if case.version.baseline else None)
    rows = rows_of({2022: (90, "A")})
    assert judged(WITH, rows, date(2024, 1, 1)).outcome != judged(WITHOUT, rows, date(2024, 1, 1)).outcome


def test_control_a_withdrawal_that_is_skipped_is_caught(monkeypatch):
    def careless(rows, *more):
        return vintage.latest_known([one for one in rows if one.status != "M"], *more)

    monkeypatch.setattr("loaders.standing.latest_known", careless)
    gone = row("m", "2022", "", status="M", published="2023-03-01")
    (one,) = assess(WITH, observed(*rows_of({2022: (120, "A")}), gone), date(2023, 4, 1))
    assert one.current.outcome.verdict is Verdict.KEPT
