# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our vocoder gives the octets of c2enc and the samples of c2dec, at every rate, on recorded speech."""

import os
import pathlib
import subprocess
import wave

import pytest

RATES = ["3200", "2400", "1600", "1400", "1300", "1200", "700C"]
FILTER = os.environ["VOCODER_FILTER"]
SOUNDS = pathlib.Path("/usr/share/asterisk/sounds/en_US_f_Allison")
BLOCK = 640 * 2  # octets of 80 ms of speech


@pytest.fixture(scope="session")
def speech():
    """About 30 s of one speaker: whole blocks, 8 kHz, 16 bit."""
    data = b""
    for path in sorted(SOUNDS.glob("demo-*.wav")):
        with wave.open(str(path)) as recording:
            assert recording.getframerate() == 8000 and recording.getsampwidth() == 2
            data += recording.readframes(recording.getnframes())
    assert len(data) > 20 * 16000, f"install asterisk-core-sounds-en-wav: little speech below {SOUNDS}"
    return data[: min(len(data), 30 * 16000) // BLOCK * BLOCK]


def run(*command, data):
    return subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True, timeout=120).stdout


@pytest.mark.parametrize("rate", RATES)
def test_encoder_equals_c2enc(rate, speech):
    ours = run(FILTER, "encode", rate, data=speech)
    assert len(ours) > 1000
    assert ours == run("c2enc", rate, "-", "-", data=speech)


@pytest.mark.parametrize("rate", RATES)
def test_decoder_equals_c2dec(rate, speech):
    frames = run("c2enc", rate, "-", "-", data=speech)
    ours = run(FILTER, "decode", rate, data=frames)
    assert len(ours) == len(speech)
    assert any(ours)
    assert ours == run("c2dec", rate, "-", "-", data=frames)
