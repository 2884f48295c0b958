# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Speech Input takes sound files as they are found; what is none gets a sentence."""

import struct
import wave

import numpy
import pytest

SECONDS = 2
TONE = 1000 # Hz
LEVEL = 0.5

RUN = """
from gnuradio.securevoice.radio.sound import speech_input
result = []
for path in sys.argv[1:]:
    try:
        top, out = gr.top_block(), blocks.vector_sink_f()
        top.connect(speech_input(path, False, False), out)
        top.run()
        samples = numpy.array(out.data())
        middle = samples[4000:12000]
        wave = numpy.exp(2j * numpy.pi * 1000 * numpy.arange(len(middle)) / 8000)
        tone = 2 * abs(numpy.mean(middle * wave))
        rest = float(numpy.sqrt(max(numpy.mean(middle ** 2) - tone ** 2 / 2, 0)))
        result.append([len(samples) / 8000, float(tone), rest])
    except Exception as error:
        result.append([type(error).__name__, str(error)])
"""
FORMATS = { # format code, bits, octets of samples within -1 ... 1
    "8": (1, 8, lambda x: numpy.uint8(numpy.rint(x * 127) + 128).tobytes()),
    "16": (1, 16, lambda x: (x * 32767).astype("<i2").tobytes()),
    "24": (1, 24, lambda x: b"".join(struct.pack("<i", n)[:3] for n in (x.ravel() * 8388607).astype(int).tolist())),
    "32": (1, 32, lambda x: (x * 2147483647).astype("<i4").tobytes()),
    "float": (3, 32, lambda x: x.astype("<f4").tobytes()),
    "double": (3, 64, lambda x: x.astype("<f8").tobytes()),
}


def sound(rate, sides=(1,)):
    t = numpy.arange(SECONDS * rate) / rate
    return numpy.outer(LEVEL * numpy.sin(2 * numpy.pi * TONE * t), sides)


def write(path, samples, rate, form="16"):
    code, bits, octets = FORMATS[form]
    channels, data = samples.shape[1], octets(samples)
    frame = channels * bits // 8
    head = struct.pack("<HHIIHH", code, channels, rate, rate * frame, frame, bits)
    path.write_bytes(b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt " + struct.pack("<I", 16) + head + b"data" + struct.pack("<I", len(data))
                     + data)
    return path.name


def check(got, level=LEVEL, noise=0.02):
    seconds, tone, rest = got
    assert seconds == pytest.approx(SECONDS, abs=0.05) and tone == pytest.approx(level, rel=0.05) and rest < noise, got


def test_every_rate(bench):
    rates = (8000, 11025, 16000, 22050, 44100, 48000, 96000, 8001, 12345)
    names = [write(bench.path(f"{rate}.wav"), sound(rate), rate) for rate in rates]
    for rate, got in zip(rates, bench.python(RUN, *names)):
        check(got)


def test_every_kind_of_sample(bench):
    names = [write(bench.path(f"of {form}.wav"), sound(16000, (1, 1)), 16000, form) for form in FORMATS]
    for got in bench.python(RUN, *names):
        check(got)


def test_channels_are_mixed(bench):
    """A voice on one side only is heard as loud as it is, whichever that is, and so are opposed ones; as the command line has it."""
    sides = ((1, 0), (0, 1), (1, 1), (0, 0, 1), (1, -1))
    names = [write(bench.path(f"{n}.wav"), sound(8000, side), 8000) for n, side in enumerate(sides)]
    for got in bench.python(RUN, *names):
        check(got, LEVEL)


def test_names_and_odd_octets(bench):
    """Capitals, no ending at all, more octets than samples, and floats that are no numbers."""
    write(bench.path("CAPITALS.WAV"), sound(8000), 8000)
    write(bench.path("without an ending"), sound(8000), 8000)
    whole = bench.path("without an ending").read_bytes()
    bench.path("longer.wav").write_bytes(whole + b"x")
    broken = sound(8000)
    broken[100:110] = numpy.nan
    write(bench.path("nan.wav"), broken, 8000, "float")
    for got in bench.python(RUN, "CAPITALS.WAV", "without an ending", "longer.wav", "nan.wav"):
        check(got)


def test_what_is_no_speech_gets_a_sentence(bench):
    bench.path("text.wav").write_text("This is no sound.\n" * 100)
    bench.path("nothing.wav").write_bytes(b"")
    bench.path("a folder.wav").mkdir()
    write(bench.path("empty.wav"), sound(8000)[:0], 8000)
    with wave.open(str(bench.path("good.wav")), "wb") as good:
        good.setparams((1, 2, 8000, 0, "NONE", ""))
        good.writeframes(bytes(16000))
    cut = bench.path("cut.wav")
    cut.write_bytes(bench.path("good.wav").read_bytes()[:20])
    *wrong, good = bench.python(RUN, "missing.wav", "text.wav", "nothing.wav", "a folder.wav", "empty.wav", "cut.wav", "good.wav")
    for (kind, sentence), words in zip(wrong, ("no such", "no WAV file", "empty", "directory", "no sound", "no WAV file")):
        assert kind == "DeviceError" and words in sentence and ".wav" in sentence and "\n" not in sentence, sentence
    assert good[0] == 1


def test_the_example_is_speech(bench):
    seconds, _, loud = bench.python(RUN, "example")[0]
    assert 10 < seconds < 11 and loud > 0.02
