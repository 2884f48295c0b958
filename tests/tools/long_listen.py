#!/usr/bin/python3
#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""
Hours of signal through `securevoice listen`, as fast as it goes: noise, and calls of 4 s now and then, made at that moment (listen is
live). Says whether each call was heard whole, whether anything else was taken for a call, and how memory grows.

    long_listen.py --hours 24

An rtl_tcp server of numbers gives the signal at 240 kHz and 8 bits. Needs the module and the command line program, as in './gr-securevoice
shell'.
"""

import argparse
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time

import numpy
from scipy.signal import resample_poly

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from rtl_tcp_server import FULL_SCALE, serve # pylint: disable=wrong-import-position

RATE = 240000
BESIDE = 60000 # Hz: listen tunes so much below
CN0 = 45
NOISE = 0.1 # of full scale
CALL_SECONDS = 4
MARGIN = 6 # s after a call in which its states may still change


class Air:
    """Noise for ever, with calls; the signal's time is counted here, as the receiver does."""

    def __init__(self, folder, every, seed):
        self._folder, self._every = folder, every
        self._random = numpy.random.default_rng(seed)
        self._call = numpy.zeros(0, numpy.complex64)
        self._next = every
        self._samples = 0
        self.calls = [] # seconds

    @property
    def seconds(self):
        return self._samples / RATE

    def obey(self, command, value):
        """The tuner stays where it is."""

    def samples(self):
        count = RATE // 2
        x = self._random.standard_normal(2 * count, numpy.float32) * numpy.float32(NOISE / numpy.sqrt(2))
        if self.seconds >= self._next:
            self._begin()
        now = self._call[:count]
        if len(now):
            x.view(numpy.complex64)[:len(now)] += now
            self._call = self._call[count:]
        self._samples += count
        return numpy.clip(numpy.rint(x * FULL_SCALE + FULL_SCALE), 0, 255).astype(numpy.uint8).tobytes()

    def _begin(self):
        subprocess.run(["securevoice", "tx", "speech.wav", "call.cf32", "--key", "ours", "--state", "sender"], cwd=self._folder, check=True)
        call = resample_poly(numpy.fromfile(self._folder / "call.cf32", numpy.complex64), RATE // 48000, 1)
        shift = BESIDE + self._random.uniform(-4000, 4000)
        call *= numpy.exp(2j * numpy.pi * shift / RATE * numpy.arange(len(call)))
        self._call = (call * NOISE * numpy.sqrt(10 ** (CN0 / 10) / RATE)).astype(numpy.complex64)
        self.calls.append(self.seconds)
        self._next += self._every * self._random.uniform(0.5, 1.5)


def resident_mb(pid):
    text = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) / 1e3 for line in text.splitlines() if line.startswith("VmRSS"))


def judge(statuses, calls):
    """Blocks heard of each call, and the times at which something was heard or shown outside of all calls."""
    heard, false, before = [0] * len(calls), [], 0
    for status in statuses:
        n = next((n for n, begin in enumerate(calls) if begin <= status["time"] <= begin + CALL_SECONDS + MARGIN), None)
        if n is not None:
            heard[n] += status["heard"] - before
        elif status["heard"] != before or status["state"] not in ("idle", "ended"):
            false.append((status["time"], status["state"]))
        before = status["heard"]
    return heard, false


class Hours:
    """Hands samples on, notes memory, and lets go after so many seconds of signal."""

    def __init__(self, air, process, seconds):
        self._air, self._process, self._end = air, process, seconds
        self._step, self._due = seconds / 8, 600
        self.obey = air.obey
        self.memory = []

    @property
    def seconds(self):
        return self._air.seconds

    def samples(self):
        if self.seconds >= self._due:
            self.memory.append((self.seconds / 3600, resident_mb(self._process.pid)))
            print("%.2f h: %.1f MB, %d calls" % (*self.memory[-1], len(self._air.calls)), flush=True)
            self._due += self._step
        if self.seconds >= self._end:
            self._process.send_signal(signal.SIGINT)
            self._end = float("inf")
        return self._air.samples()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--hours", type=float, default=24)
    parser.add_argument("--every", type=float, default=360, help="s from call to call, on average")
    parser.add_argument("--seed", type=int, default=1)
    o = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, socket.create_server(("127.0.0.1", 0)) as server:
        folder = pathlib.Path(name)
        environment = os.environ
        environment["SECUREVOICE_KEYRING"] = str(folder / "keys")
        subprocess.run(["securevoice", "keys", "new", "ours"], check=True, stdout=subprocess.DEVNULL)
        from radio_loss import write_speech # pylint: disable=import-outside-toplevel
        blocks = write_speech(folder / "speech.wav", CALL_SECONDS)
        command = ["securevoice", "listen", "--device", f"rtl_tcp=127.0.0.1:{server.getsockname()[1]}", "--freq", "433.5M", "--key", "ours", "--out",
                   "heard.wav", "--log", "log.jsonl", "--state", "receiver"]
        with subprocess.Popen(command, cwd=folder, stderr=subprocess.DEVNULL) as process:
            air = Air(folder, o.every, o.seed)
            hours = Hours(air, process, 3600 * o.hours)
            started = time.monotonic()
            client, _ = server.accept()
            with client:
                try:
                    serve(client, hours, 0, None, float("inf"))
                except OSError: # it let go
                    pass
            process.wait(30)
        took = time.monotonic() - started
        statuses = [json.loads(line) for line in (folder / "log.jsonl").read_text(encoding="utf-8").splitlines()]
        calls = [begin for begin in air.calls if begin + CALL_SECONDS + MARGIN < 3600 * o.hours]
        heard, false = judge(statuses, calls)
        whole = sum(count >= blocks - 1 for count in heard)
        memory = [mb for _, mb in hours.memory]
        print(f"{o.hours:.2f} h of signal in {took:.0f} s ({3600 * o.hours / took:.0f} times real time): {len(calls)} calls, {sum(c > 0 for c in heard)} heard, "
              f"{whole} whole (at most one block lost), {len(false)} false; memory {memory[0]:.1f} to {memory[-1]:.1f} MB")
        return 0 if whole == len(calls) and not false else 1


if __name__ == "__main__":
    sys.exit(main())
