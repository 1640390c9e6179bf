"""Names of accounts: one grammar, none that could be taken for another, and the old ones as they were."""

import pytest

from loaders.ledger.errors import AccountError
from loaders.ledger.names import LONGEST, new_name, normal, skeletons

TAKEN = ["officer1", "admin", "kim.minsu", "bom", "김민수", "Old Name ", "HIGH"]


def refusal(typed, taken=TAKEN):
    with pytest.raises(AccountError) as refused:
        new_name(typed, taken)
    return refused.value


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("lee", "lee"),
        ("Lee.Jiho", "lee.jiho"),
        ("lee_jiho-2", "lee_jiho-2"),
        ("２０２６ｌｅｅ", "2026lee"),  # full width
        ("박지호", "박지호"),
        ("박지호", "박지호"),  # typed as separate letters
        ("msit-박지호", "msit-박지호"),
        ("朴智昊", "朴智昊"),
        ("josé", "josé"),
        ("иван", "иван"),
        ("officer2", "officer2"),
        ("officer11", "officer11"),
        ("a" * LONGEST, "a" * LONGEST),
    ],
)
def test_names_that_are_taken_up(typed, kept):
    assert new_name(typed, TAKEN) == kept == normal(typed)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "name_empty"),
        ("  \n", "name_empty"),
        ("officer9 ", "name_blank"),
        (" officer9", "name_blank"),
        ("officer9\n", "name_blank"),
        ("officer9\u3000", "name_blank"),
        ("a\nb", "name_characters"),
        ("a b", "name_characters"),
        ("a\tb", "name_characters"),
        ("a\0b", "name_characters"),
        ("a\u200bb", "name_characters"),
        ("a\u202eb", "name_characters"),
        ("a/b", "name_characters"),
        ("a@b", "name_characters"),
        ("<b>", "name_characters"),
        ("a,b", "name_characters"),
        ("a\u0301\u0301b", "name_characters"),  # a second accent stays a mark of its own
        ("\u0661\u0662", "name_characters"),  # Arabic digits
        ("-rf", "name_characters"),
        (".lee", "name_characters"),
        ("a" * (LONGEST + 1), "name_long"),
        ("\ufdfa" * 4, "name_long"),  # one character that NFKC makes eighteen of
        ("l\u0435e", "name_scripts"),  # a Cyrillic e
        ("ιee", "name_scripts"),  # a Greek iota
        ("operator", "name_reserved"),
        ("0perator", "name_reserved"),
        ("provider", "name_reserved"),
        ("officer1", "exists"),
        ("OFFICER1", "exists"),
        ("ｏｆｆｉｃｅｒ１", "exists"),
        ("Old Name ", "name_blank"),
    ],
)
def test_names_that_are_not(typed, code):
    assert refusal(typed).code == code


@pytest.mark.parametrize(
    ("typed", "other"),
    [
        ("officerl", "officer1"),
        ("0fficer1", "officer1"),
        ("\u0430\u0501\u043c\u0456\u043f", None),  # Cyrillic that looks nearly, and not quite, like admin
        ("born", "bom"),
        ("kirn.rninsu", "kim.minsu"),
        ("kim.m\u0131nsu", "kim.minsu"),  # a dotless i
        ("high", "HIGH"),
    ],
)
def test_look_alikes_name_what_they_look_like(typed, other):
    if other is None:
        assert new_name(typed, TAKEN) == typed
    else:
        refused = refusal(typed)
        assert (refused.code, refused.parameters) == ("name_alike", {"other": other})


def test_a_whole_name_of_another_script_that_prints_alike():
    assert refusal("\u0440\u043e\u0441\u0430", ["poca"]).parameters == {"other": "poca"}


def test_skeletons_of_different_names_differ():
    names = [
        "kim",
        "lee",
        "park",
        "choi",
        "김민수",
        "김민주",
        "이지호",
        "officer1",
        "officer2",
        "msit.lead",
        "mss.lead",
    ]
    found = [skeletons(name) for name in names]
    for number, one in enumerate(found):
        assert not any(one & other for other in found[number + 1 :]), names[number]


def test_comparing_names_as_they_are_typed_lets_look_alikes_pass():
    """Control: the names that the skeleton refuses are all different as texts, and in the same normal form."""
    for typed, other in (("officerl", "officer1"), ("born", "bom"), ("\u0440\u043e\u0441\u0430", "poca")):
        assert normal(typed) not in (other, normal(other))
