#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""Bursts on their way to a device."""

import time

import numpy
import pmt
from gnuradio import gr

SOB = pmt.intern("tx_sob")
EOB = pmt.intern("tx_eob")


class burst_frame(gr.basic_block):
    """
    Puts silence before and behind each burst (tx_sob ... tx_eob): before, so that the device does not starve while speech comes in
    portions; behind, so that the burst's end leaves all buffers. tx_sob and tx_eob move to the silence's ends. Bursts are
    a multiple of `multiple` samples long. Nothing is put inside a burst.

    flush: silence behind tx_eob, which pushes the burst out of filters and is for a burst_gate; once: the stream ends behind the first
    burst. bursts: how many have left whole since the start.
    """

    def __init__(self, lead, tail, multiple=1, once=False, flush=0):
        gr.basic_block.__init__(self, "burst_frame", [numpy.complex64], [numpy.complex64])
        self.set_tag_propagation_policy(gr.TPP_DONT)
        self._lead, self._tail, self._multiple, self._once, self._flush = lead, tail, multiple, once, flush
        self._silence = 0 # samples of it that are due
        self._in_burst = False
        self._ending = False
        self._length = 0
        self.bursts = 0

    def start(self):
        self._silence, self._in_burst, self._ending, self._length, self.bursts = 0, False, False, 0, 0
        return True

    def forecast(self, _noutput, ninputs):
        return [0 if self._silence or self._over() else 1] * ninputs

    def _over(self):
        return self._once and self.bursts > 0

    def general_work(self, input_items, output_items):
        given, out = input_items[0], output_items[0]
        if self._silence:
            return self._give_silence(out)
        if self._over():
            self.consume(0, len(given))
            return gr.WORK_DONE
        first = self.nitems_read(0)
        tags = sorted(self.get_tags_in_range(0, first, first + len(given)), key=lambda tag: tag.offset)
        if not self._in_burst:
            begin = next((tag.offset - first for tag in tags if pmt.eq(tag.key, SOB)), len(given))
            self.consume(0, begin) # nothing is sent outside of bursts
            if begin < len(given):
                self._in_burst, self._length = True, 0
                self._silence = self._lead
                self.add_item_tag(0, self.nitems_written(0), SOB, pmt.PMT_T)
                if self._silence:
                    return self._give_silence(out)
            return 0
        count = min(len(given), len(out))
        end = next((tag.offset - first + 1 for tag in tags if pmt.eq(tag.key, EOB)), None)
        if end is not None and end <= count:
            count = end
            self._in_burst, self._ending = False, True
        out[:count] = given[:count]
        self.consume(0, count)
        self._length += count
        if self._ending:
            tail = self._tail + -(self._length + self._tail) % self._multiple
            self.add_item_tag(0, self.nitems_written(0) + count + tail - 1, EOB, pmt.PMT_T)
            self._silence = tail + self._flush
            self._finish_if_silent()
        return count

    def _give_silence(self, out):
        count = min(self._silence, len(out))
        out[:count] = 0
        self._silence -= count
        self._length += count
        self._finish_if_silent()
        return count

    def _finish_if_silent(self):
        if self._ending and not self._silence:
            self._ending = False
            self.bursts += 1


class burst_gate(gr.basic_block):
    """
    Behind the interpolators: lets bursts pass and nothing else. An interpolator leaves tx_eob on the first of the samples made from the
    last one; here it moves to the last of them. up, down: samples behind them for so many before.
    """

    def __init__(self, up, down):
        gr.basic_block.__init__(self, "burst_gate", [numpy.complex64], [numpy.complex64])
        self.set_tag_propagation_policy(gr.TPP_DONT)
        self._later = -(-up // down) - 1
        self._open = False
        self.closed = None # time at which the newest burst had passed
        self._end = None # sample behind the burst, if it is known

    def start(self):
        self._open, self._end, self.closed = False, None, None
        return True

    def general_work(self, input_items, output_items):
        given, out = input_items[0], output_items[0]
        first = self.nitems_read(0)
        count = min(len(given), len(out))
        tags = self.get_tags_in_range(0, first, first + count)
        if not self._open:
            begin = next((tag.offset for tag in tags if pmt.eq(tag.key, SOB)), None)
            if begin is None or begin > first:
                self.consume(0, count if begin is None else begin - first)
                return 0
            self._open, self._end = True, None
            self.add_item_tag(0, self.nitems_written(0), SOB, pmt.PMT_T)
        for tag in tags:
            if self._end is None and pmt.eq(tag.key, EOB):
                self._end = tag.offset + self._later + 1
        if self._end is not None and self._end <= first + count:
            count = self._end - first
            self._open = False
            self.closed = time.monotonic()
            self.add_item_tag(0, self.nitems_written(0) + count - 1, EOB, pmt.PMT_T)
        out[:count] = given[:count]
        self.consume(0, count)
        return count
