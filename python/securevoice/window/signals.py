#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""Ctrl-C, SIGTERM and the end of the terminal in a program whose main thread waits in Qt."""

import signal
import socket

from PyQt5.QtCore import QObject, QSocketNotifier

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Signals(QObject):
    """
    The first one wakes the event loop, which calls stop(): never in the middle of something else, and not before the loop runs. The second
    one ends the program at once. What was ignored from the start (nohup) stays ignored.
    """

    def __init__(self, stop, parent=None):
        super().__init__(parent)
        self._stop = stop
        self._reading, self._writing = socket.socketpair()
        for end in (self._reading, self._writing):
            end.setblocking(False)
        self._notifier = QSocketNotifier(self._reading.fileno(), QSocketNotifier.Read, self)
        self._notifier.activated.connect(self._take)
        signal.set_wakeup_fd(self._writing.fileno(), warn_on_full_buffer=False)
        self._heeded = [which for which in ENDING if which == signal.SIGINT or signal.getsignal(which) != signal.SIG_IGN]
        for which in self._heeded:
            signal.signal(which, self._next_one_ends)

    def _next_one_ends(self, *_):
        for which in self._heeded:
            signal.signal(which, signal.SIG_DFL)

    def _take(self, _descriptor):
        self._notifier.setEnabled(False)
        self._stop()
