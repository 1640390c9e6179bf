"""Goals that were merged, split, dropped or replaced, and wholes made of parts."""

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
