#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""A flowgraph that runs until it is over, is stopped, or its device is lost."""

import threading
import time

from .plan import DeviceError

SILENT_SECONDS = 3 # a device that gives nothing for so long is lost
PATIENCE_SECONDS = 5 # for a driver to let go


class FlowgraphRun:
    """
    Starts a top block. over(): whether it has ended by itself. stop(): ends it. end: the part with the device, which has release().
    """

    def __init__(self, top, end):
        self._top, self._end = top, end
        self._over = threading.Event()
        self._samples, self._since = -1, time.monotonic()
        top.start()
        threading.Thread(target=self._wait, daemon=True).start()

    def _wait(self):
        self._top.wait()
        self._over.set()

    def over(self, seconds=0.0):
        """Whether it has ended, waiting so long."""
        return self._over.wait(seconds)

    def silent(self, due=True):
        """Whether the device has given or taken no sample for too long. due: whether there are any for it."""
        now, samples = time.monotonic(), self._end.samples()
        if samples != self._samples or not due:
            self._samples, self._since = samples, now
        return now - self._since > SILENT_SECONDS

    def stop(self):
        """Ends it. Raises DeviceError if the driver does not let go."""
        self._top.stop()
        if not self.over(1):
            self._end.release()
        if not self.over(PATIENCE_SECONDS):
            raise DeviceError(f"the driver of {self._end.device.name} does not answer any more: unplug the device and start again")
