#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""Status messages of the blocks, as dictionaries."""

import pmt
from gnuradio import gr


class status_tap(gr.basic_block):
    """Message port `in`: calls take(dictionary) for each status, in the flowgraph's thread."""

    def __init__(self, take):
        gr.basic_block.__init__(self, "status_tap", None, None)
        self._take = take
        self.message_port_register_in(pmt.intern("in"))
        self.set_msg_handler(pmt.intern("in"), self._obey)

    def _obey(self, message):
        self._take(pmt.to_python(message))
