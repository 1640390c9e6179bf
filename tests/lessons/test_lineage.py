"""Goals that were merged, split, dropped or replaced, and wholes made of parts."""

import pytest
from builders import HEAD, a_version
from telling import goal, value


def test_goals_that_were_merged_or_split_lead_on(told):
    gone = a_version("plan-2025", baseline=None, target=None, reason="{reason}")
    to_100 = "{value: 100, due: 2030, comparator: at_least}"
    merged = goal("merged", to_100, later=(gone.format(reason="merged"),), superseded_by="part")
    split = goal("split", to_100, later=(gone.format(reason="split"),), superseded_by="[part, other]")
    rows = (value("merged", "2025", "50"),)
    found = told(merged, split, goal("part", to_100), goal("other", to_100), rows=rows)
    assert found.check() == (0, [])
    stand = found.status()
    assert [stand[name]["status"] for name in ("merged", "split")] == ["superseded", "superseded"]
    assert stand["merged"]["outcome"] | {"result_due": None} == {
        "verdict": "withdrawn",
        "at": None,
        "months_late": None,
        "result_due": None,
        "event": "withdrawn 2025-06-30",
    }
    assert stand["split"]["group"] == "closed"


def test_what_took_a_merged_goal_over_is_asked_for(told):
    gone = a_version("plan-2025", baseline=None, target=None, reason="merged")
    assert told(goal("merged", "{value: 100, due: 2030, comparator: at_least}", later=(gone,))).check() == (
        0,
        ["rule.handed_on"],
    )


def test_a_reason_is_not_believed_against_the_numbers(told):
    later = a_version("plan-2025", target="{value: 60, due: 2030, comparator: at_least}", reason="raised")
    assert told(goal("lies", "{value: 100, due: 2028, comparator: at_least}", later=(later,))).check() == (
        1,
        ["rule.reason_fits"],
    )


def test_a_dropped_part_leaves_the_whole_and_a_replaced_one_is_followed(told):
    gone = a_version("plan-2025", baseline=None, target=None, reason="dropped")
    to_100 = "{value: 100, due: 2030, comparator: at_least}"
    parts = "{rule: all, children: [{target: one}, {target: two}]}"
    whole = goal("whole", to_100, None, kind="breakdown", breakdown=parts, series=None)
    rows = value("one", "2025", "60"), value("two", "2025", "60"), value("new", "2025", "10")
    dropped = told(whole, goal("one", to_100), goal("two", to_100, later=(gone,)), goal("new", to_100), rows=rows)
    assert dropped.stand()["whole"] == ("on_track", None)
    text = dropped.folder.joinpath("targets.yaml").read_text("utf-8").replace("reason: dropped", "reason: merged")
    text = text.replace("  - id: two\n", "  - id: two\n    superseded_by: new\n")
    dropped.folder.joinpath("targets.yaml").write_text(text, encoding="utf-8")
    assert dropped.stand()["whole"] == ("off_track", None)


def test_the_act_of_a_ministry_without_a_lead_is_answered_for(told):
    assert HEAD.count("ministries:") == 1  # the builders' registry has one ministry
    answers = goal("share", "{value: 100, due: 2030, comparator: at_least}").replace(
        "    unit:", "    answers: {ministry: msit, note: 총괄}\n    unit:"
    )
    assert told(answers).check() == (0, [])


TO_100 = "{value: 100, due: 2024, comparator: at_least}"
BY_2028 = "{value: 100, due: 2028, comparator: at_least}"
LATER = "{value: 120, due: 2028, comparator: at_least}"


def again(target=LATER, reason="raised", **fields):
    return a_version("plan-2025", **{"baseline": None, "target": target, "reason": reason} | fields)


@pytest.mark.parametrize(
    ("published", "later", "as_of", "expected"),
    [
        # Dropped on 30 June 2025: the outcome known by then stays, one that comes after never begins.
        ("2025-03-01", again(None, "dropped"), "2026-06-01", ("missed", "broken")),
        ("2025-06-30", again(None, "dropped"), "2026-06-01", ("missed", "broken")),
        ("2025-07-01", again(None, "dropped"), "2026-06-01", ("dropped", "withdrawn")),
        ("2025-07-01", again(None, "dropped"), "2025-06-29", ("not_assessable", "unknown")),
        ("2025-03-01", again(LATER, "redefined", scope="{id: other}"), "2026-06-01", ("missed", "broken")),
        ("2025-07-01", again(LATER, "redefined", scope="{id: other}"), "2026-06-01", ("dropped", "withdrawn")),
        # Raised, it keeps its outcome whenever that becomes known.
        ("2025-03-01", again(), "2026-06-01", ("missed", "broken")),
        ("2025-07-01", again(), "2026-06-01", ("missed", "broken")),
    ],
)
def test_an_earlier_version_ends_on_its_own(told, published, later, as_of, expected):
    found = told(
        goal("one", TO_100, None, (later,), unit="krw_trillion"), rows=(value("one", "2024", "90", published),)
    )
    own = found.status(as_of)["one"]["versions"][0]
    assert (own["status"], own["outcome"]["verdict"]) == expected


def test_a_late_value_counts_for_the_version_that_was_missed(told):
    rows = value("one", "2024", "90", "2025-03-01"), value("one", "2025", "101", "2026-03-01")
    found = told(goal("one", TO_100, None, (again(),), unit="krw_trillion"), rows=rows).status("2026-06-01")["one"]
    assert [one["status"] for one in found["versions"]] == ["achieved", "not_assessable"]
    assert found["versions"][0]["outcome"]["verdict"] == "kept_late"


@pytest.mark.parametrize(
    ("reason", "new", "codes"),
    [
        ("lowered", "{value: 60, due: 2028, comparator: at_least}", []),
        ("[lowered, postponed]", "{value: 60, due: 2030, comparator: at_least}", []),
        ("[lowered, advanced]", "{value: 60, due: 2030, comparator: at_least}", ["rule.reason_fits"]),
        ("postponed", "{value: 100, due: 2027, comparator: at_least}", ["rule.reason_fits"]),
        ("advanced", "{value: 120, due: 2028, comparator: at_least}", ["rule.reason_fits"]),
        ("confirmed", "{value: 100, due: 2029, comparator: at_least}", ["rule.reason_fits"]),
        ("confirmed", BY_2028, []),
        ("raised", BY_2028, ["rule.reason_fits"]),
    ],
)
def test_a_reason_is_held_against_value_and_date(told, reason, new, codes):
    start = "{value: 0, period: 2020}"
    found = told(goal("one", BY_2028, start, (again(new, reason, baseline=start),), unit="krw_trillion")).check()
    assert found == (int(bool(codes)), codes)


def test_successors_never_lead_back(told):
    ring = [goal(name, TO_100, superseded_by=to) for name, to in (("one", "two"), ("two", "three"), ("three", "one"))]
    assert told(*ring).check() == (1, ["rule.successor"] * 3)


def test_a_chain_of_successors_is_followed_to_its_end(told):
    parts = "{rule: all, children: [{target: one}]}"
    whole = goal("whole", BY_2028, None, kind="breakdown", breakdown=parts, series=None)
    gone = again(None, "merged")
    one, two = (goal(name, BY_2028, later=(gone,), superseded_by=to) for name, to in (("one", "two"), ("two", "three")))
    found = told(whole, one, two, goal("three", BY_2028), rows=(value("three", "2025", "10"),))
    assert found.stand("2026-06-01")["whole"] == ("off_track", None)


def test_a_successor_that_is_not_named_is_said_and_leaves_no_gap(told):
    found = told(goal("one", BY_2028, later=(again(None, "merged"),)))
    assert "다른 목표로 대체됨 (이어받은 목표는 적혀 있지 않음)" in found.run("status", "--as-of", "2026-06-01").stdout
    said = found.run("status", "--as-of", "2026-06-01", "--lang", "en").stdout
    assert "replaced by another target, which is not named" in said
