# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Receiving and transmitting ends on gr-osmosdr's files, judged by numpy."""

import numpy
import pmt
import pytest
from gnuradio import blocks, gr
from gnuradio.securevoice import radio
from gnuradio.securevoice.radio.burst import burst_frame

FREQUENCY = 433.5e6


def tones(path, rate, tones_hz, seconds=0.5):
    t = numpy.arange(int(seconds * rate)) / rate
    sum(a * numpy.exp(2j * numpy.pi * f * t) for f, a in tones_hz).astype(numpy.complex64).tofile(path)


def level_db(x, frequency, rate):
    """Of a tone, leaving out the filters' start."""
    x = x[len(x) // 4:]
    x = x * numpy.hanning(len(x)) * 2 / len(x)
    return 20 * numpy.log10(abs(numpy.sum(x * numpy.exp(-2j * numpy.pi * frequency / rate * numpy.arange(len(x))))) + 1e-12)


def received(name, frequency=FREQUENCY, **options):
    top, sink = gr.top_block(), blocks.vector_sink_c()
    end = radio.open_receiver(name, frequency, **options)
    top.connect(end, sink)
    top.run()
    return numpy.array(sink.data())


@pytest.mark.parametrize("rate", [240000, 250001, 1024000, 2000000, 2400000])
def test_the_signal_is_in_the_middle_and_neighbours_do_not_fold(tmp_path, rate):
    """The device is tuned 60 kHz below: the signal's +-9 kHz pass, what would fold onto them is 70 dB down, and so is the DC spike."""
    path = tmp_path / "air.cf32"
    tones(path, rate, [(60000, 1), (60000 + 9000, 1), (60000 - 9000, 1), (0, 1), (60000 + 48000 - 5000, 1), (60000 - 48000 + 7000, 1)])
    x = received(f"file={path},rate={rate},freq={FREQUENCY - 60000}")
    assert len(x) == pytest.approx(24000, abs=100)
    for frequency in (0, 9000, -9000):
        assert abs(level_db(x, frequency, 48000)) < 0.3, frequency
    for folded in (-5000, 7000, -60000 + 48000):
        assert level_db(x, folded, 48000) < -70, folded


def test_a_clock_error_is_taken_off(tmp_path):
    """A recording made with a clock 20 ppm fast: the device was 8.67 kHz above what it said."""
    path = tmp_path / "air.cf32"
    tones(path, 240000, [(50000 - 20e-6 * (FREQUENCY - 50000), 1)])
    assert level_db(received(f"file={path},rate=240k,freq={FREQUENCY - 50000}", ppm=20), 0, 48000) > -0.3


def burst(length, seed=1):
    """A burst with a band of +-3 kHz and soft ends."""
    rng = numpy.random.default_rng(seed)
    spectrum = numpy.zeros(length, complex)
    inside = abs(numpy.fft.fftfreq(length, 1 / 48000)) < 3000
    spectrum[inside] = rng.standard_normal(inside.sum()) + 1j * rng.standard_normal(inside.sum())
    x = numpy.fft.ifft(spectrum)
    x *= numpy.clip(5 * numpy.hanning(length), 0, 1)
    return (x / numpy.sqrt(numpy.mean(abs(x) ** 2))).astype(numpy.complex64)


def burst_source(samples, begin, end):
    tags = []
    for offset, key in ((begin, "tx_sob"), (end - 1, "tx_eob")):
        tag = gr.tag_t()
        tag.offset, tag.key, tag.value = offset, pmt.intern(key), pmt.PMT_T
        tags.append(tag)
    return blocks.vector_source_c(samples, False, 1, tags)


@pytest.mark.parametrize("rate", [48000, 240000, 2000000, 2400000])
def test_a_burst_leaves_whole_and_clean(tmp_path, rate):
    path, x = tmp_path / "air.cf32", burst(9600)
    top = gr.top_block()
    end = radio.open_transmitter(f"file={path},rate={rate}", FREQUENCY, once=True)
    top.connect(burst_source(x, 0, len(x)), end)
    top.run()
    assert end.whole()
    sent = numpy.fromfile(path, numpy.complex64)
    spectrum = numpy.fft.fft(sent)
    frequency = numpy.fft.fftfreq(len(sent), 1 / rate)
    power = abs(spectrum) ** 2 / len(sent)
    inside = abs(frequency) < 3500
    assert power[inside].sum() / (0.25 * 9600 * rate / 48000) == pytest.approx(1, rel=0.02) # the whole burst at 6 dB below full scale
    assert 10 * numpy.log10(power[abs(frequency) > 12500].sum() / power.sum()) < -75


@pytest.mark.parametrize("multiple", [1, 25])
def test_tags_enclose_burst_and_silence(multiple):
    top, sink = gr.top_block(), blocks.vector_sink_c()
    frame = burst_frame(100, 50, multiple)
    top.connect(burst_source(numpy.ones(1000, numpy.complex64), 200, 700), frame, sink)
    top.run()
    x, tags = numpy.array(sink.data()), [(tag.offset, pmt.symbol_to_string(tag.key)) for tag in sink.tags()]
    assert len(x) % multiple == 0 and 650 <= len(x) < 650 + multiple
    assert (x[:100] == 0).all() and (x[100:600] == 1).all() and (x[600:] == 0).all()
    assert tags == [(0, "tx_sob"), (len(x) - 1, "tx_eob")]


def test_the_end_of_a_burst_is_its_last_sample_at_any_rate(tmp_path):
    for rate in (240000, 2000000):
        top, sink = gr.top_block(), blocks.vector_sink_c()
        end = radio.open_transmitter(f"file={tmp_path / 'x'},rate={rate}", FREQUENCY)
        top.connect(burst_source(numpy.ones(5000, numpy.complex64), 0, 5000), end)
        end.connect(end._parts[-2], sink) # beside the device
        top.run()
        assert end.whole()
        tags = [(tag.offset, pmt.symbol_to_string(tag.key)) for tag in sink.tags()]
        assert tags == [(0, "tx_sob"), (len(sink.data()) - 1, "tx_eob")]


@pytest.mark.parametrize("name, says", [
    ("foo=1", "unknown device"), ("rtl=7", "cannot open rtl=7"), ("hackrf=0", "cannot open hackrf=0"), ("rtl_tcp=127.0.0.1:1", "does rtl_tcp run"),
    ("file=nothing.cf32,rate=48k", "no such file"), ("plutosdr=ip:127.0.0.1", "cannot open plutosdr")])
def test_devices_that_are_missing_are_told(name, says):
    with pytest.raises(radio.DeviceError, match=says):
        radio.open_receiver(name, FREQUENCY)


def test_what_cannot_be_done_is_told(tmp_path):
    path = tmp_path / "air.cf32"
    tones(path, 240000, [(0, 1)])
    for says, call in [("can only receive", lambda: radio.open_transmitter("rtl=0", FREQUENCY)),
                       ("cannot do 1000000 ", lambda: radio.open_transmitter("hackrf=0", FREQUENCY, 1e6)),
                       ("is not in it", lambda: radio.open_receiver(f"file={path},rate=240k,freq=400M", FREQUENCY)),
                       ("level", lambda: radio.open_transmitter(f"file={path},rate=240k", FREQUENCY, level=0.9))]:
        with pytest.raises(radio.DeviceError, match=says):
            call()
