"""A target with an error is left out and reported; the others are served, and nothing passes in silence."""

import pytest
from builders import HEAD, a_target, a_version, registry_text

from loaders.registry import parse_registry

NOTE = "{ko: a, en: b}"


def served(text):
    registry, report = parse_registry(text, "t.yaml")
    return [target.id for target in registry.targets], [issue.code for issue in report]


def two(**fields):
    return registry_text(a_target("good"), a_target("bad", **fields))


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"kind": "levle"}, "schema.choice"),
        ({"pillar": "startup"}, "rule.reference"),
        ({"colour": "red"}, "schema.unknown_field"),
        ({"superseded_by": "nobody"}, "rule.reference"),
        ({"integer": "no"}, "schema.choice"),
    ],
)
def test_one_bad_target_leaves_the_other(fields, code):
    targets, codes = served(two(**fields))
    assert targets == ["good"]
    assert code in codes


def test_a_target_with_a_key_that_stands_twice_is_not_served():
    text = two().replace("  - id: bad\n", "  - id: bad\n    unit: percent\n")
    assert served(text) == (["good"], ["yaml.duplicate_key"])


def test_a_target_with_an_invisible_character_is_not_served():
    text = two(name="{ko: 유\u200b니콘, en: Unicorns}")
    assert served(text) == (["good"], ["yaml.invisible"])


def test_a_relation_to_a_bad_target_does_not_take_the_good_one_down():
    related = f"[{{target: bad, note: {NOTE}}}]"
    text = registry_text(a_target("good", related=related), a_target("bad", kind="levle"))
    assert served(text) == (["good"], ["schema.choice"])
    control = registry_text(a_target("good", related=related.replace("bad", "bda")), a_target("bad"))
    assert served(control) == (["bad"], ["rule.reference"])


def test_a_successor_with_a_fault_does_not_take_the_old_target_down():
    text = registry_text(a_target("good", superseded_by="bad"), a_target("bad", kind="levle"))
    assert served(text) == (["good"], ["schema.choice"])


@pytest.mark.parametrize("method", ["[]", '""', "5", "{on_track: 95}", "{on_trak: 0.95}"])
def test_a_method_that_cannot_be_read_is_said(method):
    text = registry_text().replace(HEAD.splitlines()[0], f"method: {method}")
    assert served(text)[1] != []


def test_a_method_may_be_left_out():
    assert served(registry_text().replace(HEAD.splitlines()[0] + "\n", "")) == (["unicorns"], [])


def test_every_fault_of_every_target_at_once():
    version = a_version(as_printed='"many"', target="{value: 10, due: 2020, comparator: at_most}", lines="[]")
    rules = a_version(as_printed='"many"', target="{value: 10, due: 2020, comparator: at_most}")
    text = registry_text(a_target("one", version), a_target("two", rules, unit="furlong"), a_target("good"))
    targets, codes = served(text)
    assert targets == ["good"]
    assert sorted(codes) == [
        "rule.direction",
        "rule.due_before_document",
        "rule.printed",
        "rule.reference",
        "rule.time_order",
        "schema.empty_list",
    ]
