#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""A device that transmits, fed with bursts at 48 kHz."""

import time

from gnuradio import blocks
from gnuradio import filter as filters
from gnuradio import gr

from . import driver
from .burst import burst_gate, burst_frame
from .plan import PASSBAND_HZ, RATE, DeviceError, chain, choose_rate, number, parse, transmit_offset
from .receiver import low_pass, numbers

LEVEL = 0.5 # a call has mean power 1 and peaks below 1.8: 6 dB below full scale, peaks just within
LEAD_SECONDS = 0.15 # speech comes in portions of 80 ms
TAIL_SECONDS = 0.05
LAST_BUFFER, LAST_BUFFER_SECONDS = 32768, 0.1 # what may wait in front of the device, samples, and time for it to be woken
FLUSH = 128 # samples of silence, more than the filters' memory
HACKRF_BUFFER = 131072 # samples
HACKRF_TRANSFERS = 5 # in libhackrf, and one that is being filled


def tail_seconds(device, rate):
    """How much silence pushes the end of a burst through all buffers of a device."""
    if device.family != "hackrf":
        return TAIL_SECONDS
    buffers = int(device.arguments.get("buffers") or driver.HACKRF_BUFFERS)
    return TAIL_SECONDS + (buffers + HACKRF_TRANSFERS) * HACKRF_BUFFER / rate


class transmitter(gr.hier_block2):
    """
    Input: complex, 48000 samples/s, mean power 1 in a burst, with tx_sob and tx_eob. sample_rate: of the device; left(): whether a burst
    has left whole. Use open_transmitter().
    """

    def __init__(self, name, frequency, sample_rate, gain, ppm, offset_tuning, level, once, not_over):
        gr.hier_block2.__init__(self, "transmitter", gr.io_signature(1, 1, gr.sizeof_gr_complex), gr.io_signature(0, 0, 0))
        frequency, sample_rate, ppm, offset_tuning = numbers(frequency, sample_rate, ppm, offset_tuning)
        if not 0 < number(level, "the level") <= LEVEL:
            raise DeviceError(f"the level is above 0 and at most {LEVEL}, where peaks reach full scale")
        driver.refuse_receivers(name)
        rate = choose_rate(parse(name), sample_rate)
        self.device, sink, controls = driver.open_sink(name, not_over)
        self.sample_rate = driver.set_rate(self.device, controls, rate)
        factor = driver.set_ppm(self.device, controls, ppm) if ppm else 1.0
        beside = transmit_offset(self.sample_rate) if offset_tuning is None else offset_tuning
        if self.device.family == "file":
            self.tuned = float(self.device.arguments.get("freq") or frequency) / factor
        else:
            self.tuned = controls.set_center_freq((frequency - beside) * factor) / factor
            driver.set_gain(self.device, controls, 0 if gain is None else gain)
        shift = frequency - self.tuned
        if abs(shift) > self.sample_rate / 2 - PASSBAND_HZ and shift:
            raise DeviceError(f"{frequency:.0f} Hz is too far from {self.tuned:.0f} Hz, to which {name} is tuned")

        steps = chain(self.sample_rate)
        frame = burst_frame(round(LEAD_SECONDS * RATE), round(tail_seconds(self.device, self.sample_rate) * RATE),
                            steps.up or 1, once, FLUSH)
        parts = [self, frame]
        passband = min(PASSBAND_HZ, 0.4 * self.sample_rate)
        if steps.up is None:
            phases = 32
            taps = low_pass(phases, phases * RATE, passband, RATE - PASSBAND_HZ)
            parts.append(filters.pfb_arb_resampler_ccf(steps.middle / RATE, taps, phases))
        elif steps.up != steps.down:
            middle = RATE * steps.down
            parts.append(filters.rational_resampler_ccf(
                steps.down, steps.up, low_pass(steps.down, middle, passband, min(RATE, steps.middle) - PASSBAND_HZ)))
        if steps.factor > 1:
            parts.append(filters.interp_fir_filter_ccf(
                steps.factor, low_pass(steps.factor, self.sample_rate, PASSBAND_HZ, steps.middle - PASSBAND_HZ)))
        if shift:
            parts.append(blocks.rotator_cc(2 * 3.141592653589793 * shift / self.sample_rate))
        parts.append(blocks.multiply_const_cc(level))
        if steps.up is None:
            self._gate = burst_gate(int(self.sample_rate // RATE), 1)
        else:
            self._gate = burst_gate(steps.down * steps.factor, steps.up)
        parts.append(self._gate)
        self._sink = sink
        self._parts = (*parts[1:], sink) # Python blocks do not live by a connection alone
        self.connect(*parts, sink)

    def samples(self):
        """Samples given to the device so far."""
        return self._gate.nitems_written(0)

    def left(self):
        """Whether a burst has gone to the device whole, with the silence behind it."""
        closed = self._gate.closed
        return closed is not None and time.monotonic() - closed > LAST_BUFFER_SECONDS + LAST_BUFFER / self.sample_rate

    def whole(self):
        """Whether the flowgraph has passed on a burst whole."""
        return self._gate.closed is not None

    def trouble(self):
        """Why a device 'file' takes no more; else empty."""
        return self._sink.trouble() if self.device.family == "file" else ""

    def problem(self):
        """What befell the file of a device 'file', though all was written: a sentence, or empty."""
        return self._sink.problem() if self.device.family == "file" else ""

    def release(self):
        """The device is lost. No driver of a transmitter can be made to give up."""


def open_transmitter(device, frequency, sample_rate=None, gain=None, ppm=0.0, offset_tuning=None, level=LEVEL, once=False, not_over=()):
    """
    Opens a device to transmit with.

    device: gr-osmosdr's device string, such as hackrf=0, uhd, file=PATH,rate=HZ; or plutosdr=ip:192.168.2.1
    frequency, sample_rate, ppm: as for open_receiver()
    gain: dB in all, or text with the device's stages, such as "IF=20,RF=0"; None: 0 dB
    offset_tuning: the device is tuned so much below the signal, Hz: there its leak is; None: 40 kHz
    level: amplitude of a call; at most 0.5, where its peaks reach full scale
    once: the flowgraph ends behind the first burst
    not_over: files that a device 'file' is never written over, beside key files

    Raises DeviceError, or ValueError where such a file would be lost, with one sentence.
    """
    return transmitter(device, frequency, sample_rate, gain, ppm, offset_tuning, level, once, not_over)
