# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""FM receivers of another make hear what `tx --fm` sends."""

import subprocess
import wave

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


def nbfm_rx(iq):
    """GNU Radio's receiver behind a channel filter."""
    graph = gr.top_block()
    sink = blocks.vector_sink_f()
    graph.connect(blocks.vector_source_c(iq.tolist()),
                  filters.fir_filter_ccf(1, firdes.low_pass(1, RATE, CHANNEL, 1500)),
                  analog.nbfm_rx(audio_rate=AUDIO, quad_rate=RATE, tau=750e-6, max_dev=2.5e3), sink)
    graph.run()
    return numpy.array(sink.data())


def test_nbfm_rx_hears_it(bench, parts):
    iq = send(bench, parts, tone(0.6))
    assert sinad(nbfm_rx(iq), AUDIO) >= 20


def test_a_ctcss_tone_stands_below_the_voice(bench, parts):
    iq = between(send(bench, parts, tone(0.6), "--ctcss", "88.5"), RATE, 0, CHANNEL)
    frequency = numpy.angle(iq[1:] * iq[:-1].conj())[RATE // 2:3 * RATE]
    n = numpy.arange(len(frequency))
    candidates = 88.5 * numpy.linspace(0.98, 1.02, 81)
    heard = [abs(numpy.sum(frequency * numpy.exp(-2j * numpy.pi * f * n / RATE))) for f in candidates]
    assert abs(candidates[int(numpy.argmax(heard))] / 88.5 - 1) < 0.005


def hear(bench, parts, iq, *options):
    """By our receiver."""
    iq.astype(numpy.complex64).tofile(bench.path("air.cf32"))
    done = subprocess.run([parts.program, "rx", "air.cf32", "heard.wav", "--no-key", "--rate", "48000", *options], cwd=bench.path("."), check=False,
                          timeout=300)
    assert done.returncode in (0, 5) # 5: at the threshold something digital may seem to be in the noise
    with wave.open(str(bench.path("heard.wav"))) as recording:
        return numpy.frombuffer(recording.readframes(recording.getnframes()), "<i2").astype(float)


def without_tones(sound):
    """The pips of the receiver's warning, at 0 and 3 s, are left out."""
    return sound[AUDIO // 2:]


def test_our_receiver_hears_nbfm_tx(bench, parts):
    """Its emphasis has gain 1 far below the voice: at 1 kHz 12.5 % become 60 % of the deviation."""
    graph = gr.top_block()
    sink = blocks.vector_sink_c()
    graph.connect(blocks.vector_source_f((tone(0.125) / 32768).tolist()),
                  analog.nbfm_tx(audio_rate=AUDIO, quad_rate=RATE, tau=750e-6, max_dev=2.5e3, fh=3000), sink)
    graph.run()
    rng = numpy.random.default_rng(1)
    sent = numpy.array(sink.data())
    noise = (rng.normal(size=len(sent)) + 1j * rng.normal(size=len(sent))) * numpy.sqrt(RATE / 2 / 10 ** 6) # 60 dB-Hz
    sound = hear(bench, parts, sent + noise)
    assert len(sound) > 2.9 * AUDIO
    assert sinad(without_tones(sound), AUDIO) >= 20


def test_sensitivity_is_that_of_nbfm_rx(bench, parts, capsys):
    """C/N0 for 12 dB SINAD, on the same files."""
    levels = [46, 47, 48, 49]
    write_wav(bench.path("tone.wav"), tone(0.6))
    subprocess.run([parts.program, "tx", "tone.wav", "sent.cf32", "--fm"], cwd=bench.path("."), check=True, timeout=300)
    sent = numpy.fromfile(bench.path("sent.cf32"), numpy.complex64)
    ours, theirs = [], []
    for level in levels:
        rng = numpy.random.default_rng(level)
        noise = (rng.normal(size=len(sent)) + 1j * rng.normal(size=len(sent))) * numpy.sqrt(RATE / 2 / 10 ** (level / 10))
        ours.append(sinad(without_tones(hear(bench, parts, sent + noise)), AUDIO))
        theirs.append(sinad(nbfm_rx(sent + noise), AUDIO))
    assert ours == sorted(ours) and theirs == sorted(theirs)
    assert ours[0] < 12 < ours[-1] and theirs[0] < 12 < theirs[-1], (ours, theirs)
    least, least_of_nbfm_rx = (numpy.interp(12, each, levels) for each in (ours, theirs))
    with capsys.disabled(): # ctest -V shows it
        print(f"12 dB SINAD at {least:.1f} dB-Hz, nbfm_rx at {least_of_nbfm_rx:.1f}")
    assert least <= least_of_nbfm_rx + 1
