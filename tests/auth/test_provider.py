"""What a provider's word opens: one session, for a while, for whom it names without doubt."""

from datetime import UTC, datetime, timedelta

import pytest
from ledger_world import Clock

from dashboard.auth import oidc
from dashboard.auth.oidc import VARIABLES, account_of_claims, session_token
from loaders.domain.policy import Role
from loaders.ledger.accounts import account, add_account, change_account, sign_out
from loaders.ledger.store import open_ledger

START = datetime(2026, 11, 23, 3, tzinfo=UTC)


@pytest.fixture
def clock():
    return Clock(START, timedelta(milliseconds=1))


@pytest.fixture
def ledger(ledger_file, clock, monkeypatch):
    monkeypatch.setenv(VARIABLES["cookie_secret"], "s" * 32)
    monkeypatch.delenv(oidc.ROLE_CLAIM, raising=False)
    found = open_ledger(f"sqlite:///{ledger_file}", clock)
    yield found
    found.close()


def claims(**more):
    said = {"is_logged_in": True, "iss": "http://idp", "sub": "0815", "iat": int(START.timestamp()), "nonce": "n1"}
    return said | {"email": "kim@msit.kr", "email_verified": True} | more


def test_the_session_decides_not_the_cookie(ledger, clock):
    said = claims()
    assert account_of_claims(ledger, said).id == "kim"
    for _ in range(16):
        clock.now += timedelta(minutes=29)
        assert account_of_claims(ledger, said) is not None, "in use"
    clock.now += timedelta(minutes=29)
    assert account_of_claims(ledger, said) is None, "eight hours"
    again = claims(nonce="n2", iat=int(clock.now.timestamp()))
    assert account_of_claims(ledger, again).id == "kim", "control: a new sign-in"
    clock.now += timedelta(minutes=31)
    assert account_of_claims(ledger, again) is None, "idle"


def test_a_cookie_that_was_kept_opens_nothing_after_signing_out(ledger):
    said = claims()
    assert account_of_claims(ledger, said).id == "kim"
    sign_out(ledger, session_token(said))
    assert account_of_claims(ledger, said) is None


@pytest.mark.parametrize("change", [{"disabled": True}, {"role": Role.REVIEWER}])
def test_a_change_to_the_account_ends_it_at_the_next_look(ledger, change):
    said = claims()
    assert account_of_claims(ledger, said) is not None
    change_account(ledger, "kim", **change)
    assert account_of_claims(ledger, said) is None


@pytest.mark.parametrize(("minutes", "opens"), [(4, True), (6, False), (-4, True), (-6, False)])
def test_only_a_fresh_sign_in_opens_a_session(ledger, minutes, opens):
    signed = START - timedelta(minutes=minutes)
    assert (account_of_claims(ledger, claims(iat=int(signed.timestamp()))) is not None) is opens


@pytest.mark.parametrize("key", ["iss", "sub", "iat", "nonce", "is_logged_in"])
def test_claims_that_do_not_name_one_sign_in_open_nothing(ledger, key):
    assert account_of_claims(ledger, claims(**{key: None})) is None


@pytest.mark.parametrize(
    "more",
    [
        {"email_verified": False},
        {"email_verified": None},
        {"email_verified": "true"},
        {"email": None},
        {"email": None, "sub": "kim@msit.kr"},
        {"email_verified": False, "sub": "kim@msit.kr"},
    ],
)
def test_an_address_counts_only_where_the_provider_verified_it(ledger, more):
    assert account_of_claims(ledger, claims(**more)) is None


def test_the_providers_own_identifier_finds_an_account(ledger):
    add_account(ledger, "lee", Role.REVIEWER, subject="4711")
    assert account_of_claims(ledger, claims(sub="4711", email_verified=False)).id == "lee"


@pytest.mark.parametrize(
    ("said", "role"),
    [
        ("lead", Role.LEAD),
        ("officer", Role.OFFICER),
        (["staff", "lead"], Role.LEAD),
        (["lead", "reviewer"], None),
        ("public", None),
        ("staff", None),
        (None, None),
        ({"lead": 1}, None),
    ],
)
def test_a_claim_may_name_the_role(ledger, monkeypatch, said, role):
    monkeypatch.setenv(oidc.ROLE_CLAIM, "role")
    found = account_of_claims(ledger, claims(role=said))
    assert (found.role if found else None) is role
    if role is not None:
        assert account(ledger, "kim").role is role, "services read it from the table"


def test_without_the_setting_no_claim_gives_a_role(ledger):
    assert account_of_claims(ledger, claims(role="administrator")).role is Role.OFFICER


def test_a_claim_gives_no_officer_without_a_ministry(ledger, monkeypatch):
    monkeypatch.setenv(oidc.ROLE_CLAIM, "role")
    add_account(ledger, "lee", Role.REVIEWER, subject="4711")
    assert account_of_claims(ledger, claims(sub="4711", email=None, role="officer")) is None
    assert account(ledger, "lee").role is Role.REVIEWER
