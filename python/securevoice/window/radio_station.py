#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""A station with radios, which do not hear while they send."""

import contextlib

from ..radio import open_receiver, open_transmitter
from ..radio.half_duplex import State
from ..radio.transceiver import Transceiver
from .armed import Armed
from .instruments import Instruments


class RadioStation:
    """
    settings, on_sent, on_heard, waterfall, constellation: as for SimulatedStation; on_radio(State, sentence or ""): what the radio does, in
    another thread; opening(): context in which a device is opened. One device or two: it listens, stops to send a call with its end, and
    listens again. A device that is not there, or is lost, is told by on_radio() and tried again every second.
    """

    def __init__(self, settings, on_sent, on_heard, on_radio, opening=contextlib.nullcontext, waterfall=None, constellation=None):
        self._settings, self._opening = settings, opening
        self._on_sent, self._on_radio = on_sent, on_radio
        sends = bool(settings.tx_device and settings.key)
        self.instruments = Instruments(settings, sends, waterfall)
        self._transceiver = Transceiver(
            self._open_receiver, self._open_transmitter if sends else None, self.instruments.microphone, self.instruments.loudspeaker, settings.key,
            [settings.key] if settings.key else [], self._take_state, on_heard, on_sent,
            transmit=dict(codec=settings.codec, profile=settings.profile, allow_clear=settings.allow_clear, allow_fm=settings.allow_fm,
                          keyring=settings.keyring, state=settings.state, ptt_timeout=settings.ptt_timeout),
            receive=dict(secure_only=settings.secure_only, keyring=settings.keyring, state=settings.state, profile=settings.told_profile),
            monitor=self.instruments.eye)
        self.tx, self.rx = self._transceiver.tx, self._transceiver.rx
        receiving, sending = map(self._transceiver.top, (False, True))
        receiving.connect(self.rx, self.instruments.ear)
        if constellation:
            receiving.msg_connect(self.rx, "symbols", constellation, "in")
        if self.tx:
            sending.connect((self.tx, 1), self.instruments.sidetone, self.instruments.loudspeaker)
        self._armed = Armed()
        self._wiped = self._lost = False
        self._refused = "" # why the newest call was

    def _open_receiver(self):
        s = self._settings
        with self._opening():
            return open_receiver(s.device, s.frequency, s.rate, s.gain, s.ppm)

    def _open_transmitter(self):
        s = self._settings
        with self._opening():
            return open_transmitter(s.tx_device, s.frequency, s.rate, s.tx_gain, s.ppm, once=True)

    def _take_state(self, state, reason):
        if self._lost and state is State.TO_RECEIVE: # one of many attempts
            return
        self._lost = state is State.LOST
        if state is State.TO_TRANSMIT:
            self._refused = ""
        elif state is State.TO_RECEIVE and reason:
            self._refused = reason
        elif state is State.RECEIVING:
            reason = self._refused # until the next call
        self._on_radio(state, reason)
        if self._wiped and state.at_rest:
            self._tell_wiped()

    def _tell_wiped(self):
        """As the transmitter does where it runs."""
        self._on_sent({"state": "zeroized", "sending": False, "error": self._refused})

    def can_send(self):
        return self.tx is not None

    def set_ptt(self, pressed):
        if pressed:
            self._transceiver.press(self._armed.press())
        else:
            self._transceiver.release()
            self._armed.release()

    def set_kind(self, kind):
        """Raises ValueError if refused."""
        if kind == "clear" and not self._settings.allow_clear:
            raise ValueError("clear voice is not allowed here: start with --allow-clear")
        if kind == "fm" and not self._settings.allow_fm:
            raise ValueError("FM is not allowed here: start with --allow-fm")
        self._armed.ask(kind)
        self._transceiver.change(kind)

    def armed(self):
        """The kind that the next press sends, or this one goes on with."""
        return self._armed.kind

    def kind_holds(self):
        """Whether `clear` or `fm`, if it was asked for, still holds."""
        return self._armed.holds()

    def wipe_keys(self):
        self._transceiver.release()
        if self.tx:
            self.tx.zeroize()
            self._wiped = True
        self.rx.zeroize()
        if self._wiped and self._transceiver.state is not None and self._transceiver.state.at_rest:
            self._tell_wiped()

    def start(self):
        self._transceiver.start()

    def stop(self):
        """Ends a call, stops, and closes the recordings."""
        self._transceiver.stop()
        self.instruments.finish()
