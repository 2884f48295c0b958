# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""FM receivers of another make hear what `tx --fm` sends."""

import subprocess

import numpy
from gnuradio import analog, blocks, filter as filters, gr
from gnuradio.filter import firdes

from flowgraph_bench import write_wav

RATE = 48000
AUDIO = 8000
CHANNEL = 6000 # Hz on each side


def send(bench, parts, speech, *options):
    write_wav(bench.path("tone.wav"), speech)
    for arguments in (["tx", "tone.wav", "sent.cf32", "--fm", *options],
                      ["channel", "sent.cf32", "air.cf32", "--rate", "48000", "--cn0", "60", "--offset", "300"]):
        subprocess.run([parts.program, *arguments], cwd=bench.path("."), check=True, timeout=300)
    return numpy.fromfile(bench.path("air.cf32"), numpy.complex64)


def tone(share):
    return (share * 32767 * numpy.sin(2 * numpy.pi * 1000 * numpy.arange(3 * AUDIO) / AUDIO)).astype(numpy.int16)


def between(x, rate, low, high):
    """Only what lies there."""
    spectrum = numpy.fft.fft(x)
    f = abs(numpy.fft.fftfreq(len(x), 1 / rate))
    spectrum[(f < low) | (f > high)] = 0
    return numpy.fft.ifft(spectrum)


def sinad(x, rate):
    """dB, of 1 kHz, a second in the middle of the call."""
    x = x[int(rate):int(2 * rate)]
    spectrum = abs(numpy.fft.rfft(x * numpy.hanning(len(x)))) ** 2
    f = numpy.fft.rfftfreq(len(x), 1 / rate)
    noise = spectrum[(abs(f - 1000) > 3) & (f > 100)].sum()
    return 10 * numpy.log10((spectrum[abs(f - 1000) <= 3].sum() + noise) / noise)


def test_a_discriminator_of_numpy_hears_it(bench, parts):
    iq = between(send(bench, parts, tone(0.6)), RATE, 0, CHANNEL)
    frequency = numpy.angle(iq[1:] * iq[:-1].conj()) * RATE / (2 * numpy.pi)
    assert sinad(between(frequency, RATE, 300, 3000).real, RATE) >= 20
    middle = frequency[RATE:2 * RATE]
    amplitude = 2 * abs(numpy.mean(middle * numpy.exp(-2j * numpy.pi * 1000 * numpy.arange(RATE) / RATE)))
    assert abs(amplitude / 1500 - 1) < 0.03 # 60 %


def test_nbfm_rx_hears_it(bench, parts):
    iq = send(bench, parts, tone(0.6))
    graph = gr.top_block()
    sink = blocks.vector_sink_f()
    graph.connect(blocks.vector_source_c(iq.tolist()),
                  filters.fir_filter_ccf(1, firdes.low_pass(1, RATE, CHANNEL, 1500)),
                  analog.nbfm_rx(audio_rate=AUDIO, quad_rate=RATE, tau=750e-6, max_dev=2.5e3), sink)
    graph.run()
    assert sinad(numpy.array(sink.data()), AUDIO) >= 20


def test_a_ctcss_tone_stands_below_the_voice(bench, parts):
    iq = between(send(bench, parts, tone(0.6), "--ctcss", "88.5"), RATE, 0, CHANNEL)
    frequency = numpy.angle(iq[1:] * iq[:-1].conj())[RATE // 2:3 * RATE]
    n = numpy.arange(len(frequency))
    candidates = 88.5 * numpy.linspace(0.98, 1.02, 81)
    heard = [abs(numpy.sum(frequency * numpy.exp(-2j * numpy.pi * f * n / RATE))) for f in candidates]
    assert abs(candidates[int(numpy.argmax(heard))] / 88.5 - 1) < 0.005
