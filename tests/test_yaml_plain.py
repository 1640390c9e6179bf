"""The short way through YAML gives the same data as the careful one, or gives up."""

import sys
import unicodedata
from pathlib import Path

import pytest
import yaml
from builders import a_target, registry_text

from loaders.yaml_plain import OddError, hidden_character, plain_data
from loaders.yaml_source import read_yaml

ROOT = Path(__file__).parents[1]


def careful(text):
    """Data by the careful reader, which asking for a place calls in."""
    source = read_yaml(text, "t.yaml")
    source.data = None if source.values else source.data
    source.place(())
    return source


@pytest.mark.parametrize("text", [(ROOT / "data/targets.yaml").read_text(encoding="utf-8"), registry_text()])
def test_both_ways_read_the_same(text):
    short = plain_data(text)
    source = read_yaml(text, "t.yaml")
    assert source.values == {}, "a healthy file is read the short way"
    source.place(("targets", 0))
    assert source.values
    assert source.data == short
    assert short["targets"][0]["id"]


@pytest.mark.parametrize(
    "text",
    [
        "a: &x 1",
        "&x a: 1",
        "a: *x",
        "a: !!str 1",
        "a: 1\na: 2",
        "a: 1\n---\nb: 2",
        "a: no",
        "a: 017",
        "a: 1e3",
        "a: [[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]",
        f"a: {'x' * 20_001}",
        "a: \u200b",
        'a: "\\u200b"',
        'a: "\\u1112\\u1161\\u11ab"',
        "a: \u1112\u1161\u11ab",
        "? [a]\n: 1",
        "",
    ],
)
def test_anything_unusual_is_left_to_the_careful_reader(text):
    with pytest.raises((OddError, yaml.YAMLError)):
        plain_data(text)
    assert not careful(text).report.ok


def test_every_character_that_nobody_sees_is_known():
    unseen = [
        chr(code)
        for code in range(sys.maxunicode + 1)
        if unicodedata.category(chr(code)) in ("Cc", "Cf") and code not in (0x0A, 0x0D)
    ]
    missed = [f"{ord(char):04X}" for char in unseen if hidden_character(f"a{char}b") != char]
    assert missed == []
    assert hidden_character("한글 A1·∼%\n") is None


def test_a_target_read_the_short_way_is_typed_as_written():
    data = plain_data(registry_text(a_target("t", integer="true")))
    (target,) = data["targets"]
    assert target["integer"] is True
    assert target["versions"][0]["target"]["value"] == 10
    assert type(target["versions"][0]["target"]["value"]) is int
