#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""Lines that say what goes on: on the terminal, and for displays."""

import os
import sys

from ..lamps import heard_lamp, line, sent_lamp, sentences

USUAL_WIDTH = 80 # of a terminal that does not say how wide it is


class Line(str):
    """
    A whole line. state: what the lamp says; steady: the same without what grows by itself; sentences: beside it, whole ones; brief: the
    line without those.
    """

    def __new__(cls, lamp, said, figures, device=""):
        what, _, why = device.partition(": ")
        state = what.upper() if device else line(lamp)
        said = [why] * bool(why) + said
        made = super().__new__(cls, "  ".join([state, *said, *figures]))
        made.state, made.sentences, made.brief = state, said, "  ".join([state, *figures])
        made.steady = state if device else (lamp.word, lamp.details, bool(lamp.age))
        return made


def heard_text(status, messages, device="", lamps=None):
    """
    The Line of a receiver. status: of securevoice_rx; messages: DriverMessages; device: what is wrong with it; lamps: HeardLamps of the
    statuses before, if there were any.
    """
    lamp = lamps.take(status) if lamps else heard_lamp(status)
    figures = []
    if status.get("cn0"):
        figures.append(f"C/N0 {status['cn0']:.1f} dB-Hz")
        figures.append(f"offset {status['offset_hz']:+.0f} Hz")
    figures += [f"{name} {status.get(name, 0)}" for name in ("heard", "lost", "refused")]
    if status.get("fm_heard") or status.get("fm_refused"):
        figures.append(f"fm {0.08 * status.get('fm_heard', 0):.1f} s heard, {0.08 * status.get('fm_refused', 0):.1f} s muted")
    if status.get("replayed"):
        figures.append(f"replayed {status['replayed']}")
    if messages.overflows:
        figures.append(f"overflows {messages.overflows}")
    return Line(lamp, sentences(lamp, status), figures, device)


def sent_text(status, messages, device=""):
    """The Line of a transmitter. status: of securevoice_tx."""
    lamp = sent_lamp(status)
    figures = [f"secure {status.get('secure_blocks', 0)}", f"clear {status.get('clear_blocks', 0)}"]
    if status.get("fm_blocks"):
        figures.append(f"fm {status['fm_blocks']}")
    if messages.underflows:
        figures.append(f"underflows {messages.underflows}")
    return Line(lamp, sentences(lamp, status), figures, device)


class LiveLine:
    """
    Rewrites one line of a terminal; where standard error is none, writes a line when the state changes. New sentences are lines of their
    own, which stay.
    """

    def __init__(self, stream=None):
        self._stream = stream or sys.stderr
        self._terminal = self._stream.isatty()
        self._state = None
        self._said = []

    def show(self, shown):
        """A Line."""
        fresh = [sentence for sentence in shown.sentences if sentence not in self._said]
        if self._terminal:
            self._stream.write("\r\033[K" + "".join(sentence + "\n" for sentence in fresh) + shown.brief[:self._width()])
        elif shown.steady != self._state or fresh:
            self._stream.write("".join(text + "\n" for text in (shown.brief, *fresh)))
        self._state, self._said = shown.steady, shown.sentences
        self._stream.flush()

    def _width(self):
        """A line that is longer than the terminal could not be rewritten."""
        return (os.get_terminal_size(self._stream.fileno()).columns or USUAL_WIDTH) - 1

    def end(self):
        if self._terminal and self._state is not None:
            self._stream.write("\n")
