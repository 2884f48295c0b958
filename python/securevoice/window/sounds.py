#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""What a station speaks and where it is heard, with and without a sound card."""

import pathlib

from gnuradio import blocks, gr

from ..radio import sound
from ..radio.plan import DeviceError

SAMPLE = pathlib.Path("/usr/share/asterisk/sounds/en_US_f_Allison/demo-congrats.wav") # of the package asterisk-core-sounds-en-wav
NONE = "none"


class spoken_file(gr.hier_block2):
    """A WAV file again and again, at the pace of a microphone."""

    def __init__(self, path):
        gr.hier_block2.__init__(self, "spoken_file", gr.io_signature(0, 0, 0), gr.io_signature(1, 1, gr.sizeof_float))
        self.connect(sound.wav_speech(path, repeat=True, real_time=True), self)


class silence(gr.hier_block2):
    """A microphone that hears nothing."""

    def __init__(self):
        gr.hier_block2.__init__(self, "silence", gr.io_signature(0, 0, 0), gr.io_signature(1, 1, gr.sizeof_float))
        self.connect(blocks.null_source(gr.sizeof_float), sound.pace(), self)


def open_microphone(settings):
    """Block that gives speech, and a remark or "". Raises DeviceError where a file or device that was named fails."""
    if settings.speech:
        return spoken_file(settings.speech), ""
    if settings.audio != NONE:
        try:
            return sound.microphone(settings.audio), ""
        except DeviceError:
            if settings.audio or not settings.simulate:
                raise
    if settings.simulate and SAMPLE.exists():
        return spoken_file(str(SAMPLE)), "no microphone: a recorded voice speaks"
    return silence(), "no microphone: silence is sent (--in FILE.wav speaks)"


def open_loudspeaker(settings):
    """Block that takes speech, and a remark or "". Raises DeviceError where a file or device that was named fails."""
    if settings.output:
        return sound.wav_writer(settings.output), ""
    if settings.audio != NONE:
        try:
            return sound.loudspeaker(settings.audio), ""
        except DeviceError:
            if settings.audio or not settings.simulate:
                raise
    return blocks.null_sink(gr.sizeof_float), "no loudspeaker: Record or --out FILE.wav keeps what is heard"
