# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""transmissions.json is what its tool makes, and a receiver written from docs/protocol.md alone plays what it says, no more,
and says what it says."""

import json
import pathlib
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tools"))

import independent_reader  # noqa: E402
import make_key_files  # noqa: E402
import make_transmissions  # noqa: E402
from air_reader import coding, document, receiver, replays, rules, secrecy, waveform  # noqa: E402

VECTORS = json.loads((HERE / "transmissions.json").read_text())
KEYS = {name: bytes.fromhex(key) for name, key in VECTORS["keys"].items()} | {None: None}
CALLS = {t["label"]: t for t in VECTORS["transmissions"]}

each_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
each_reception = pytest.mark.parametrize("reception", VECTORS["receptions"], ids=lambda r: r["label"])


def llr(bits):
    return 8.0 - 16.0 * secrecy.unpack(bytes.fromhex(bits))


def test_files_are_what_the_tools_make():
    assert (HERE / "transmissions.json").read_text() == make_transmissions.text()
    assert (HERE / "key_files.json").read_text() == make_key_files.text()


def test_the_file_holds_every_codec_and_state():
    assert {t["codec"] for t in CALLS.values()} == set(document.CODECS)
    assert {t["profile"] for t in CALLS.values()} == {0, 1}
    seen = {event["state"] for r in VECTORS["receptions"] for event in r["events"]}
    assert seen == set(rules.STATES) - {"fm", "fm, unannounced"} and len(seen) == 11
    labels = [r["label"] for r in VECTORS["receptions"]]
    assert len(set(labels)) == len(labels) >= 55


@each_call
def test_bits_hold_the_fields(call):
    """The reader's decoder, against the tool's encoder."""
    header = secrecy.Header(secrecy.pack(coding.decode(llr(call["start_bits"]), document.START_CODE)[1]))
    assert header.octets.hex() == call["header"] and header.check_fits() and header.mode == call["mode"]
    codec = document.CODECS[call["codec"]]
    session = secrecy.Session(header, KEYS[call["key"]], codec.voice_bits)
    if call["key"]:
        assert session.start_time == (call["unix_time"] - 1577836800) // 4 % 2**28
    for block in call["blocks"]:
        piece, bits = coding.decode(llr(block["bits"]), codec.code)
        assert secrecy.pack(piece).hex() == block["piece"]
        assert secrecy.pack(bits).hex() == block["body"] + block["tag"]
        assert coding.piece_of(header.octets, block["number"]).hex() == block["piece"]
        opened = session(block["number"], *(bytes.fromhex(block[name]) for name in ("piece", "body", "tag")))
        assert (opened.kind, opened.signalling) == (block["kind"], block["signalling"])
        assert secrecy.pack(opened.voice).hex() == block["voice"]
        assert opened.keyed_fits == (block["kind"] == "clear" and call["key"] is not None)


@each_call
def test_number_signs(call):
    for block in [*call["blocks"], call["closing"]]:
        a, b = waveform.sync_word(block["number"]).reshape(2, 8)[:, 0] # both Golay words begin with +
        assert "".join("+" if (s / waveform.U).real > 0 else "-" for s in (a, b)) == block["signs"]
    assert call["closing"]["number"] == call["blocks"][-1]["number"] + 1 <= 65535


@each_reception
def test_reception(reception):
    told = reception["receiver"]
    memory = replays.Memory(told["memory_since"], map(bytes.fromhex, told["sent_itself"]))
    def station():
        return receiver.Receiver(KEYS[told["key"]], told["clock"], memory, secure_only=told["secure_only"])
    ear = station()
    assert ear.shown() == ("idle", "")
    for n, event in enumerate(reception["events"]):
        played = []
        sent = CALLS.get(event.get("of"))
        if event["what"] == "start":
            ear.start(event["track"], llr(sent["start_bits"] if sent else event["bits"]))
        elif event["what"] == "lost":
            ear.lost(event["track"])
        elif event["what"] == "sleep":
            ear.asleep += event["seconds"]
        elif event["what"] == "restart":
            ear = station()
        else:
            block = sent["blocks"][event["block"]] if sent else event
            mode = sent["mode"] if sent else event["mode"]
            played = ear.block(event["track"], n, mode, block["number"], event["at"], llr(block["bits"]))
        assert played == event["plays"], (n, event)
        assert ear.shown()[0] == event["state"], (n, event)
    assert ear.shown()[1] == reception["reason"]


def test_nothing_is_played_twice_and_nothing_that_was_not_said():
    for reception in VECTORS["receptions"]:
        played = [n for event in reception["events"] for n in event["plays"]]
        assert len(set(played)) == len(played)
        for n in played:
            event = reception["events"][n]
            assert event["what"] == "block" and ("of" in event or {"kind", "voice"} <= set(event)), reception["label"]


each_key_file = pytest.mark.parametrize("vector", json.loads((HERE / "key_files.json").read_text())["files"],
                                        ids=lambda v: v["label"])


@each_key_file
def test_key_files(vector, tmp_path):
    path = tmp_path / "some.key"
    path.write_bytes(bytes.fromhex(vector["octets"]))
    path.chmod(0o600)
    if vector["key"]:
        assert independent_reader.read_key(path).hex() == vector["key"]
    else:
        with pytest.raises(ValueError):
            independent_reader.read_key(path)
