# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sound files as speech: any rate, any channels, as `tx` takes them."""

import json
import struct
import wave

import numpy
import pytest
from flowgraph_bench import read_recording, read_wav
from gnuradio import blocks, gr
from gnuradio.securevoice import radio
from gnuradio.securevoice.radio import sound

TONE_HZ = 440


def write(path, rate, channels, seconds=0.5):
    """channels: amplitude of the tone in each."""
    t = numpy.arange(int(rate * seconds)) / rate
    tone = numpy.sin(2 * numpy.pi * TONE_HZ * t)
    samples = numpy.stack([32767 * amplitude * tone for amplitude in channels], axis=1)
    with wave.open(str(path), "wb") as out:
        out.setparams((len(channels), 2, rate, 0, "NONE", ""))
        out.writeframes(numpy.rint(samples).astype("<i2").tobytes())


def read(path):
    top, sink = gr.top_block(), blocks.vector_sink_f()
    top.connect(sound.wav_speech(str(path)), sink)
    top.run()
    return numpy.array(sink.data())


def amplitude(x):
    x = x[len(x) // 4:]
    x = x * numpy.hanning(len(x)) * 2 / len(x)
    return 2 * abs(numpy.sum(x * numpy.exp(-2j * numpy.pi * TONE_HZ / 8000 * numpy.arange(len(x)))))


@pytest.mark.parametrize("rate", [8000, 2000, 11025, 16000, 22051, 44100, 48000, 192000])
def test_any_rate_becomes_8_kHz(tmp_path, rate):
    write(tmp_path / "Tone.WAV", rate, [0.5])
    x = read(tmp_path / "Tone.WAV")
    assert len(x) == pytest.approx(4000, abs=130) # less a filter's tail
    assert amplitude(x) == pytest.approx(0.5, rel=0.03)


# The mean of what is alike; one side alone, or opposed ones, at the level of the loudest.
@pytest.mark.parametrize("channels, heard", [([0.5], 0.5), ([0.5, 0.5], 0.5), ([0.4, 0.6], 0.5), ([0, 0.5], 0.5), ([0.5, 0], 0.5), ([0, 0, 0.6], 0.6),
                                             ([0.4, -0.5], 0.5)])
def test_no_channel_is_left_out(tmp_path, channels, heard):
    for rate in (8000, 16000):
        write(tmp_path / "tone.wav", rate, channels)
        assert amplitude(read(tmp_path / "tone.wav")) == pytest.approx(heard, rel=0.03)


def test_talk_sends_what_tx_sends(bench):
    """The voice in the right channel alone."""
    left = read_recording()[:16000]
    with wave.open(str(bench.path("right.wav")), "wb") as out:
        out.setparams((2, 2, 8000, 0, "NONE", ""))
        out.writeframes(numpy.stack([0 * left, left], axis=1).astype("<i2").tobytes())
    bench.command_line("tx", "right.wav", "tx.cf32", "--key", "ours", "--state", "a")
    bench.command_line("talk", "--device", "file=talk.cf32,rate=48k", "--freq", "1M", "--key", "ours", "--in", "right.wav", "--state", "b")
    loud = []
    for name in ("tx", "talk"):
        bench.command_line("rx", f"{name}.cf32", f"{name}.wav", "--key", "ours")
        loud.append(numpy.std(read_wav(bench.path(f"{name}.wav")).astype(float)))
    assert loud[0] > 100 and loud[1] == pytest.approx(loud[0], rel=0.1)


def changed(octets, at, form, value):
    return octets[:at] + struct.pack(form, value) + octets[at + struct.calcsize(form):]


LIES = {
    "no length": lambda octets: changed(octets, 40, "<I", 0),
    "too short": lambda octets: changed(octets, 40, "<I", 600),
    "too long": lambda octets: changed(octets, 40, "<I", 0x7FFFFFFF),
    "unknown": lambda octets: changed(octets, 40, "<I", 0xFFFFFFFF),
    "no frame": lambda octets: changed(octets, 32, "<H", 0),
    "RF64 that was never finished": lambda octets: b"RF64\xff\xff\xff\xffWAVEds64" + struct.pack("<IQQQI", 28, 0, 0, 0, 0) + changed(octets, 40, "<I", 0xFFFFFFFF)[12:],
    "cut off": lambda octets: octets[:-7001],
}


@pytest.mark.parametrize("lie", LIES)
@pytest.mark.parametrize("channels", [[0.5], [0, 0.5]])
def test_a_header_that_lies_is_not_believed(tmp_path, lie, channels):
    """All that is there is read, as `tx` does, and a sentence says so where the length is wrong."""
    write(tmp_path / "tone.wav", 8000, channels)
    octets = (tmp_path / "tone.wav").read_bytes()
    (tmp_path / "tone.wav").write_bytes(LIES[lie](octets))
    there = (len(octets) - 44 - 7001) // (2 * len(channels)) if lie == "cut off" else 4000
    x = read(tmp_path / "tone.wav")
    assert len(x) == there and amplitude(x) == pytest.approx(0.5, rel=0.03)
    problem = sound.wav_speech(str(tmp_path / "tone.wav")).problem
    assert ("the file holds" in problem and "tone.wav: its header says" in problem) == (lie != "no frame"), problem


@pytest.mark.parametrize("behind", [b"", b"LIST" + struct.pack("<I", 4) + b"INFO", b"TAG" + bytes(125), b"x"])
def test_what_stands_behind_the_samples_is_no_speech(tmp_path, behind):
    write(tmp_path / "tone.wav", 8000, [0.5])
    with open(tmp_path / "tone.wav", "ab") as file:
        file.write(behind)
    assert len(read(tmp_path / "tone.wav")) == 4000 and sound.wav_speech(str(tmp_path / "tone.wav")).problem == ""


def test_talk_and_tx_send_as_much_of_a_damaged_file(bench):
    octets = bench.path("speech.wav").read_bytes()
    for name in ("no length", "cut off"):
        bench.path("damaged.wav").write_bytes(LIES[name](octets))
        said = [bench.command_line("tx", "damaged.wav", "tx.cf32", "--key", "ours", "--report", "tx.json"),
                bench.command_line("talk", "--device", "file=talk.cf32,rate=48k", "--freq", "1M", "--key", "ours", "--in", "damaged.wav", "--log", "talk.jsonl")]
        last = json.loads(bench.path("talk.jsonl").read_text().splitlines()[-1])
        assert last["secure_blocks"] - 2 == json.loads(bench.path("tx.json").read_text())["blocks_sent"] >= 45, name # END twice more
        assert len({text.count("warning: damaged.wav: its header says") for text in said}) == 1, said


def test_what_holds_no_speech_is_told(tmp_path):
    (tmp_path / "text.wav").write_text("no sound at all")
    (tmp_path / "empty.wav").touch()
    (tmp_path / "folder.wav").mkdir()
    write(tmp_path / "nothing.wav", 8000, [0.5], 0)
    write(tmp_path / "slow.wav", 1000, [0.5])
    for name, says in [("text", "no WAV file"), ("empty", "is empty"), ("folder", "directory"), ("none", "no such WAV"),
                       ("nothing", "holds no sound"), ("slow", "has 1000 samples/s")]:
        with pytest.raises(radio.DeviceError, match=says):
            sound.wav_speech(str(tmp_path / f"{name}.wav"))


def test_sound_devices_are_listed(bench):
    """As ALSA has them: one is described here, and without one a sentence says so."""
    bench.path(".asoundrc").write_text('pcm.quiet { type null hint { show on description "a card of silence" } }\n')
    for command in ("listen", "talk"):
        assert any(line.split(None, 1) == ["quiet", "a card of silence"] for line in bench.command_line(command, "--audio", "list").splitlines())
    bench.environment["ALSA_CONFIG_PATH"] = str(bench.path("nothing.conf"))
    bench.path("nothing.conf").write_text("")
    assert "no sound device is there" in bench.command_line("listen", "--audio", "list", code=1)
