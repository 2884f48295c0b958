#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""The whole receiver."""

from gnuradio import gr

from .parameters import Texts, typed
from .securevoice_python import demodulator, open, voice_decoder


def key_names(keys):
    """Names of keys as a list: from a list, or from a string with commas between them."""
    if isinstance(keys, str):
        keys = keys.split(",")
    return [name.strip() for name in keys if name.strip()]


class securevoice_rx(gr.hier_block2):
    """
    IQ to speech: Demodulator, Open and Voice Decoder.

    Input: complex baseband, any level. Output: speech, float, 8000 samples/s, -1 ... 1, while a call is heard; nothing
    otherwise. Secure and clear are told apart block by block, and FM is followed. Message port `status` (out): what was really heard.
    Message port `symbols` (out): PDUs of equalised symbols, for a constellation display. Message port `conf` (in): the pair ("zeroize" .
    True) wipes the keys now.

    keys: names of keys in the keyring or paths of key files, as a list or separated by commas; empty: only clear calls are heard
    sample_rate: of the IQ, samples/s, 12000 ... 20e6
    max_offset_hz: carrier offsets searched are within +- this, Hz
    secure_only: clear blocks are refused, and FM is silent
    keyring: folder of the keys; empty: $SECUREVOICE_KEYRING or ~/.config/gr-securevoice/keys
    clear_tones: two pips over clear voice and FM, at its start and every 3 s; off only for measurements
    recorded: the signal is a recording, or a loop back to this station itself: calls of any time are heard. A live receiver
        refuses replays, reflections of this station's own transmissions and calls of another time
    state: folder of the replay memory; empty: $SECUREVOICE_STATE, $XDG_STATE_HOME/gr-securevoice or ~/.local/state/gr-securevoice
    profile: what is listened for: empty for "narrow", "robust" and "constant", whichever a call has; or one of them; or "gmsk", "4fsk",
    "bpsk"
        or "qpsk", which are heard only where they are named
    follow_fm: False: digital voice only
    unannounced_fm: FM is heard, too, that comes over a secure call or within 60 s after one, and that the call did not announce
    deviation_hz: peak deviation of FM: 2500 for channels of 12.5 kHz, 5000 for 25 kHz
    emphasis: of FM, 750 us
    ctcss_hz: FM is heard only with this tone, 67 ... 254.1 Hz; 0: with any or none

    Raises ValueError if a parameter is wrong, RuntimeError if a key cannot be used.
    """

    @typed(keys=(str, Texts))
    def __init__(self, keys, sample_rate=48000, max_offset_hz=6000, secure_only=False, keyring="", clear_tones=True,
                 recorded=False, state="", profile="", follow_fm=True, unannounced_fm=False, deviation_hz=2500, emphasis=True,
                 ctcss_hz=0):
        gr.hier_block2.__init__(self, "securevoice_rx", gr.io_signature(1, 1, gr.sizeof_gr_complex),
                                gr.io_signature(1, 1, gr.sizeof_float))
        demodulate = demodulator(sample_rate, max_offset_hz, profile, follow_fm, deviation_hz, emphasis, ctcss_hz)
        self._open = open(key_names(keys), secure_only, keyring, recorded, state, unannounced_fm)
        self.connect(self, demodulate, self._open, voice_decoder(clear_tones), self)

        self.message_port_register_hier_out("status")
        self.message_port_register_hier_out("symbols")
        self.message_port_register_hier_in("conf")
        self.msg_connect(self, "conf", self._open, "conf")
        self.msg_connect(self._open, "status", self, "status")
        self.msg_connect(demodulate, "symbols", self, "symbols")

    def zeroize(self):
        """Wipes the keys now: nothing secure is heard from here on."""
        self._open.zeroize()
