#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""One frequency that several stations send on."""

import numpy
import pmt
from gnuradio import blocks, gr

from .parameters import typed
from .radio.burst import EOB, SOB


class _mixer(gr.basic_block):
    """Input 0: time, as samples that go by; others: bursts. Nothing is put inside a burst: where its samples are late, time waits."""

    def __init__(self, stations):
        gr.basic_block.__init__(self, "mixer", [numpy.complex64] * (1 + stations), [numpy.complex64])
        self.set_tag_propagation_policy(gr.TPP_DONT)
        self._sending = [False] * stations

    def start(self):
        self._sending = [False] * len(self._sending)
        return True

    def forecast(self, _noutput, _ninputs):
        return [1] + [int(sending) for sending in self._sending]

    def _look(self, station, given):
        """What is given of one station: samples before its burst, the burst's, and whether its end is among them."""
        first = self.nitems_read(1 + station)
        tags = [(tag.offset - first, tag.key) for tag in self.get_tags_in_range(1 + station, first, first + len(given))]
        begin = 0
        if not self._sending[station]:
            begin = min((offset for offset, key in tags if pmt.eq(key, SOB)), default=len(given))
            self._sending[station] = begin < len(given)
        end = min((offset + 1 for offset, key in tags if pmt.eq(key, EOB) and offset >= begin), default=None)
        return begin, given[begin:end], end is not None

    def general_work(self, input_items, output_items):
        out, bursts = output_items[0], [self._look(station, given) for station, given in enumerate(input_items[1:])]
        waiting = [len(samples) for (_, samples, ends), sending in zip(bursts, self._sending) if sending and not ends]
        count = min(len(out), len(input_items[0]), *waiting)
        out[:count] = 0
        for station, (skipped, samples, ends) in enumerate(bursts):
            length = min(count, len(samples))
            out[:length] += samples[:length]
            if ends and length == len(samples):
                self._sending[station] = False
            self.consume(1 + station, skipped + length)
        self.consume(0, count)
        return count


class shared_air(gr.hier_block2):
    """
    What is on the air when several stations send on one frequency: the sum of their bursts (tx_sob ... tx_eob) and silence between them,
    without end and in real time. Input: complex, one per station. Output: complex.

    stations: number of inputs
    sample_rate: samples/s

    Raises ValueError if a parameter is wrong.
    """

    @typed(stations=int)
    def __init__(self, stations=2, sample_rate=48000):
        gr.hier_block2.__init__(self, "shared_air", gr.io_signature(stations, stations, gr.sizeof_gr_complex),
                                gr.io_signature(1, 1, gr.sizeof_gr_complex))
        if stations < 1 or sample_rate <= 0:
            raise ValueError("the air is shared by one station or more, at a sample rate above 0 samples/s")
        self._mixer = _mixer(stations)
        self.connect(blocks.null_source(gr.sizeof_gr_complex), blocks.throttle(gr.sizeof_gr_complex, sample_rate), self._mixer, self)
        for station in range(stations):
            self.connect((self, station), (self._mixer, 1 + station))
