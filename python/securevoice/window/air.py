#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""The simulated air: bursts of a transmitter in a stream that never stops, in real time."""

import collections
import threading
import time

import numpy
import pmt
from gnuradio import gr

EOB = pmt.intern("tx_eob")
RATE = 48000
PORTION = 480 # samples
RESERVE = int(0.24 * RATE) # kept back at a burst's start: the vocoder gives speech in portions of 80 ms
LONGEST = 60 * RATE # of a burst that can be sent again
BEHIND = RATE # further behind the clock than this, the time is let go
PATIENCE = 2.0 # s, for a burst that has stopped without its end
PAUSE = 0.01 # s


class air(gr.basic_block):
    """
    Complex, 48000 samples/s by the clock: bursts of the input where there are any, else zeros. Where a burst comes too late, because the
    machine has other work, the simulated time waits for it. replay() sends the newest burst again, as somebody who recorded it would;
    send() a burst of somebody else.
    """

    def __init__(self):
        gr.basic_block.__init__(self, "air", [numpy.complex64], [numpy.complex64])
        self.set_tag_propagation_policy(gr.TPP_DONT)
        self._lock = threading.Lock()
        self._begin()

    def _begin(self):
        self._queue = collections.deque() # arrays; None is a burst's end
        self._waiting = 0
        self._ends = 0
        self._in_burst = False
        self._tape, self._newest = [], []
        self._given, self._since = 0, None
        self._starved_since = None

    def start(self):
        with self._lock:
            self._begin()
        return True

    def forecast(self, _noutput, ninputs):
        return [0] * ninputs

    def replay(self):
        """Sends the newest burst again. Returns whether there is one."""
        with self._lock:
            parts = list(self._newest)
        if parts:
            self.send(parts)
        return bool(parts)

    def send(self, parts):
        """Sends a burst: arrays of complex64, one behind the other."""
        with self._lock:
            for part in parts:
                self._append(part)
            self._close()

    def _append(self, part):
        self._queue.append(part)
        self._waiting += len(part)

    def _close(self):
        self._queue.append(None)
        self._ends += 1

    def _take(self, given):
        first = self.nitems_read(0)
        begin = 0
        tags = {tag.offset - first + 1 for tag in self.get_tags_in_range(0, first, first + len(given), EOB)}
        for end in sorted({*tags, len(given)}):
            part = numpy.array(given[begin:end])
            begin = end
            if len(part):
                self._append(part)
                self._tape.append(part)
            if end in tags:
                self._close()
                short = sum(map(len, self._tape)) <= LONGEST
                self._newest, self._tape = (self._tape if short else []), []
        self.consume(0, len(given))

    def _fill(self, out):
        """One portion. Returns how many samples there are."""
        out[:] = 0
        if not self._in_burst and (self._waiting >= RESERVE or self._ends):
            self._in_burst = True
        at = 0
        while self._in_burst and at < len(out):
            if not self._queue:
                return at if self._waits() else len(out)
            self._starved_since = None
            part = self._queue.popleft()
            if part is None:
                self._ends -= 1
                self._in_burst = False
                break
            count = min(len(part), len(out) - at)
            out[at:at + count] = part[:count]
            if count < len(part):
                self._queue.appendleft(part[count:])
            self._waiting -= count
            at += count
        return len(out)

    def _waits(self):
        """Whether the rest of a burst may still come."""
        now = time.monotonic()
        self._starved_since = self._starved_since or now
        self._in_burst = now - self._starved_since < PATIENCE
        if not self._in_burst:
            self._starved_since = None
        return self._in_burst

    def general_work(self, input_items, output_items):
        out = output_items[0]
        now = time.monotonic()
        if self._since is None or (now - self._since) * RATE - self._given > BEHIND:
            self._since, self._given = now, 0
        with self._lock:
            self._take(input_items[0])
            count = self._fill(out[:min(PORTION, len(out))])
        if not count:
            time.sleep(PAUSE)
        self._given += count
        ahead = self._since + self._given / RATE - time.monotonic()
        if ahead > 0:
            time.sleep(ahead)
        return count
