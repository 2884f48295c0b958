# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What somebody with a transmitter does to a call, made from docs/protocol.md alone (tests/tools), and what the window shows."""

import subprocess
import sys
import time
import wave

import numpy
import pytest
from conftest import SOURCE
from gnuradio.securevoice.lamps import ALARM
from gnuradio.securevoice.window.sounds import SAMPLE
from user import User

sys.path.insert(0, str(SOURCE / "tests/tools"))
import air_modulator # pylint: disable=wrong-import-position
import air_transmitter # pylint: disable=wrong-import-position

CODEC, FRAME_OCTETS, FRAME_BITS = 4, 7, 52 # Codec2 1300: two frames in a block
RATE = 48000


def voice_fields(wav, folder):
    """What the blocks of a call hold."""
    subprocess.run(["securevoice", "vocoder", wav, folder / "x.wav", "--codec", "1300", "--frames-out", folder / "x.c2"], check=True)
    frames = numpy.fromfile(folder / "x.c2", numpy.uint8).reshape(-1, FRAME_OCTETS)
    bits = numpy.unpackbits(frames, axis=1)[:, :FRAME_BITS].reshape(-1, 2 * FRAME_BITS)
    return [numpy.packbits(block).tobytes() for block in bits]


class Air:
    """Transmissions of the group's key with blocks that others made."""

    def __init__(self, keyring, folder, seed=1):
        self._key = bytes.fromhex(next(line for line in open(f"{keyring}/friends.key", encoding="ascii") if line.startswith("key: "))[5:])
        with wave.open(str(folder / "silence.wav"), "wb") as file:
            file.setparams((1, 2, 8000, 0, "NONE", ""))
            file.writeframes(bytes(2 * 8000))
        self._quiet = voice_fields(folder / "silence.wav", folder)[-1]
        self._loud = voice_fields(SAMPLE, folder)[10:] # it begins with silence
        self._random = numpy.random.default_rng(seed)

    def call(self, kinds):
        """
        IQ. Each letter is a block: S secure and silent; C clear and loud, of the sender; U the same, of somebody who has no key; F a good
        code word without any tag. The last blocks are secure and say END.
        """
        sender = air_transmitter.Sender(self._key, CODEC, 0, int(time.time()), self._random.bytes(12))
        blocks = []
        for number, kind in enumerate(kinds + "EE"):
            end = number >= len(kinds) - 1
            text = bytes([air_transmitter.END * end]) + (self._loud[number] if kind in "CU" else self._quiet)
            if kind in "CU":
                made = sender.clear(number, text, self._random.bytes(1) if kind == "U" else None)
            else:
                made = sender.secure(number, text)
            if kind == "F":
                made = (made[0], self._random.bytes(len(made[1])), self._random.bytes(4))
            blocks.append({"signs": air_transmitter.signs(number), "bits": air_transmitter.block_bits(CODEC, *made)})
        closing = {"signs": air_transmitter.signs(len(blocks))}
        iq = air_modulator.modulate({"mode": CODEC, "start_bits": air_transmitter.start_bits(sender.header), "blocks": blocks, "closing": closing},
                                    10)
        return [(iq / numpy.sqrt(numpy.mean(abs(iq) ** 2))).astype(numpy.complex64)]


@pytest.fixture(name="victim", scope="module")
def make_victim(keyring, tmp_path_factory):
    folder = tmp_path_factory.mktemp("victim")
    user = User(keyring, folder)
    user.folder, user.air = folder, Air(keyring, folder)
    yield user
    user.window.close()


def loudest(victim, burst):
    """Sample of what is played of a burst, and the lamps meanwhile."""
    path = victim.folder / "heard.wav"
    victim.heard.clear()
    victim.window.choose_file = lambda usual, pattern: str(path)
    victim.clicks(victim.window.record.speech)
    victim.window.station.air.send(burst)
    victim.hears("SECURE", "ENDED")
    victim.clicks(victim.window.record.speech)
    with wave.open(str(path)) as file:
        return numpy.abs(numpy.frombuffer(file.readframes(file.getnframes()), "<i2").astype(int)).max(), {word for word, _ in victim.heard}


def test_clear_put_into_a_secure_call_is_muted_and_told(victim):
    pattern = "S" * 8 + "{}" + "S" * 6
    announced, words = loudest(victim, victim.air.call(pattern.format("C" * 10)))
    assert "CLEAR" in words and "UNANNOUNCED CLEAR" not in words
    unannounced, words = loudest(victim, victim.air.call(pattern.format("U" * 10)))
    assert "UNANNOUNCED CLEAR" in words
    assert announced > 3000 and unannounced < 300, (announced, unannounced)


def test_forged_blocks_raise_the_alarm(victim):
    victim.heard.clear()
    victim.window.station.air.send(victim.air.call("SSSSSS" + "FFS" * 17 + "S"))
    victim.hears("SECURE", "ENDED")
    assert {word for word, note in victim.heard if ALARM in note} == {"SECURE"}
    assert ALARM not in victim.heard[-1][1]
