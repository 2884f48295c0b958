#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""A call over a simulated channel, in one block."""

import math

from gnuradio import blocks, gr

from .parameters import typed
from .securevoice_channel import securevoice_channel
from .securevoice_rx import securevoice_rx
from .securevoice_tx import securevoice_tx


class simulated_link(gr.hier_block2):
    """
    Transmitter, channel and receiver in one, to compare waveforms: the whole input is one call. The receiver is told the profile.

    Input: speech, float, 8000 samples/s. Output, which may be left open: what is heard of it. Message port `status` (out): the statuses of
    the transmitter and of the receiver.

    key: to send and receive with; codec, profile, sample_rate: as of securevoice_tx; cn0_dbhz, offset_hz, doppler_hz, rician_k_db, seed: as
    of securevoice_channel

    Raises ValueError if a parameter is wrong, RuntimeError if the key cannot be used.
    """

    @typed(key=str, seed=int)
    def __init__(self, key, codec="3200", profile="narrow", sample_rate=48000, cn0_dbhz=math.inf, offset_hz=0.0, doppler_hz=0.0,
                 rician_k_db=-math.inf, seed=1):
        gr.hier_block2.__init__(self, "simulated_link", gr.io_signature(1, 1, gr.sizeof_float), gr.io_signature(1, 1, gr.sizeof_float))
        tx = securevoice_tx(key, codec, profile, sample_rate)
        self._channel = securevoice_channel(sample_rate, cn0_dbhz, 1.0, offset_hz, 0.0, doppler_hz, rician_k_db, seed)
        rx = securevoice_rx([key], sample_rate, recorded=True, profile=profile)
        self.connect(self, tx, self._channel, rx, self)
        self.connect(rx, blocks.null_sink(gr.sizeof_float)) # where nobody listens, it runs all the same
        self.message_port_register_hier_out("status")
        for part in (tx, rx):
            self.msg_connect(part, "status", self, "status")

    def set_cn0(self, cn0_dbhz):
        """Signal power over noise density from now on, dB-Hz."""
        self._channel.set_cn0(cn0_dbhz)

    def set_offset(self, offset_hz):
        """Carrier offset from now on, Hz."""
        self._channel.set_offset(offset_hz)
