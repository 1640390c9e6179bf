"""Flip points: the value named gives the status named, and a hair less does not."""

from datetime import date

import pytest
from builders import a_target, a_version, assessed, row

from loaders.domain.method.status import Status

ANNUAL = "{{indicator: {}, frequency: annual}}"


def flips(item):
    return [(flip.status.value, flip.value) for flip in item.flips.flips]


def a_share(*rows):
    version = a_version(baseline="{value: 28, period: 2022}", target="{value: 70, due: 2030, comparator: at_least}")
    return assessed(a_target("share", version, unit="percent", series=ANNUAL.format("share")), *rows)


def test_a_level():
    """At 2026.0 the path of example 2a stands at 43.75: 28 + 0.60 · 15.75, 28 + 0.95 · 15.75."""
    item = a_share(row("share", "2024", "35"))
    assert item.flips.tau == 2026.0
    assert flips(item) == [
        ("regressing", None),
        ("off_track", pytest.approx(27.5)),
        ("needs_acceleration", pytest.approx(37.45)),
        ("on_track", pytest.approx(42.9625)),
        ("achieved", 70),
    ]


@pytest.mark.parametrize("number", [2, 3, 4])
def test_the_published_value_then_gives_that_status(number):
    status, value = flips(a_share(row("share", "2024", "35")))[number]
    assert a_share(row("share", "2024", "35"), row("share", "2025", f"{value:.4f}")).status == status
    assert a_share(row("share", "2024", "35"), row("share", "2025", f"{value - 0.6:.4f}")).status != status


def test_falling_behind_the_baseline_needs_more_than_the_rounding_of_the_last_value():
    """ "35" is published in whole points, so half a point below the baseline is within its rounding."""
    assert a_share(row("share", "2024", "35"), row("share", "2025", "28")).status == "off_track"
    assert a_share(row("share", "2024", "35"), row("share", "2025", "27")).status == "regressing"


def test_whole_things_flip_at_whole_numbers():
    item = assessed(a_target(series=ANNUAL.format("unicorns"), integer="true"), row("unicorns", "2024", "2"))
    assert all(value is None or value == int(value) for _, value in flips(item))
    assert flips(item)[-1] == ("achieved", 10)


def test_places():
    version = a_version(
        baseline="{value: 6, period: 2023}",
        milestones="[{value: 4, due: 2025}]",
        target="{value: 3, due: 2030, comparator: at_most}",
    )
    fields = {"kind": "rank", "unit": "rank", "series": ANNUAL.format("place")}
    item = assessed(a_target("place", version, **fields), row("place", "2024", "5"))
    assert flips(item) == [
        ("regressing", None),
        ("off_track", 6),
        ("needs_acceleration", 5),
        ("on_track", 4),
        ("achieved", 3),
    ]


def test_none_without_a_rhythm_or_a_status():
    assert assessed(a_target(), row("unicorns", "2024", "2")).flips is None
    silent = assessed(a_target(series=ANNUAL.format("unicorns")))
    assert silent.status is Status.NOT_ASSESSABLE
    assert silent.flips is None
    late = assessed(a_target(series=ANNUAL.format("unicorns")), row("unicorns", "2024", "2"), as_of=date(2030, 1, 1))
    assert late.flips is None, "too old to be judged"


def test_a_status_that_no_value_can_have_is_left_out():
    """From 1 company on, half a company less than the baseline is below 0: nobody can publish that."""
    version = a_version(baseline="{value: 0, period: 2022}")
    item = assessed(a_target("unicorns", version, series=ANNUAL.format("unicorns")), row("unicorns", "2024", "2"))
    names = [name for name, _ in flips(item)]
    assert "regressing" not in names
    assert flips(item)[0] == ("off_track", 0)


DUE = a_version(baseline="{value: 28, period: 2022}", target="{value: 70, due: 2025, comparator: at_least}")


def due_share(*rows, version=DUE, **fields):
    return assessed(a_target("share", version, unit="percent", series=ANNUAL.format("share"), **fields), *rows)


def test_the_value_of_the_due_date_decides_between_reached_and_missed():
    """On track at 66 of 70 would be 정상 a year earlier; as the value of the due date it is a miss."""
    item = due_share(row("share", "2024", "60"))
    assert flips(item) == [("missed", None), ("achieved", 70)]
    for number, status in (("69.9", "missed"), ("70", "achieved")):
        assert due_share(row("share", "2024", "60"), row("share", "2025", number)).status == status


def test_a_missed_goal_may_still_be_reached_late_and_a_kept_one_has_nothing_left_to_flip():
    assert flips(due_share(row("share", "2025", "60"))) == [("missed", None), ("achieved", 70)]
    assert due_share(row("share", "2025", "71")).flips is None


def test_a_strict_bound_flips_beyond_its_value():
    version = a_version(baseline="{value: 20, period: 2022}", target="{value: 5, due: 2030, comparator: less_than}")
    last = due_share(row("share", "2025", "10"), version=version).flips.flips[-1]
    assert (last.status, last.value, last.beyond) == (Status.ACHIEVED, 5, True)
    assert (
        due_share(row("share", "2025", "10"), row("share", "2026", "5"), version=version).status is not Status.ACHIEVED
    )


def test_about_has_a_far_side():
    version = a_version(baseline="{value: 5, period: 2022}", target="{value: 50, due: 2030, comparator: about}")
    found = due_share(row("share", "2025", "30"), version=version).flips.flips
    assert [(one.status.value, one.value, one.beyond) for one in found[-2:]] == [
        ("achieved", 47.5, False),
        ("off_track", 52.5, True),
    ]


@pytest.mark.parametrize(
    "version", [DUE, a_version(baseline=None, start="2024", target="{value: 50, due: 2030, comparator: at_most}")]
)
def test_what_is_announced_is_what_comes(version):
    """Control for every flip: the value itself, or a hair beyond it, published next gives the status named."""
    limit = version is not DUE
    fields = {"kind": "limit"} if limit else {}
    before = row("share", "2024", "40")
    for flip in due_share(before, version=version, **fields).flips.flips:
        if flip.value is not None:
            sign = -1 if limit else 1
            number = f"{flip.value + sign * 0.001 * flip.beyond:.3f}"
            assert due_share(before, row("share", "2025", number), version=version, **fields).status is flip.status
