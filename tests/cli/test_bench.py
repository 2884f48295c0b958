# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
import json

import pytest
from conftest import BAD_USAGE


def bench(program, *options):
    return json.loads(program("bench", "sensitivity", "--json", "--seed", 3, *options).stdout)


def test_easy_and_hopeless_channels(program):
    easy, hopeless = bench(program, "--cn0", "50,15", "--seconds", 20, "--call-seconds", 10)["points"]
    assert (easy["cn0_dbhz"], hopeless["cn0_dbhz"]) == (50, 15)
    for point in (easy, hopeless):
        assert point["calls"] == 2 and point["blocks_sent"] == 250 and point["blocks_wrong"] == 0
        assert point["blocks_played"] + point["blocks_lost"] == 250
        assert point["loss_low"] <= point["loss"] <= point["loss_high"]
    assert easy["blocks_lost"] == 0 and easy["calls_missed"] == 0
    # Wilson's interval for no loss among 250.
    assert easy["loss_low"] == 0 and abs(easy["loss_high"] - 0.01513) < 1e-4
    assert hopeless["blocks_played"] == 0 and hopeless["calls_missed"] == 2


@pytest.mark.parametrize("jobs", [1, 3])
def test_any_number_of_threads(program, jobs):
    point, = bench(program, "--codec", "700C", "--cn0", 45, "--seconds", 12, "--call-seconds", 4, "--offset", 500, "--clock-ppm", -5,
                   "--jobs", jobs)["points"]
    assert point["calls"] == 3 and point["blocks_lost"] == 0


def test_table_for_people(program):
    lines = program("bench", "sensitivity", "--cn0", 50, "--seconds", 4).stdout.decode().splitlines()
    assert len(lines) == 2 and "95 %" in lines[0] and lines[1].split()[:2] == ["50.00", "1"]


@pytest.mark.parametrize("options, says", [
    ([], "--cn0"),
    (["--cn0", "x"], "x"),
    (["--cn0", "40", "--seconds", "0"], "second"),
    (["--cn0", "40", "--seconds", "nan"], "second"),
    (["--cn0", "40", "--offset", "some"], "some"),
    (["--cn0", "nan", "--seconds", "2"], "number"),
    (["--cn0", "40", "--codec", "1"], "3200"),
    (["--cn0", "40", "--seconds", "2", "--rate", "1"], "rate"),
])
def test_bad_options_are_refused(program, options, says):
    program.refuses("bench", "sensitivity", *options, code=BAD_USAGE, says=says)


def test_cpu_times_are_told(program):
    got = json.loads(program("bench", "cpu", "--seconds", 2, "--codec", "1300", "--json").stdout)
    assert got["loss"] == 0
    for name in ("seal_us", "open_us", "verify_us", "transmitter", "receiver_call", "receiver_noise", "share_of_security"):
        assert got[name] > 0, name
    assert got["seal_us"] > got["open_us"] # it opens what it sealed
    for name in ("receiver_call", "receiver_noise"):
        stages = got[name + "_stages"]
        assert list(stages) == ["front_end", "search_filter", "search_linear", "search_constant", "tracking", "decoding"]
        assert all(stages[s] > 0 for s in ("front_end", "search_filter"))
        assert got[name + "_times_real_time"] == pytest.approx(1 / got[name])
    lines = program("bench", "cpu", "--seconds", 1).stdout.decode().splitlines()
    assert len(lines) == 21 and "seal one block" in lines[0]
    program.refuses("bench", "cpu", "--seconds", "0", code=BAD_USAGE, says="seconds")
