#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""
Encrypted digital voice for GNU Radio.

securevoice_tx and securevoice_rx are a whole transmitter and receiver, speech to IQ and back; their parts are voice_encoder, seal,
modulator and demodulator, open, voice_decoder. securevoice_channel is a simulated channel, shared_air one that several stations send on.
radio: devices. output_file and speech_recording are how this project writes files.
"""

from .parameters import check_bound as _check_bound
from .securevoice_python import *
from .securevoice_channel import securevoice_channel
from .securevoice_rx import key_names, securevoice_rx
from .securevoice_tx import securevoice_tx
from .demonstration_key import demonstration_key
from .half_duplex_station import half_duplex_station
from .loss_curve import loss_curve
from .shared_air import shared_air
from .simulated_link import simulated_link
from .status_line import status_line

for _block in (voice_encoder, seal, modulator, sidetone, demodulator, open, voice_decoder):
    _check_bound(_block)
del _block
