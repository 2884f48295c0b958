# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The profile `constant` from the command line: a saturated amplifier on the way, and a receiver that is told nothing."""

import numpy
import pytest

RATE = 48000


def saturated(iq):
    """A hard limiter whose phase hangs on the drive: all that it leaves of a signal is its phase."""
    level = numpy.abs(iq)
    on = level > 1e-3
    out = numpy.zeros_like(iq)
    out[on] = iq[on] / level[on] * numpy.exp(0.5j * level[on])
    return out


def next_channel_db(iq):
    """Share of the power between 6.25 and 18.75 kHz."""
    size = 2048
    window = numpy.blackman(size)
    segments = iq[:len(iq) // size * size].reshape(-1, size)
    power = (numpy.abs(numpy.fft.fft(segments * window)) ** 2).mean(axis=0)
    frequency = numpy.fft.fftfreq(size, 1 / RATE)
    return 10 * numpy.log10(power[(frequency > 6250) & (frequency <= 18750)].sum() / power.sum())


def send_saturated(spoken, *options):
    spoken("tx", "speech.wav", "sent.cf32", "--key", "ours", "--rate", RATE, "--frames-out", "sent.c2", *options)
    iq = saturated(numpy.fromfile(spoken.path("sent.cf32"), numpy.complex64)).astype(numpy.complex64)
    iq.tofile(spoken.path("saturated.cf32"))
    return iq


@pytest.mark.parametrize("codec", ["3200", "700C"])
def test_a_call_through_a_saturated_amplifier_is_heard_bit_by_bit(spoken, codec):
    send_saturated(spoken, "--profile", "constant", "--codec", codec, "--switch", "3=clear,6=secure")
    spoken("channel", "saturated.cf32", "air.cf32", "--rate", RATE, "--cn0", 45, "--offset", 2500, "--clock-ppm", 20)
    spoken("rx", "air.cf32", "heard.wav", "--key", "ours", "--report", "heard.json", "--frames-out", "heard.c2")
    report = spoken.json("heard.json")
    assert report["blocks_lost"] == 0 and not report["calls"][0].get("cut_off")
    assert spoken.octets("heard.c2") == spoken.octets("sent.c2") != b""


def test_only_the_constant_envelope_keeps_to_its_channel_behind_it(spoken):
    burst = slice(RATE // 10, RATE * 3)  # the limiter makes the burst's own edges steep
    assert next_channel_db(send_saturated(spoken, "--profile", "constant")[burst]) < -45
    assert next_channel_db(send_saturated(spoken, "--profile", "narrow")[burst]) > -35
