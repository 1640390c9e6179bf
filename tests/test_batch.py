"""Many targets at once give what the scalar functions give, number by number."""

import math
from datetime import date
from pathlib import Path

import pytest
from builders import a_registry, a_target, a_version, observed, row
from hypothesis import given, settings
from hypothesis import strategies as st

from loaders.assessment import assess, record
from loaders.batch.assess import assess_many
from loaders.batch.columns import columns
from loaders.dataset import load_dataset

NUMBERS = (
    *("expected", "progress", "expected_progress", "delivery_ratio", "gap_to_target", "deviation", "months"),
    *("required_pace_next", "required_pace_final", "recent_pace", "acceleration", "baseline", "target"),
)
NESTED = (
    "crosscheck.eurostat_ratio",
    "crosscheck.unsd_share",
    *(f"projection.{key}" for key in ("at", "centre", "low", "high")),
)
WORDS = ("status", "reason", "crosscheck.eurostat_band", "crosscheck.unsd_band", "projection.verdict")
OVERLAYS = ("provisional", "stale", "borderline", "milestone_missed", "method_disagreement", "assumed_baseline")


def differences(registry, rows, day, many=assess_many) -> list[str]:
    """Every field in which the two ways differ, over all plain targets."""
    own, others = columns(registry, rows)
    table = many(own, day)
    left = {target.id for target in others}
    scalar = {item.id: record(item) for item in assess(registry, rows, day) if item.id not in left}
    assert list(table["id"]) == list(scalar), "the same targets in the same order"
    found = []
    for place, (name, one) in enumerate(scalar.items()):
        flat = one | {
            f"{key}.{inner}": cell for key in ("crosscheck", "projection") for inner, cell in one[key].items()
        }
        for field in (*NUMBERS, *NESTED):
            ours, theirs = table[field][place], flat[field]
            if math.isnan(ours) != (theirs is None) or (
                theirs is not None and ours != pytest.approx(theirs, rel=1e-9, abs=1e-9)
            ):
                found.append(f"{name}.{field}: {ours} instead of {theirs}")
        found += [
            f"{name}.{field}: {table[field][place]} instead of {flat[field]}"
            for field in WORDS
            if table[field][place] != (flat[field] or "")
        ]
        ours = {key for key in OVERLAYS if table[f"overlay.{key}"][place]}
        if ours != set(one["overlays"]):
            found.append(f"{name}.overlays: {ours} instead of {one['overlays']}")
    return found


@pytest.mark.parametrize("day", ["2019-12-31", "2024-10-01", "2025-06-30", "2026-11-23", "2032-01-01"])
def test_the_shipped_data(day):
    dataset = load_dataset(Path(__file__).parent.parent / "data")
    own, _ = columns(dataset.registry, dataset.observations)
    assert len(own.ids) >= 10
    assert differences(dataset.registry, dataset.observations, date.fromisoformat(day)) == []


numbers = st.one_of(st.integers(-5, 30), st.floats(-20, 120).map(lambda value: round(value, 1)))


@st.composite
def plain_targets(draw):
    n = draw(st.integers(1, 4))
    targets, rows = [], []
    for number in range(n):
        start, goal = draw(numbers), draw(numbers)
        if start == goal:
            goal = start + 1
        share = draw(st.one_of(st.none(), st.floats(0, 1)))
        middle = None if share is None else round(start + share * (goal - start), 2)
        path = draw(st.sampled_from(["linear", "step", "geometric"]))
        if path == "geometric" and not all(start * one > 0 for one in (goal, start if middle is None else middle)):
            path = "linear"
        whole = draw(st.booleans()) and all(float(one).is_integer() for one in (start, goal, middle or 0))
        version = a_version(
            baseline=f"{{value: {start}, period: {draw(st.sampled_from([2019, 2023]))}{', assumed: true' if draw(st.booleans()) else ''}}}",
            target=f"{{value: {goal}, due: {draw(st.sampled_from([2025, 2030]))}, comparator: at_{'least' if goal > start else 'most'}}}",
            path=path,
            milestones="[]" if middle is None else f"[{{value: {middle}, due: 2024}}]",
        )
        rhythm = draw(
            st.sampled_from(
                ["", ", frequency: annual, release_lag_days: 60, grace_days: 20", ", frequency: semiannual"]
            )
        )
        targets.append(
            a_target(
                f"t_{number}",
                version,
                unit="year",
                series=f"{{indicator: t_{number}{rhythm}}}",
                integer=str(whole).lower(),
            )
        )
        for period in draw(
            st.lists(
                st.sampled_from(["2018", "2019", "2020", "2021", "2022", "2023", "2024", "2024-H1", "2024-12", "2025"]),
                max_size=8,
            )
        ):
            value, status = draw(numbers), draw(st.sampled_from("AAPE"))
            known = draw(st.sampled_from(["2025-01-31", "2025-02-28", "2026-03-31", "2030-05-01"]))
            rows.append(row(f"t_{number}", period, str(value), status=status, published=known))
    return targets, rows


@given(plain_targets(), st.sampled_from([date(2025, 2, 1), date(2026, 6, 1), date(2031, 1, 1)]))
@settings(max_examples=120)
def test_whatever_the_values(data, day):
    targets, rows = data
    registry, values = a_registry(*targets), observed(*dict.fromkeys(rows))
    own, others = columns(registry, values)
    assert (len(own.ids), len(others)) == (len(targets), 0)
    assert differences(registry, values, day) == []


PATHS = {
    # E(2026.0), ρ and L of 300 on a path through 100 at 2023.0, 200 at 2025.0 and 400 at 2029.0.
    "linear": (250.0, 200 / 150, 12.0),
    "step": (200.0, 2.0, 0.0),
    "geometric": (200 * 2**0.25, 200 / (200 * 2**0.25 - 100), 12 * (4 * math.log2(1.5) - 1)),
}


@pytest.mark.parametrize("path", PATHS)
def test_each_path(path):
    """Numbers worked by hand, in arrays as in METHOD."""
    registry = a_registry(
        a_target(
            "unicorns",
            a_version(
                baseline="{value: 100, period: 2022}",
                milestones="[{value: 200, due: 2024}]",
                target="{value: 400, due: 2028, comparator: at_least}",
                path=path,
            ),
        )
    )
    values = observed(row("unicorns", "2025", "300"))
    own, _ = columns(registry, values)
    table = assess_many(own, date(2026, 6, 1))
    found = [table[field][0] for field in ("expected", "delivery_ratio", "months")]
    assert found == pytest.approx(PATHS[path], rel=1e-9)
    assert differences(registry, values, date(2026, 6, 1)) == []


def spoilt(field):
    """The arrays' way with one cell of ``field`` wrong by little."""

    def many(own, day):
        table = assess_many(own, day)
        cell = table[field][0]
        if field.startswith("overlay."):
            table[field][0] = not cell
        elif field in WORDS:
            table[field] = table[field].astype(object)
            table[field][0] = "other"
        else:
            table[field] = table[field].copy()
            table[field][0] = 1.0 if math.isnan(cell) else cell + 1e-5
        return table

    return many


@pytest.mark.parametrize("field", [*NUMBERS, *NESTED, *WORDS, *(f"overlay.{key}" for key in OVERLAYS)])
def test_the_comparison_bites(field):
    """The control: one wrong cell is noticed, and nothing else is."""
    registry = a_registry(a_target("unicorns", a_version()))
    values = observed(row("unicorns", "2025", "2"))
    assert differences(registry, values, date(2026, 6, 1)) == []
    (only,) = differences(registry, values, date(2026, 6, 1), spoilt(field))
    assert only.startswith("unicorns.overlays:" if field.startswith("overlay.") else f"unicorns.{field}:")


@pytest.mark.parametrize(
    "target",
    [
        a_target(kind="maintain", unit="rank", measure="rank"),
        a_target("unicorns", a_version(baseline=None)),
        a_target("unicorns", series="{indicator: unicorns, unit: percent}"),
        a_target("unicorns", series="{indicator: unicorns, breaks: [{period: 2025, note: {ko: 바뀜, en: changed}}]}"),
        a_target(
            "unicorns",
            a_version(),
            a_version("plan-2025", target="{value: 20, due: 2030, comparator: at_least}", reason="raised"),
        ),
    ],
)
def test_what_is_not_plain_takes_the_scalar_way(target):
    own, others = columns(a_registry(target), observed(row("unicorns", "2025", "2")))
    assert (own.ids, [one.id for one in others]) == ((), ["unicorns"])
    assert len(assess_many(own, date(2026, 6, 1))["id"]) == 0
