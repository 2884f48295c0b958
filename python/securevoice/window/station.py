#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""The flowgraph behind the window: one station, on a simulated channel or on radios."""

import numpy
from gnuradio import blocks, gr

from ..radio import open_receiver, open_transmitter
from ..radio.plan import RATE
from ..radio.status_tap import status_tap
from ..securevoice_channel import securevoice_channel
from ..securevoice_rx import securevoice_rx
from ..securevoice_tx import securevoice_tx
from . import sounds
from .air import air
from .tape import tape

SMOOTHING = 0.002 # of the level meters: 60 ms


class Station:
    """
    settings: Settings; on_sent, on_heard: take the statuses of what was sent and heard, in the flowgraph's threads; link: Link or None; screens: blocks for
    IQ (waterfall), or for symbols (constellation), each may be None. Raises ValueError or RuntimeError with one sentence: then nothing can be sent.
    """

    def __init__(self, settings, on_sent, on_heard, link=None, waterfall=None, constellation=None):
        self.settings = settings
        self.top = gr.top_block("station")
        self.remarks = []
        self.tx = self.air = self.channel = self.radio = None
        self._levels = {}
        self._taps = [status_tap(on_sent), status_tap(on_heard)]
        self._waterfall, self._constellation = waterfall, constellation
        self.speech_tape, self.iq_tape = tape(numpy.float32), tape(numpy.complex64)
        if settings.simulate or (settings.tx_device and settings.key):
            self._make_sender(link)
        self._make_receiver(link)

    def _make_sender(self, link):
        settings = self.settings
        self.tx = securevoice_tx(settings.key, settings.codec, settings.profile, RATE, "secure", settings.allow_clear, False,
                                 settings.keyring, settings.state)
        speech = self._remember(sounds.open_microphone(settings))
        self.top.connect(speech, self.tx)
        self._measure("microphone", speech)
        if settings.simulate:
            self.air = air()
            self.top.connect(self.tx, self.air)
            if link:
                self.top.connect(self.air, link.sink())
        else:
            self.radio = open_transmitter(settings.tx_device, settings.frequency, settings.rate, settings.tx_gain, settings.ppm)
            self.top.connect(self.tx, self.radio)
        self.top.msg_connect(self.tx, "status", self._taps[0], "in")

    def _make_receiver(self, link):
        settings = self.settings
        own = settings.simulate and not link # the other station hears us
        key = settings.other_key if own else settings.key
        self.rx = securevoice_rx([key] if key else [], RATE, secure_only=settings.secure_only, keyring=settings.keyring,
                                 state=settings.other_state if own else settings.state)
        if settings.simulate:
            self.channel = securevoice_channel(RATE, settings.cn0, offset_hz=settings.offset)
            iq = self.channel
            self.top.connect(link.source() if link else self.air, iq)
        else:
            iq = open_receiver(settings.device, settings.frequency, settings.rate, settings.gain, settings.ppm)
            self._device = iq
        self.top.connect(iq, self.rx)
        self.top.connect(iq, self.iq_tape)
        if self._waterfall:
            self.top.connect(iq, self._waterfall)
        if self._constellation:
            self.top.msg_connect(self.rx, "symbols", self._constellation, "in")
        loudspeaker = self._remember(sounds.open_loudspeaker(settings))
        self._loudspeaker = loudspeaker
        self.top.connect(self.rx, loudspeaker)
        self.top.connect(self.rx, self.speech_tape)
        self._measure("loudspeaker", self.rx)
        self.top.msg_connect(self.rx, "status", self._taps[1], "in")

    def _remember(self, opened):
        block, remark = opened
        if remark:
            self.remarks.append(remark)
        return block

    def _measure(self, name, block):
        probe = blocks.probe_signal_f()
        self.top.connect(block, blocks.rms_ff(SMOOTHING), probe)
        self._levels[name] = probe

    def level(self, name):
        """RMS of "microphone" or "loudspeaker", 0 ... 1."""
        return self._levels[name].level() if name in self._levels else 0.0

    def can_send(self):
        return self.tx is not None

    def set_ptt(self, pressed):
        self.tx.set_ptt(pressed)

    def set_kind(self, kind):
        """Raises ValueError if refused."""
        self.tx.set_kind(kind)

    def wipe_keys(self):
        if self.tx:
            self.tx.zeroize()
        self.rx.zeroize()

    def start(self):
        self.top.start()

    def stop(self):
        """Ends a call, stops, and closes the recordings."""
        self.top.stop()
        self.top.wait()
        for recorder in (self.speech_tape, self.iq_tape):
            recorder.finish()
        if self.settings.output:
            self._loudspeaker.close()
