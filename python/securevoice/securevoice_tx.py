#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""The whole transmitter."""

from gnuradio import blocks, gr

from .parameters import typed
from .securevoice_python import modulator, seal, sidetone, voice_encoder


class securevoice_tx(gr.hier_block2):
    """
    Speech to IQ: Voice Encoder, Seal and Modulator; beside them a Sidetone.

    Input: speech, float, 8000 samples/s, -1 ... 1. Output 0: complex baseband, mean power 1 during a transmission, nothing between
    transmissions, with the tags tx_sob and tx_eob. Output 1, which may be left open: float, 8000 samples/s, for the sender's
    earphone: a tone while he sends in clear or FM, and before push-to-talk times out, else silence; nothing between transmissions.

    Message port `conf` (in): a dictionary or pair, `kind` = secure, clear or fm, `ptt` = True or False, or alone `zeroize` = True.
    Message port `status` (out): what was really sent.

    key: name of a key in the keyring, or path of a key file; empty: only clear can be sent
    codec: Codec2 rate, "3200" ... "700C"
    profile: waveform, "narrow", "robust" for fading, or "constant" for saturated amplifiers; for comparison "gmsk", "4fsk", "bpsk", "qpsk"
    sample_rate: of the IQ, samples/s, 12000 ... 20e6
    kind: how a transmission begins, "secure", "clear" or "fm", which is analog voice that any radio hears
    allow_clear: without it, clear is refused
    ptt: push-to-talk at the start; True: the whole input is one transmission, as far as ptt_timeout lets it go on
    keyring: folder of the keys; empty: $SECUREVOICE_KEYRING or ~/.config/gr-securevoice/keys
    state: folder of the replay memory, by which receivers of this station know its own transmissions; empty: $SECUREVOICE_STATE,
        $XDG_STATE_HOME/gr-securevoice or ~/.local/state/gr-securevoice
    allow_fm: without it, fm is refused; not with the profile "robust"
    deviation_hz: peak deviation of FM: 2500 for channels of 12.5 kHz, 5000 for 25 kHz
    emphasis: of FM, 750 us
    ctcss_hz: tone of FM, 67 ... 254.1 Hz; 0: none
    ptt_timeout: longest transmission, 1 ... 3600 s of speech, or "off", as for files: with 300 s, the rest of a longer one is not sent. It
    ends by
        itself then, warned about 10 s before by a tone on output 1, and push-to-talk must be released before it begins another

    Raises ValueError if a parameter is wrong, RuntimeError if the key cannot be used.
    """

    @typed(key=str, ptt_timeout=(float, str))
    def __init__(self, key, codec="3200", profile="narrow", sample_rate=48000, kind="secure", allow_clear=False,
                 ptt=True, keyring="", state="", allow_fm=False, deviation_hz=2500, emphasis=True, ctcss_hz=0, ptt_timeout=300):
        gr.hier_block2.__init__(self, "securevoice_tx", gr.io_signature(1, 1, gr.sizeof_float),
                                gr.io_signature.makev(2, 2, [gr.sizeof_gr_complex, gr.sizeof_float]))
        self._encoder = voice_encoder(codec, ptt, kind == "fm", str(ptt_timeout))
        self._seal = seal(key, codec, profile, kind, allow_clear, keyring, state, allow_fm)
        self.connect(self, self._encoder, self._seal, modulator(sample_rate, deviation_hz, emphasis, ctcss_hz), self)
        tone = sidetone()
        self.connect(self._seal, tone, (self, 1))
        self.connect(tone, blocks.null_sink(gr.sizeof_float)) # where nobody listens, it runs all the same

        self.message_port_register_hier_in("conf")
        self.message_port_register_hier_out("status")
        # Seal sends clear only what the encoder marks as spoken after the command: both get all of them.
        self.msg_connect(self, "conf", self._encoder, "conf")
        self.msg_connect(self, "conf", self._seal, "conf")
        self.msg_connect(self._seal, "status", self, "status")

    def set_kind(self, kind):
        """
        The next block is "secure", or the first one spoken wholly from now on is "clear" or "fm"; one block later where a secure one has to
        announce it. Raises ValueError if refused, RuntimeError for "secure" after zeroize(): what waited is taken back then, and a call in
        clear ends.
        """
        if kind == "secure": # whatever Seal answers, what the encoder marks is not for clear any more
            self._encoder.set_kind(kind)
            self._seal.set_kind(kind)
        else:
            self._seal.set_kind(kind)
            self._encoder.set_kind(kind)

    def set_ptt(self, pressed):
        """Presses or releases push-to-talk."""
        self._encoder.set_ptt(bool(pressed))

    def zeroize(self):
        """Wipes the keys now and ends the transmission. Later ones are refused, unless clear is allowed and asked for again."""
        self._seal.zeroize()
        self._encoder.zeroize()
