#!/usr/bin/python3
#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""
An RTL-SDR behind rtl_tcp, made of numbers: a signal from a file on its frequency, white noise, and a dongle that is tuned, sampled and
amplified as the client's commands say, with a dongle's defects.

    rtl_tcp_server.py CALL.cf32 --frequency 433.5e6 --cn0 40 --crystal-ppm 60

It listens on 127.0.0.1 only, prints its port, and ends when --limit seconds have passed or all connections that it may serve are closed.
When the file is over there is noise.
"""

import argparse
import dataclasses
import json
import pathlib
import select
import socket
import struct
import sys
import time

import numpy

FILE_RATE = 48000
CHUNK_SECONDS = 0.05
REACH = 12 # of the interpolating filter, samples of the file
PHASES = 512
FULL_SCALE = 127.5
TUNER, GAINS = 5, 29 # R820T
USUAL_GAIN_DB = 30.0
RMS = 0.2 # of full scale, at the usual gain or by the automatic one


@dataclasses.dataclass
class Defects:
    """Of a dongle. The drift is of the crystal."""

    bits: int = 8
    dc: float = 0.0 # of full scale
    gain_db: float = 0.0 # of Q over I
    phase_deg: float = 0.0
    crystal_ppm: float = 0.0
    drift_ppm_per_minute: float = 0.0


class Interpolator:
    """A stream of FILE_RATE at any times: windowed sinc, flat to 0.4 of the rate."""

    def __init__(self, samples):
        self._samples = numpy.concatenate([numpy.zeros(REACH), samples, numpy.zeros(REACH)]).astype(numpy.complex64)
        self.seconds = len(samples) / FILE_RATE
        at = numpy.arange(PHASES + 1)[:, None] / PHASES - numpy.arange(1 - REACH, REACH + 1)[None, :]
        window = numpy.i0(9 * numpy.sqrt(numpy.maximum(0, 1 - (at / (REACH + 1)) ** 2))) / numpy.i0(9)
        self._taps = (numpy.sinc(at) * window).astype(numpy.float32)

    def at(self, seconds):
        place = seconds * FILE_RATE
        whole = numpy.floor(place).astype(numpy.int64)
        phase = numpy.rint((place - whole) * PHASES).astype(numpy.int64)
        known = (whole >= 0) & (whole + REACH + 1 < len(self._samples) - REACH)
        result = numpy.zeros(len(seconds), numpy.complex64)
        if known.any():
            first = whole[known] + 1
            found = self._samples[first[:, None] + numpy.arange(2 * REACH)[None, :]]
            result[known] = numpy.einsum("ij,ij->i", found, self._taps[phase[known]])
        return result


class Dongle:
    """Gives 8-bit IQ of its antenna's signal, as it is tuned."""

    def __init__(self, signal, frequency, cn0, defects, seed, spur_dbc=None):
        self._signal, self._frequency, self._cn0, self._defects = signal, frequency, cn0, defects
        self._spur = 0 if spur_dbc is None else 10 ** (spur_dbc / 20)
        self._random = numpy.random.default_rng(seed)
        self.center, self.rate, self.ppm, self.gain_db, self.automatic = 100e6, 2048000, 0, USUAL_GAIN_DB, True
        self.seconds = 0.0 # true time
        self._phase = 0.0
        self.commands = []

    def obey(self, command, value):
        self.commands.append((command, value))
        if command == 1:
            self.center = value
        elif command == 2:
            self.rate = value
        elif command == 3:
            self.automatic = value == 0
        elif command == 4:
            self.gain_db = struct.unpack(">i", struct.pack(">I", value))[0] / 10
        elif command == 5:
            self.ppm = struct.unpack(">i", struct.pack(">I", value))[0]

    def samples(self):
        """The next octets."""
        count = int(CHUNK_SECONDS * self.rate)
        now_ppm = self._defects.crystal_ppm + self._defects.drift_ppm_per_minute * self.seconds / 60
        factor = (1 + 1e-6 * now_ppm) / (1 + 1e-6 * self.ppm) # its clock is fast by this
        rate = self.rate * factor
        times = self.seconds + numpy.arange(count) / rate
        shift = self._frequency - self.center * factor
        x = self._signal.at(times)
        x *= numpy.exp(1j * (self._phase + 2 * numpy.pi * shift / rate * numpy.arange(count))).astype(numpy.complex64)
        self._phase = (self._phase + 2 * numpy.pi * shift * count / rate) % (2 * numpy.pi)
        self.seconds += count / rate
        power = 1.0
        if self._cn0 is not None:
            power += rate * 10 ** (-self._cn0 / 10)
            noise = self._random.standard_normal(2 * count, numpy.float32).view(numpy.complex64)
            x += noise * numpy.float32(numpy.sqrt((power - 1) / 2))
        x += self._spur
        level = RMS / numpy.sqrt(power)
        if not self.automatic:
            level *= 10 ** ((self.gain_db - USUAL_GAIN_DB) / 20)
        return self._quantised(x * level)

    def _quantised(self, x):
        d = self._defects
        i = x.real + d.dc
        turn = numpy.radians(d.phase_deg)
        q = 10 ** (d.gain_db / 20) * (x.imag * numpy.cos(turn) + x.real * numpy.sin(turn)) + d.dc
        both = numpy.stack([i, q], axis=1).ravel()
        return numpy.clip(numpy.rint(both * FULL_SCALE + FULL_SCALE), 0, 255).astype(numpy.uint8).tobytes()


def serve(client, dongle, speed, close_after, limit):
    """One connection: until the client goes, time is up or close_after seconds of signal were sent."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 16)
    client.sendall(struct.pack(">4sII", b"RTL0", TUNER, GAINS))
    started, first, pending = time.monotonic(), dongle.seconds, b""
    client.settimeout(5)
    while time.monotonic() < limit and (close_after is None or dongle.seconds - first < close_after):
        while select.select([client], [], [], 0)[0]:
            received = client.recv(4096)
            if not received:
                return
            pending += received
            while len(pending) >= 5:
                dongle.obey(*struct.unpack(">BI", pending[:5]))
                pending = pending[5:]
        client.sendall(dongle.samples())
        if speed:
            early = (dongle.seconds - first) / speed - (time.monotonic() - started)
            if early > 0:
                time.sleep(early)


def main():
    parser = argparse.ArgumentParser(description="An RTL-SDR of numbers behind rtl_tcp.")
    parser.add_argument("call", help="signal, cf32 at 48000 samples/s, mean power 1")
    parser.add_argument("--frequency", type=float, required=True, help="of the signal, Hz")
    parser.add_argument("--cn0", type=float, help="dB-Hz; without it there is no noise")
    parser.add_argument("--dc", type=float, default=0.0, help="DC offset, share of full scale")
    parser.add_argument("--spur-dbc", type=float, help="spike at the tuned frequency over the signal, dB")
    parser.add_argument("--iq-gain-db", type=float, default=0.0)
    parser.add_argument("--iq-phase-deg", type=float, default=0.0)
    parser.add_argument("--crystal-ppm", type=float, default=0.0)
    parser.add_argument("--drift-ppm-per-minute", type=float, default=0.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--port", type=int, default=0, help="0: any that is free")
    parser.add_argument("--speed", type=float, default=0.0, help="times real time; 0: as fast as it is read")
    parser.add_argument("--connections", type=int, default=1, help="how many are served, one after the other")
    parser.add_argument("--close-after", type=float, help="s of signal after which the first connection is closed")
    parser.add_argument("--limit", type=float, default=120, help="s after which it ends")
    parser.add_argument("--report", help="JSON: the commands that came")
    o = parser.parse_args()
    defects = Defects(dc=o.dc, gain_db=o.iq_gain_db, phase_deg=o.iq_phase_deg, crystal_ppm=o.crystal_ppm,
                      drift_ppm_per_minute=o.drift_ppm_per_minute)
    dongle = Dongle(Interpolator(numpy.fromfile(o.call, numpy.complex64)), o.frequency, o.cn0, defects, o.seed, o.spur_dbc)
    limit = time.monotonic() + o.limit
    with socket.create_server(("127.0.0.1", o.port)) as server:
        print(server.getsockname()[1], flush=True)
        for n in range(o.connections):
            server.settimeout(max(0.1, limit - time.monotonic()))
            try:
                client, _ = server.accept()
                with client:
                    serve(client, dongle, o.speed, o.close_after if n == 0 else None, limit)
            except OSError:
                continue
    if o.report:
        pathlib.Path(o.report).write_text(json.dumps({"commands": dongle.commands, "seconds": dongle.seconds}), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
