"""The audit chain notices every kind of tampering; cutting off its end only an anchor notices."""

import hashlib

import pytest
from ledger_world import Desk

from loaders.ledger import chain
from loaders.ledger.chain import Head, canonical, row_hash, verify


@pytest.fixture
def rows(ledger):
    desk = Desk(ledger)
    for period in ("2021", "2022", "2023", "2024", "2025"):
        desk.submit(period=period, value="3")
    with ledger.read() as connection:
        return [dict(row) for row in chain.rows(connection)]


def test_an_honest_chain_is_sound(rows):
    head, flaw = verify(rows)
    assert (head.count, flaw) == (5, None)
    assert verify(rows, [Head(3, rows[2]["hash"]), head]) == (head, None)


def rehashed(rows):
    previous, out = chain.GENESIS, []
    for seq, row in enumerate(rows, 1):
        body = row | {"seq": seq, "previous": previous}
        previous = row_hash(body)
        out.append(body | {"hash": previous})
    return out


@pytest.mark.parametrize(
    ("tamper", "seq", "code"),
    [
        (lambda rows: [*rows[:2], rows[2] | {"detail": rows[2]["detail"].replace("3", "9")}, *rows[3:]], 3, "hash"),
        (lambda rows: [*rows[:2], rows[2] | {"actor": "somebody"}, *rows[3:]], 3, "hash"),
        (lambda rows: [*rows[:2], *rows[3:]], 4, "gap"),
        (lambda rows: [*rows[:2], rows[3], rows[2], *rows[4:]], 4, "gap"),
        (lambda rows: [*rows[:3], *rows[2:]], 3, "gap"),
        (lambda rows: [*rows[:2], rows[2] | {"previous": rows[0]["hash"]}, *rows[3:]], 3, "previous"),
    ],
)
def test_tampering_inside_the_chain(rows, tamper, seq, code):
    _, flaw = verify(tamper(rows))
    assert (flaw.seq, flaw.code) == (seq, code)


def test_what_only_an_anchor_notices(rows):
    anchor = Head(5, rows[-1]["hash"])
    assert verify(rows[:3])[1] is None, "the control: the chain alone cannot tell"
    assert verify(rows[:3], [anchor])[1].code == "missing"
    rewritten = rehashed([rows[0], rows[1] | {"actor": "somebody"}, *rows[2:]])
    assert verify(rewritten)[1] is None
    assert verify(rewritten, [anchor])[1].code == "rewritten"


def test_the_canonical_text_is_one_text():
    assert canonical({"b": 1, "a": "한"}) == canonical({"a": "한", "b": 1}) == '{"a":"한","b":1}'
    with pytest.raises(TypeError):
        canonical({"a": 0.1})


def test_both_databases_hash_alike():
    row = {"seq": 1, "recorded_at": "t", "actor": "가", "action": "b", "subject": "c", "detail": "{}"}
    row["previous"] = chain.GENESIS
    body = {key: row[key] for key in ("seq", "recorded_at", "actor", "action", "subject", "detail")}
    assert row_hash(row) == hashlib.sha256((chain.GENESIS + canonical(body)).encode()).hexdigest()
