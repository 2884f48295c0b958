#!/usr/bin/env python3
#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
"""
Spectrum of a call as `securevoice tx` makes it, by numpy alone: occupied bandwidth (99 % of the power, as in Recommendation ITU-R SM.328),
power in the neighbouring channels against the call's own, and the envelope.

    tests/tools/spectrum.py --program build/apps/securevoice
"""
import argparse
import pathlib
import subprocess
import tempfile
import wave

import numpy

RATE = 48000 # of the IQ, samples/s
SECONDS = 12


def call(program, profile, folder):
    """IQ of a secure call: noise for speech, under a key of its own."""
    keys = folder / "keys"
    subprocess.run([program, "keys", "new", "spectrum", "--keyring", keys], check=True, stdout=subprocess.DEVNULL)
    speech = numpy.random.default_rng(1).integers(-8000, 8000, 8000 * SECONDS, dtype=numpy.int16)
    with wave.open(str(folder / "speech.wav"), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(speech.astype("<i2").tobytes())
    subprocess.run([program, "tx", folder / "speech.wav", folder / "call.cf32", "--key", "spectrum", "--keyring", keys, "--state", folder / "state",
                    "--profile", profile, "--rate", str(RATE)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return numpy.fromfile(folder / "call.cf32", numpy.complex64)


def density(iq, bins=4096):
    """Welch's method (1967), Blackman-Harris windows, halves overlapping: sidelobes of 92 dB show what is far below the call."""
    n = numpy.arange(bins)
    window = sum(a * numpy.cos(2 * numpy.pi * k * n / bins) for k, a in enumerate((0.35875, -0.48829, 0.14128, -0.01168)))
    segments = numpy.lib.stride_tricks.sliding_window_view(iq, bins)[::bins // 2]
    power = numpy.mean(numpy.abs(numpy.fft.fft(segments * window, axis=1)) ** 2, axis=0)
    return numpy.fft.fftshift(numpy.fft.fftfreq(bins, 1 / RATE)), numpy.fft.fftshift(power)


def measure(iq):
    frequency, power = density(iq)
    share = numpy.cumsum(power) / power.sum()
    occupied = numpy.interp(0.995, share, frequency) - numpy.interp(0.005, share, frequency)

    def neighbour(spacing, width):
        """Power in a channel beside the call's, the stronger one of both sides, dB of the call's power."""
        sides = [power[abs(frequency - side * spacing) <= width / 2].sum() for side in (-1, 1)]
        return 10 * numpy.log10(max(sides) / power.sum())

    envelope = numpy.abs(iq[abs(iq) > 0.05]) ** 2
    return {"occupied_hz": occupied, "next_6250_db": neighbour(6250, 6250), "next_6250_in_4000_db": neighbour(6250, 4000),
            "next_12500_db": neighbour(12500, 12500),
            "next_12500_in_8500_db": neighbour(12500, 8500), "peak_to_mean_db": 10 * numpy.log10(envelope.max() / envelope.mean())}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default="securevoice")
    parser.add_argument("--profile", default="narrow,constant", help="with commas")
    arguments = parser.parse_args()
    print("profile    99 % within   next 6.25 kHz (in 4 kHz)   next 12.5 kHz (in 8.5 kHz)   peak to mean")
    for profile in arguments.profile.split(","):
        with tempfile.TemporaryDirectory() as folder:
            got = measure(call(arguments.program, profile, pathlib.Path(folder)))
        print(f"{profile:9} {got['occupied_hz'] / 1000:8.2f} kHz {got['next_6250_db']:10.1f} dB ({got['next_6250_in_4000_db']:.1f} dB)"
              f" {got['next_12500_db']:13.1f} dB ({got['next_12500_in_8500_db']:.1f} dB) {got['peak_to_mean_db']:10.2f} dB")


if __name__ == "__main__":
    main()
