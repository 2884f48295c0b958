#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""Speech from and to sound cards and WAV files."""

import fractions
import wave

import numpy
from gnuradio import audio, blocks, filter, gr

from .plan import DeviceError

SPEECH_RATE = 8000


def to_pcm(speech):
    """Octets of a WAV file of 16 bits."""
    return numpy.clip(numpy.rint(speech * 32768), -32768, 32767).astype("<i2").tobytes()


class wav_writer(gr.sync_block):
    """Speech to a WAV file that is whole after close(), however often the flowgraph was started."""

    def __init__(self, path):
        gr.sync_block.__init__(self, "wav_writer", [numpy.float32], None)
        try:
            self._file = wave.open(open(path, "wb"), "wb")
        except OSError as e:
            raise DeviceError(f"cannot write {path}: {e.strerror}") from None
        self._file.setparams((1, 2, SPEECH_RATE, 0, "NONE", ""))
        self.samples = 0

    def work(self, input_items, _output_items):
        speech = input_items[0]
        self._file.writeframesraw(to_pcm(speech))
        self.samples += len(speech)
        return len(speech)

    def close(self):
        self._file.close()


def loudspeaker(device=""):
    """A sink for speech. Raises DeviceError."""
    try:
        return audio.sink(SPEECH_RATE, device, True)
    except RuntimeError as e:
        raise DeviceError(f"cannot play on the sound device '{device or 'default'}': {e} (--out FILE.wav writes a file instead)") from None


def microphone(device=""):
    """A source of speech. Raises DeviceError."""
    try:
        return audio.source(SPEECH_RATE, device, True)
    except RuntimeError as e:
        raise DeviceError(f"cannot record from the sound device '{device or 'default'}': {e} (--in FILE.wav sends a file instead)") from None


class wav_speech(gr.hier_block2):
    """The first channel of a WAV file of any rate, as speech; repeat: again and again. Raises DeviceError."""

    def __init__(self, path, repeat=False):
        gr.hier_block2.__init__(self, "wav_speech", gr.io_signature(0, 0, 0), gr.io_signature(1, 1, gr.sizeof_float))
        try:
            source = blocks.wavfile_source(path, repeat)
        except RuntimeError:
            raise DeviceError(f"cannot read {path}: there is no such WAV file") from None
        parts = [source]
        ratio = fractions.Fraction(SPEECH_RATE, int(source.sample_rate()))
        if ratio != 1:
            parts.append(filter.rational_resampler_fff(ratio.numerator, ratio.denominator))
        self.connect(*parts, self)
        for channel in range(1, source.channels()):
            self.connect((source, channel), blocks.null_sink(gr.sizeof_float))


class speech_input(gr.hier_block2):
    """
    Speech at its own speed: from a sound device, or from a WAV file. where: name of a sound device, empty for the usual one, or PATH.wav;
    repeat: the file again and again. Raises DeviceError.
    """

    def __init__(self, where="", repeat=False):
        gr.hier_block2.__init__(self, "speech_input", gr.io_signature(0, 0, 0), gr.io_signature(1, 1, gr.sizeof_float))
        if where.endswith(".wav"):
            self.connect(wav_speech(where, repeat), blocks.throttle(gr.sizeof_float, SPEECH_RATE), self)
        else:
            self.connect(microphone(where), self)


def speech_output(where=""):
    """A sink for speech. where: name of a sound device, empty for the usual one; PATH.wav; or none. Raises DeviceError."""
    if where == "none":
        return blocks.null_sink(gr.sizeof_float)
    if not where.endswith(".wav"):
        return loudspeaker(where)
    try:
        return blocks.wavfile_sink(where, 1, SPEECH_RATE, blocks.FORMAT_WAV, blocks.FORMAT_PCM_16, False)
    except RuntimeError:
        raise DeviceError(f"cannot write {where}: its folder is not there, or not writable") from None
