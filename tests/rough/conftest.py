# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The program among rough files: whatever it is given, it is right, or it says in a sentence what is wrong and loses nothing."""

import json
import os
import pathlib
import subprocess
import wave

import numpy
import pytest

PROGRAM = os.environ["SECUREVOICE_BIN"]
SOUNDS = pathlib.Path("/usr/share/asterisk/sounds/en_US_f_Allison")
BLOCK = 640 # samples of speech
BLOCKS = 24
OLD = b"what was there before"
# What is written by those who forgot an error, not by those who tell a user about it.
NOT_FOR_USERS = ("Traceback", "terminate called", "what():", "std::", "basic_string", "vector::", "map::", "stoi", "stod", "bad_alloc", "bad_variant",
                 "exception.", "Assertion", "assert", "Sanitizer", "runtime error", "core dumped", "Segmentation", "Error:", "errno", "(null)",
                 "nan ")


class Station:
    """The program in a folder of its own, with a keyring of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.environment = dict(os.environ, HOME=str(folder), SECUREVOICE_KEYRING=str(folder / "keys"), SECUREVOICE_STATE=str(folder / "state"))

    def path(self, name):
        return self.folder / name

    def run(self, *arguments, program=(PROGRAM,), **options):
        return subprocess.run([*program, *map(str, arguments)], cwd=self.folder, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              timeout=120, check=False, **{"stdin": subprocess.DEVNULL, **options})

    def does(self, *arguments, **options):
        done = self.run(*arguments, **options)
        assert done.returncode == 0, f"{arguments}: exit code {done.returncode}: {done.stderr.decode()}"
        return done

    def judged(self, *arguments, outputs=(), **options):
        """
        Runs a command. Whatever it was given: a known exit code, nothing that is not meant for users, a sentence with every failure, no
        temporary files, and outputs that are new and whole, or what they were.
        """
        before = {name: self.path(name).read_bytes() if self.path(name).exists() else None for name in outputs}
        done = self.run(*arguments, **options)
        said = done.stderr.decode(errors="replace")
        what = f"{arguments}: exit code {done.returncode}, said: {said}"
        assert 0 <= done.returncode <= 5, what
        for words in NOT_FOR_USERS:
            assert words not in said, f"'{words}' is not for users: {what}"
        lines = said.splitlines()
        assert len(lines) <= 12 and all(len(line) < 700 for line in lines), what
        if done.returncode != 0:
            assert lines and lines[-1].startswith("securevoice"), f"no sentence: {what}"
        for name, old in before.items():
            if done.returncode in (1, 2):
                now = self.path(name).read_bytes() if self.path(name).exists() else None
                # until a read error
                kept = (now or b"").startswith(b"RIFF") or (name.endswith(".c2") and b"securevoice: heard " in done.stderr)
                assert now == old or kept, f"{name} was lost: {what}"
        assert not list(self.folder.rglob("*.part-*")), f"a temporary file was left: {what}"
        done.said = said
        done.what = what
        return done


def wav_samples(path):
    """Samples of a WAV file that is as the program writes them."""
    with wave.open(str(path)) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (8000, 1, 2)
        return numpy.frombuffer(sound.readframes(sound.getnframes()), "<i2")


def loudness(samples):
    """Of each block, logarithmic."""
    blocks = samples[:len(samples) // BLOCK * BLOCK].reshape(-1, BLOCK).astype(float)
    return numpy.log(100 + numpy.mean(blocks ** 2, axis=1))


class Call:
    """A secure call: its IQ, 48000 samples/s, and the voice frames that were sent."""

    def __init__(self, station):
        self.station = station
        station.does("tx", "speech.wav", "call.cf32", "--key", "ours", "--frames-out", "sent.c2")
        self.iq = numpy.fromfile(station.path("call.cf32"), numpy.complex64)
        self.sent = {frame for frame in self.frames("sent.c2") if any(frame)}
        self.whole = 0 # blocks that are heard of the undamaged call
        done, self.whole = self.judged("call.cf32")
        assert done.returncode == 0 and self.whole >= BLOCKS - 1, done.what

    def frames(self, name):
        octets = self.station.path(name).read_bytes()
        return [octets[n:n + 32] for n in range(0, len(octets), 32)]

    def judged(self, name, *options, key="ours", **more):
        """rx of a file, judged. Returns (result, blocks that were heard); what is heard was sent, and success has heard something."""
        for output, octets in (("heard.wav", OLD), ("heard.c2", OLD)):
            self.station.path(output).write_bytes(octets)
        self.station.path("heard.json").unlink(missing_ok=True)
        keys = ("--key", key) if key else ("--no-key",)
        done = self.station.judged("rx", *keys, "--recorded", "--frames-out", "heard.c2", "--report", "heard.json", *options, "--", name, "heard.wav",
                                   outputs=("heard.wav", "heard.c2"), **more)
        heard = [] if self.station.path("heard.c2").read_bytes() == OLD else [frame for frame in self.frames("heard.c2") if any(frame)]
        assert set(heard) <= self.sent, f"what was heard was not sent: {done.what}"
        if done.returncode == 0:
            report = json.loads(self.station.path("heard.json").read_text())
            assert len(heard) > 0 or report.get("fm_seconds", 0) > 0, f"success with nothing heard: {done.what}"
            assert len(wav_samples(self.station.path("heard.wav"))) >= BLOCK * len(heard), done.what
        elif self.station.path("heard.wav").read_bytes() != OLD:
            assert len(wav_samples(self.station.path("heard.wav"))) > 0, f"the old recording was replaced by nothing: {done.what}"
        return done, len(heard)


@pytest.fixture(scope="module")
def station(tmp_path_factory):
    """With the key `ours` and speech.wav, BLOCKS blocks of speech."""
    station = Station(tmp_path_factory.mktemp("station"))
    station.does("keys", "new", "ours")
    data = b""
    for path in sorted(SOUNDS.glob("demo-*.wav")):
        with wave.open(str(path)) as recording:
            data += recording.readframes(recording.getnframes())
    samples = numpy.frombuffer(data, "<i2")[8000:8000 + BLOCKS * BLOCK]
    assert len(samples) == BLOCKS * BLOCK, f"install asterisk-core-sounds-en-wav: little speech below {SOUNDS}"
    with wave.open(str(station.path("speech.wav")), "wb") as out:
        out.setparams((1, 2, 8000, 0, "NONE", ""))
        out.writeframes(samples.tobytes())
    return station


@pytest.fixture(scope="module")
def call(station):
    return Call(station)
