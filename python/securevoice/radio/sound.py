#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""Speech from and to sound cards and WAV files."""

import contextlib
import fractions
import os
import wave

import numpy
from gnuradio import audio, blocks, gr
from gnuradio import filter as filters

from ..parameters import check, typed
from ..securevoice_python import speech_recording
from .plan import DeviceError
from .wav_file import mended

SPEECH_RATE = 8000
END_OF_STREAM = -1 # as gr.WORK_DONE, which a sync_block of Python may not return: it is no number
SLOWEST, FASTEST = 2000, 768000 # samples/s of a sound file, as `tx` takes it
LEAST_KEPT = 0.3 # of the loudest channel's power, which the mean must keep, as `tx` has it: one side alone leaves 0.25
PORTION = 0.05 # s, in which a file at its own speed is given: sound servers give 20 to 100 ms
# items: two pages, as GNU Radio's wavfile_source needs more than one; what GNU Radio takes by itself
LEAST_BUFFER, USUAL_BUFFER = 2048, 16384
LARGEST_RATIO = 1000 # beyond, a polyphase resampler of any ratio needs fewer taps
EXAMPLE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "speech", "example.wav")


def to_pcm(speech):
    """Octets of a WAV file of 16 bits."""
    return numpy.clip(numpy.rint(speech * 32768), -32768, 32767).astype("<i2").tobytes()


class wav_writer(gr.sync_block):
    """
    Speech to a WAV file that is right at any moment, from its first sample on, however often the flowgraph was started. Without samples
    there is no file. not_over: files that are never written over. trouble: a sentence once nothing more can be written; the stream ends
    then.

    Raises DeviceError, or ValueError where an input or a key file would be lost.
    """

    def __init__(self, path, not_over=()):
        gr.sync_block.__init__(self, "wav_writer", [numpy.float32], None)
        try:
            self._file = speech_recording(os.fsencode(path), [os.fsencode(other) for other in not_over])
        except RuntimeError as e:
            raise DeviceError(str(e)) from None
        self.trouble = ""

    def work(self, input_items, _output_items):
        try:
            self._file.write(input_items[0])
        except RuntimeError as e:
            self.trouble = str(e)
            return END_OF_STREAM
        return len(input_items[0])

    @property
    def seconds(self):
        """How much was written, s."""
        return self._file.samples() / SPEECH_RATE

    def problem(self):
        """What befell the file, though all was written: a sentence, or empty."""
        return self._file.problem()

    def close(self):
        self._file.close()


def is_wav(where):
    """Whether a name is a WAV file's, not a sound device's."""
    return where.lower().endswith(".wav")


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


class _Powers(gr.sync_block):
    """Adds up the power of each channel, and of their mean."""

    def __init__(self, channels):
        gr.sync_block.__init__(self, "powers", [numpy.float32] * channels, None)
        self.each, self.mean = numpy.zeros(channels), 0.0

    def work(self, input_items, _output_items):
        frames = numpy.nan_to_num(numpy.asarray(input_items, float), posinf=0, neginf=0)
        self.each += (frames ** 2).sum(axis=1)
        self.mean += (frames.mean(axis=0) ** 2).sum()
        return frames.shape[1]


def _one_channel(open_source, channels):
    """Number of the loudest channel where the mean of all would lose it, else None. Reads the whole file."""
    top, powers = gr.top_block(), _Powers(channels)
    source = open_source(False)
    for channel in range(channels):
        top.connect((source, channel), (powers, channel))
    top.run()
    return int(powers.each.argmax()) if powers.mean < LEAST_KEPT * powers.each.max() else None


def pace():
    """Lets speech pass as a sound card gives it. GNU Radio's own portions are 1 s: push-to-talk and commands would wait for them."""
    throttle = blocks.throttle(gr.sizeof_float, SPEECH_RATE)
    throttle.set_max_noutput_items(int(PORTION * SPEECH_RATE))
    return throttle


class wav_speech(gr.hier_block2):
    """A sound file of any rate as speech: the mean of its channels, or the loudest one where the others are silent or opposed, as `tx`
    takes it; repeat: again and again; real_time: as a microphone gives it, and little more is read ahead. problem: a sentence where
    the file's header is wrong, and all that is there is read, else empty. Raises DeviceError."""

    def __init__(self, path, repeat=False, real_time=False):
        gr.hier_block2.__init__(self, "wav_speech", gr.io_signature(0, 0, 0), gr.io_signature(1, 1, gr.sizeof_float))
        _refuse_unreadable(path)
        with mended(path) as (readable, self.problem):
            source, channels, rate, chosen = _open_speech(path, readable, repeat)
        mixed, parts = (source, chosen), [source]
        if chosen is None:
            added, mixed = blocks.add_ff(), blocks.multiply_const_ff(1 / channels)
            for channel in range(channels):
                self.connect((source, channel), (added, channel))
            self.connect(added, mixed)
            parts += [added, mixed]
        else:
            for channel in range(channels):
                if channel != chosen:
                    self.connect((source, channel), blocks.null_sink(gr.sizeof_float))
        ratio = resampler(rate)
        if real_time:
            size = int(2 * PORTION * rate) // LEAST_BUFFER * LEAST_BUFFER
            for block in parts: # what waits here before a command acts: 0.26 s of speech at 8 kHz
                block.set_max_output_buffer(min(max(LEAST_BUFFER, size), USUAL_BUFFER))
            if ratio:
                ratio.set_max_output_buffer(LEAST_BUFFER)
        self.connect(*filter(None, (mixed, ratio, pace() if real_time else None, self)))


def _open_speech(path, readable, repeat):
    """(source, channels, samples/s, number of the channel to take or None) of a file. readable: where it is read; path: as the user named it."""
    def open_source(again):
        return blocks.wavfile_source(os.fsencode(readable), again)

    try:
        source = open_source(repeat)
    except RuntimeError:
        raise DeviceError(f"cannot read {path}: it is no WAV file with sound in it") from None
    channels, rate = source.channels(), int(source.sample_rate())
    if not SLOWEST <= rate <= FASTEST:
        raise DeviceError(f"{path} has {rate} samples/s: {SLOWEST} to {FASTEST} can be used")
    return source, channels, rate, _one_channel(open_source, channels) if channels > 1 else 0


def resampler(rate):
    """A block from that many samples/s to those of speech, or None."""
    ratio = fractions.Fraction(SPEECH_RATE, rate)
    if ratio == 1:
        return None
    if max(ratio.numerator, ratio.denominator) <= LARGEST_RATIO:
        return filters.rational_resampler_fff(ratio.numerator, ratio.denominator)
    return filters.pfb.arb_resampler_fff(float(ratio))


def _refuse_unreadable(path):
    """Raises DeviceError with the reason."""
    try:
        with open(path, "rb") as file:
            if not file.read(1):
                raise DeviceError(f"cannot read {path}: it is empty")
        with mended(path) as (readable, _), open(readable, "rb") as file:
            with contextlib.suppress(wave.Error, EOFError): # another format, which the reader may know
                if not wave.open(file).getnframes():
                    raise DeviceError(f"{path} holds no sound: record some speech")
    except FileNotFoundError:
        raise DeviceError(f"cannot read {path}: there is no such WAV file") from None
    except OSError as e:
        raise DeviceError(f"cannot read {path}: {e.strerror}") from None


class speech_input(gr.hier_block2):
    """
    Speech from a sound device, or from a file at its own speed.

    where: name of a sound device, empty for the usual one; PATH.wav, or any other sound file that is there; or "example": what comes with
    this module repeat: the file again and again; real_time: False: a file as fast as the blocks behind it can

    Raises DeviceError, or TypeError.
    """

    @typed()
    def __init__(self, where="", repeat=False, real_time=True):
        gr.hier_block2.__init__(self, "speech_input", gr.io_signature(0, 0, 0), gr.io_signature(1, 1, gr.sizeof_float))
        if not (where == "example" or is_wav(where) or os.path.isfile(where)):
            self.connect(microphone(where), self)
            return
        speech = wav_speech(EXAMPLE if where == "example" else where, repeat, real_time)
        if speech.problem:
            gr.logger("speech_input").warn(speech.problem)
        self.connect(speech, self)


def speech_output(where=""):
    """A sink for speech. where: name of a sound device, empty for the usual one; PATH.wav; or none. Raises DeviceError, ValueError or
    TypeError."""
    check("speech_output", {"where": ((str,), "")}, (where,), {})
    if where == "none":
        return blocks.null_sink(gr.sizeof_float)
    return wav_writer(where) if is_wav(where) else loudspeaker(where)
