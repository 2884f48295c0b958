# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files as devices of listen, and as speech of talk: as rx and tx take them, or refused."""

import os
import pathlib

import damage
import numpy
import pytest
import sound_files as sf
from conftest import BLOCK, BLOCKS, OLD, wav_samples
from test_iq import raw

APPS = pathlib.Path(__file__).parents[2] / "apps"
LOSSY = 3 # blocks that a flowgraph's ends may cost


@pytest.fixture(scope="module", name="radio")
def make_radio(call):
    call.station.environment["PATH"] = f"{APPS}:{os.environ['PATH']}"
    return call


def listen(radio, name):
    """Returns (result, blocks heard)."""
    heard = radio.station.path("heard.wav")
    heard.write_bytes(OLD)
    done = radio.station.judged("listen", "--device", f"file={name},rate=48000", "--freq", "1M", "--key", "ours", "--recorded", "--out", "heard.wav",
                                outputs=["heard.wav"])
    if done.returncode == 0:
        assert len(wav_samples(heard)) > 0, f"success with nothing heard: {done.what}"
        return done, len(wav_samples(heard)) // BLOCK
    assert heard.read_bytes() == OLD or len(wav_samples(heard)) > 0, f"the old recording was replaced by nothing: {done.what}"
    return done, 0


# A comma ends a device's argument.
NAMES = [name for name in damage.NAMES if "," not in name]


@damage.cases("listen", 10)
def test_listen_knows_files_by_their_names(radio, case):
    rng = damage.seed_of(case)
    encoding = rng.choice(("cf32", "cs16", "cs8", "cu8"))
    name = NAMES[int(case.split("-")[1]) % len(NAMES)].format("dev", "." + rng.choice((encoding, encoding.upper())))
    radio.station.path(name).write_bytes(raw(radio.iq, encoding))
    done, heard = listen(radio, name)
    assert done.returncode == 0 and heard >= BLOCKS - LOSSY, done.what


@damage.cases("damaged-listen", 12)
def test_listen_and_damaged_files(radio, case):
    rng = damage.seed_of(case)
    name = "bad." + rng.choice(("cf32", "cs16", "cs8", "cu8", "CF32", "iq", "wav", "sigmf-meta"))
    octets = damage.something_else(rng) if rng.random() < 0.4 else damage.damaged(raw(radio.iq, "cf32"), rng)
    radio.station.path(name).write_bytes(octets)
    listen(radio, name)


@damage.cases("talk", 8)
def test_talk_sends_speech_of_any_kind(radio, case):
    rng = damage.seed_of(case)
    rate, channels = rng.choice((8000, 16000, 44100, 48000)), rng.choice((1, 2))
    speech = wav_samples(radio.station.path("speech.wav")) / 32768
    at = numpy.arange(len(speech) * rate // 8000) * 8000 / rate
    samples = numpy.interp(at, numpy.arange(len(speech)), speech)
    many = numpy.zeros((len(samples), channels))
    many[:, rng.randrange(channels)] = samples # the other side is silent
    name = damage.odd_name(rng, "say.wav")
    sf.write(radio.station.path(name), many, rate, sf.WAV | rng.choice((sf.U8, sf.S16, sf.S24, sf.S32, sf.FLOAT)))
    radio.station.path("sent.cf32").unlink(missing_ok=True)
    done = radio.station.judged("talk", "--device", "file=sent.cf32,rate=48000", "--freq", "1M", "--key", "ours", f"--in={name}")
    if done.returncode == 0:
        radio.station.does("rx", "sent.cf32", "back.wav", "--key", "ours")
        sound = wav_samples(radio.station.path("back.wav"))
        assert len(sound) >= (BLOCKS - LOSSY) * BLOCK
        loud = numpy.sqrt(numpy.mean(sound.astype(float) ** 2)) / 32768
        assert loud > 0.3 * numpy.sqrt(numpy.mean(speech ** 2)), f"silence was sent: {done.what}"


@damage.cases("damaged-talk", 8)
def test_talk_and_damaged_speech(radio, case):
    rng = damage.seed_of(case)
    octets = radio.station.path("speech.wav").read_bytes()
    radio.station.path("bad.wav").write_bytes(damage.something_else(rng) if rng.random() < 0.4 else damage.damaged(octets, rng))
    radio.station.path("sent.cf32").write_bytes(OLD)
    done = radio.station.judged("talk", "--device", "file=sent.cf32,rate=48000", "--freq", "1M", "--key", "ours", "--in", "bad.wav",
                                outputs=["sent.cf32"])
    if done.returncode == 0:
        assert radio.station.path("sent.cf32").read_bytes() != OLD, f"success with nothing sent: {done.what}"
