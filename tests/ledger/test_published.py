"""The public reads only what verifies; what does not is named, and never gives way to an older value."""

import pytest
import tampering

from loaders.ledger import anchors, published
from loaders.ledger.chain import Flaw
from loaders.ledger.errors import FlawedError
from loaders.ledger.published import released, verified_released
from loaders.ledger.tables import accounts, audit, decisions, releases, versions


def values(found):
    return {one.period.text: one.value for one in found}


def version_of(world, period, number):
    place = tampering.PERIODS.index(period) + 1
    from sqlalchemy import select

    with world.ledger.read() as connection:
        mine = select(versions.c.id).where(versions.c.submission == place, versions.c.number == number)
        return connection.execute(mine).scalar_one()


def test_an_honest_ledger_gives_all_that_is_out(world):
    found, flaws = verified_released(world.ledger, anchors.anchors(world.folder))
    assert (flaws, found) == ([], released(world.ledger))
    assert len(values(found)) == len(tampering.PERIODS)
    assert values(found)["2014"] == 5.0, "the correction of 3 to 5 came later"


@pytest.mark.parametrize("number", [1, 2])
def test_a_forged_value_is_left_out_with_every_version_of_its_submission(world, number):
    """Were only the correction left out, the value that it corrects would pass for the present one."""
    key = version_of(world, "2014", number)
    tampering.change(world.ledger, versions, key, value="987654321")
    found, flaws = verified_released(world.ledger)
    assert set(values(found)) == set(tampering.PERIODS) - {"2014"}
    assert {(flaw.code, flaw.row, flaw.submission) for flaw in flaws} == {
        ("differs", str(key), 3),
        ("digest", str(key), 3),
    }
    with pytest.raises(FlawedError, match=f"version {key} value differs"):
        released(world.ledger)


def test_without_the_comparison_the_forged_value_is_public(world, monkeypatch):
    """The control: this is what the public saw before."""
    monkeypatch.setattr(published, "compare", lambda *_: [])
    tampering.change(world.ledger, versions, version_of(world, "2014", 2), value="987654321")
    assert values(released(world.ledger))["2014"] == 987654321.0


def test_a_value_that_is_no_number_does_not_stop_the_others(world):
    tampering.change(world.ledger, versions, version_of(world, "2013", 1), value="none")
    found, flaws = verified_released(world.ledger)
    assert len(values(found)) == len(tampering.PERIODS) - 1
    assert {flaw.submission for flaw in flaws} == {2}


@pytest.mark.parametrize("table", [versions, decisions, releases], ids=lambda table: table.name)
def test_what_was_removed_is_named(world, table):
    """A released value that simply vanished is no state to show."""
    tampering.remove(world.ledger, table, 4)
    found, flaws = verified_released(world.ledger)
    about = {flaw.submission for flaw in flaws} - {None}
    assert len(about) == 1
    assert tampering.PERIODS[about.pop() - 1] not in values(found)


def test_a_release_moved_forward_behind_the_ledger_shows_nothing(world):
    desk = world.desk
    submission = int(desk.submit(target="robots", period="2020", value="123456789").subject.split()[1])
    desk.approve(submission, release_at=world.ledger.clock().replace(year=2030))
    key = tampering.keys(world.ledger, releases)[-1]
    tampering.change(world.ledger, releases, key, release_at="2026-01-01T00:00:00.000000Z")
    found, flaws = verified_released(world.ledger)
    assert 123456789.0 not in {one.value for one in found}
    assert [(flaw.code, flaw.field, flaw.submission) for flaw in flaws] == [("differs", "release_at", submission)]


def test_what_follows_a_break_in_the_log_proves_nothing(world):
    """An entry in the middle is changed: what was logged before it stands, what was logged after it does not."""
    keys = tampering.keys(world.ledger, audit)
    middle = keys[len(keys) // 2]
    tampering.change(world.ledger, audit, middle, actor="somebody")
    found, flaws = verified_released(world.ledger)
    assert Flaw(middle, "hash") in flaws
    assert "2012" in values(found)
    assert "2025" not in values(found)


def test_an_older_log_than_was_known_proves_nothing_at_all(world):
    kept = [*anchors.anchors(world.folder), anchors.Head(10_000, "0" * 64)]
    found, flaws = verified_released(world.ledger, kept)
    assert (found, flaws) == ([], [Flaw(len(tampering.keys(world.ledger, audit)) + 1, "missing")])


def test_an_account_changed_behind_the_ledger_is_not_the_publics_business(world):
    """It is found by verification; values that others entered and approved before stay public."""
    tampering.change(world.ledger, accounts, "auditor", role="reviewer")
    assert verified_released(world.ledger)[1] == []


def test_a_role_given_behind_the_log_and_taken_back_shows_in_what_it_did(world):
    """Whoever made themselves a reviewer for a moment has released nothing."""
    desk = world.desk
    submission = int(desk.submit(target="robots", period="2020", value="123456789").subject.split()[1])
    tampering.change(world.ledger, accounts, "colleague", role="reviewer")
    desk.approve(submission, actor="colleague", release_at=world.ledger.clock())
    tampering.change(world.ledger, accounts, "colleague", role="officer")
    found, flaws = verified_released(world.ledger)
    assert [(flaw.code, flaw.submission) for flaw in flaws] == [("role", submission)]
    assert 123456789.0 not in {one.value for one in found}


def test_an_account_made_behind_the_log_has_done_nothing_that_counts(world):
    desk = world.desk
    submission = int(desk.submit(target="robots", period="2020", value="123456789").subject.split()[1])
    row = {"id": "mole", "name": "mole", "role": "reviewer", "epoch": 1, "disabled": 0, "created_at": "t"}
    with world.ledger.write() as connection:
        connection.execute(accounts.insert().values(row))
    desk.approve(submission, actor="mole", release_at=world.ledger.clock())
    found, flaws = verified_released(world.ledger)
    assert [(flaw.code, flaw.submission) for flaw in flaws] == [("role", submission)]
    assert 123456789.0 not in {one.value for one in found}
