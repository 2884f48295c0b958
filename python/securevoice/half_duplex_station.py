#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""A station with one device that can do only one of both at a time, as a block for Companion."""

import pmt
from gnuradio import gr

from .parameters import Texts, typed
from .radio.half_duplex import checked
from .radio.receiver import open_receiver
from .radio.sound import speech_input, speech_output
from .radio.transceiver import Transceiver
from .radio.transmitter import open_transmitter


class half_duplex_station(gr.basic_block):
    """
    Talks and listens through one device, such as a HackRF: push-to-talk stops receiving and starts transmitting; released, the call's end
    leaves the device before it receives again.

    Message ports (out): `heard` and `sent`, the statuses of the receiver and of the transmitter; `state`: what the station does, a symbol.

    device: to receive with; tx_device: to transmit with, empty for the same (radio.open_receiver says how devices are named)
    frequency: of the calls, Hz; sample_rate: of the device, 0 for a usual one; ppm: how much too fast its clock is
    rx_gain, tx_gain: dB in all, or the device's stages; empty: automatic, or a usual one; 0 dB
    key: to talk with; keys: to listen with, with commas between them
    microphone, loudspeaker: sound device, empty for the usual one, or PATH.wav; a WAV file is said again and again
    codec: Codec2 rate; kind: how a call begins, "secure", "clear" or "fm"; allow_clear, allow_fm: without it, that kind is refused when a
    call begins or changes deviation_hz, emphasis, ctcss_hz: of FM, as of securevoice_tx and securevoice_rx; ptt_timeout: longest call, s,
    or "off", as of securevoice_tx

    Raises DeviceError, ValueError or RuntimeError with one sentence.
    """

    @typed(device=str, frequency=float, key=str, keys=(str, Texts), ptt_timeout=(float, str))
    def __init__(self, device, frequency, key, keys, tx_device="", sample_rate=0, rx_gain="", tx_gain="", ppm=0.0, microphone="", loudspeaker="",
                 codec="3200", kind="secure", allow_clear=False, allow_fm=False, deviation_hz=2500, emphasis=True, ctcss_hz=0,
                 ptt_timeout=300):
        gr.basic_block.__init__(self, "half_duplex_station", None, None)
        for port in ("heard", "sent", "state"):
            self.message_port_register_out(pmt.intern(port))
        self._transceiver = None
        self.set_kind(kind)
        fm = dict(deviation_hz=deviation_hz, emphasis=emphasis, ctcss_hz=ctcss_hz)
        rate = sample_rate or None
        self._transceiver = Transceiver(
            lambda: open_receiver(device, frequency, rate, rx_gain or None, ppm),
            lambda: open_transmitter(tx_device or device, frequency, rate, tx_gain or None, ppm, once=True),
            speech_input(microphone, True), speech_output(loudspeaker), key, keys, self._changed,
            lambda status: self._say("heard", status), lambda status: self._say("sent", status),
            transmit=dict(codec=codec, allow_clear=allow_clear, allow_fm=allow_fm, ptt_timeout=ptt_timeout, **fm), receive=fm)

    def _say(self, port, what):
        self.message_port_pub(pmt.intern(port), pmt.to_pmt(what))

    def _changed(self, state, reason):
        self._say("state", f"{state.value}: {reason}" if reason else state.value)

    def start(self):
        self._transceiver.start()
        return True

    def stop(self):
        self._transceiver.stop()
        return True

    def set_ptt(self, pressed):
        """Presses or releases push-to-talk."""
        if pressed:
            self._transceiver.press(self._kind)
        else:
            self._transceiver.release()

    def set_kind(self, kind):
        """How calls begin, "secure", "clear" or "fm"; a call that is being sent goes on so."""
        self._kind = checked(kind)
        if self._transceiver:
            self._transceiver.change(kind)
