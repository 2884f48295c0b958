#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""One call: from the microphone or a file to a device, with its end on the air."""

import time

from gnuradio import gr

from ..securevoice_tx import securevoice_tx
from .flowgraph_run import FlowgraphRun
from .plan import RATE
from .status_tap import status_tap

# Released before anything was sent: speech from before it may come 2 s later (docs/decisions/0023). Then there is no end to wait for.
NOTHING_SECONDS = 3.0


class Talking:
    """
    end: the transmitting end (open_transmitter, once=True); source: block that gives speech; on_status(dictionary): what is sent. Other
    arguments are those of securevoice_tx.
    """

    def __init__(self, end, source, key, on_status, **options):
        self._end = end
        self._on_status = on_status
        self._released = False
        self._sent = False
        self.top = gr.top_block("talk")
        self.tx = securevoice_tx(key, sample_rate=RATE, **options)
        self._tap = status_tap(self._take)
        self.top.connect(source, self.tx, end)
        self.top.msg_connect(self.tx, "status", self._tap, "in")

    def _take(self, status):
        self._sent = self._sent or bool(status["sending"])
        self._on_status(status)

    def release(self):
        """Ends the call as letting go of the key does, from a signal handler too."""
        self._released = True

    def run(self):
        """Until the speech is over or release(). Returns whether the call left whole, with its end."""
        run = FlowgraphRun(self.top, self._end)
        told = None
        while not run.over(0.05):
            if self._released and told is None:
                self.tx.set_ptt(False)
                told = time.monotonic()
            nothing = told is not None and not self._sent and time.monotonic() - told > NOTHING_SECONDS
            if nothing or self._end.left(): # a microphone goes on for ever
                run.stop()
            elif self._sent and run.silent(): # the device takes no more
                self._end.release()
                run.stop()
        return self._end.whole()
