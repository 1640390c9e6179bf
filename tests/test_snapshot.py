"""A snapshot gives back exactly what was put in, or is not used at all."""

import random
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest

from loaders import snapshot
from loaders.dataset import load_dataset
from loaders.domain.observation import Observation
from loaders.domain.period import parse_period
from loaders.ledger.identity import Identity
from loaders.snapshot import Looked, Snapshot, SnapshotError, from_bytes, read_snapshot, to_bytes, write_snapshot

DATA = Path(__file__).parent.parent / "data"
LOOKED = Looked("2026-11-27T00:00:00.000000Z", "2026-11-27T00:00:01.000000Z", Identity("ab" * 32, 7, "cd" * 32))
OUT = Observation(
    indicator="unicorns",
    scope="kr",
    period=parse_period("2025-H1"),
    value=0.1 + 0.2,
    epsilon=0.05,
    status="P",
    published=date(2026, 1, 31),
    known=date(2026, 2, 1),
    sources=(("중기부 “보도”", "evidence:" + "0" * 64), ("S", "https://s.kr/?a=1&b=<2>")),
    note="줄\n바꿈 \\ \u2028",
    published_text="2026-01",
    line=3,
    file="ledger",
    recorded=date(2026, 11, 27),
    grade="primary",
    restates=True,
    of_n=64,
    note_ko="메모",
    note_en="note",
    licence="KOGL-1",
    checked="jump",
    corrects=True,
    digits="0.30",
)


@pytest.fixture(scope="module")
def whole():
    found = load_dataset(DATA)
    return Snapshot(found.registry, found.observations, (OUT,), "0123abcd", "e1", LOOKED)


@pytest.fixture(scope="module")
def raw(whole):
    return to_bytes(whole.content, whole.looked)


def test_the_shipped_data_come_back_as_they_were(whole, raw):
    back = from_bytes(raw)
    assert back.registry == whole.registry
    assert back.observations == whole.observations
    assert back.released == (OUT,)
    assert (back.version, back.epoch, back.looked) == ("0123abcd", "e1", LOOKED)
    assert to_bytes(back.content, back.looked) == raw


def test_no_field_of_a_value_is_forgotten():
    """Every field of the example differs from its default, so that a forgotten one would show."""
    plain = {one.name: one.default for one in fields(Observation)}
    assert [name for name, default in plain.items() if getattr(OUT, name) == default] == []


def altered(raw: bytes, seed: int) -> bytes:
    """``raw`` with one digit of its content changed: what a forger or a bad disk would do."""
    places = [at for at in range(raw.index(b'"content"'), len(raw)) if raw[at : at + 1].isdigit()]
    at = random.Random(seed).choice(places)
    return raw[:at] + bytes([48 + (raw[at] - 47) % 10]) + raw[at + 1 :]


@pytest.mark.parametrize("seed", range(20))
def test_a_changed_digit_is_seen(raw, seed):
    with pytest.raises(SnapshotError):
        from_bytes(altered(raw, seed))


def test_without_the_hash_it_would_not_be(whole, monkeypatch):
    """The control: some changed digit makes another registry that reads as well as the right one."""
    monkeypatch.setattr(snapshot, "_digest", lambda *_: "")
    raw, read = to_bytes(whole.content, whole.looked), 0
    for seed in range(20):
        try:
            back = from_bytes(altered(raw, seed))
        except SnapshotError:
            continue
        read += (back.registry, back.observations) != (whole.registry, whole.observations)
    assert read > 0


@pytest.mark.parametrize(
    "garbage",
    [
        b"",
        b"{}",
        b"null",
        b"[1]",
        b'{"content":{},"looked":{},"sha256":""}',
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b"1" * 9999,
    ],
)
def test_garbage_is_no_snapshot(garbage):
    with pytest.raises(SnapshotError):
        from_bytes(garbage)


def test_another_format_is_not_guessed_at(whole, monkeypatch):
    monkeypatch.setattr(snapshot, "FORMAT", 2)
    raw = to_bytes(whole.content, whole.looked)
    monkeypatch.setattr(snapshot, "FORMAT", 1)
    with pytest.raises(SnapshotError, match="format 2"):
        from_bytes(raw)


def test_the_file_is_replaced_whole_or_not_at_all(tmp_path, raw, monkeypatch):
    place = tmp_path / "local" / "public-snapshot.json"
    write_snapshot(place, raw)
    assert place.stat().st_mode & 0o777 == 0o644

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(snapshot.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_snapshot(place, b"half")
    assert [one.name for one in place.parent.iterdir()] == [place.name]
    assert read_snapshot(place).looked == LOOKED


def test_what_is_not_there_or_too_large_is_said(tmp_path, monkeypatch):
    with pytest.raises(SnapshotError, match="No such file"):
        read_snapshot(tmp_path / "none.json")
    (tmp_path / "big.json").write_bytes(b"x" * 100)
    monkeypatch.setattr(snapshot, "LARGEST", 99)
    with pytest.raises(SnapshotError, match="too large"):
        read_snapshot(tmp_path / "big.json")


def test_equal_contents_have_equal_bytes(whole):
    assert replace(whole, looked=Looked()).content == whole.content
