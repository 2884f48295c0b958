# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is interrupted keeps what it heard, leaves nothing half-made behind, and loses nothing that was there before."""

import os
import pathlib
import random
import signal
import subprocess
import time
import wave
import zlib

import numpy
import pytest

PROGRAM = os.environ["SECUREVOICE_BIN"]
SOUNDS = pathlib.Path("/usr/share/asterisk/sounds/en_US_f_Allison")
BLOCK = 640 # samples of speech
BLOCKS = 60
FRAME = 32 # octets of a block's voice, codec 3200
OLD = b"what was there before"
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
MOMENTS = int(os.environ.get("SECUREVOICE_MOMENTS", "10")) # for each signal and command
FEW_MOMENTS = int(os.environ.get("SECUREVOICE_MOMENTS", "1")) # where a try takes seconds


def seed_of(*words):
    """A generator of random numbers, the same for the same words."""
    return random.Random(zlib.crc32(repr(words).encode()))


def moments(count=MOMENTS):
    """Decorator: the test gets `number`, a signal, and `moment`, 0 ... count - 1."""
    def decorated(test):
        test = pytest.mark.parametrize("moment", range(count))(test)
        return pytest.mark.parametrize("number", SIGNALS, ids=lambda s: s.name)(test)
    return decorated


def usual_signals():
    """For a child: whoever runs the tests may ignore some, as nohup does."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL)


class Station:
    """The program in a folder of its own, with the key `ours`."""

    def __init__(self, folder):
        self.folder = folder
        self.environment = dict(os.environ, HOME=str(folder), SECUREVOICE_KEYRING=str(folder / "keys"), SECUREVOICE_STATE=str(folder / "state"))
        self.does("keys", "new", "ours")

    def path(self, name):
        return self.folder / name

    def start(self, *arguments, program=PROGRAM, **options):
        return subprocess.Popen([str(a) for a in (program, *arguments)], cwd=self.folder, env=self.environment, stderr=subprocess.PIPE,
                                preexec_fn=usual_signals,
                                **{"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, **options})

    def does(self, *arguments, code=0, **options):
        done = subprocess.run([PROGRAM, *map(str, arguments)], cwd=self.folder, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              **{"stdin": subprocess.DEVNULL, **options}, timeout=120, check=False)
        assert done.returncode == code, f"{arguments}: exit code {done.returncode}: {done.stderr.decode()}"
        return done

    def leftovers(self):
        return [str(p) for p in self.folder.rglob("*.part-*")]


def ended(running, *, well=False):
    """Waits for the end. Returns (exit code, what was said): an end by itself with sentences, or by the signal."""
    said = running.communicate(timeout=60)[1].decode()
    assert running.returncode in (0, 1, 3, 5, *(-number for number in SIGNALS),
                                  *(128 + number for number in SIGNALS)), f"{running.returncode}: {said}"
    assert "Traceback" not in said and "terminate" not in said and "Sanitizer" not in said, said
    if well:
        assert running.returncode == 0, f"{running.returncode}: {said}"
    return running.returncode, said


def is_private(path):
    return path.stat().st_mode & 0o777 == 0o600


def wav_samples(path):
    """Samples of a whole WAV file: its header fits its length."""
    with wave.open(str(path)) as sound:
        samples = numpy.frombuffer(sound.readframes(sound.getnframes()), "<i2")
        assert len(samples) == sound.getnframes()
    assert path.stat().st_size - 2 * len(samples) < 200, f"{path}: its header says {len(samples)} samples, and there are {path.stat().st_size} octets"
    return samples


def read_speech(blocks):
    """Recorded speech, 8 kHz."""
    data = b""
    for path in sorted(SOUNDS.glob("demo-*.wav")):
        with wave.open(str(path)) as recording:
            data += recording.readframes(recording.getnframes())
    samples = numpy.frombuffer(data, "<i2")[8000:8000 + blocks * BLOCK]
    assert len(samples) == blocks * BLOCK, f"install asterisk-core-sounds-en-wav: little speech below {SOUNDS}"
    return samples


class Call:
    """speech.wav, call.cf32, and what is heard of it without an interruption: whole.wav, whole.c2."""

    def __init__(self, station, blocks=BLOCKS):
        self.station = station
        with wave.open(str(station.path("speech.wav")), "wb") as out:
            out.setparams((1, 2, 8000, 0, "NONE", ""))
            out.writeframes(read_speech(blocks).tobytes())
        station.does("tx", "speech.wav", "call.cf32", "--key", "ours")
        self.octets = station.path("call.cf32").read_bytes()
        station.does("rx", "call.cf32", "whole.wav", "--key", "ours", "--frames-out", "whole.c2")
        self.samples = wav_samples(station.path("whole.wav"))
        self.frames = station.path("whole.c2").read_bytes()
        assert len(self.samples) >= blocks * BLOCK, "the control"

    def begins_with(self, name):
        """Blocks of a recording, whose samples are the beginning of the whole; its last blocks may fade."""
        samples = wav_samples(self.station.path(name))
        certain = max(0, len(samples) - 4 * BLOCK)
        assert (samples[:certain] == self.samples[:certain]).all(), f"{name} is not what was heard"
        return len(samples) / BLOCK


def wait_for(holds, what, limit=60):
    until = time.monotonic() + limit
    while not holds():
        assert time.monotonic() < until, f"missed: {what}"
        time.sleep(0.02)


@pytest.fixture(scope="module")
def station(tmp_path_factory):
    return Station(tmp_path_factory.mktemp("station"))


@pytest.fixture(scope="module")
def call(station):
    return Call(station)


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 48 KiB, where the system lets us mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=48k", "tmpfs", disk], stderr=subprocess.DEVNULL,
                             check=False).returncode == 0 if os.geteuid() == 0 else False
    if not mounted:
        pytest.skip("only root can mount a disk that is full soon")
    yield disk
    subprocess.run(["umount", "-l", disk], check=True)
