#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""What the next press of push-to-talk sends, without Qt."""

import time

ARMED_SECONDS = 10 # `clear` or `fm` that nobody uses lapses, as in the transmitter


class Armed:
    """A kind that was asked for: it holds for the call in which it was, or the next one, if that begins soon. kind: what a press sends now."""

    def __init__(self, clock=time.monotonic):
        self._clock = clock
        self._kind, self._asked, self._pressed = "secure", clock(), False

    def ask(self, kind):
        self._kind, self._asked = kind, self._clock()

    def press(self):
        """Returns the kind."""
        self._kind = self.kind
        self._pressed = True
        return self._kind

    def release(self):
        self._kind, self._pressed = "secure", False

    def holds(self):
        """Whether `clear` or `fm`, if it was asked for, still does."""
        return self._pressed or self._clock() - self._asked <= ARMED_SECONDS

    @property
    def kind(self):
        return self._kind if self.holds() else "secure"
