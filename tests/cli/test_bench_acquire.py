# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
import json

import pytest
from conftest import BAD_USAGE


def acquire(program, *options):
    return json.loads(program("bench", "acquire", "--json", *options).stdout)


def test_easy_and_hopeless_calls(program):
    points = acquire(program, "--cn0", "50,10", "--calls", 5, "--call-seconds", 5, "--listen-seconds", 2)["points"]
    assert [(p["cn0_dbhz"], p["entry"]) for p in points] == [(50, "start"), (50, "late"), (10, "start"), (10, "late")]
    start, late = points[:2]
    for p in (start, late):
        assert p["calls"] == 5 and p["calls_missed"] == 0 and p["missed"] == p["missed_low"] == 0
        assert abs(p["missed_high"] - 0.43449) < 1e-4 # Wilson's interval for none of 5
        assert len(p["first_voice_s"]) == 5 and p["first_voice_s"] == sorted(p["first_voice_s"])
        assert p["voice_50_s"] == p["first_voice_s"][2] and p["voice_95_s"] == p["voice_99_s"] == p["first_voice_s"][4]
    # The start frame and block 0 take 160 ms; six sync words, 80 ms apart, name the number of who joins late.
    assert 0.16 < start["first_voice_s"][0] and start["voice_99_s"] < 0.3
    assert 0.4 < late["first_voice_s"][0] and late["voice_99_s"] < 2
    for p in points[2:]:
        assert p["calls_missed"] == 5 and p["first_voice_s"] == []
        assert p["voice_50_s"] is None and p["voice_95_s"] is None and p["voice_99_s"] is None


def test_oscillators_of_my_choice(program):
    start, late = acquire(program, "--cn0", 50, "--calls", 2, "--call-seconds", 3, "--listen-seconds", 2, "--offset", -5900,
                          "--clock-ppm", 50, "--profile", "constant", "--codec", "1300")["points"]
    assert start["calls_missed"] == late["calls_missed"] == 0
    # A carrier out of reach is not found: the option arrives.
    start, late = acquire(program, "--cn0", 50, "--calls", 2, "--call-seconds", 3, "--listen-seconds", 2, "--offset", 12000)["points"]
    assert start["calls_missed"] == late["calls_missed"] == 2


def test_noise_is_no_call(program):
    got = acquire(program, "--noise-hours", 0.05)
    assert got["points"] == []
    assert abs(got["noise"]["hours"] - 0.05) < 1e-9
    assert got["noise"]["calls_shown"] == got["noise"]["slots_played"] == 0
    assert got["noise"]["pending"] <= got["noise"]["detections"] <= 10 # of the few that confirm_start() promises


def test_table_for_people(program):
    done = program("bench", "acquire", "--cn0", 50, "--calls", 2, "--call-seconds", 2, "--listen-seconds", 1.5, "--noise-hours", 0.001)
    lines = done.stdout.decode().splitlines()
    assert len(lines) == 4 and lines[1].split()[:4] == ["50.00", "start", "2", "0"] and lines[3].startswith("noise, 0.00 h: 0 calls shown")


@pytest.mark.parametrize("options, says", [
    ([], "--cn0"),
    (["--cn0", "x"], "x"),
    (["--cn0", "nan"], "number"),
    (["--cn0", "40", "--calls", "0"], "--calls"),
    (["--cn0", "40", "--listen-seconds", "0"], "listens"),
    (["--cn0", "40", "--call-seconds", "0"], "call"),
    (["--cn0", "40", "--offset", "some"], "some"),
    (["--noise-hours", "-1"], "noise"),
    (["--noise-hours", "nan"], "noise"),
])
def test_bad_options_are_refused(program, options, says):
    program.refuses("bench", "acquire", *options, code=BAD_USAGE, says=says)
