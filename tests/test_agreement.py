"""How often other methods agreed on past values, and how often each changed its mind."""

from datetime import date

from builders import a_registry, a_target, a_version, observed, row

from loaders.agreement import agreements
from loaders.history import judged_values

VERSION = a_version(baseline="{value: 28, period: 2022}", target="{value: 70, due: 2030, comparator: at_least}")
REGISTRY = a_registry(a_target("share", VERSION, unit="percent", series="{indicator: share, frequency: annual}"))
ROWS = observed(
    *(row("share", str(year), value) for year, value in ((2023, "28"), (2024, "35"), (2025, "44"), (2026, "29")))
)


def found(until):
    past = judged_values(REGISTRY, ROWS, REGISTRY.target["share"], until)
    methods, ours = agreements(past)
    return (
        [item.status.value for item in past],
        {one.method: (one.compared, one.agreed, one.turns) for one in methods},
        ours,
    )


def test_each_value_counts_once():
    statuses, methods, ours = found(date(2025, 12, 31))
    assert statuses == ["off_track", "needs_acceleration", "on_track"]
    assert ours == 2
    assert methods["eurostat"] == (3, 2, 1)


def test_a_method_that_gives_no_band_is_left_out_and_the_rate_never_counts():
    _, methods, _ = found(date(2025, 12, 31))
    assert set(methods) == {"eurostat", "unsd"}
    assert set(found(date(2026, 12, 31))[1]) == {"eurostat", "unsd", "dns"}


def test_what_comes_later_is_not_counted():
    assert len(found(date(2024, 12, 31))[0]) == 2
