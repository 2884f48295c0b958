#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""A line that says what is heard or sent, for a display."""

import types

import pmt
from gnuradio import gr

from .lamps import HeardLamps
from .parameters import typed
from .radio.live_line import heard_text, sent_text

NO_DRIVER = types.SimpleNamespace(overflows=0, underflows=0)


class status_line(gr.basic_block):
    """
    Message port `status` (in): statuses of a securevoice_tx, securevoice_rx, seal or open. Message port `line` (out): each of them as one
    line of text, a symbol, as a QT GUI Message Edit Box takes it.

    name: whose they are, in front of each line; empty: nothing
    """

    @typed()
    def __init__(self, name=""):
        gr.basic_block.__init__(self, "status_line", None, None)
        self._begin = f"{name}: " if name else ""
        self.message_port_register_in(pmt.intern("status"))
        self.message_port_register_out(pmt.intern("line"))
        self.set_msg_handler(pmt.intern("status"), self._say)
        self._lamps = HeardLamps()

    def _say(self, message):
        status = pmt.to_python(message)
        text = sent_text(status, NO_DRIVER) if "wanted" in status else heard_text(status, NO_DRIVER, lamps=self._lamps)
        self.message_port_pub(pmt.intern("line"), pmt.intern(self._begin + str(text)))
