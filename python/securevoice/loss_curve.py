#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""Lost blocks against C/N0, of several chains of transmitter, channel and receiver that run side by side."""

import os
import threading
import time

import numpy
import pmt
from gnuradio import gr

from .parameters import Numbers, typed

REFRESH_SECONDS = 0.2
SETTLE = 20 # blocks after a step: those on their way still had the old C/N0
# What a QT GUI Vector Sink draws: it averages, and what was once no number stays none for ever; and it takes the second vector of those
# that it finds, so that of one alone it draws what lies behind it in the buffer, zeros (both seen with GNU Radio 3.10.5). Far below an axis
# from 0 to 100 the curve falls straight down where it ends.
NOT_MEASURED = -1e6
VECTORS = 2
LATE = 12 # blocks by which the counts of a transmitter and a receiver may differ: statuses come every 0.5 s


class loss_curve(gr.sync_block):
    """
    Steps through values of C/N0: each goes out at the message port `cn0`, as the pair ("cn0" . dB-Hz). Message ports chain0, chain1 ...:
    the statuses of each chain's transmitter and of its receiver. Stream outputs: for each chain vectors with the loss at each value,
    percent; NOT_MEASURED where it is not measured yet, which is far below the axis. The counts of blocks are those of signal time, so any
    speed is good.

    chains: how many; values: of C/N0, dB-Hz; blocks: how many are sent at each value and counted
    path: of a CSV file that is written when all values are measured; empty: none

    Raises ValueError if a parameter is wrong.
    """

    @typed(chains=int, values=Numbers, blocks=int)
    def __init__(self, chains, values, blocks=100, path=""):
        if chains < 1 or not len(values) or blocks <= LATE:
            raise ValueError(f"a loss curve needs a chain, a value of C/N0, and more than {LATE} blocks at each")
        if path and not os.access(os.path.dirname(os.path.abspath(path)), os.W_OK):
            raise ValueError(f"cannot write {path}: its folder is not there, or not writable")
        gr.sync_block.__init__(self, "loss_curve", None, [(numpy.float32, len(values))] * chains)
        self.set_output_multiple(VECTORS)
        self._values, self._blocks, self._path = [float(value) for value in values], blocks, path
        self._loss = numpy.full((chains, len(values)), NOT_MEASURED, numpy.float32)
        self._sent, self._heard = [0] * chains, [(0, 0, False)] * chains # the latter: heard, lost, whether a call is heard
        self._begun = [None] * chains # counts of a chain behind SETTLE blocks of this value
        self._first = [0] * chains # blocks sent before this value
        self._step = 0
        self._lock = threading.Lock()
        self.message_port_register_out(pmt.intern("cn0"))
        for chain in range(chains):
            self._listen(f"chain{chain}", chain)

    def _listen(self, port, chain):
        def handle(message):
            status = pmt.to_python(message)
            (self._take_sent if "secure_blocks" in status else self._take_heard)(chain, status)
        handle.__name__ = f"_handle_{port}" # GNU Radio calls it by its name
        setattr(self, handle.__name__, handle)
        self.message_port_register_in(pmt.intern(port))
        self.set_msg_handler(pmt.intern(port), handle)

    def start(self):
        self._say()
        return True

    def _say(self):
        if self._step < len(self._values):
            self.message_port_pub(pmt.intern("cn0"), pmt.cons(pmt.intern("cn0"), pmt.from_double(self._values[self._step])))

    def _take_heard(self, chain, status):
        with self._lock:
            self._heard[chain] = status["heard"], status["lost"], status["kind"] == "secure"

    def _take_sent(self, chain, status):
        with self._lock:
            self._sent[chain] = status["secure_blocks"]
            if self._step == len(self._values):
                return
            if self._begun[chain] is None and self._sent[chain] - self._first[chain] >= SETTLE:
                self._begun[chain] = self._sent[chain], *self._heard[chain][:2]
            if all(begun is not None and sent - begun[0] >= self._blocks for begun, sent in zip(self._begun, self._sent)):
                self._next()

    def _next(self):
        for chain, (sent, heard, lost) in enumerate(self._begun):
            heard, lost = self._heard[chain][0] - heard, self._heard[chain][1] - lost
            hears = self._heard[chain][2]
            missing = lost if hears else max(lost, self._sent[chain] - sent - heard - LATE) # without a call a receiver counts none as lost
            self._loss[chain, self._step] = 100 * missing / max(heard + missing, 1)
        self._step += 1
        self._first, self._begun = list(self._sent), [None] * len(self._sent)
        if self._step == len(self._values) and self._path:
            numpy.savetxt(self._path, numpy.column_stack([self._values, self._loss.T]), "%.2f", ",")
        self._say()

    def work(self, _input_items, output_items):
        time.sleep(REFRESH_SECONDS)
        with self._lock:
            for chain, out in enumerate(output_items):
                out[:VECTORS] = self._loss[chain]
        return VECTORS
