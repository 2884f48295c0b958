# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated channel, measured."""

import math

import pytest

RUN = """
RATE = 48000 # samples/s

def run(x, change=None, **options):
    top = gr.top_block()
    channel = securevoice.securevoice_channel(RATE, **options)
    sink = blocks.vector_sink_c()
    top.connect(blocks.vector_source_c(x.tolist()), channel, sink)
    if change:
        change(channel)
    top.run()
    return numpy.array(sink.data())

def carrier(seconds, frequency=0.0):
    return numpy.exp(2j * numpy.pi * frequency * numpy.arange(int(seconds * RATE)) / RATE).astype(numpy.complex64)

def frequency(y):
    phase = numpy.unwrap(numpy.angle(y))
    return numpy.polyfit(numpy.arange(len(y)) / RATE, phase, 1)[0] / (2 * numpy.pi)
"""


def test_noise_density(bench):
    """C/N0 from the noise beside a carrier, whatever the power of the signal is."""
    for power in (1.0, 4.0):
        measured = bench.python(RUN + f"""
result = []
for cn0 in (35, 45, 60):
    noise = run(carrier(5) * 0, cn0_dbhz=cn0, signal_power={power})
    half = len(noise) // 2
    spectrum = [numpy.mean(abs(numpy.fft.fft(part)[1:]) ** 2) / len(part) for part in (noise[:half], noise[half:])]
    result.append([cn0, *(10 * numpy.log10({power} * RATE / s) for s in spectrum)])
""")
        for wanted, first, second in measured:
            assert first == pytest.approx(wanted, abs=0.1) and second == pytest.approx(wanted, abs=0.1)


def test_noise_is_white(bench):
    bands = bench.python(RUN + """
noise = run(carrier(10) * 0, cn0_dbhz=40)
power = abs(numpy.fft.fft(noise)) ** 2
result = [float(band.mean() / power.mean()) for band in numpy.array_split(power, 12)]
""")
    assert max(bands) < 1.04 and min(bands) > 0.96


def test_carrier_offset_and_clock_error(bench):
    got = bench.python(RUN + """
result = dict(offset=[frequency(run(carrier(3), offset_hz=f)) for f in (-2500, 0, 800)],
              clock=[1e6 * (frequency(run(carrier(3, 1000), clock_ppm=p)) / 1000 - 1) for p in (-20, 0, 20)],
              setter=frequency(run(carrier(3), lambda c: c.set_offset(1234))))
""")
    assert got["offset"] == pytest.approx([-2500, 0, 800], abs=0.01)
    # A sender whose clock is fast sends a carrier that is too high.
    assert got["clock"] == pytest.approx([-20, 0, 20], abs=0.2)
    assert got["setter"] == pytest.approx(1234, abs=0.01)


def test_setter_of_cn0(bench):
    cn0 = bench.python(RUN + """
noise = run(carrier(3) * 0, lambda c: c.set_cn0(42))
result = float(10 * numpy.log10(RATE / numpy.mean(abs(noise) ** 2)))
""")
    assert cn0 == pytest.approx(42, abs=0.1)


def test_fading(bench):
    """Mean power 1, the amplitudes' statistics, and a spectrum that ends at the Doppler."""
    got = bench.python(RUN + """
RATE = 8000
def measure(**options):
    y = run(carrier(60), doppler_hz=20, **options)
    power = abs(y) ** 2
    spectrum = abs(numpy.fft.fft(y)) ** 2
    inside = abs(numpy.fft.fftfreq(len(y), 1 / RATE)) < 21
    moment = numpy.sqrt(max(0, 2 - (power ** 2).mean() / power.mean() ** 2)) # (Greenstein, Michelson, Erceg 1999)
    return [float(power.mean()), float((power < 0.1).mean()), float(spectrum[inside].sum() / spectrum.sum()),
            float(10 * numpy.log10(moment / (1 - moment)))]
result = dict(rayleigh=[measure(seed=s) for s in (1, 2, 3)], rician=measure(rician_k_db=6, seed=4))
""")
    for power, deep, inside, _ in got["rayleigh"]:
        assert power == pytest.approx(1, abs=0.05)
        assert deep == pytest.approx(1 - math.exp(-0.1), abs=0.015)
        assert inside > 0.999
    power, deep, inside, k = got["rician"]
    assert power == pytest.approx(1, abs=0.05) and k == pytest.approx(6, abs=0.5)
    assert deep < 0.05 and inside > 0.999


def test_a_seed_repeats(bench):
    got = bench.python(RUN + """
x = carrier(0.2)
def same(a, b):
    return bool((run(x, cn0_dbhz=40, doppler_hz=10, seed=a) == run(x, cn0_dbhz=40, doppler_hz=10, seed=b)).all())
result = [same(1, 1), same(1, 2)]
""")
    assert got == [True, False]


def test_no_tags_pass(bench):
    assert bench.python("""
top = gr.top_block()
sink = blocks.vector_sink_c()
top.connect(blocks.vector_source_f(speech(5)), securevoice.securevoice_tx("ours"), securevoice.securevoice_channel(), sink)
top.run()
result = len(sink.tags())
""") == 0


def test_wrong_parameters(bench):
    sentences = bench.python("""
result = []
for wrong in (dict(sample_rate=0), dict(signal_power=0), dict(offset_hz=30000), dict(clock_ppm=2000), dict(doppler_hz=-1),
              dict(doppler_hz=30000), dict(seed=-1), dict(cn0_dbhz=float("nan"))):
    try:
        securevoice.securevoice_channel(**wrong)
        result.append("")
    except ValueError as error:
        result.append(str(error))
channel = securevoice.securevoice_channel()
for change in (lambda: channel.set_offset(25000), lambda: channel.set_cn0(float("nan"))):
    try:
        change()
        result.append("")
    except ValueError as error:
        result.append(str(error))
""")
    assert all(len(sentence) > 20 for sentence in sentences)
