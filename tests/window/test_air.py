# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated air."""

import time

import numpy
import pmt
from conftest import wait_until
from gnuradio import blocks, gr
from gnuradio.securevoice.window.air import RATE, air


class late_burst(gr.sync_block):
    """A burst of numbers that grow, which stops for a while in its middle; then nothing."""

    LENGTH = RATE

    def __init__(self):
        gr.sync_block.__init__(self, "late_burst", None, [numpy.complex64])
        self.numbers = 0

    def work(self, _input_items, output_items):
        count = min(len(output_items[0]), self.LENGTH - self.numbers)
        if self.numbers < self.LENGTH / 2 <= self.numbers + count:
            time.sleep(1) # later than what is kept in reserve
        if count == 0:
            time.sleep(0.05)
            return 0
        output_items[0][:count] = 1 + numpy.arange(self.numbers, self.numbers + count)
        self.numbers += count
        if self.numbers == self.LENGTH:
            self.add_item_tag(0, self.LENGTH - 1, pmt.intern("tx_eob"), pmt.PMT_T)
        return count


def bursts_of(sent):
    """Lengths of the bursts in what was sent; each must be whole."""
    there = numpy.flatnonzero(sent)
    parts = numpy.split(there, numpy.flatnonzero(numpy.diff(there) > 1) + 1)
    for part in parts:
        assert numpy.array_equal(sent[part].real, 1 + numpy.arange(len(part)))
    return [len(part) for part in parts]


def test_a_burst_that_comes_late_has_no_gap_and_is_sent_again_as_it_was():
    top, source, sky, sink = gr.top_block(), late_burst(), air(), blocks.vector_sink_c()
    top.connect(source, sky, sink)
    top.start()
    assert not sky.replay() # there was none yet
    wait_until(lambda: len(sink.data()) and sky.replay(), "the end of the burst")
    wait_until(lambda: numpy.count_nonzero(sink.data()) >= 2 * RATE, "both bursts")
    top.stop()
    top.wait()
    assert bursts_of(numpy.array(sink.data())) in ([RATE, RATE], [2 * RATE])
