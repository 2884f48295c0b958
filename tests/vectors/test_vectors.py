# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The committed vectors are those that their tool makes, and a receiver written from docs/protocol.md alone opens them."""

import itertools
import json
import pathlib
import re
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tools"))

import air_crypto as air  # noqa: E402
import make_vectors  # noqa: E402

VECTORS = json.loads((HERE / "crypto.json").read_text())
TRANSMISSIONS = VECTORS["transmissions"]
KEYS = [bytes.fromhex(key["key"]) for key in VECTORS["keys"]]

each_transmission = pytest.mark.parametrize("t", TRANSMISSIONS, ids=lambda t: t["label"])


def fields(block):
    return block["number"], *(bytes.fromhex(block[name]) for name in ("piece", "body", "tag"))


def receiver(t, key=None):
    return air.Receiver(bytes.fromhex(t["header"]), bytes.fromhex(t["key"]) if key is None else key)


def test_file_is_what_the_tool_makes():
    assert (HERE / "crypto.json").read_text() == make_vectors.text()


def test_chacha20_of_rfc_8439():
    # Section 2.3.2
    block = air.chacha20_block(bytes(range(32)), 1, bytes.fromhex("000000090000004a00000000"))
    assert block.hex() == (
        "10f1e7e4d13b5915500fdd1fa32071c4c7d1f4c733c068030422aa9ac3d46c4e"
        "d2826446079faa0914c2d705d98b02a2b5129cd1de164eb9cbd083e8a2503c4e"
    )
    # Appendix A.1, test vector 1
    assert air.chacha20_block(bytes(32), 0, bytes(12)).hex().startswith("76b8e0ada0f13d90405d6ae55386bd28")


def test_field_has_the_published_polynomial():
    assert air.multiply(0x8000, 2) == 0x002D
    assert all(air.multiply(a, air.inverse(a)) == 1 for a in (1, 2, 3, 0x1234, 0xFFFF))


@each_transmission
def test_blocks_open_as_what_they_are(t):
    r = receiver(t)
    assert r.key_fits == bool(t["key"])
    if t["key"]:
        assert r.start == t["start_time"] == (t["unix_time"] - 1577836800) // 4 % 2**28
    kinds = {"secure": "secure", "clear": "clear from the group" if t["key"] else "clear"}
    assert len(t["blocks"]) == 5
    for block in t["blocks"]:
        assert r.open(*fields(block)) == (kinds[block["kind"]], bytes.fromhex(block["text"]))


@each_transmission
def test_altered_blocks_are_refused(t):
    r = receiver(t)
    assert len(t["refused"]) == 30
    for block in t["refused"]:
        assert r.open(*fields(block)) == (None, None), block["why"]


@each_transmission
def test_without_the_key_only_clear_opens(t):
    wrong_keys = [key for key in KEYS if key.hex() != t["key"]]
    for r in [receiver(t, b"")] + [receiver(t, key) for key in wrong_keys]:
        assert not r.key_fits
        for block in t["blocks"]:
            expected = (None, None) if block["kind"] == "secure" else ("clear", bytes.fromhex(block["text"]))
            assert r.open(*fields(block)) == expected


@each_transmission
def test_any_six_pieces_give_the_header(t):
    pieces = {p["number"]: bytes.fromhex(p["piece"]) for p in t["pieces"]}
    # Numbers 32768 apart have the same piece: one of each such pair is enough.
    different = {n: octets for n, octets in pieces.items() if n < 32768 or n % 32768 not in pieces}
    assert pieces[32768] == pieces[0] and pieces[32769] == pieces[1]
    for chosen in itertools.islice(itertools.combinations(different, 6), 0, None, 17):
        assert air.header_from_pieces({n: different[n] for n in chosen}).hex() == t["header"]


def test_transmissions_share_no_salt_key_or_ciphertext():
    for name in ("salt", "voice_keys", "clear_keys"):
        values = [t[name] for t in TRANSMISSIONS if name in t]
        assert len(set(values)) == len(values)
    streams = [b["stream"] for t in TRANSMISSIONS for b in t["blocks"]]
    assert len(set(streams)) == len(streams)


def test_words_of_fingerprints_are_those_of_the_program():
    """Appendix C of the document, by which others read them aloud."""
    root = pathlib.Path(__file__).resolve().parents[2]
    appendix = (root / "docs/protocol.md").read_text(encoding="utf-8").split("## Appendix C.")[1]
    lines = [line.split() for line in appendix.splitlines() if line.startswith("    ")]
    assert [len(line) for line in lines] == [32] * 32
    source = (root / "lib/core/keys/fingerprint_words.inc").read_text(encoding="utf-8")
    code = "".join(line for line in source.splitlines() if not line.startswith("//"))
    assert [word for line in lines for word in line] == re.findall(r'"([a-z]+)"', code)
