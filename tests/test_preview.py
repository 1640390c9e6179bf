"""What a value would mean, without leaving a trace."""

from dataclasses import replace
from datetime import date

import pytest
from builders import a_registry, a_target, a_version, observed, row

from loaders.assessment import assess
from loaders.domain.method.status import Status
from loaders.preview import preview, reduced
from loaders.record import record

TODAY = date(2026, 6, 1)
TO_10 = a_version(target="{value: 10, due: 2030, comparator: at_least}")
PARTS = "{rule: worst, children: [{target: first}, {target: second}]}"
WHOLE = a_target("whole", kind="breakdown", breakdown=PARTS, series=None)
REGISTRY = a_registry(a_target("first", TO_10), a_target("second", TO_10), WHOLE, a_target("other", TO_10))
KNOWN = observed(row("first", "2024", "3"), row("second", "2024", "2"), row("other", "2024", "1"))


def proposed(indicator, period, value, **changes):
    return replace(observed(row(indicator, period, value))[0], **changes)


def both(indicator, period, value, **changes):
    return preview(REGISTRY, KNOWN, indicator, proposed(indicator, period, value, **changes), TODAY)


def test_before_and_after():
    found = both("first", "2025", "0")
    assert (found.before.status, found.after.status) == (Status.ON_TRACK, Status.OFF_TRACK)
    assert (found.before.current.value, found.after.current.value) == (3.0, 0.0)
    assert found.before.current.months > 0 > found.after.current.months


@pytest.mark.parametrize("value", ["0", "3", "12"])
def test_it_is_what_the_whole_registry_would_say(value):
    found = both("first", "2025", value, known=TODAY)
    whole = {one.id: one for one in assess(REGISTRY, [*KNOWN, proposed("first", "2025", value, known=TODAY)], TODAY)}
    now = {one.id: one for one in assess(REGISTRY, KNOWN, TODAY)}
    assert record(found.after) == record(whole["first"])
    assert record(found.before) == record(now["first"])
    ((before, after),) = found.wholes
    assert (record(before), record(after)) == (record(now["whole"]), record(whole["whole"]))


def test_the_whole_follows_its_part():
    ((before, after),) = both("second", "2025", "0").wholes
    assert (before.status, after.status) == (Status.ON_TRACK, Status.OFF_TRACK)


def test_a_value_that_is_released_later_is_shown_as_if_it_were_known():
    found = both("first", "2025", "0", known=date(2026, 12, 1), published=date(2026, 12, 1))
    assert found.after.current.value == 0.0


def test_a_correction_wins_over_what_was_known_on_the_same_day():
    held = [replace(one, known=TODAY, line=99) for one in KNOWN]
    found = preview(REGISTRY, held, "first", proposed("first", "2024", "5"), TODAY)
    assert (found.before.current.value, found.after.current.value) == (3.0, 5.0)


def test_only_what_is_needed_is_assessed_and_nothing_is_changed():
    small = reduced(REGISTRY, "first")
    assert [one.id for one in small.targets] == ["first", "second", "whole"]
    assert set(small.target) == {"first", "second", "whole"}
    assert [one.id for one in reduced(REGISTRY, "other").targets] == ["other"]
    assert [one.id for one in reduced(REGISTRY, "whole").targets] == ["first", "second", "whole"]
    listed = list(KNOWN)
    both("first", "2025", "0")
    assert listed == KNOWN and set(REGISTRY.target) == {"first", "second", "whole", "other"}


def test_control_a_copy_would_keep_the_lookup_tables_of_the_original():
    assert REGISTRY.target
    copy = REGISTRY.model_copy(update={"targets": REGISTRY.targets[:1]})
    assert "other" in copy.target


def test_a_target_that_is_not_yet_in_force():
    with pytest.raises(KeyError):
        preview(REGISTRY, KNOWN, "first", proposed("first", "2025", "0"), date(2020, 1, 1))


def test_a_target_that_was_replaced_stays_so():
    registry = a_registry(a_target("old", TO_10, superseded_by="new"), a_target("new", TO_10))
    found = preview(registry, observed(row("old", "2024", "3")), "old", proposed("old", "2025", "4"), TODAY)
    assert (found.before.status, found.after.status) == (Status.SUPERSEDED, Status.SUPERSEDED)
