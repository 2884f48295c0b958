# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
import json

import pytest
from conftest import BAD_USAGE, ENVIRONMENT_FAILED

BLOCK_MS = 80
INTERLEAVER_MS = 7 * BLOCK_MS # docs/protocol.md, 3.5


def latency(program, *options):
    return json.loads(program("bench", "latency", "--json", "--call-seconds", 3, *options).stdout)["points"]


def test_delay_of_the_profiles(program):
    points = latency(program, "--calls", 2)
    assert [p["profile"] for p in points] == ["narrow"] * 3 + ["constant"] * 3 + ["robust"] * 3
    assert [p["codec"] for p in points] == ["3200", "1300", "700C"] * 3
    for p in points:
        assert p["blocks_sent"] == p["blocks_heard"] == 2 * 38 and p["gaps"] == 0
        # A block is spoken for 80 ms and on the air for 80 ms; less would be time travel.
        least = 2 * BLOCK_MS + (INTERLEAVER_MS if p["profile"] == "robust" else 0)
        assert least < p["chain_ms"] <= p["chain_most_ms"] < least + 100, p
        # The delay of the whole is measured by itself, by the ear: the sum of its parts, to the millisecond.
        assert abs(p["total_ms"] - p["chain_ms"] - p["vocoder_ms"]) < 4, p
        # Codec2 looks at windows of 40 ms.
        assert 5 < p["vocoder_ms"] < 50


def test_long_pieces_delay_more(program):
    short, = latency(program, "--profile", "narrow", "--codec", "3200", "--calls", 1, "--piece-ms", 2.5)
    long, = latency(program, "--profile", "narrow", "--codec", "3200", "--calls", 1, "--piece-ms", 40)
    assert 5 < long["chain_ms"] - short["chain_ms"] < 100


def test_the_same_seed_measures_the_same(program):
    options = "--profile", "constant", "--codec", "1300", "--calls", 2, "--seed", 9
    assert latency(program, *options, "--jobs", 1) == latency(program, *options, "--jobs", 2)


def test_table_for_people(program):
    lines = program("bench", "latency", "--profile", "narrow", "--codec", "3200,700C", "--calls", 1, "--call-seconds", 2).stdout.decode().splitlines()
    assert len(lines) == 3 and "vocoder" in lines[0] and lines[2].split()[:3] == ["narrow", "700C", "1"]


@pytest.mark.parametrize("options, says", [
    (["--profile", "wide"], "narrow"),
    (["--codec", "9"], "3200"),
    (["--piece-ms", "0"], "piece"),
    (["--piece-ms", "0.3"], "whole samples"),
    (["--piece-ms", "nan"], "piece"),
    (["--call-seconds", "1"], "call"),
    (["--calls", "0"], "--calls"),
])
def test_bad_options_are_refused(program, options, says):
    program.refuses("bench", "latency", *options, code=BAD_USAGE, says=says)


def test_without_a_signal_there_is_no_delay(program):
    done = program("bench", "latency", "--profile", "narrow", "--codec", "3200", "--calls", 1, "--call-seconds", 2, "--cn0", 10,
                   code=ENVIRONMENT_FAILED)
    assert b"nothing was heard" in done.stderr
