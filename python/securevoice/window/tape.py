#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""Recording while the flowgraph runs."""

import threading

import numpy
from gnuradio import gr

from .. import output_file, speech_recording


class tape(gr.sync_block):
    """
    Writes its input while it records: float, speech, to a WAV file; or complex, IQ, to 32-bit floats (cf32). not_over: files that are
    inputs. trouble: why it stopped by itself, or what befell a file that is finished, or "".
    """

    def __init__(self, dtype, not_over=()):
        gr.sync_block.__init__(self, "tape", [dtype], None)
        self._is_speech = dtype == numpy.float32
        self._not_over = list(filter(None, not_over))
        self._file = None
        self._lock = threading.Lock()
        self._written = False
        self.trouble = ""

    def record(self, path):
        """Raises ValueError or RuntimeError with a sentence. The file is made when there is something to write."""
        file = (speech_recording if self._is_speech else output_file)(path, self._not_over)
        with self._lock:
            self._file, self._written, self.trouble = file, False, ""

    def finish(self):
        with self._lock:
            file, self._file = self._file, None
        if not file:
            return
        try:
            if self._is_speech:
                file.close()
            elif self._written:
                file.publish() # it may have been removed since
            self.trouble = file.problem()
        except (RuntimeError, ValueError) as e:
            self.trouble = f"the recording is not whole: {e}"

    def recording(self):
        return self._file is not None

    def work(self, input_items, _output_items):
        given = input_items[0]
        with self._lock:
            if self._file:
                self._write(given)
        return len(given)

    def _write(self, given):
        """A full disk ends the recording, and not the call; so does a key file that stands there by now."""
        self._written = True
        try:
            if self._is_speech:
                self._file.write(given)
            else:
                self._file.write(given.tobytes())
                self._file.publish()
        except (RuntimeError, ValueError) as e:
            self._file, self.trouble = None, f"the recording has ended: {e}"
