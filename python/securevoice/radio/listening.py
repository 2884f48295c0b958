#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""A receiver that goes on: from a device to the loudspeaker or a file, again and again while the device comes back."""

import gc
import time

from gnuradio import blocks, gr

from ..securevoice_rx import securevoice_rx
from .flowgraph_run import FlowgraphRun
from .plan import RATE, DeviceError
from .status_tap import status_tap

RETRY_SECONDS = 1.0
LAST_SECONDS = 3.0 # for what was received before stop() to be decoded and written


class Listening:
    """
    open_device(): makes the receiving end (open_receiver); output: block that takes the speech; on_status(dictionary): what is heard;
    on_device(text): "" or what is wrong with the device; trouble(): "", or why the output takes no more: then all ends. Other arguments are
    those of securevoice_rx.
    """

    def __init__(self, open_device, output, keys, on_status, on_device=lambda text: None, trouble=lambda: "", **options):
        self._open_device = open_device
        self._on_device = on_device
        self._trouble = trouble
        self._stop = False
        self.losses = 0 # of the device
        self.top = gr.top_block("listen")
        self.rx = securevoice_rx(keys, RATE, **options)
        self._tap = status_tap(on_status)
        self._output = output # Python blocks do not live by a connection alone
        self.top.connect(self.rx, output)
        self.top.msg_connect(self.rx, "status", self._tap, "in")

    def stop(self):
        """Ends run(), from a signal handler too. What was received until now is still heard."""
        self._stop = True

    def run(self):
        """Until stop(), the end of a file, or trouble of the output. Raises DeviceError if the device cannot be opened at first."""
        end = self._open_device()
        while end is not None:
            again = self._listen(end)
            end = None
            gc.collect() # a device is closed by its destructor, before it is opened again
            if again:
                end = self._reopen()

    def _listen(self, end):
        """Returns whether the device was lost."""
        gate = blocks.head(gr.sizeof_gr_complex, 2**62) # samples of 48 kHz: never, but for its end
        self.top.connect(end, gate, self.rx)
        run = FlowgraphRun(self.top, end)
        is_file = end.device.family == "file"
        while not self._stop and not self._trouble() and not run.over(0.1) and (is_file or not run.silent()):
            pass
        lost = not self._stop and not is_file and not self._trouble()
        if lost:
            self.losses += 1
            self._on_device("device lost")
            end.release()
        else:
            gate.set_length(0) # the stream ends here, and everything behind it in its order
            run.over(LAST_SECONDS)
        if not run.over():
            run.stop()
        self.top.disconnect(end, gate, self.rx)
        return lost

    def _reopen(self):
        while not self._stop:
            try:
                end = self._open_device()
                self._on_device("")
                return end
            except DeviceError as e:
                self._on_device(f"device lost: {e}")
            limit = time.monotonic() + RETRY_SECONDS
            while not self._stop and time.monotonic() < limit:
                time.sleep(0.05)
        return None
