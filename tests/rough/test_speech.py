# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Speech: files of any encoding, rate, number of channels and name are heard as they are; damaged ones as far as they go, or refused."""

import itertools

import damage
import numpy
import pytest
import sound_files as sf
from conftest import BLOCK, BLOCKS, OLD, loudness, wav_samples
from scipy import signal

KINDS = {
    "wav": [*((sf.WAV | e) for e in (sf.U8, sf.S16, sf.S24, sf.S32, sf.FLOAT, sf.DOUBLE, sf.ULAW, sf.ALAW, sf.IMA_ADPCM, sf.MS_ADPCM, sf.GSM610)),
            sf.WAVEX | sf.S16, sf.WAVEX | sf.S24, sf.RF64 | sf.S16],
    "aiff": [sf.AIFF | e for e in (sf.S8, sf.S16, sf.S24, sf.FLOAT)],
    "au": [sf.AU | e for e in (sf.ULAW, sf.S16, sf.FLOAT)],
    "w64": [sf.W64 | sf.S16],
    "caf": [sf.CAF | sf.S16, sf.CAF | sf.FLOAT],
    "flac": [sf.FLAC | sf.S16, sf.FLAC | sf.S24],
    "ogg": [sf.OGG | sf.VORBIS, sf.OGG | sf.OPUS],
}
ALL = [(extension, kind) for extension, kinds in KINDS.items() for kind in kinds]
RATES = (8000, 11025, 16000, 22050, 44100, 48000, 96000)


@pytest.fixture(scope="module")
def reference(station):
    """The speech, full scale 1, and what the vocoder makes of it."""
    station.does("vocoder", "speech.wav", "reference.wav")
    return wav_samples(station.path("speech.wav")) / 32768, wav_samples(station.path("reference.wav"))


def written(station, case, speech):
    """A file of the case's kind, rate, channels and name. Returns its name."""
    rng = damage.seed_of(case)
    extension, kind = ALL[int(case.split("-")[-1]) % len(ALL)]
    rate = rng.choice(RATES)
    channels = rng.choice((1, 1, 2, 6))
    if kind & 0xFFFF == sf.OPUS:
        rate = rng.choice((8000, 16000, 48000))
    if kind & 0xFFFF == sf.GSM610:
        channels = 1
    if kind & 0xFFFF in (sf.IMA_ADPCM, sf.MS_ADPCM, sf.VORBIS):
        channels = min(channels, 2)
    samples = signal.resample_poly(speech, rate, 8000) if rate != 8000 else speech
    name = damage.odd_name(rng, f"say-{case}.{extension}")
    sf.write(station.path(name), numpy.repeat(0.9 * samples[:, None], channels, axis=1), rate, kind)
    return name


def heard_like(station, name, expected):
    sound = wav_samples(station.path(name))
    count = min(len(sound), len(expected)) // BLOCK * BLOCK
    return numpy.corrcoef(loudness(sound[:count]), loudness(expected[:count]))[0, 1]


@damage.cases("unusual", 96)
def test_unusual_files_are_heard(station, reference, case):
    name = written(station, case, reference[0])
    done = station.judged("vocoder", "--", name, "out.wav")
    assert done.returncode == 0, done.what
    sound = wav_samples(station.path("out.wav"))
    # Codecs of sound pad, GSM by a frame of 40 ms.
    assert abs(len(sound) / BLOCK - BLOCKS) <= 2, done.what
    assert heard_like(station, "out.wav", reference[1]) > 0.8, done.what


@damage.cases("damaged", 150)
def test_damaged_files(station, reference, case):
    rng = damage.seed_of(case)
    good = station.path(written(station, "whole-" + case, reference[0]))
    name = "bad" + rng.choice((good.suffix, ".wav", ".WAV", ""))
    octets = damage.damaged(good.read_bytes(), rng)
    good.unlink()
    station.path(name).write_bytes(octets)
    out = rng.choice(("out.wav", "out.cf32"))
    station.path(out).write_bytes(OLD)
    command = ("vocoder",) if out == "out.wav" else ("tx", "--key", "ours")
    done = station.judged(*command, name, out, outputs=[out])
    if done.returncode == 0:
        made = station.path(out).read_bytes()
        assert made != OLD and len(made) > 44, f"success with nothing: {done.what}"
    station.path(name).unlink()


@damage.each([f"{how}-{length}" for how, length in itertools.product(("wav", "wavex", "rf64"), ("0", "less", "odd", "more", "most"))])
def test_a_header_that_lies_about_the_length(station, reference, case):
    """All of it is heard, or a sentence says that something is wrong: never a part in silence."""
    how, length = case.split("-")
    sf.write(station.path("lie.wav"), reference[0][:, None], 8000, {"wav": sf.WAV, "wavex": sf.WAVEX, "rf64": sf.RF64}[how] | sf.S16)
    octets = bytearray(station.path("lie.wav").read_bytes())
    at = octets.index(b"data") + 4
    true = 2 * len(reference[0])
    lie = {"0": 0, "less": 4000, "odd": true - 1, "more": true + 100000, "most": 0xFFFFFFFF}[length]
    octets[at:at + 4] = lie.to_bytes(4, "little")
    station.path("lie.wav").write_bytes(octets)
    station.path("out.wav").write_bytes(OLD)
    done = station.judged("vocoder", "lie.wav", "out.wav", outputs=["out.wav"])
    if done.returncode == 0 and not done.said:
        assert len(wav_samples(station.path("out.wav"))) >= (BLOCKS - 1) * BLOCK, f"a part in silence: {done.what}"


@damage.cases("else", 30)
def test_what_is_no_sound_is_refused(station, case):
    rng = damage.seed_of(case)
    name = rng.choice(("else.wav", "else.flac", "else", "ELSE.WAV"))
    station.path(name).write_bytes(damage.something_else(rng))
    station.path("out.cf32").write_bytes(OLD)
    done = station.judged("tx", name, "out.cf32", "--key", "ours", outputs=["out.cf32"])
    assert done.returncode in (1, 2), done.what
    assert name in done.said, f"does not say which file: {done.what}"


@damage.each(("folder", "missing", "dangling", "empty", "device", "loop"))
def test_what_is_no_file_is_refused(station, case):
    path = station.path(f"odd-{case}.wav")
    if case == "folder":
        path.mkdir()
    elif case == "dangling":
        path.symlink_to("nowhere")
    elif case == "loop":
        path.symlink_to(path.name)
    elif case == "empty":
        path.touch()
    elif case == "device":
        path.symlink_to("/dev/null")
    station.path("out.cf32").write_bytes(OLD)
    done = station.judged("tx", path.name, "out.cf32", "--key", "ours", outputs=["out.cf32"])
    assert done.returncode in (1, 2) and path.name in done.said, done.what
