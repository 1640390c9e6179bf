"""Addresses that lead elsewhere, or that two readers could read differently; and those that are kept."""

from urllib.parse import unquote, urlsplit

import pytest

from dashboard.local_address import LONGEST, is_local, local_or

HOSTILE = [
    "",
    "desk",
    "?id=x",
    "#top",
    "https://evil.example",
    "HTTPS:evil.example",
    "http:/evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "//evil.example",
    "//evil.example/x?embed=1",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/desk\\..\\x",
    "/%5cevil.example",
    "/%5Cevil.example",
    "/%255cevil.example",
    "/%2fevil.example",
    "/%2f%2fevil.example",
    "/%252fevil.example",
    "%2f%2fevil.example",
    "/.//evil.example",
    "/..//evil.example",
    "/./evil",
    "/../evil",
    "/a/../b",
    "/a/..",
    "/%2e%2e//evil.example",
    "/%2e/%2fevil.example",
    "/.%2e/evil",
    "/a//evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/a\r\nSet-Cookie: x=1",
    "/a%0d%0aSet-Cookie:%20x=1",
    "/a%0D%0A",
    "/a%250d%250a",
    "/a?x=%0d%0aSet-Cookie:1",
    "/a?x=\r\ny",
    "/a#%0a",
    "/a%00",
    "/a?x=%00",
    "/a%09b",
    "/a%7f",
    "/%c0%af/evil.example",
    "/%ff",
    "/a?x=%ff",
    "/a%E2%80%A8b",  # line separator
    "/a\u202eb",  # turns the direction of what follows
    "/a\ufeffb",
    "/\uff0fevil.example",  # full-width slash
    "/\uff3cevil.example",  # full-width backslash
    "/\uff0e\uff0e/x",  # full-width dots
    "/ /evil.example",
    "/%20/evil.example",
    " /desk",
    "/desk /x",
    "/%25252525252f/evil.example",
    "/" + "a" * LONGEST,
]
GOOD = [
    "/",
    "/desk",
    "/desk/",
    "/targets?pillar=startups&sort=gap",
    "/entry?id=ai_unicorns&period=2026-H1",
    "/target?id=x&embed=true#working",
    "/targets?q=반도체",
    "/targets?q=%EB%B0%98%EB%8F%84%EC%B2%B4%20AI",
    "/targets?q=100%25",
    "/sign-in?next=%2Fdesk%3Fq%3D1",
    "/sources?url=https://www.msit.go.kr/x",
    "/open-data/kpi.xlsx",
    "/.well-known/security.txt",
    "/a...b/c..d",
    "/" + "a" * (LONGEST - 1),
]


@pytest.mark.parametrize("address", HOSTILE)
def test_what_is_not_surely_local_is_refused(address):
    assert not is_local(address)
    assert local_or(address, "/desk") == "/desk"


@pytest.mark.parametrize("address", GOOD)
def test_pages_of_this_site_are_kept_as_they_are(address):
    assert local_or(address, "/nowhere") == address


def test_no_address_is_the_default():
    assert local_or(None, "/desk") == "/desk"


def test_a_careless_test_lets_them_pass():
    """Control: what one usually writes, no host and a leading slash, takes more than half of the table for local."""

    def careless(address):
        parts = urlsplit(address)
        return address.startswith("/") and not parts.scheme and not parts.netloc

    passed = [address for address in HOSTILE if careless(address)]
    assert {"/.//evil.example", "/\\evil.example", "/a%0d%0aSet-Cookie:%20x=1"} <= set(passed)
    assert len(passed) > len(HOSTILE) // 2


def test_what_passes_has_one_reading():
    for address in GOOD:
        path = urlsplit(address).path
        assert unquote(path).count("//") == 0
        assert urlsplit("https://kpi.kr" + address).netloc == "kpi.kr"
