# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of integers as devices, made and read by numpy as hackrf_transfer and rtl_sdr do."""

import json

import numpy
import pytest

TUNED_BELOW, CN0 = 50e3, 45


def as_integers(x, encoding):
    """x: full scale 1"""
    parts = numpy.stack([x.real, x.imag], axis=1).ravel()
    if encoding == "cu8":
        return numpy.clip(numpy.rint(127.5 + 127.5 * parts), 0, 255).astype(numpy.uint8)
    most, kind = (32767, "<i2") if encoding == "cs16" else (127, numpy.int8)
    return numpy.clip(numpy.rint(most * parts), -most, most).astype(kind)


@pytest.mark.parametrize("encoding, name, rate", [("cs8", "heard.cs8", 2000000), ("cu8", "heard.cu8", 240000),
                                                  ("cs16", "heard.bin,format=cs16", 240000)])
def test_listen_reads_what_recorders_write(bench, encoding, name, rate):
    bench.command_line("tx", "speech.wav", "call.cf32", "--key", "ours", "--rate", str(rate))
    call = numpy.fromfile(bench.path("call.cf32"), numpy.complex64)
    call *= numpy.exp(2j * numpy.pi * TUNED_BELOW / rate * numpy.arange(len(call)))
    noise = numpy.random.default_rng(1).standard_normal(2 * len(call),
                                                        numpy.float32).view(numpy.complex64) * numpy.float32(numpy.sqrt(rate * 10 ** (-CN0 / 10) / 2))
    as_integers(0.2 / numpy.sqrt(1 + rate * 10 ** (-CN0 / 10)) * (call + noise), encoding).tofile(bench.path(name.split(",")[0]))
    bench.command_line("listen", "--device", f"file={name},rate={rate},freq={433.5e6 - TUNED_BELOW}", "--freq", "433.5M", "--key", "ours", "--out",
                       "heard.wav",
                       "--log", "log.jsonl", "--recorded")
    last = json.loads(bench.path("log.jsonl").read_text().splitlines()[-1])
    assert (last["state"], last["heard"], last["lost"]) == ("ended", 51, 0)
    assert abs(last["offset_hz"]) < 5


def test_talk_writes_what_hackrf_transfer_sends(bench):
    bench.command_line("talk", "--device", "file=call.cs8,rate=2M", "--freq", "433.5M", "--key", "ours", "--in", "speech.wav", "--state", "sender")
    x = numpy.fromfile(bench.path("call.cs8"), numpy.int8).astype(float).view(numpy.complex128)
    assert 95 < abs(x).max() <= 127
    assert 20 * numpy.log10(numpy.std(x[len(x) // 4:len(x) // 2]) / 127) == pytest.approx(-6, abs=0.3) # below full scale
    bench.command_line("rx", "call.cs8", "heard.wav", "--key", "ours", "--rate", "2000000", "--report", "report.json")
    report = json.loads(bench.path("report.json").read_text())
    assert (report["state"], report["blocks_played"], report["blocks_lost"]) == ("ended", 51, 0)


@pytest.mark.parametrize("command, device, says", [
    ("listen", "file=call.wav,rate=48k", "is no raw IQ"), ("listen", "file=call.cs8,rate=48k,format=cs4", "there is no IQ format 'cs4'"),
    ("listen", "file=call.cs8,rate=48k", "cannot read call.cs8"), ("talk", "file=call.cu8,rate=48k", "no radio sends cu8"),
    ("talk", "file=no/call.cs8,rate=48k", "cannot write no/call.cs8")])
def test_what_cannot_be_read_or_written_is_a_sentence(bench, command, device, says):
    for name in ("call.wav", "call.cs8"):
        bench.path(name).touch()
    where = ("--in", "speech.wav") if command == "talk" else ("--out", "x.wav")
    said = bench.command_line(command, "--device", device, "--freq", "1M", "--key", "ours", *where, code=1)
    assert says in said and "Traceback" not in said, said
