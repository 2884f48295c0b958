#!/usr/bin/python3
#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""
Blocks lost behind a radio's defects or beside a neighbour, over C/N0, against the same calls with the same noise density received without
them.

    radio_loss.py dongle --cn0 37,37.5,38       through rtl_tcp, gr-osmosdr and 8 bits, with the defects of rtl_tcp_server.py
    radio_loss.py spike --cn0 37,37.5           the same without other defects, a spike of -10 dBc where the dongle is tuned
    radio_loss.py carrier|call --apart 12500 --stronger 50 --cn0 37,37.5
                                                a neighbour, unmodulated or a call of this system

To be run where the module is found, as by './gr-securevoice shell -c'. Needs the command line program on PATH.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import wave

import numpy
from gnuradio import blocks, gr, securevoice
from gnuradio.securevoice import radio
from gnuradio.securevoice.radio.status_tap import status_tap
from scipy.signal import resample_poly

RATE, FREQUENCY, WIDE_RATE = 48000, 433.5e6, 240000
SERVER = pathlib.Path(__file__).with_name("rtl_tcp_server.py")
SOUNDS = pathlib.Path("/usr/share/asterisk/sounds/en_US_f_Allison")
DONGLE = ("--crystal-ppm", "60", "--drift-ppm-per-minute", "1", "--dc", "0.02", "--iq-gain-db", "1", "--iq-phase-deg", "5")


def write_speech(path, seconds):
    """Real speech as a WAV file. Returns how many blocks a call of it has."""
    speech = b"".join(part.read_bytes()[44:] for part in sorted(SOUNDS.glob("demo-*.wav")))[:2 * 8000 * seconds]
    with wave.open(str(path), "wb") as out:
        out.setparams((1, 2, 8000, 0, "NONE", ""))
        out.writeframes(speech)
    return len(speech) // 2 // 640 + 1


def calls(folder, count, key):
    """Calls of 15 s one after another: their IQ, and how many blocks they hold."""
    per_call = write_speech(folder / "speech.wav", 15)
    parts = []
    for _ in range(count):
        subprocess.run(["securevoice", "tx", folder / "speech.wav", folder / "one.cf32", "--key", key, "--tail-seconds", "1", "--state",
                        folder / "state"],
                       check=True)
        parts.append(numpy.fromfile(folder / "one.cf32", numpy.complex64))
    return numpy.concatenate(parts), count * per_call


class Reception(gr.top_block):
    """From an end to a securevoice_rx; heard: blocks."""

    def __init__(self, end):
        gr.top_block.__init__(self)
        self.heard, self.seconds = 0, 0.0
        rx = securevoice.securevoice_rx("ours", RATE, recorded=True)
        self._tap = status_tap(self._take)
        self.connect(end, rx, blocks.null_sink(gr.sizeof_float))
        self.msg_connect(rx, "status", self._tap, "in")

    def _take(self, status):
        self.heard, self.seconds = status["heard"], status["time"]


def from_samples(samples, rate):
    """Blocks heard of IQ in memory; other rates than RATE go through the receiving end as a file of gr-osmosdr."""
    with tempfile.NamedTemporaryFile(suffix=".cf32") as file:
        samples.astype(numpy.complex64).tofile(file.name)
        top = Reception(radio.open_receiver(f"file={file.name},rate={rate},freq={FREQUENCY}", FREQUENCY))
        top.run()
        return top.heard


def noise(count, rate, cn0, seed):
    random = numpy.random.default_rng(seed)
    return random.standard_normal(2 * count, numpy.float32).view(numpy.complex64) * numpy.float32(numpy.sqrt(rate * 10 ** (-cn0 / 10) / 2))


def ideal(samples, cn0, seed):
    """The call and noise as floats at 48 kHz, straight into the blocks."""
    return from_samples(samples + noise(len(samples), RATE, cn0, seed), RATE)


def through_dongle(samples, cn0, seed, defects, ppm):
    with tempfile.NamedTemporaryFile(suffix=".cf32") as file:
        samples.tofile(file.name)
        command = [sys.executable, SERVER, file.name, "--frequency", str(FREQUENCY), "--cn0", str(cn0), "--seed", str(seed), "--limit", "500",
                   *defects]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            name = f"rtl_tcp=127.0.0.1:{server.stdout.readline().strip()}"
            end = radio.open_receiver(name, FREQUENCY, ppm=ppm)
            top = Reception(end)
            top.start()
            while end.samples() < (len(samples) / RATE + 2) * WIDE_RATE:
                time.sleep(0.1)
            top.stop()
            top.wait()
            server.terminate()
        return top.heard


def neighbour(kind, apart, stronger, count, folder):
    """At WIDE_RATE: an unmodulated carrier, or calls with another key, beginning now and then."""
    t = numpy.arange(count) / WIDE_RATE
    turn = numpy.exp(2j * numpy.pi * apart * t) * 10 ** (stronger / 20)
    if kind == "carrier":
        return turn
    other, _ = calls(folder, 1, "theirs")
    wide = resample_poly(other, WIDE_RATE // RATE, 1, window=("kaiser", 9.0))
    return numpy.resize(wide, len(t)) * turn


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("what", choices=("dongle", "spike", "carrier", "call"))
    parser.add_argument("--cn0", default="37.5", help="dB-Hz, with commas")
    parser.add_argument("--apart", type=float, default=12500, help="of the neighbour, Hz")
    parser.add_argument("--stronger", type=float, default=50, help="of the neighbour, dB")
    parser.add_argument("--calls", type=int, default=10, help="of 15 s at each C/N0")
    parser.add_argument("--seed", type=int, default=1)
    o = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        os.environ["SECUREVOICE_KEYRING"] = str(folder / "keys")
        for key in ("ours", "theirs"):
            subprocess.run(["securevoice", "keys", "new", key], check=True, stdout=subprocess.DEVNULL)
        samples, blocks_sent = calls(folder, o.calls, "ours")
        beside = wide = None
        if o.what in ("carrier", "call"):
            wide = resample_poly(samples, WIDE_RATE // RATE, 1, window=("kaiser", 9.0))
            beside = neighbour(o.what, o.apart, o.stronger, len(wide), folder)
        for text in o.cn0.split(","):
            cn0 = float(text)
            without = ideal(samples, cn0, o.seed)
            if o.what == "dongle":
                got = through_dongle(samples, cn0, o.seed, DONGLE, 58)
            elif o.what == "spike":
                got = through_dongle(samples, cn0, o.seed, ("--spur-dbc", "-10"), 0)
            else:
                got = from_samples(wide + beside + noise(len(wide), WIDE_RATE, cn0, o.seed), WIDE_RATE)
            print(f"C/N0 {cn0:.2f} dB-Hz: ideal {100 * (1 - without / blocks_sent):.2f} % lost, {o.what} {100 * (1 - got / blocks_sent):.2f} % "
                  f"of {blocks_sent} blocks", flush=True)


if __name__ == "__main__":
    main()
