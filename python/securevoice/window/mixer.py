#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""One loudspeaker for two voices, of which either may be silent for long."""

import time

import numpy
from gnuradio import gr

PAUSE = 0.005 # s


class mixer(gr.basic_block):
    """Two inputs of speech, one output: the sum where both have something, else what there is. It never waits for the other one."""

    def __init__(self):
        gr.basic_block.__init__(self, "mixer", [numpy.float32, numpy.float32], [numpy.float32])
        self.set_tag_propagation_policy(gr.TPP_DONT)

    def forecast(self, _noutput, ninputs):
        return [0] * ninputs

    def general_work(self, input_items, output_items):
        out = output_items[0]
        parts = [given[:len(out)] for given in input_items]
        count = max(map(len, parts))
        if not count:
            time.sleep(PAUSE)
            return 0
        out[:count] = 0
        for port, part in enumerate(parts):
            out[:len(part)] += part
            self.consume(port, len(part))
        return count
