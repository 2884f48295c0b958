#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""What stands around a station's transmitter and receiver: microphone, loudspeaker, waterfall, meters and recorders."""

import math
import time

import numpy
from gnuradio import blocks, gr

from . import sounds
from .tape import tape

SMOOTHING = 480 # samples of the level meters: 60 ms
QUIET_SECONDS = 0.5 # without samples: nothing is heard between calls


class meter(gr.sync_block):
    """Takes speech. level(): its RMS, 0 ... 1; 0 where none comes. (Blocks of C++ cannot be asked while their flowgraph is started anew.)"""

    def __init__(self):
        gr.sync_block.__init__(self, "meter", [numpy.float32], None)
        self._power, self._since = 0.0, 0.0

    def work(self, input_items, _output_items):
        given = input_items[0]
        self._power += (float(numpy.mean(given * given)) - self._power) * (1 - math.exp(-len(given) / SMOOTHING))
        self._since = time.monotonic()
        return len(given)

    def level(self):
        return math.sqrt(self._power) if time.monotonic() - self._since < QUIET_SECONDS else 0.0


class ear(gr.hier_block2):
    """Takes the speech that is heard: tape and meter."""

    def __init__(self, not_over):
        gr.hier_block2.__init__(self, "ear", gr.io_signature(1, 1, gr.sizeof_float), gr.io_signature(0, 0, 0))
        self.tape, self.meter = tape(numpy.float32, not_over), meter()
        self.connect(self, self.tape)
        self.connect(self, self.meter)


class eye(gr.hier_block2):
    """Takes the IQ that is received: tape and waterfall, which may be None."""

    def __init__(self, waterfall, not_over):
        gr.hier_block2.__init__(self, "eye", gr.io_signature(1, 1, gr.sizeof_gr_complex), gr.io_signature(0, 0, 0))
        self.tape = tape(numpy.complex64, not_over)
        self.connect(self, self.tape)
        if waterfall:
            self.connect(self, waterfall)


class microphone(gr.hier_block2):
    """Gives the speech that is to be sent, with a meter. remark: what the user should know, or ""."""

    def __init__(self, settings):
        gr.hier_block2.__init__(self, "microphone", gr.io_signature(0, 0, 0), gr.io_signature(1, 1, gr.sizeof_float))
        source, self.remark = sounds.open_microphone(settings)
        self.meter = meter()
        self.connect(source, self)
        self.connect(source, self.meter)


class Instruments:
    """
    Of one station; sends: whether it has a microphone. sidetone: block between the sender's warning tone and the loudspeaker. Raises
    DeviceError where a sound device or file that was named fails.
    """

    def __init__(self, settings, sends, waterfall=None):
        self.loudspeaker, remark = sounds.open_loudspeaker(settings)
        in_use = settings.speech, settings.output
        self.ear, self.eye = ear(in_use), eye(waterfall, in_use)
        self.microphone = microphone(settings) if sends else None
        self.sidetone = blocks.multiply_const_ff(float(settings.sidetone))
        self.remarks = [text for text in (remark, sends and self.microphone.remark) if text]
        self._is_file = bool(settings.output)

    def level(self, name):
        """RMS of "microphone" or "loudspeaker", 0 ... 1."""
        part = {"microphone": self.microphone, "loudspeaker": self.ear}[name]
        return part.meter.level() if part else 0.0

    def set_sidetone(self, heard):
        self.sidetone.set_k(float(heard))

    def finish(self):
        """Closes the recordings."""
        for recorder in (self.ear.tape, self.eye.tape):
            recorder.finish()
        if self._is_file:
            self.loudspeaker.close()
