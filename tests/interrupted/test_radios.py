# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""listen and talk: what was heard is a whole recording, what was sent can be heard."""

import os
import pathlib
import time

import pytest
from conftest import BLOCK, FEW_MOMENTS, OLD, ended, is_private, moments, seed_of, wait_for, wav_samples

APPS = pathlib.Path(__file__).parents[2] / "apps"


@pytest.fixture(scope="module", name="radio")
def make_radio(call):
    """With long.cf32: the call, then nothing for a minute."""
    call.station.environment["PATH"] = f"{APPS}:{os.environ['PATH']}"
    call.station.path("long.cf32").write_bytes(call.octets + bytes(60 * 48000 * 8))
    return call


@moments(FEW_MOMENTS)
def test_listen_keeps_what_was_heard(radio, number, moment):
    rng = seed_of("listen", number, moment)
    heard, log = radio.station.path("heard.wav"), radio.station.path("heard.log")
    heard.write_bytes(OLD)
    running = radio.station.start("listen", "--device", "file=long.cf32,rate=48000,throttle=true", "--freq", "1M", "--key", "ours", "--recorded",
                                  "--out", heard,
                                  "--log", log)
    wait_for(lambda: heard.read_bytes() != OLD, "a recording")
    time.sleep(rng.uniform(0, 3))
    running.send_signal(number)
    ended(running, well=True)
    assert radio.begins_with("heard.wav") > 0
    assert is_private(heard) and is_private(log)
    assert radio.station.leftovers() == []


@moments(FEW_MOMENTS)
def test_talk_leaves_a_call_that_is_heard(radio, number, moment):
    rng = seed_of("talk", number, moment)
    sent = radio.station.path("sent.cf32")
    sent.unlink(missing_ok=True)
    running = radio.station.start("talk", "--device", "file=sent.cf32,rate=48000", "--freq", "1M", "--key", "ours", "--in", "speech.wav")
    wait_for(lambda: sent.exists() and sent.stat().st_size > 0 or running.poll() is not None, "IQ")
    time.sleep(rng.uniform(0, 0.3))
    running.send_signal(number)
    code, said = ended(running)
    assert code in (0, -number), said # -number: it was over already, and Python's own end heeds nothing
    radio.station.does("rx", "sent.cf32", "back.wav", "--key", "ours")
    assert len(wav_samples(radio.station.path("back.wav"))) >= BLOCK
