#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""A device that receives, as a stream of 48 kHz with the signal in its middle."""

from gnuradio import filter as filters
from gnuradio import gr
from gnuradio.fft import window

from . import driver
from .plan import PASSBAND_HZ, RATE, DeviceError, chain, choose_rate, number, parse, receive_offset

STOPBAND_DB = 80
BETA = 0.1102 * (STOPBAND_DB - 8.7) # Kaiser's formula
SHORT = STOPBAND_DB / 22 * 14.36 / (STOPBAND_DB - 7.95) # firdes takes fewer taps than Kaiser's formula: it gets a narrower width


def low_pass(gain, rate, passband, stopband):
    """Taps: flat up to passband, STOPBAND_DB down from stopband."""
    width = SHORT * (stopband - passband)
    return filters.firdes.low_pass_2(gain, rate, (passband + stopband) / 2, width, STOPBAND_DB, window.WIN_KAISER, BETA)


def resampler(steps, stopband):
    """The second step of a chain, receiving."""
    passband = min(PASSBAND_HZ, 0.4 * steps.middle)
    if steps.up is None:
        phases = 32
        return filters.pfb_arb_resampler_ccf(RATE / steps.middle, low_pass(phases, phases * steps.middle, passband, stopband), phases)
    rate = steps.middle * steps.up
    return filters.rational_resampler_ccf(steps.up, steps.down, low_pass(steps.up, rate, passband, stopband))


def numbers(frequency, sample_rate, ppm, offset_tuning):
    """The parameters of both ends as numbers; the second and the last may be None. Raises NumberError."""
    return (number(frequency, "the frequency"), None if sample_rate is None else number(sample_rate, "the sample rate"),
            number(ppm, "the clock's error in ppm"),
            None if offset_tuning is None else number(offset_tuning, "the offset tuning"))


class receiver(gr.hier_block2):
    """
    Output: complex, 48000 samples/s, the frequency asked for at 0 Hz. sample_rate: of the device; samples(): how many it has given.
    Use open_receiver().
    """

    def __init__(self, name, frequency, sample_rate, gain, ppm, offset_tuning):
        gr.hier_block2.__init__(self, "receiver", gr.io_signature(0, 0, 0), gr.io_signature(1, 1, gr.sizeof_gr_complex))
        frequency, sample_rate, ppm, offset_tuning = numbers(frequency, sample_rate, ppm, offset_tuning)
        rate = choose_rate(parse(name), sample_rate)
        self.device, source, controls = driver.open_source(name)
        self.sample_rate = driver.set_rate(self.device, controls, rate)
        factor = driver.set_ppm(self.device, controls, ppm) if ppm else 1.0
        if self.device.family == "file":
            self.tuned = float(self.device.arguments.get("freq") or frequency) / factor
        else:
            beside = receive_offset(self.sample_rate) if offset_tuning is None else offset_tuning
            self.tuned = controls.set_center_freq((frequency - beside) * factor) / factor
        driver.set_gain(self.device, controls, self.device.abilities.receive_gain if gain is None else gain)
        shift = frequency - self.tuned
        if abs(shift) > self.sample_rate / 2:
            raise DeviceError(f"{name} holds {self.tuned - self.sample_rate / 2:.0f} to {self.tuned + self.sample_rate / 2:.0f} Hz, "
                              f"and {frequency:.0f} Hz is not in it")
        steps = chain(self.sample_rate)
        taps = [1.0] if steps.factor == 1 else low_pass(1.0, self.sample_rate, PASSBAND_HZ, steps.middle - PASSBAND_HZ)
        self._shifter = filters.freq_xlating_fir_filter_ccf(steps.factor, taps, shift, self.sample_rate)
        self._factor = steps.factor
        parts = [source, self._shifter]
        if steps.up != steps.down or steps.up is None:
            parts.append(resampler(steps, min(RATE - PASSBAND_HZ, 0.5 * max(RATE, steps.middle))))
        self.connect(*parts, self)
        self._source = source # it lives as long as this

    def samples(self):
        """Samples that the device has given so far, as far as they were taken."""
        return self._shifter.nitems_written(0) * self._factor

    def release(self):
        """The device is lost: makes a driver that waits for it give up, so that the flowgraph ends."""
        if self.device.family == "rtl_tcp":
            self._source.release()


def open_receiver(device, frequency, sample_rate=None, gain=None, ppm=0.0, offset_tuning=None):
    """
    Opens a device to receive with.

    device: gr-osmosdr's device string, such as rtl=0, rtl_tcp=127.0.0.1:1234, hackrf=0, uhd, airspy=0, soapy=0,driver=NAME,
        file=PATH,rate=HZ,freq=HZ (cf32, cs16, cs8 or cu8, by its extension or format=cs8); or plutosdr=ip:192.168.2.1
    frequency: of the signal, Hz
    sample_rate: of the device, samples/s; None: a usual one
    gain: dB in all, or text with the device's stages, such as "IF=24,BB=20"; None: automatic, or a usual one
    ppm: how much too fast the device's clock is, parts per million
    offset_tuning: the device is tuned so much below the signal, Hz; None: enough for its DC spike to lie beside

    Raises DeviceError with one sentence.
    """
    return receiver(device, frequency, sample_rate, gain, ppm, offset_tuning)
