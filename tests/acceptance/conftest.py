# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls with real speech through the program `securevoice`, as a user would make them."""

import glob
import json
import os
import subprocess
import wave

import numpy
import pytest

PROGRAM = os.environ["SECUREVOICE_BIN"]
SOUNDS = "/usr/share/asterisk/sounds/*/"
BLOCK_SECONDS = 0.08
CODECS = ("3200", "2400", "1600", "1400", "1300", "1200", "700C")


def run(*arguments, check=True):
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True)
    if check and done.returncode != 0:
        raise AssertionError(f"{arguments}: exit code {done.returncode}: {done.stderr}")
    return done


def samples_in(path):
    with wave.open(str(path)) as sound:
        return sound.getnframes()


@pytest.fixture(scope="session")
def speech(tmp_path_factory):
    """120 s of recorded speech, 8 kHz mono."""
    files = [f for f in sorted(glob.glob(SOUNDS + "*.wav")) if os.path.getsize(f) > 40000]
    assert files, "the package asterisk-core-sounds-en-wav is needed"
    samples = []
    for name in files:
        with wave.open(name) as sound:
            assert sound.getframerate() == 8000 and sound.getnchannels() == 1
            samples.append(numpy.frombuffer(sound.readframes(sound.getnframes()), "<i2"))
        if sum(map(len, samples)) >= 120 * 8000:
            break
    path = tmp_path_factory.mktemp("speech") / "speech.wav"
    with wave.open(str(path), "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(numpy.concatenate(samples)[: 120 * 8000].tobytes())
    return path


@pytest.fixture(scope="session")
def keyring(tmp_path_factory):
    folder = tmp_path_factory.mktemp("keys") / "ring"
    for name in ("alpha", "beta"):
        run("keys", "new", name, "--keyring", folder)
    return folder


class Call:
    """One transmission and what became of it."""

    def __init__(self, folder, keyring, speech):
        self.folder = folder
        self.keyring = keyring
        self.speech = speech
        self.sent = folder / "sent.cf32"
        self.received = folder / "received.cf32"

    def send(self, codec="3200", *more):
        self.codec = codec
        run("tx", self.speech, self.sent, "--key", "alpha", "--keyring", self.keyring,
            "--codec", codec, "--frames-out", self.folder / "sent.c2",
            "--report", self.folder / "sent.json", *more)
        self.report_sent = json.loads((self.folder / "sent.json").read_text())
        return self

    def channel(self, cn0, offset=0, ppm=0, seed=1):
        run("channel", self.sent, self.received, "--rate", 48000, "--cn0", cn0,
            "--offset", offset, "--clock-ppm", ppm, "--seed", seed)
        return self

    def receive(self, *keys, path=None, check=True):
        chosen = [word for key in keys for word in ("--key", key)] or ["--no-key"]
        self.wav = self.folder / "heard.wav"
        done = run("rx", path or self.received, self.wav, *chosen, "--keyring", self.keyring,
                   "--report", self.folder / "heard.json", "--frames-out", self.folder / "heard.c2",
                   check=check)
        self.report = json.loads((self.folder / "heard.json").read_text())
        return done

    def frames(self, name):
        """Codec2 frames of each block, one row a block."""
        octets = numpy.fromfile(self.folder / name, "u1")
        return octets.reshape(-1, octets_per_block(self.codec))


def octets_per_block(codec):
    return {"3200": 32, "2400": 24, "1600": 16, "1400": 14, "1300": 14, "1200": 12, "700C": 8}[codec]


@pytest.fixture
def call(tmp_path, keyring, speech):
    return Call(tmp_path, keyring, speech)
