# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What `securevoice tx` puts on the air, read by a receiver that was written from docs/protocol.md alone.

SECUREVOICE_BIN names the program. The bounds are five standard deviations: of what is looked at here together, chance
passes one in a thousand runs at most.
"""

import json
import os
import pathlib
import subprocess
import sys
import time
import wave

import numpy
import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tools"))

import independent_reader  # noqa: E402
from air_reader import document, secrecy  # noqa: E402

PROGRAM = os.environ["SECUREVOICE_BIN"]
SOUNDS = pathlib.Path("/usr/share/asterisk/sounds/en_US_f_Allison")
RATE, BLOCK, BLOCK_SECONDS = 14400, 640, 0.08
LEAD = 0.05 # s of silence before a call
CALLS = 200 # for what only many calls show
RECORDINGS = json.loads((HERE / "air" / "calls.json").read_text())


class Station:
    """A folder with the keys `ours` and `theirs`."""

    def __init__(self, folder):
        self.folder = folder
        self.environment = dict(os.environ, SECUREVOICE_KEYRING=str(folder / "keys"), HOME=str(folder))
        self.keys = {}
        for name in ("ours", "theirs"):
            self.run("keys", "new", name)
            self.keys[name] = independent_reader.read_key(folder / "keys" / f"{name}.key")

    def run(self, *arguments):
        done = subprocess.run([PROGRAM, *map(str, arguments)], cwd=self.folder, env=self.environment, timeout=300,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        assert done.returncode == 0, done.stderr.decode()

    def send(self, samples, *options, rate=RATE):
        """(IQ, Codec2 frames) of a call."""
        with wave.open(str(self.folder / "speech.wav"), "wb") as out:
            out.setparams((1, 2, 8000, 0, "NONE", ""))
            out.writeframes(samples.astype("<i2").tobytes())
        self.run("tx", "speech.wav", "air.cf32", "--rate", rate, "--lead-seconds", LEAD, "--tail-seconds", 0.05,
                 "--frames-out", "sent.c2", *options)
        return numpy.fromfile(self.folder / "air.cf32", numpy.complex64), (self.folder / "sent.c2").read_bytes()


@pytest.fixture(scope="module")
def station(tmp_path_factory):
    return Station(tmp_path_factory.mktemp("station"))


@pytest.fixture(scope="module")
def speech():
    """Twelve seconds of one speaker at 8 kHz: 150 blocks."""
    data = b""
    for path in sorted(SOUNDS.glob("demo-*.wav")):
        with wave.open(str(path)) as recording:
            data += recording.readframes(recording.getnframes())
    samples = numpy.frombuffer(data, "<i2")[:150 * BLOCK]
    assert len(samples) == 150 * BLOCK, f"install asterisk-core-sounds-en-wav: little speech below {SOUNDS}"
    return samples


def c2enc(codec, samples):
    return subprocess.run(["c2enc", codec, "-", "-"], input=samples.astype("<i2").tobytes(), stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, check=True).stdout


def voice_bits(codec, voice):
    """Without the bits that fill a frame's last octet."""
    octets = numpy.frombuffer(voice, numpy.uint8).reshape(codec.frames, -1)
    return numpy.unpackbits(octets, axis=1)[:, :codec.frame_bits].ravel()


def body_bits(codec, block):
    return secrecy.unpack(block.body, 8 + codec.voice_bits)[8:]


def within_five_sigma(equal, trials):
    """Equal bits are half of all, as far as so many can tell."""
    return (abs(numpy.asarray(equal) - trials / 2) < 5 * numpy.sqrt(trials) / 2).all()


def assert_whole(call, blocks):
    """Heard from start frame to closing sync word; END where it belongs; the numbers and pieces are right."""
    assert [b.number for b in call.blocks] == list(range(blocks + 2))
    assert not call.late_entry and call.closed and call.number_by_signs in (0, None)
    assert all(b.piece_ok for b in call.blocks)
    assert [bool((b.signalling or 0) & secrecy.END) for b in call.blocks] == [False] * (blocks - 1) + [True] * 3
    assert [any(b.voice) for b in call.blocks[-2:]] == [False, False]


@pytest.mark.parametrize("codec", document.CODECS.values(), ids=lambda codec: codec.name)
def test_a_secure_call_reads_and_hides_its_voice(station, speech, codec):
    """P1, for every codec."""
    said = speech[:25 * BLOCK]
    before = time.time()
    iq, frames = station.send(said, "--key", "ours", "--codec", codec.name)
    after = time.time()
    call = independent_reader.read_call(iq, RATE, station.keys["ours"])
    assert_whole(call, blocks=len(frames) // len(call.blocks[0].voice))
    assert call.codec == codec and {b.kind for b in call.blocks} == {"secure"}
    assert call.frames() == frames and frames.startswith(c2enc(codec.name, said))
    assert before - 5 < call.start_time < after + 5
    assert abs(call.first_symbol - LEAD - BLOCK_SECONDS) < 0.01 # the transmitter's filter; the start frame
    # What is on the air is not the voice, of this block or of its neighbour.
    body = numpy.array([body_bits(codec, b) for b in call.blocks[:25]])
    voice = numpy.array([voice_bits(codec, b.voice) for b in call.blocks[:25]])
    assert within_five_sigma((body == voice).sum(), body.size)
    assert within_five_sigma((body[1:] == voice[:-1]).sum(), body[1:].size)
    # No keystream serves twice.
    keystream = body ^ voice
    for n in range(1, 25):
        assert within_five_sigma((keystream[n:] == keystream[:-n]).sum(), keystream[n:].size)


def test_each_bit_of_a_secure_block_is_as_often_equal_to_the_voice_as_not(station, speech):
    """P1, over 150 blocks, for each place in the block and for each place against its neighbours."""
    iq, _ = station.send(speech, "--key", "ours")
    call = independent_reader.read_call(iq, RATE, station.keys["ours"])
    body = numpy.array([body_bits(call.codec, b) for b in call.blocks[:150]])
    voice = numpy.array([voice_bits(call.codec, b.voice) for b in call.blocks[:150]])
    for shift in (-1, 0, 1):
        assert within_five_sigma((body == numpy.roll(voice, shift, axis=1)).sum(axis=0), 150)


def test_wrong_key_and_no_key_give_no_voice(station, speech):
    iq, _ = station.send(speech[:10 * BLOCK], "--key", "ours")
    assert independent_reader.read_call(iq, RATE, station.keys["ours"]).frames()
    for key in (station.keys["theirs"], None):
        call = independent_reader.read_call(iq, RATE, key)
        assert call.header.check_fits() and len(call.blocks) >= 12 # heard, and heard well
        assert call.start_time is None and call.frames() == b""
        assert {(b.kind, b.voice, b.signalling) for b in call.blocks} == {("unreadable", None, None)}


def test_switching_changes_the_kind_of_blocks_and_nothing_else(station, speech):
    said = speech[:60 * BLOCK]
    iq, frames = station.send(said, "--key", "ours", "--codec", "1300", "--switch", "1.23=clear,3=secure,4=clear")
    call = independent_reader.read_call(iq, RATE, station.keys["ours"])
    size = len(call.blocks[0].voice)
    assert_whole(call, blocks=len(frames) // size)
    assert call.frames() == frames
    kinds = [b.kind for b in call.blocks]
    # `clear` from the first block spoken after the command, `secure` from the block being spoken. A command between two blocks
    # (4 s) could not be announced yet: the next block is secure still and does it.
    assert kinds == ["secure"] * 16 + ["clear"] * 21 + ["secure"] * 14 + ["clear"] * (len(kinds) - 51)
    assert frames.startswith(c2enc("1300", said[:16 * BLOCK])) # then the vocoder begins anew
    assert frames[16 * size:].startswith(c2enc("1300", said[16 * BLOCK:50 * BLOCK]))
    assert {b.keyed_ok for b in call.blocks if b.kind == "clear"} == {True}
    hints = [b.number for b in call.blocks if b.signalling & secrecy.CLEAR_FOLLOWS]
    assert {15, 50} <= set(hints) <= {14, 15, 50}
    # Anybody hears the clear blocks and none of the others.
    for key in (None, station.keys["theirs"]):
        stranger = independent_reader.read_call(iq, RATE, key)
        assert [b.kind for b in stranger.blocks] == [k.replace("secure", "unreadable") for k in kinds]
        for ours, heard in zip(call.blocks, stranger.blocks):
            assert heard.voice == (ours.voice if ours.kind == "clear" else None) and not heard.keyed_ok


def test_clear_call_of_a_station_without_a_key(station, speech):
    iq, frames = station.send(speech[:60 * BLOCK], "--clear", "--codec", "700C")
    call = independent_reader.read_call(iq, RATE, station.keys["ours"])
    assert_whole(call, blocks=len(frames) // 8)
    assert {b.kind for b in call.blocks} == {"clear"} and call.frames() == frames
    assert call.start_time is None and not any(b.keyed_ok for b in call.blocks)
    # Its keyed octets are at random, not constant.
    assert len({b.tag[3] for b in call.blocks}) > 30


@pytest.mark.parametrize("cut", [1.0, 2.345, 3.456])
def test_late_entry_without_the_start_frame(station, speech, cut):
    iq, frames = station.send(speech[:60 * BLOCK], "--key", "ours", "--switch", "2=clear,2.5=secure")
    key = station.keys["ours"]
    whole = independent_reader.read_call(iq, RATE, key)
    late = independent_reader.read_call(iq[int(cut * RATE):], RATE, key)
    first = int(numpy.ceil((cut - whole.first_symbol) / BLOCK_SECONDS))
    assert late.late_entry and late.number_by_signs == first and late.closed
    assert (late.header, late.start_time, late.codec) == (whole.header, whole.start_time, whole.codec)
    assert late.blocks == whole.blocks[first:]
    assert late.frames() == frames[first * 32:]
    assert independent_reader.read_call(iq[int(cut * RATE):], RATE, station.keys["theirs"]).start_time is None


def test_through_a_channel_at_another_rate(station, speech):
    _, frames = station.send(speech[:40 * BLOCK], "--key", "ours", rate=48000)
    station.run("channel", "air.cf32", "noisy.cf32", "--rate", 48000, "--cn0", 50, "--offset", 1234, "--clock-ppm", -15,
                "--seed", 7)
    iq = numpy.fromfile(station.folder / "noisy.cf32", numpy.complex64)
    call = independent_reader.read_call(iq, 48000, station.keys["ours"])
    assert call.frames() == frames and not call.late_entry and abs(call.frequency - 1234) < 3
    late = independent_reader.read_call(iq[48000:], 48000, station.keys["ours"])
    assert late.late_entry and late.blocks[0].number <= 13 and late.frames() == frames[late.blocks[0].number * 32:]


def test_a_file_without_a_call():
    rng = numpy.random.default_rng(5)
    noise = rng.normal(size=RATE * 5) + 1j * rng.normal(size=RATE * 5)
    for iq in (noise, 0 * noise, noise[:0], noise[:100]):
        assert independent_reader.read_call(iq, RATE, bytes(32)) is None


@pytest.fixture(scope="module")
def many(station, speech):
    """Calls with the same words: half of them of each key."""
    calls = []
    for n in range(CALLS):
        name = ("ours", "theirs")[n % 2]
        iq, _ = station.send(speech[:2400], "--key", name)
        calls.append(independent_reader.read_call(iq, RATE, station.keys[name]))
        assert [b.kind for b in calls[-1].blocks] == ["secure"] * 6
    return calls


def test_no_bit_of_the_header_tells_who_speaks(many):
    """P13: all but the mode look random, over all calls and over those of one key."""
    headers = numpy.array([secrecy.unpack(call.header.octets) for call in many])
    mode = slice(96, 100)
    assert (headers[:, mode] == 0).all() # 3200, narrow
    rest = numpy.delete(headers, numpy.r_[mode], axis=1)
    for some in (rest, rest[::2], rest[1::2]):
        assert within_five_sigma(some.sum(axis=0), len(some))
    # No two calls are more alike than chance, be they of one key or of two (19900 pairs, so six sigma).
    signs = 1.0 - 2.0 * rest
    alike = (signs @ signs.T)[numpy.triu_indices(CALLS, 1)]
    assert abs(alike).max() < 6 * numpy.sqrt(rest.shape[1])


def test_salts_and_what_hangs_on_them_never_repeat(many):
    assert len({call.header.salt for call in many}) == CALLS
    assert len({call.header.masked_time for call in many}) > CALLS - 3 # 28 bits: a chance of 1e-4 for a pair
    assert len({block.tag for call in many for block in call.blocks}) > 6 * CALLS - 3
    assert len({block.body for call in many for block in call.blocks}) == 6 * CALLS


def test_the_same_words_look_random_on_the_air(many):
    """Bodies and tags of block 0 and of the empty last block, bit by bit over all calls."""
    for n in (0, -1):
        bits = numpy.array([secrecy.unpack(call.blocks[n].body + call.blocks[n].tag) for call in many])
        assert within_five_sigma(bits.sum(axis=0), CALLS)
    assert len({call.frames() for call in many}) == 1 # and yet the same was said


@pytest.mark.parametrize("kind", ["secure", "clear"])
def test_the_check_covers_every_bit(station, speech, kind):
    iq, _ = station.send(speech[:3 * BLOCK], "--key", "ours", *(["--clear"] if kind == "clear" else []))
    call = independent_reader.read_call(iq, RATE, station.keys["ours"])
    session = secrecy.Session(call.header, station.keys["ours"], call.codec.voice_bits)
    block = call.blocks[1]
    good = {"number": block.number, "piece": block.piece, "body": block.body, "tag": block.tag}
    assert session(**good).kind == kind
    assert session(**dict(good, number=0)) is None
    for field in ("piece", "body", "tag"):
        octets = good[field]
        for bit in range(8 * len(octets)):
            flipped = (int.from_bytes(octets, "big") ^ 1 << bit).to_bytes(len(octets), "big")
            opened = session(**dict(good, **{field: flipped}))
            if kind == "clear" and field == "tag" and bit < 8: # the keyed octet is no part of the public check
                assert opened.kind == "clear" and not opened.keyed_fits
            else:
                assert opened is None


@pytest.fixture
def public_key_file(tmp_path):
    path = tmp_path / "public.key"
    path.touch(mode=0o600)
    path.write_text(f"gr-securevoice key 1\nkey: {RECORDINGS['key']}\n", encoding="ascii")
    return path


each_recording = pytest.mark.parametrize("name", RECORDINGS["calls"])


@each_recording
def test_reader_and_program_decode_the_recordings(station, public_key_file, name):
    recording, path = RECORDINGS["calls"][name], HERE / "air" / f"{name}.cf32"
    frames = bytes.fromhex(recording["frames"])
    key = independent_reader.read_key(public_key_file)
    call = independent_reader.read_call(numpy.fromfile(path, numpy.complex64), recording["rate"], key)
    assert [b.kind for b in call.blocks] == recording["kinds"] and call.frames() == frames
    assert_whole(call, blocks=len(recording["kinds"]) - 2)
    station.run("rx", path, "heard.wav", "--key", public_key_file, "--rate", recording["rate"], "--frames-out", "heard.c2",
                "--report", "heard.json")
    assert (station.folder / "heard.c2").read_bytes() == frames
    report = json.loads((station.folder / "heard.json").read_text())
    assert report["state"] == "ended" and report["blocks_lost"] == report["blocks_refused"] == 0
    spoken = recording["kinds"][:-2]
    changes = [kind for n, kind in enumerate(spoken) if n == 0 or kind != spoken[n - 1]]
    assert [segment["kind"] for segment in report["segments"]] == changes


def test_the_readers_command_line(public_key_file, tmp_path):
    name, recording = next(iter(RECORDINGS["calls"].items()))
    command = ["/usr/bin/python3", "-B", str(HERE.parent / "tools" / "independent_reader.py"),
               str(HERE / "air" / f"{name}.cf32"), "--rate", str(recording["rate"]), "--json"]
    told = subprocess.run([*command, "--key-file", str(public_key_file), "--frames-out", str(tmp_path / "heard.c2")],
                          stdout=subprocess.PIPE, check=True).stdout
    assert (tmp_path / "heard.c2").read_bytes().hex() == recording["frames"]
    assert [block["kind"] for block in json.loads(told)["blocks"]] == recording["kinds"]
    without = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    assert {block["kind"] for block in without["blocks"]} == {"unreadable"}
