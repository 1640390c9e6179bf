"""The short way through YAML gives the same data as the careful one, or gives up."""

import sys
import unicodedata
from pathlib import Path

import pytest
import yaml
from builders import a_target, registry_text

from loaders import yaml_source
from loaders.yaml_plain import MAX_PART, OddError, TooMuchError, bounded, hidden_character, plain_data
from loaders.yaml_source import read_carefully

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("text", [(ROOT / "data/targets.yaml").read_text(encoding="utf-8"), registry_text()])
def test_both_ways_read_the_same(text, monkeypatch):
    short = plain_data(text)
    source = read_carefully(text, "t.yaml")
    assert source.report.ok
    assert source.data == short
    assert short["targets"][0]["id"]
    monkeypatch.setattr(yaml_source, "read_carefully", None)
    assert yaml_source.read_yaml(text, "t.yaml").data == short, "a healthy file is read the short way"


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
    assert not read_carefully(text, "t.yaml").report.ok


def test_every_character_that_nobody_sees_is_known():
    unseen = [
        chr(code)
        for code in range(sys.maxunicode + 1)
        if unicodedata.category(chr(code)) in ("Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp") and code != 0x0A
    ]
    missed = [f"{ord(char):04X}" for char in unseen if hidden_character(f"a{char}b") != char]
    assert missed == []
    assert hidden_character("한글 A1·∼%\u3000\u00a0\n") is None


@pytest.mark.parametrize("char", ["\uffff", "\ufdd0", "\U0010ffff", "\ue000", "\u3164", "\u2800", "\u2028"])
def test_non_characters_and_blank_letters_are_no_characters(char):
    assert hidden_character(f"유니콘{char}") == char


@pytest.mark.parametrize("read", [plain_data, lambda text: list(bounded(yaml.parse(text, Loader=yaml.CSafeLoader)))])
def test_a_file_and_an_entry_are_bounded(read, monkeypatch):
    many = "a:\n" + "  - {b: 1}\n" * (MAX_PART * 2)
    read(many)
    for text in ("a:\n  - b: [" + "1, " * MAX_PART + "1]\n", "".join(f"k{n}: 1\n" for n in range(MAX_PART))):
        with pytest.raises(TooMuchError, match="an entry of more than 5,000 parts"):
            read(text)


def test_a_whole_file_is_bounded():
    text = "a:\n" + "  - {b: 1}\n" * 500
    plain_data(text, 2_100)
    with pytest.raises(TooMuchError, match="the file holds more than 1,900 parts"):
        plain_data(text, 1_900)


def test_a_target_read_the_short_way_is_typed_as_written():
    data = plain_data(registry_text(a_target("t", integer="true")))
    (target,) = data["targets"]
    assert target["integer"] is True
    assert target["versions"][0]["target"]["value"] == 10
    assert type(target["versions"][0]["target"]["value"]) is int
