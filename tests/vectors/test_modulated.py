# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""IQ that a modulator in Python made from docs/protocol.md: the independent reader and the program read the same voice in it,
and nothing in what was altered or comes again.

SECUREVOICE_BIN names the program.
"""

import json
import pathlib
import subprocess
import sys

import numpy
import pytest
from test_independent_reader import BLOCK_SECONDS, PROGRAM, Station

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tools"))

import independent_reader  # noqa: E402
import make_modulated  # noqa: E402

VECTORS = json.loads((HERE / "modulated" / "modulated.json").read_text())
TRANSMISSIONS = json.loads((HERE / "transmissions.json").read_text())
RATE = VECTORS["rate"]

each_file = pytest.mark.parametrize("name", VECTORS["files"])


def iq_of(name):
    parts = numpy.fromfile(HERE / "modulated" / f"{name}.ci8", numpy.int8).astype(numpy.float32) / 128
    return parts.view(numpy.complex64)


@pytest.fixture(scope="module")
def station(tmp_path_factory):
    made = Station(tmp_path_factory.mktemp("station"))
    for name, key in TRANSMISSIONS["keys"].items():
        made.keys[name] = bytes.fromhex(key)
        path = made.folder / f"{name}.key"
        path.touch(mode=0o600)
        path.write_text(f"gr-securevoice key 1\nkey: {key}\n", encoding="ascii")
    return made


def program_hears(station, iq, key, *options):
    """(Codec2 frames, report) of what the program `rx` hears; its exit code is 3 where that is nothing."""
    silence = numpy.zeros(RATE // 2, numpy.complex64)
    numpy.concatenate([silence, iq, silence]).tofile(station.folder / "in.cf32")
    frames = station.folder / "heard.c2"
    frames.unlink(missing_ok=True)
    command = [PROGRAM, "rx", "in.cf32", "heard.wav", "--key", f"./{key}.key", "--rate", str(RATE),
               "--frames-out", "heard.c2", "--report", "heard.json", *options]
    done = subprocess.run(command, cwd=station.folder, env=station.environment, timeout=300, stderr=subprocess.PIPE, check=False)
    report = json.loads((station.folder / "heard.json").read_text())
    assert done.returncode in ((0, 4) if report["blocks_played"] else (3,)), done.stderr.decode() # 4: some were refused
    return frames.read_bytes().hex() if frames.exists() else "", report


def test_files_are_what_the_tool_makes():
    description, files = make_modulated.make()
    assert description == VECTORS
    for name, samples in files.items():
        stored = numpy.fromfile(HERE / "modulated" / f"{name}.ci8", numpy.int8)
        assert stored.shape == (samples.size,)
        # Another version of NumPy may round the last digit of a sum otherwise.
        assert abs(stored.astype(int) - samples.ravel()).max() <= 1


@pytest.mark.parametrize("name", [name for name, file in VECTORS["files"].items() if file["profile"] == "narrow"])
def test_the_reader_reads_what_was_sent(name):
    vector = VECTORS["files"][name]
    call = independent_reader.read_call(iq_of(name), RATE, bytes.fromhex(TRANSMISSIONS["keys"][vector["key"]]))
    sent = next(t for t in TRANSMISSIONS["transmissions"] if t["label"] == vector["of"])
    assert call.header.octets.hex() == sent["header"]
    assert not call.late_entry and call.closed
    assert call.number_by_signs == 0
    assert [b.kind for b in call.blocks] == vector["kinds"]
    assert [b.piece.hex() for b in call.blocks] == [b["piece"] for b in sent["blocks"]]
    assert [b.body.hex() for b in call.blocks] == [b["body"] for b in sent["blocks"]]
    assert call.frames().hex() == vector["frames"]


@each_file
def test_the_program_hears_the_same(station, name):
    vector = VECTORS["files"][name]
    frames, report = program_hears(station, iq_of(name), vector["key"])
    assert frames == vector["frames"]
    assert (report["blocks_played"] > 0) == bool(vector["frames"])
    assert report["state"] in (["ended"] if vector["frames"] else ["idle", "pending"])


@pytest.mark.parametrize("name", ["switched-3200", "switched-700C"])
def test_without_the_key_only_clear_is_read(station, name):
    call = independent_reader.read_call(iq_of(name), RATE, station.keys["theirs"])
    kinds = VECTORS["files"][name]["kinds"]
    assert [b.kind for b in call.blocks] == [kind.replace("secure", "unreadable") for kind in kinds]
    _, report = program_hears(station, iq_of(name), "theirs")
    assert report["blocks_played"] == kinds.count("clear") > 0


def test_a_call_that_comes_again_is_not_heard_again(station):
    name = "switched-3200"
    iq = iq_of(name)
    secure = VECTORS["files"][name]["kinds"][:-2].count("secure")
    again = numpy.concatenate([iq, numpy.zeros(RATE, numpy.complex64), iq])
    _, report = program_hears(station, again, "ours")
    # Clear voice may come again, as nobody's.
    assert report["state"] in ("replay refused", "clear, unknown sender", "cut off")
    heard = sum(s["end"] - s["start"] for s in report["segments"] if s["kind"] == "secure")
    assert abs(heard / BLOCK_SECONDS - secure) < 0.1 and report["blocks_replayed"] >= secure


def test_a_recording_told_to_be_live_is_refused(station):
    """It was sent at another time."""
    frames, report = program_hears(station, iq_of("switched-3200"), "ours", "--live", "--state", "state", "--secure-only")
    assert frames == "" and report["blocks_played"] == 0
    assert report["state"] in ("replay refused", "delayed") and report["reason"]
