"""YAML into plain data that knows its places, and refuses what people and parsers read differently."""

import pytest

from loaders.yaml_source import read_yaml

TEXT = """\
documents:
  - id: plan
    title: {ko: 계획, en: Plan}
targets:
  - id: unicorns
    lines: [440, 778]
    note: |
      two
      lines
"""


def codes(text):
    return [issue.code for issue in read_yaml(text, "t.yaml").report]


def test_plain_data():
    source = read_yaml(TEXT, "t.yaml")
    assert list(source.report) == []
    assert source.data == {
        "documents": [{"id": "plan", "title": {"ko": "계획", "en": "Plan"}}],
        "targets": [{"id": "unicorns", "lines": [440, 778], "note": "two\nlines\n"}],
    }


@pytest.mark.parametrize(
    ("path", "key", "place"),
    [
        (("documents",), True, "t.yaml:1:1"),
        (("documents", 0, "id"), False, "t.yaml:2:9"),
        (("documents", 0, "id"), True, "t.yaml:2:5"),
        (("documents", 0, "title", "en"), True, "t.yaml:3:21"),
        (("documents", 0, "title", "en"), False, "t.yaml:3:25"),
        (("targets", 0), False, "t.yaml:5:5"),
        (("targets", 0, "lines", 1), False, "t.yaml:6:18"),
        (("targets", 0, "missing", "deeper"), False, "t.yaml:5:5"),
        (("nowhere",), True, "t.yaml:1:1"),
    ],
)
def test_places_of_keys_and_values(path, key, place):
    source = read_yaml(TEXT, "t.yaml")
    source.report.add(source.issue("c", "m", path, at_key=key))
    source.locate()
    (issue,) = source.report
    assert str(issue.place) == place


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10", 10),
        ("-3", -3),
        ("0", 0),
        ("0.5", 0.5),
        ("1.0e+12", 1e12),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("2027-12-31", "2027-12-31"),
        ("2023-H1", "2023-H1"),
        ('"017"', "017"),
        ("'no'", "no"),
        ("north", "north"),
        ("1.2.3", "1.2.3"),
    ],
)
def test_scalars(text, value):
    source = read_yaml(f"a: {text}\n", "t.yaml")
    assert list(source.report) == []
    assert source.data == {"a": value}
    assert type(source.data["a"]) is type(value)


@pytest.mark.parametrize(
    "text",
    [
        "no",
        "No",
        "NO",
        "yes",
        "on",
        "off",
        "y",
        "n",
        "017",
        "00",
        "0o17",
        "0x1F",
        "0b11",
        "1_000",
        "12:30",
        "12:30:45",
        "1e3",
        "-1E3",
        ".inf",
        "-.inf",
        ".nan",
        ".NaN",
        "1.",
        ".5",
        "+017",
        "12345678901234567890",
    ],
)
def test_what_other_programs_read_differently_is_said(text):
    assert codes(f"a: {text}\n") == ["yaml.ambiguous"]
    assert codes(f'a: "{text}"\n') == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: &x 1\n", "yaml.anchor"),
        ("a: *x\n", "yaml.anchor"),
        ("a: &x [*x]\n", "yaml.anchor"),
        ("a: {<<: *x}\n", "yaml.anchor"),
        ("&x a: 1\n", "yaml.anchor"),
        ("a: !!python/object/apply:os.system [ls]\n", "yaml.tag"),
        ("a: !!str 1\n", "yaml.tag"),
        ("!!str a: 1\n", "yaml.tag"),
        ("? [a, b]\n: 1\n", "yaml.key"),
        ("a: 1\n---\nb: 2\n", "yaml.several_documents"),
        ("", "yaml.empty"),
        ("# only a comment\n", "yaml.empty"),
        ("---\n", "yaml.empty"),
        ("a: [1, 2\n", "yaml.syntax"),
        ("a: 'open\n", "yaml.syntax"),
        ("a:\n\tb: 1\n", "yaml.syntax"),
        ("a: x\0y\n", "yaml.syntax"),
        ("[" * 50_000, "yaml.too_deep"),
        ("{a: " * 5_000, "yaml.too_deep"),
        (f"a: {'x' * 20_001}\n", "yaml.too_long"),
        ("a: 유\u200b니콘\n", "yaml.invisible"),
        ("a: \u202eabc\n", "yaml.invisible"),
        ("a: \u1112\u1161\u11ab\n", "yaml.not_composed"),
    ],
)
def test_refused(text, code):
    assert codes(text) == [code]


def test_a_duplicate_key_keeps_the_first_and_names_both_lines():
    source = read_yaml("a:\n  b: 1\n  b: 2\n", "t.yaml")
    (issue,) = source.report
    assert str(issue).startswith("t.yaml:3:3: yaml.duplicate_key a.b: the key stands twice, first on line 2.")
    assert source.data == {"a": {"b": 1}}


def test_all_complaints_of_one_file_at_once():
    assert codes("a: no\nb: 017\na: 1\n") == ["yaml.ambiguous", "yaml.ambiguous", "yaml.duplicate_key"]
