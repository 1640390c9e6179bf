"""Whoever can write to the database or the folder is found out: ten times each, at random places, on both databases."""

import random

import pytest
import tampering
from click.testing import CliRunner
from sqlalchemy import delete

from dashboard.cli import main
from loaders.ledger import anchors, chain, proof, replay
from loaders.ledger.chain import Flaw
from loaders.ledger.commands import Figures
from loaders.ledger.evidence import EVIDENCE
from loaders.ledger.tables import (
    FIGURES,
    accounts,
    audit,
    decisions,
    drafts,
    metadata,
    receipts,
    releases,
    rounds,
    submissions,
    versions,
)

TIMES = range(10)


def found(world):
    return proof.verify(world.ledger, anchors.anchors(world.folder), world.folder / EVIDENCE)


def codes(flaws):
    return {(flaw.code, flaw.table) for flaw in flaws}


def test_an_honest_history_is_sound(world):
    result = found(world)
    assert result.flaws == ()
    assert (result.open_fields, result.evidence) == (0, len(tampering.PERIODS))
    assert result.receipts == world.desk.count(receipts)
    assert len(anchors.anchors(world.folder)) == 14 + 4 * 4, (
        "one after every approval, stop, resumption and moved release"
    )
    assert proof.check_boot(world.ledger, anchors.anchors(world.folder)) is None


def changed_value(world, rng):
    key = rng.choice(tampering.keys(world.ledger, versions))
    tampering.change(world.ledger, versions, key, value="987654321")
    return {("differs", "version"), ("digest", "version")}, str(key)


def changed_value_with_its_digest(world, rng):
    key = rng.choice(tampering.keys(world.ledger, versions))
    held = {name: tampering.cell(world.ledger, versions, key, name) for name in FIGURES} | {"value": "987654321"}
    tampering.change(world.ledger, versions, key, value="987654321", digest=Figures(**held).digest())
    return {("differs", "version")}, str(key)


def changed_decision(world, rng):
    key = rng.choice(tampering.keys(world.ledger, decisions))
    old = tampering.cell(world.ledger, decisions, key, "kind")
    tampering.change(world.ledger, decisions, key, kind="returned" if old == "approved" else "approved")
    return {("differs", "decision")}, str(key)


def changed_release_time(world, rng):
    key = rng.choice(tampering.keys(world.ledger, releases))
    tampering.change(world.ledger, releases, key, release_at="2026-01-01T00:00:00.000000Z")
    return {("differs", "release")}, str(key)


def changed_role(world, rng):
    key = rng.choice(tampering.keys(world.ledger, accounts))
    old = tampering.cell(world.ledger, accounts, key, "role")
    tampering.change(world.ledger, accounts, key, role="auditor" if old == "reviewer" else "reviewer")
    return {("differs", "account")}, key


def changed_evidence_byte(world, rng):
    path = rng.choice(sorted((world.folder / EVIDENCE).iterdir()))
    raw = bytearray(path.read_bytes())
    raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
    path.write_bytes(raw)
    return {("altered", "evidence")}, path.name


def lost_evidence(world, rng):
    path = rng.choice(sorted((world.folder / EVIDENCE).iterdir()))
    path.unlink()
    return {("lost", "evidence")}, path.name


def removed_row(world, rng):
    tables = [accounts, rounds, submissions, drafts, versions, decisions, releases, receipts]
    table = rng.choice(tables)
    tampering.remove(world.ledger, table, rng.choice(tampering.keys(world.ledger, table)))
    return {("absent", table.name)}, None


def added_row(world, rng):
    key = rng.choice(tampering.keys(world.ledger, releases))
    version = tampering.cell(world.ledger, releases, key, "version")
    row = {"version": version, "number": 9, "release_at": "2026-01-01T00:00:00.000000Z", "scheduled_by": "reviewer"}
    with world.ledger.write() as connection:
        connection.execute(releases.insert().values(row | {"scheduled_at": "2026-01-01T00:00:00.000000Z"}))
    return {("unlogged", "release")}, None


def swapped_pair(world, rng):
    """The figures of two versions change places, each with its digest, so that every digest still holds."""
    keys = tampering.keys(world.ledger, versions)
    columns = (*FIGURES, "digest")
    one, two = rng.sample(keys, 2)
    held = [{name: tampering.cell(world.ledger, versions, key, name) for name in columns} for key in (one, two)]
    while held[0]["digest"] == held[1]["digest"]:
        two = rng.choice(keys)
        held[1] = {name: tampering.cell(world.ledger, versions, two, name) for name in columns}
    tampering.change(world.ledger, versions, one, **held[1])
    tampering.change(world.ledger, versions, two, **held[0])
    return {("differs", "version")}, str(one)


def swapped_decisions(world, rng):
    """Two decisions point to each other's version."""
    keys = tampering.keys(world.ledger, decisions)
    one, two = rng.sample(keys, 2)
    of = [tampering.cell(world.ledger, decisions, key, "version") for key in (one, two)]
    with tampering.careless(world.ledger) as connection:
        for key, version in ((one, -1), (two, of[0]), (one, of[1])):
            connection.execute(decisions.update().where(decisions.c.id == key).values(version=version))
    return {("differs", "decision")}, str(one)


def swapped_entries(world, rng):
    keys = tampering.keys(world.ledger, audit)
    place = rng.randrange(len(keys) - 1)
    with tampering.careless(world.ledger) as connection:
        for old, new in ((keys[place], -1), (keys[place + 1], keys[place]), (-1, keys[place + 1])):
            connection.execute(audit.update().where(audit.c.seq == old).values(seq=new))
    return None, None


def truncated_log(world, rng):
    """Only the log is cut; the rows that it told of are still there."""
    first = rng.choice(tampering.keys(world.ledger, audit))
    with tampering.careless(world.ledger) as connection:
        connection.execute(delete(audit).where(audit.c.seq >= first))
    return None, None


TAMPERS = [
    changed_value,
    changed_value_with_its_digest,
    changed_decision,
    changed_release_time,
    changed_role,
    changed_evidence_byte,
    lost_evidence,
    removed_row,
    added_row,
    swapped_pair,
    swapped_decisions,
    swapped_entries,
    truncated_log,
]
IN_TABLES = [one for one in TAMPERS if one not in (changed_evidence_byte, lost_evidence, swapped_entries)]


@pytest.mark.parametrize("tamper", TAMPERS)
def test_tampering_is_found_at_random_places(world, tamper):
    rng = random.Random(tamper.__name__)
    for _ in TIMES:
        expected, row = tamper(world, rng)
        result = found(world)
        assert not result.sound
        if expected is not None:
            assert expected <= codes(result.flaws), result.flaws
        if row is not None:
            assert row in {flaw.row for flaw in result.flaws if (flaw.code, flaw.table) in expected}
        world.put_back()
    assert found(world).sound


def test_an_older_copy_is_found_at_random_places(world):
    rng = random.Random("older")
    copies = [tampering.content(world.ledger)]
    for year in range(2000, 2011):
        number = int(world.desk.submit(period=str(year), target="robots").subject.split()[1])
        world.desk.approve(number, release_at=world.ledger.clock())
        copies.append(tampering.content(world.ledger))
    newest, kept = copies.pop(), anchors.anchors(world.folder)
    for _ in TIMES:
        older = rng.choice(copies)
        tampering.put_back(world.ledger, older)
        length = len(older[audit])
        assert found(world).flaws == (Flaw(length + 1, "missing"),)
        assert proof.check_boot(world.ledger, kept) == Flaw(length + 1, "missing")
        assert proof.verify(world.ledger).sound, "the control: without a head kept elsewhere nothing shows"
    tampering.put_back(world.ledger, newest)
    assert found(world).sound


def test_a_log_written_anew_to_fit_is_found_by_the_kept_heads(world):
    key = tampering.keys(world.ledger, versions)[0]
    changed_value_with_its_digest(world, random.Random(1))
    tampering.change(world.ledger, versions, key, note="x")
    with world.ledger.read() as connection:
        rows = [dict(row) for row in chain.rows(connection)]
    previous = chain.GENESIS
    with world.ledger.write() as connection:
        for row in rows:
            row["previous"], row["actor"] = previous, row["actor"] if row["seq"] != 3 else "somebody"
            previous = chain.row_hash(row)
            values = {"previous": row["previous"], "actor": row["actor"], "hash": previous}
            connection.execute(audit.update().where(audit.c.seq == row["seq"]).values(values))
    kept = anchors.anchors(world.folder)
    assert proof.check_boot(world.ledger, kept) == Flaw(kept[0].count, "rewritten")
    assert Flaw(kept[0].count, "rewritten") in found(world).flaws
    with world.ledger.read() as connection:
        assert chain.verify(chain.rows(connection))[1] is None, "the control: the chain alone is sound"


@pytest.mark.parametrize("tamper", IN_TABLES)
def test_without_the_replay_the_same_tampering_passes(world, tamper, monkeypatch):
    """The control: this is what a look at the chain alone says, as it did before tables were compared."""
    monkeypatch.setattr(proof, "compare", lambda *_: [])
    tamper(world, random.Random(5))
    assert proof.verify(world.ledger, [], world.folder / EVIDENCE).sound


def test_without_the_digest_the_replay_still_finds_a_changed_value(world, monkeypatch):
    monkeypatch.setattr(proof, "digest_holds", lambda _: True)
    changed_value(world, random.Random(3))
    assert codes(found(world).flaws) == {("differs", "version")}


def test_the_log_tells_every_field_of_every_row(world):
    """What is written today leaves nothing open: each column is rebuilt or numbers rows, each table is named."""
    with world.ledger.read() as connection:
        state = replay.rebuilt(chain.rows(connection))
    assert set(metadata.tables) == set(proof.TABLES) | set(proof.NOT_REBUILT)
    for name in proof.TABLES:
        columns = set(metadata.tables[name].c.keys()) - proof.OF_THE_DATABASE.get(name, set())
        for row in state.rows[name].values():
            assert row.fields.keys() == columns, name


def test_every_single_column_is_held(world):
    """Change one column of one row after another, one at a time: no column may be changed unseen."""
    rng = random.Random(7)
    for name in proof.TABLES:
        table = metadata.tables[name]
        (own,) = table.primary_key.columns
        for column in table.c:
            if column.name == own.name or column.foreign_keys or column.name in ("disabled", "unchanged", "kind"):
                continue  # numbers and names of rows are tried as removed rows, the rest needs a valid value
            key = rng.choice(tampering.keys(world.ledger, table))
            old = tampering.cell(world.ledger, table, key, column.name)
            other = 7777 if str(column.type) == "INTEGER" else f"{old}x"
            tampering.change(world.ledger, table, key, **{column.name: other})
            assert name in {flaw.table for flaw in found(world).flaws}, column
            tampering.change(world.ledger, table, key, **{column.name: old})
    assert found(world).sound


def test_the_command_names_what_it_finds(world, monkeypatch):
    if not world.ledger.on_sqlite:
        monkeypatch.setenv("KPI_DATABASE_URL", world.ledger.engine.url.render_as_string(hide_password=False))
    else:
        monkeypatch.delenv("KPI_DATABASE_URL", raising=False)

    def verify(*words):
        return CliRunner().invoke(main, ["ledger", "verify", "--data", str(world.folder), *words])

    good = verify()
    assert (good.exit_code, good.stderr) == (0, "")
    for key in tampering.keys(world.ledger, versions)[:1]:
        tampering.change(world.ledger, versions, key, value="987654321")
        seq = 14  # after ten accounts, one of them disabled, two rounds and a draft comes the first value
    bad = verify()
    assert bad.exit_code == 1
    assert f"differs: version {key} value (entry {seq + 1}): the log says something else\n" in bad.stderr
    assert "digest: version" in bad.stderr
    assert "987654321" not in bad.output, "it names places, not figures"
    with tampering.careless(world.ledger) as connection:
        connection.execute(delete(receipts))
    many = verify()
    assert len(many.stderr.splitlines()) == 51
    assert many.stderr.splitlines()[-1] == f"and {world.desk.count(audit) - 15 - 50 + 2} more"
