#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""Recording while the flowgraph runs."""

import threading
import wave

import numpy
from gnuradio import gr

from ..radio.sound import SPEECH_RATE, to_pcm


class tape(gr.sync_block):
    """Writes its input while it records: float, speech, to a WAV file; or complex, IQ, to 32-bit floats (cf32)."""

    def __init__(self, dtype):
        gr.sync_block.__init__(self, "tape", [dtype], None)
        self._is_speech = dtype == numpy.float32
        self._file = None
        self._lock = threading.Lock()

    def record(self, path):
        """Raises OSError."""
        file = open(path, "wb")
        if self._is_speech:
            file = wave.open(file, "wb")
            file.setparams((1, 2, SPEECH_RATE, 0, "NONE", ""))
        with self._lock:
            self._file = file

    def finish(self):
        with self._lock:
            file, self._file = self._file, None
        if file:
            file.close()

    def recording(self):
        return self._file is not None

    def work(self, input_items, _output_items):
        given = input_items[0]
        with self._lock:
            if self._file and self._is_speech:
                self._file.writeframesraw(to_pcm(given))
            elif self._file:
                self._file.write(given.tobytes())
        return len(given)
