"""No status depends on the power of ten in which a unit counts, whatever the kind (hypothesis)."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from builders import a_registry, a_target, a_version, observed, row
from hypothesis import given, settings
from hypothesis import strategies as st

from loaders.assessment import assess
from loaders.domain.method import comparison
from loaders.domain.method.kinds import level

ANNUAL = "{indicator: m, frequency: annual, release_lag_days: 60, grace_days: 30}"


def goal(text, begins=10, **more):
    """Kind and fields of a goal due in 2022; `#100` is a number in the unit."""
    return {"baseline": f"{{value: #{begins}, period: 2018}}" if begins else None, "target": f"{{{text}}}"} | more


def flow(text, **more):
    return goal(text, None, kind="cumulative", measure="flow", **more)


GOALS = {
    "level": goal("value: #100, due: 2022, comparator: at_least, ambition: #120", milestones="[{value: #40, due: 2020}]"),
    "falling": goal("value: #20, due: 2022, comparator: less_than", 150),
    "about": goal("value: #100, due: 2022, comparator: about"),
    "equal": goal("value: #100, due: 2022, comparator: equal, tolerance: #3"),
    "geometric": goal("value: #100, due: 2022, comparator: at_least", path="geometric"),
    "maintain": goal("value: #90, due: 2022, comparator: at_least", 100, kind="maintain", buffer="#10"),
    "limit": goal("value: #90, due: 2022, comparator: at_most", None, kind="limit", start="2019"),
    "range": goal("low: #80, high: #120, due: 2022, comparator: within", kind="range"),
    "total": flow("value: #300, due: 2022, comparator: at_least", start="2019"),
    "ceiling": flow("value: #300, due: 2022, comparator: at_most", start="2019"),
    "planned": flow(
        "value: #300, due: 2022, comparator: exact",
        plan="[{value: #60, period: 2019}, {value: #80, period: 2020}, {value: #160, period: 2021..2022}]",
    ),
    "recurring": goal("value: #90, due: 2022, comparator: at_least", None, kind="recurring", measure="flow", start="2019"),
}  # fmt: skip


def judged(name, power, numbers, as_of):
    """Status, reason, overlays, verdict and what the next release would mean, in units of ten to the ``power``."""

    def scaled(number):
        return Decimal(str(number)).scaleb(power)

    def written(text):
        return re.sub(r"#(\d+)", lambda found: f"{scaled(found[1]):f}", text)

    fields = {key: written(text) for key, text in GOALS[name].items() if text is not None}
    own = {key: fields.pop(key) for key in ("kind", "measure") if key in fields}
    version = a_version(**({"baseline": None} | fields))
    registry = a_registry(a_target("m", version, series=ANNUAL, unit="krw_trillion", **own), issued="2019-06-30")
    rows = observed(*(row("m", str(year), str(one), published=f"{year + 1}-02-15") for year, one in numbers.items()))
    # The published digits move with the point: what they allow is half of the same digit.
    rows = [replace(one, value=float(scaled(one.value)), epsilon=float(scaled(one.epsilon)), digits="") for one in rows]
    (item,) = assess(registry, rows, as_of)
    now, flips = item.current, item.flips.flips if item.flips else ()
    verdict = now.outcome.verdict if now.outcome else None
    return item.status, now.reason, now.overlays, verdict, [flip.status for flip in flips]


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(sorted(GOALS)),
    st.dictionaries(st.integers(2019, 2026), st.integers(0, 200), max_size=6),
    st.dates(date(2019, 7, 1), date(2028, 1, 1)),
    st.sampled_from([*range(-6, 0), *range(1, 7)]),
)
def test_a_unit_of_another_power_of_ten_changes_no_status(name, numbers, as_of, power):
    assert judged(name, power, numbers, as_of) == judged(name, 0, numbers, as_of)


@pytest.mark.parametrize(("power", "number"), [(-6, 50), (6, 96)])
def test_control_a_band_of_a_fixed_width_is_caught(monkeypatch, power, number):
    """Five units either way are nothing in millions and all in millionths."""
    for module in (comparison, level):
        monkeypatch.setattr(module, "tolerance_of", lambda *args: 5.0)
    numbers, as_of = {2022: number}, date(2023, 6, 1)
    assert judged("about", power, numbers, as_of) != judged("about", 0, numbers, as_of)
