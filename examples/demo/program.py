# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line, used as anybody uses it, and the files it reads and writes."""

import shlex
import subprocess
import wave

import numpy as np

SPEECH_RATE = 8000


class Failed(Exception):
    """The demo cannot go on; the sentence says why."""


class Program:
    """Runs `securevoice` in a folder for its files and writes down what was run."""

    RECEIVED = (0, 3, 4) # exit codes of a receiver that did its work: heard all, nothing, or not what others sealed

    def __init__(self, path, folder):
        self.path = path
        self.folder = folder
        self.calls = []

    def __call__(self, *arguments, receives=False):
        """`receives`: what was heard or refused is judged by its files; it is no error here."""
        arguments = [str(a) for a in arguments]
        self.calls.append(shlex.join(["securevoice", *arguments]))
        done = subprocess.run([self.path, *arguments], cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              check=False)
        if done.returncode not in (self.RECEIVED if receives else (0,)):
            raise Failed(f"'{self.calls[-1]}' ended with {done.returncode}: {done.stderr.strip()}")


def read_speech(path):
    with wave.open(str(path)) as file:
        if (file.getframerate(), file.getnchannels(), file.getsampwidth()) != (SPEECH_RATE, 1, 2):
            raise Failed(f"{path} is not a WAV file of one channel, 16 bits, {SPEECH_RATE} Hz")
        return np.frombuffer(file.readframes(file.getnframes()), "<i2")


def write_speech(path, samples):
    with wave.open(str(path), "wb") as file:
        file.setframerate(SPEECH_RATE)
        file.setnchannels(1)
        file.setsampwidth(2)
        file.writeframes(np.asarray(samples, "<i2").tobytes())


def read_iq(path):
    return np.fromfile(path, "<c8")
