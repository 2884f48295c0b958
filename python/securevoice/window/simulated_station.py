#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""A station on a simulated channel: what it sends is heard by another one in the same window, or by a second window."""

import contextlib

from gnuradio import gr

from ..radio.plan import RATE
from ..radio.status_tap import status_tap
from ..securevoice_channel import securevoice_channel
from ..securevoice_rx import securevoice_rx
from ..securevoice_tx import securevoice_tx
from .air import air
from .armed import Armed
from .instruments import Instruments
from .mixer import mixer


class SimulatedStation:
    """
    settings: Settings; on_sent, on_heard: take the statuses of what was sent and heard, in the flowgraph's threads; link: Link or None;
    waterfall, constellation: blocks for IQ and for symbols, each may be None. Raises ValueError or RuntimeError with one sentence: then
    nothing can be sent.
    """

    def __init__(self, settings, on_sent, on_heard, link=None, waterfall=None, constellation=None):
        self.top = gr.top_block("station")
        self._link = link # as long as its ports are used
        self._armed = Armed()
        self._sending = "" # the kind that the call on the air goes on with
        self._taps = [status_tap(self._take_sent(on_sent)), status_tap(on_heard)]
        self.tx = securevoice_tx(settings.key, settings.codec, settings.profile, RATE, "secure", settings.allow_clear, False,
                                 settings.keyring, settings.state, settings.allow_fm, ptt_timeout=settings.ptt_timeout)
        self.instruments = Instruments(settings, True, waterfall)
        self.air = air()
        self.top.connect(self.instruments.microphone, self.tx, self.air)
        if link:
            self.top.connect(self.air, link.sink())
        self.top.msg_connect(self.tx, "status", self._taps[0], "in")

        # Without a link the other station hears.
        key = settings.key if link else settings.other_key
        self.rx = securevoice_rx([key] if key else [], RATE, secure_only=settings.secure_only, keyring=settings.keyring,
                                 state=settings.state if link else settings.other_state, profile=settings.told_profile)
        self.channel = securevoice_channel(RATE, settings.cn0, offset_hz=settings.offset)
        self.top.connect(link.source() if link else self.air, self.channel, self.rx)
        self.top.connect(self.channel, self.instruments.eye)
        if constellation:
            self.top.msg_connect(self.rx, "symbols", constellation, "in")
        self.top.connect(self.rx, self.instruments.ear)
        self._mixer = mixer()
        self.top.connect(self.rx, self._mixer, self.instruments.loudspeaker)
        self.top.connect((self.tx, 1), self.instruments.sidetone, (self._mixer, 1))
        self.top.msg_connect(self.rx, "status", self._taps[1], "in")

    def _take_sent(self, on_sent):
        def take(status):
            self._sending = status.get("wanted", "secure") if status.get("sending") else ""
            if status.get("error") and status.get("wanted") == "secure": # what was asked for as a call ended has ended with it
                self._armed.ask("secure")
            on_sent(status)
        return take

    def can_send(self):
        return True

    def set_ptt(self, pressed):
        if pressed:
            if self._armed.press() == "secure": # whatever waits in the transmitter, which counts whole seconds
                with contextlib.suppress(RuntimeError): # the keys were wiped: the transmitter says so when the call begins
                    self.tx.set_kind("secure")
        else:
            self._armed.release()
        self.tx.set_ptt(pressed)

    def set_kind(self, kind):
        """Raises ValueError if refused."""
        try:
            self.tx.set_kind(kind)
        except RuntimeError as e: # the keys were wiped
            self._armed.ask("secure") # the transmitter has taken back what waited
            raise ValueError(str(e)) from None
        self._armed.ask(kind)

    def armed(self):
        """The kind that the next press sends, or this one goes on with, whoever asked for it."""
        return self._sending or self._armed.kind

    def kind_holds(self):
        """Whether `clear` or `fm`, if it was asked for, still holds."""
        return self._armed.holds()

    def wipe_keys(self):
        self.tx.zeroize()
        self.rx.zeroize()

    def start(self):
        self.top.start()

    def stop(self):
        """Ends a call, stops, and closes the recordings."""
        self.top.stop()
        self.top.wait()
        self.instruments.finish()
