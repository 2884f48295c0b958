# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
import math

import numpy
import pytest
from conftest import BAD_USAGE, ENVIRONMENT_FAILED

RATE = 48000


@pytest.fixture
def tone(program):
    """One second of a tone of 1000 Hz with power 0.25, half a second of silence on both sides."""
    burst = 0.5 * numpy.exp(2j * numpy.pi * 1000 / RATE * numpy.arange(RATE))
    silence = numpy.zeros(RATE // 2)
    numpy.concatenate([silence, burst, silence]).astype(numpy.complex64).tofile(program.path("in.cf32"))
    return program


def through(program, *options):
    program("channel", "in.cf32", "out.cf32", "--rate", RATE, *options)
    return numpy.fromfile(program.path("out.cf32"), numpy.complex64)


def noise_power(out):
    return numpy.mean(numpy.abs(out[:RATE // 2]) ** 2)


def frequency(out):
    middle = out[RATE // 2 + 1000:RATE * 3 // 2 - 1000].astype(complex) # angles in double precision
    phase = numpy.unwrap(numpy.angle(middle))
    return numpy.polyfit(numpy.arange(len(phase)), phase, 1)[0] * RATE / (2 * numpy.pi)


def test_without_options_nothing_changes(tone):
    through(tone)
    assert tone.octets("out.cf32") == tone.octets("in.cf32")


@pytest.mark.parametrize("options, power", [([], 1), (["--power", "0.5"], 0.5), (["--power", "measured"], 0.25)])
def test_noise_refers_to_the_power_of_the_signal(tone, options, power):
    measured = noise_power(through(tone, "--cn0", 40, *options))
    # The mean of n exponential powers: five standard deviations.
    assert abs(measured / (power * RATE / 1e4) - 1) < 5 / math.sqrt(RATE / 2)


def test_offset_and_clock_error(tone):
    assert abs(frequency(through(tone, "--offset", -800)) - 200) < 0.001
    assert abs(frequency(through(tone, "--clock-ppm", 50)) - 1000.05) < 0.0005
    assert abs(frequency(through(tone, "--offset=800", "--drift=0")) - 1800) < 0.001


def test_seed_decides(tone):
    first = through(tone, "--cn0", 40, "--fading", 10, "--seed", 5)
    assert (through(tone, "--cn0", 40, "--fading", 10, "--seed", 5) == first).all()
    assert (through(tone, "--cn0", 40, "--fading", 10, "--seed", 6) != first).any()


def test_rician_fades_less(tone):
    def spread(*options):
        levels = [numpy.abs(through(tone, "--fading", 10, "--seed", seed, *options)[RATE // 2:RATE * 3 // 2]) for seed in range(5)]
        return numpy.std(levels)
    assert spread("--rician-k", 15) < spread() / 2


@pytest.mark.parametrize("options, says", [
    (["--rate", 0], "sample rate"),
    (["--rate", "nan"], "number"),
    (["--rate", RATE, "--cn0", "loud"], "loud"),
    (["--rate", RATE, "--cn0", "nan"], "number"),
    (["--rate", RATE, "--offset", 30000], "offset"),
    (["--rate", RATE, "--clock-ppm", 1e9], "clock"),
    (["--rate", RATE, "--fading", -5], "Doppler"),
    (["--rate", RATE, "--rician-k", 5], "Doppler"),
    (["--rate", RATE, "--power", 0], "power"),
    (["--rate", RATE, "--power", "much"], "much"),
    (["--rate", RATE, "--seed", "x"], "x"),
    ([], "--rate"),
])
def test_bad_options_are_refused(tone, options, says):
    tone.refuses("channel", "in.cf32", "out.cf32", *options, code=BAD_USAGE, says=says)
    assert not tone.path("out.cf32").exists()


def test_power_of_nothing_cannot_be_measured(program):
    numpy.zeros(4800, numpy.complex64).tofile(program.path("zeros.cf32"))
    program.refuses("channel", "zeros.cf32", "out.cf32", "--rate", RATE, "--power", "measured", code=ENVIRONMENT_FAILED, says="measured")
    program.refuses("channel", "-", "out.cf32", "--format", "cf32", "--rate", RATE, "--power", "measured", code=BAD_USAGE, says="twice")
