"""A canary is found in whatever form it is written, and nowhere else."""

import base64
import io
import json
import random
import struct
import zipfile
from array import array

import pytest
from canaries import Canary
from google.protobuf.wrappers_pb2 import Int64Value

CANARY = Canary("413572689051")
HASH = "93652714c7243211029d4f"
"""The start of a widget's id of 28 November 2026: it holds 4321."""


def _zipped(text: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet1.xml", f"<v>{text}</v>")
    return buffer.getvalue()


WRITTEN = {
    "plain": "413572689051",
    "commas": "a 413,572,689,051 b",
    "spaces": "413 572 689 051",
    "narrow spaces": "413 572 689 051",
    "points": "413.572.689.051",
    "apostrophes": "413’572’689’051",
    "underscores": "413_572_689_051",
    "Korean": "4,135억 7,268만 9,051개",
    "Korean without spaces": "4135억7268만9051",
    "exponent": "4.13572689051e+11",
    "a fraction of it": "0.413572689051",
    "with decimals": "413572689051.0",
    "full width": "４１３，５７２，６８９，０５１",
    "HTML": "413&#44;572&nbsp;689&#x2c;051",
    "address": "q=413%2C572%2C689%2C051",
    "JSON": json.dumps("413\u00a0572\u00a0689\u00a0051"),
    "bytes": "값 413,572,689,051".encode(),
    "zip": _zipped("413572689051"),
    "zip of separators": _zipped("413,572,689,051"),
}
PACKED = {
    **{form: b"\x01" + struct.pack(form, 413572689051) + b"\x02" for form in ("<d", ">d", "<q", ">q")},
    **{f"base64 at {at}": base64.b64encode(b"z" * at + array("d", [413572689051.0, 7.5]).tobytes()) for at in range(6)},
    "varint": Int64Value(value=413572689051).SerializeToString(),
}


@pytest.mark.parametrize("form", [*WRITTEN, *PACKED])
def test_every_form_is_found(form):
    assert CANARY.sings_in((WRITTEN | PACKED)[form])


@pytest.mark.parametrize("form", [*WRITTEN, *PACKED])
def test_another_number_in_the_same_form_is_not(form):
    assert not Canary("413572689052").sings_in((WRITTEN | PACKED)[form])


def test_a_canary_that_hashes_hold_by_chance_is_refused():
    assert "4321" in HASH
    for digits in ("4321", "12345678", "", "4,13572689", "-413572689", "41357268905x"):
        with pytest.raises(ValueError, match="9 digits or more"):
            Canary(digits)
    assert not CANARY.sings_in(HASH)


def test_chance_does_not_write_it():
    noise = random.Random(20261128).randbytes(3_000_000)
    for text in (noise, noise.hex(), base64.b64encode(noise), ", ".join(str(byte) for byte in noise[:300_000])):
        assert not CANARY.sings_in(text)
