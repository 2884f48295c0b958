# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line as its user meets it: files, pipes, exit codes, sentences."""

import json
import os
import pathlib
import subprocess
import wave

import numpy
import pytest

PROGRAM = os.environ["SECUREVOICE_BIN"]
SOUNDS = pathlib.Path("/usr/share/asterisk/sounds/en_US_f_Allison")
ENVIRONMENT_FAILED, BAD_USAGE, NOTHING_HEARD, BLOCKS_REFUSED, DOUBTFUL = 1, 2, 3, 4, 5
BLOCK = 640 # samples of speech
SHORT_BLOCKS = 20 # of the fixtures short and sent


class Program:
    """Runs the program in a folder of its own, with a keyring of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.environment = dict(os.environ, SECUREVOICE_KEYRING=str(folder / "keys"), HOME=str(folder))
        self.environment.pop("SECUREVOICE_CALLED_AS", None) # as from PATH, not from the launcher that runs the tests

    def __call__(self, *arguments, code=0, stdin=b"", **options):
        done = subprocess.run(["securevoice", *map(str, arguments)], executable=PROGRAM, cwd=self.folder, env=self.environment, input=stdin,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=300, check=False, **options)
        assert code is None or done.returncode == code, f"{arguments}: exit code {done.returncode}: {done.stderr.decode()}"
        return done

    def refuses(self, *arguments, code, says, stdin=b""):
        """One sentence on standard error with all the words of `says`, nothing on standard output."""
        done = self(*arguments, code=code, stdin=stdin)
        sentence = done.stderr.decode()
        assert sentence.startswith("securevoice: ") and sentence.count("\n") == 1, sentence
        for word in [says] if isinstance(says, str) else says:
            assert word in sentence, sentence
        assert done.stdout == b""

    def path(self, name):
        return self.folder / name

    def octets(self, name):
        return self.path(name).read_bytes()

    def json(self, name):
        return json.loads(self.path(name).read_text())

    def leftovers(self):
        return sorted(str(p) for p in self.folder.rglob("*.part-*"))


@pytest.fixture
def program(tmp_path):
    return Program(tmp_path)


@pytest.fixture
def keyed(program):
    """With the keys `ours` and `theirs`."""
    program("keys", "new", "ours")
    program("keys", "new", "theirs")
    return program


@pytest.fixture(scope="session")
def speech():
    """Twelve seconds of one speaker: 150 blocks, 8 kHz, 16 bit."""
    data = b""
    for path in sorted(SOUNDS.glob("demo-*.wav")):
        with wave.open(str(path)) as recording:
            assert recording.getframerate() == 8000 and recording.getsampwidth() == 2
            data += recording.readframes(recording.getnframes())
    samples = numpy.frombuffer(data, "<i2")[:150 * BLOCK]
    assert len(samples) == 150 * BLOCK, f"install asterisk-core-sounds-en-wav: little speech below {SOUNDS}"
    return samples


def write_wav(path, samples, rate=8000, channels=1):
    with wave.open(str(path), "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(numpy.asarray(samples, "<i2").tobytes())


def read_wav(path):
    with wave.open(str(path)) as recording:
        assert (recording.getframerate(), recording.getnchannels(), recording.getsampwidth()) == (8000, 1, 2)
        return numpy.frombuffer(recording.readframes(recording.getnframes()), "<i2")


@pytest.fixture
def spoken(keyed, speech):
    """With keys and speech.wav."""
    write_wav(keyed.path("speech.wav"), speech)
    return keyed


@pytest.fixture
def short(keyed, speech):
    """With keys and speech.wav of 1.6 s."""
    write_wav(keyed.path("speech.wav"), speech[20 * BLOCK:(20 + SHORT_BLOCKS) * BLOCK])
    return keyed


@pytest.fixture
def sent(short):
    """With a secure call in sent.cf32, its frames in sent.c2."""
    short("tx", "speech.wav", "sent.cf32", "--key", "ours", "--frames-out", "sent.c2")
    return short
