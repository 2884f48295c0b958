#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""One line on the terminal that says what goes on."""

import sys

WIDTH = 110


def heard_text(status, messages, device=""):
    """The line of a receiver. status: of securevoice_rx; messages: DriverMessages; device: what is wrong with it."""
    text = str(status.get("text", "idle"))
    kind = status.get("kind", "none")
    parts = [(device or text).upper() if device or kind != "secure" else "SECURE" + text[len("secure"):]]
    if status.get("cn0"):
        parts.append(f"C/N0 {status['cn0']:.1f} dB-Hz")
        parts.append(f"offset {status['offset_hz']:+.0f} Hz")
    parts += [f"{name} {status.get(name, 0)}" for name in ("heard", "lost", "refused")]
    if status.get("fm_heard") or status.get("fm_refused"):
        parts.append(f"fm {0.08 * status.get('fm_heard', 0):.1f} s heard, {0.08 * status.get('fm_refused', 0):.1f} s muted")
    if status.get("replayed"):
        parts.append(f"replayed {status['replayed']}")
    if status.get("interference"):
        parts.append("INTERFERENCE OR ATTACK")
    if messages.overflows:
        parts.append(f"overflows {messages.overflows}")
    return "  ".join(parts)


def sent_text(status, messages, device=""):
    """The line of a transmitter. status: of securevoice_tx."""
    kind = status.get("kind", "none")
    what = {"secure": f"SENDING SECURE, {status.get('key_name', '')}", "clear": "SENDING CLEAR", "fm": "SENDING FM"}.get(kind, status.get("state", "idle").upper())
    parts = [device.upper() or what, f"secure {status.get('secure_blocks', 0)}", f"clear {status.get('clear_blocks', 0)}"]
    if status.get("fm_blocks"):
        parts.append(f"fm {status['fm_blocks']}")
    if status.get("error"):
        parts.append(str(status["error"]))
    if messages.underflows:
        parts.append(f"underflows {messages.underflows}")
    return "  ".join(parts)


class LiveLine:
    """Rewrites one line of a terminal; where standard error is none, writes a line when its first part (the state) changes."""

    def __init__(self, stream=None):
        self._stream = stream or sys.stderr
        self._terminal = self._stream.isatty()
        self._state = None

    def show(self, text):
        state = text.split("  ", 1)[0]
        if self._terminal:
            self._stream.write("\r\033[K" + text[:WIDTH])
        elif state != self._state:
            self._stream.write(text + "\n")
        self._state = state
        self._stream.flush()

    def end(self):
        if self._terminal and self._state is not None:
            self._stream.write("\n")
