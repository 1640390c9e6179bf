"""From document to goal and back: order of lines, later versions, similar aims on both sides."""

from datetime import date

from builders import a_registry, a_target, a_version

from loaders.assessment import assess
from loaders.lineage import confirmed, goals_of, issued_documents, moved, neighbours, threads, unfollowed

NOTE = "{ko: 다르게 잽니다, en: measured differently}"
LATER = a_version("plan-2025", lines="[3]", target="{value: 20, due: 2030, comparator: at_least}", reason="raised")
REGISTRY = a_registry(
    a_target("second", a_version(lines="[20, 9]"), LATER),
    a_target("first", a_version(lines="[5]")),
    a_target("other", a_version("plan-2025", lines="[1]"), related=f"[{{target: first, note: {NOTE}}}]"),
)


def goals(document, as_of=date(2026, 1, 1)):
    found = assess(REGISTRY, [], as_of)
    return goals_of(REGISTRY.document[document], REGISTRY, found)


def test_goals_stand_in_the_order_of_their_lines():
    assert [goal.item.id for goal in goals("plan-2023")] == ["first", "second"]
    assert [goal.item.id for goal in goals("plan-2025")] == ["other", "second"]


def test_what_became_of_a_goal():
    first, second = goals("plan-2023")
    assert [(one.document, one.reason) for one in second.later] == [("plan-2025", ["raised"])]
    assert second.successors == ()
    assert first.later == ()
    assert [(one.item.id, one.relation.note.en) for one in first.successors] == [("other", "measured differently")]


def test_a_relation_holds_both_ways_and_only_later_documents_succeed():
    found = {item.id: item for item in assess(REGISTRY, [], date(2026, 1, 1))}
    assert [one.item.id for one in neighbours(found["other"], found)] == ["first"]
    assert [one.item.id for one in neighbours(found["first"], found)] == ["other"]
    assert neighbours(found["second"], found) == []
    other = goals("plan-2025")[0]
    assert other.successors == (), "the earlier goal is no successor of the later one"


def test_only_what_had_been_issued_is_seen():
    first, second = goals("plan-2023", date(2024, 6, 1))
    assert (first.later, first.successors, second.later) == ((), (), ())
    issued = issued_documents(REGISTRY, assess(REGISTRY, [], date(2024, 6, 1)))
    assert [one.id for one in issued] == ["plan-2023"]
    both = issued_documents(REGISTRY, assess(REGISTRY, [], date(2026, 1, 1)))
    assert [one.id for one in both] == ["plan-2023", "plan-2025"]


def test_threads_join_what_relations_join_across_documents():
    registry = a_registry(
        a_target("old", related="[{target: middle, note: {ko: 다른 잣대, en: another measure}}]"),
        a_target("middle", a_version("plan-2025"), related="[{target: late, note: {ko: 이어짐, en: goes on}}]"),
        a_target("late", a_version("plan-2025")),
        a_target("beside", related="[{target: old, note: {ko: 같은 문서, en: same document}}]"),
    )
    found = assess(registry, [], date(2026, 6, 1))
    assert [[item.id for item in group] for group in threads(registry, found)] == [["old", "middle"]]
    early = assess(registry, [], date(2024, 6, 1))
    assert threads(registry, early) == []


def test_goals_that_nobody_took_up_again_stay_visible():
    raised = a_version("plan-2025", target="{value: 20, due: 2030, comparator: at_least}", reason="raised")
    registry = a_registry(a_target("silent"), a_target("raised", a_version(), raised))
    found = assess(registry, [], date(2026, 6, 1))
    assert {key: [item.id for item in left] for key, left in unfollowed(registry, found).items()} == {
        "plan-2023": ["silent"]
    }
    assert [item.id for item in moved(found)] == ["raised"]


def test_a_goal_that_was_only_repeated_has_not_moved():
    again = a_version("plan-2025", reason="confirmed")
    later = a_version("plan-2025", target="{value: 10, due: 2031, comparator: at_least}", reason="postponed")
    registry = a_registry(a_target("kept", a_version(), again), a_target("later", a_version(), later))
    found = assess(registry, [], date(2026, 6, 1))
    assert [item.id for item in moved(found)] == ["later"]
    assert [item.id for item in confirmed(found)] == ["kept"]


def test_a_goal_that_was_split_leads_on_to_all_that_took_it_over():
    gone = a_version("plan-2025", baseline=None, target=None, reason="split")
    registry = a_registry(
        a_target("old", a_version(), gone, superseded_by="[one, two]"),
        a_target("one", a_version("plan-2025")),
        a_target("two", a_version("plan-2025")),
    )
    found = {item.id: item for item in assess(registry, [], date(2026, 1, 1))}
    assert [link.item.id for link in neighbours(found["old"], found)] == ["one", "two"]
    assert [link.item.id for link in neighbours(found["two"], found)] == ["old"]
    (goal,) = goals_of(registry.document["plan-2023"], registry, list(found.values()))
    assert [link.item.id for link in goal.successors] == ["one", "two"]
    assert unfollowed(registry, list(found.values())) == {"plan-2023": []}
    assert {item.id for item in threads(registry, list(found.values()))[0]} == {"old", "one", "two"}
