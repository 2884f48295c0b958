# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples: compiled by grcc, run without a display, with files of the test."""

import numpy
import pytest

from flowgraph_bench import BLOCK, read_wav, statuses


def test_every_example_is_tested(parts):
    assert sorted(p.stem for p in parts.examples.glob("*.grc")) == ["file_receiver", "file_transmitter", "live_switch", "loopback_channel"]


def test_loopback_channel(spoken):
    heard = spoken.call("loopback_channel", wav_in="speech.wav", wav_out="heard.wav", key="ours", cn0=40, offset=-1500, clock_ppm=15)
    assert heard[-1]["state"] == "ended"
    assert int(heard[-1]["heard"]) == 151 and int(heard[-1]["lost"]) == 0
    assert float(heard[-1]["cn0"]) == pytest.approx(40, abs=1)
    assert float(heard[-1]["offset_hz"]) == pytest.approx(-1500, abs=3)
    sound = read_wav(spoken.path("heard.wav"))
    assert len(sound) == 151 * BLOCK
    assert numpy.sqrt(numpy.mean(sound.astype(float) ** 2)) > 300
    spoken.call("loopback_channel", wav_in="speech.wav", wav_out="noise.wav", key="ours", cn0=25)
    assert len(read_wav(spoken.path("noise.wav"))) == 0


def test_files_and_the_command_line(spoken):
    """What a flowgraph sends the command line hears, and the other way round."""
    sent = spoken.call("file_transmitter", wav_in="speech.wav", iq_out="call.cf32", key="ours", codec="1300")
    assert sent[-1]["secure_blocks"] == "153" and sent[-1]["state"] == "idle"
    spoken.command_line("rx", "call.cf32", "command.wav", "--key", "ours")
    heard = spoken.call("file_receiver", iq_in="call.cf32", wav_out="flowgraph.wav", keys="theirs,ours")
    assert heard[-1]["heard"] == "151" and heard[-1]["codec"] == "1300"
    assert len(read_wav(spoken.path("flowgraph.wav"))) == len(read_wav(spoken.path("command.wav"))) == 151 * BLOCK

    spoken.command_line("tx", "speech.wav", "other.cf32", "--key", "ours", "--codec", "2400")
    heard = spoken.call("file_receiver", iq_in="other.cf32", wav_out="flowgraph.wav", keys="ours")
    assert int(heard[-1]["heard"]) >= 150 and heard[-1]["codec"] == "2400"

    heard = spoken.call("file_receiver", iq_in="call.cf32", wav_out="nothing.wav", keys="theirs")
    assert len(read_wav(spoken.path("nothing.wav"))) == 0
    assert heard[-1]["kind"] == "encrypted-no-key"


def test_live_switch(spoken):
    """12 s in real time: to clear after 3 s, back to secure after 6 s. Nothing is lost."""
    spoken.call("live_switch", wav_in="speech.wav", wav_out="heard.wav", key="ours", clear_at=3, secure_at=6)
    all_statuses = statuses(spoken.output)
    heard = [s for s in all_statuses if "heard" in s]
    sent = [s for s in all_statuses if "wanted" in s]
    kinds = [s["kind"] for s in heard if s["kind"] != "none"]
    assert [a for a, b in zip(kinds, kinds[1:] + [None]) if a != b] == ["secure", "clear", "secure"]
    assert heard[-1]["lost"] == heard[-1]["refused"] == "0" and heard[-1]["heard"] == "151"
    assert 20 <= int(sent[-1]["clear_blocks"]) <= 55
    assert int(sent[-1]["clear_blocks"]) + int(sent[-1]["secure_blocks"]) == 153


@pytest.mark.parametrize("example, arguments", [
    ("loopback_channel", dict(wav_in="speech.wav", wav_out="x.wav", key="nobody")),
    ("file_transmitter", dict(wav_in="speech.wav", iq_out="x.cf32", key="nobody")),
    ("live_switch", dict(wav_in="speech.wav", wav_out="x.wav", key="nobody")),
    ("file_receiver", dict(iq_in="speech.wav", wav_out="x.wav", keys="ours,nobody"))])
def test_without_key_nothing_starts(spoken, example, arguments):
    spoken.call(example, code=1, **arguments)
    assert "nobody" in spoken.output.splitlines()[-1]
    sent = spoken.path("x.cf32")
    assert not sent.exists() or sent.stat().st_size == 0


def test_a_key_that_others_can_read_is_refused(spoken):
    spoken.path("keys/ours.key").chmod(0o644)
    spoken.call("file_transmitter", code=1, wav_in="speech.wav", iq_out="x.cf32", key="ours")
    assert "ours" in spoken.output.splitlines()[-1]
