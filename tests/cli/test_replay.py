# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Live and recorded: when the rules against replays hold, and what is said."""

import datetime
import time

import pytest

from conftest import NOTHING_HEARD, BAD_USAGE, read_wav


@pytest.fixture
def station(spoken):
    """A receiver whose memory has begun before any call can: start times are told in steps of 4 s."""
    spoken("rx", "-", "x.wav", "--key", "ours", "--format", "cf32", "--state", "there", stdin=bytes(8 * 4800), code=NOTHING_HEARD)
    time.sleep(4 - time.time() % 4 + 0.1)
    spoken("tx", "speech.wav", "call.cf32", "--key", "ours", "--state", "here", "--tail-seconds", "0.5")
    return spoken


def live(station, *options, state="there", code=0):
    done = station("rx", "-", "heard.wav", "--key", "ours", "--format", "cf32", "--state", state, "--report", "heard.json", *options,
                   stdin=station.octets("call.cf32"), code=code)
    return station.json("heard.json"), done.stderr.decode()


def test_a_live_call_is_heard_once_also_after_a_restart(station):
    report, _ = live(station)
    assert report["blocks_played"] in (150, 151) and report["state"] == "ended" and report["recording"] is False
    for _ in range(2): # each is another process
        report, said = live(station, code=NOTHING_HEARD)
        assert report["blocks_played"] == 0 and report["blocks_replayed"] >= 150
        assert report["state"] == "replay refused" and "replay refused" in said


def test_a_file_is_a_recording_and_labelled_with_its_time(station):
    for _ in range(2):
        station("rx", "call.cf32", "heard.wav", "--key", "ours", "--state", "there", "--report", "heard.json")
        report = station.json("heard.json")
        assert report["recording"] is True and report["blocks_played"] in (150, 151)
        sent = datetime.datetime.fromisoformat(report["sent"].replace("Z", "+00:00"))
        assert abs(sent.timestamp() - time.time()) < 60
        assert len(read_wav(station.path("heard.wav"))) > 0


def test_the_other_way_must_be_asked_for(station):
    station("rx", "call.cf32", "heard.wav", "--key", "ours", "--state", "there", "--live")
    station("rx", "call.cf32", "heard.wav", "--key", "ours", "--state", "there", "--live", code=NOTHING_HEARD)
    report, _ = live(station, "--recorded")
    assert report["recording"] is True and report["blocks_played"] in (150, 151)
    station.refuses("rx", "call.cf32", "heard.wav", "--key", "ours", "--live", "--recorded", code=BAD_USAGE, says=["--live", "--recorded"])


def test_an_own_call_that_comes_back_is_a_reflection(station):
    report, said = live(station, state="here", code=NOTHING_HEARD)
    assert report["state"] == "replay refused" and "this station sent it itself" in said


def test_a_lost_memory_refuses_what_began_before(station):
    station.path("there").rename(station.path("elsewhere"))
    report, said = live(station, code=NOTHING_HEARD)
    assert report["blocks_played"] == 0 and "before the memory" in said


def test_a_memory_that_cannot_be_used_is_reported_by_both(station):
    station.path("broken").write_text("no folder")
    _, said = live(station, state="broken", code=NOTHING_HEARD)
    assert "warning" in said and "broken" in said
    done = station("tx", "speech.wav", "again.cf32", "--key", "ours", "--state", "broken")
    assert b"warning" in done.stderr and b"broken" in done.stderr
