#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""
What drivers write to standard error. It is the only way in which they tell overflows ("O") and underflows ("U"), and it would
tear a live line apart.
"""

import contextlib
import os
import re
import sys
import threading

SIGNS = re.compile(r"[OUD]+")
AUDIO = re.compile(r"(?:a[OU])+") # of the sound card: it has no calls to play, and that is no fault

MARK = b"\0"


class DriverMessages:
    """
    Takes over standard error of the process, between start() and stop(). Counts overflows and underflows; what else is written while a
    device is opened is dropped; everything else goes on to the terminal.
    """

    def __init__(self):
        self.overflows = 0
        self.underflows = 0
        self.terminal = sys.stderr # for messages of the program itself
        self._opening = False
        self._marked = threading.Event()
        self._thread = None
        self._saved = None

    def start(self):
        sys.stderr.flush()
        self._saved = os.dup(2)
        self.terminal = os.fdopen(os.dup(self._saved), "w", buffering=1, errors="backslashreplace")
        sys.stderr = self.terminal
        reading, writing = os.pipe()
        os.dup2(writing, 2)
        os.close(writing)
        self._thread = threading.Thread(target=self._read, args=(reading,), daemon=True)
        self._thread.start()
        return self

    def stop(self):
        os.dup2(self._saved, 2) # the last writer of the pipe: its reader ends
        os.close(self._saved)
        self._thread.join(1)
        sys.stderr = sys.__stderr__

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def opening(self, yes):
        """While a device is opened, drivers introduce themselves; what goes wrong, they throw."""
        if self._thread:
            self._marked.clear() # what was written before now is read first
            os.write(2, MARK)
            self._marked.wait(1)
        self._opening = yes

    @contextlib.contextmanager
    def while_opening(self):
        self.opening(True)
        try:
            yield
        finally:
            self.opening(False)

    def take(self, text):
        """Text as it was written. Returns what is for the terminal."""
        shown = []
        for line in text.splitlines(keepends=True):
            words = line.strip()
            if AUDIO.fullmatch(words):
                continue
            if SIGNS.fullmatch(words):
                self.overflows += words.count("O") + words.count("D")
                self.underflows += words.count("U")
            elif words and not self._opening:
                shown.append(line)
        return "".join(shown)

    def _read(self, reading):
        with os.fdopen(reading, "rb", buffering=0) as pipe:
            while True:
                data = pipe.read(65536)
                if not data:
                    return
                with contextlib.suppress(OSError, ValueError): # the terminal is gone; drivers go on, and must not wait for a reader
                    self.terminal.write(self.take(data.replace(MARK, b"").decode(errors="replace")))
                    self.terminal.flush()
                if MARK in data:
                    self._marked.set()
