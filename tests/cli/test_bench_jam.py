# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
import json

import pytest
from conftest import BAD_USAGE


def jam(program, *options):
    return json.loads(program("bench", "jam", "--json", "--seed", 3, *options).stdout)


def test_no_jammer_and_all_of_the_time(program):
    got = jam(program, "--codec", "700C", "--duty", "100,0", "--seconds", 2)
    points = got["points"]
    jammers = [p["jammer"] for p in points if p["duty"] == 0]
    assert len(set(jammers)) == len(jammers) and {"sync words", "pilots", "blocks"} < set(jammers)
    for point in points:
        assert point["blocks_sent"] == 25 and point["blocks_wrong"] == 0
        assert point["loss"] == pytest.approx(1 - point["blocks_played"] / 25)
    assert all(p["blocks_played"] == 25 for p in points if p["duty"] == 0)
    # The jammer of the pilots leaves the sync words alone, without which nothing can be heard either.
    assert all(p["blocks_played"] == 0 for p in points if p["duty"] == 1)
    assert got["half_lost_at"] == 1


def test_blocks_that_are_jammed_are_lost(program):
    points = jam(program, "--codec", "700C", "--duty", "50", "--seconds", 4)["points"]
    runs, = (p for p in points if p["jammer"] == "runs of blocks")
    # Runs of five: ten blocks' time has five that can be heard. The start frame counts as a block.
    assert 0.38 <= runs["loss"] <= 1


def test_table_for_people(program):
    lines = program("bench", "jam", "--codec", "700C", "--duty", "0", "--seconds", 1).stdout.decode().splitlines()
    assert lines[0].split() == ["time", "jammed,", "%", "0"]
    assert lines[-2].startswith("worst") and lines[-2].split()[-1] == "0.0"
    assert lines[-1] == "none of these takes half of the speech"


@pytest.mark.parametrize("options, says", [
    (["--duty", "101"], "duty"),
    (["--duty", "-1"], "duty"),
    (["--duty", "nan"], "duty"),
    (["--seconds", "0"], "second"),
    (["--cn0", "5", "--seconds", "1", "--duty", "0"], "C/N0"),
    (["--codec", "1"], "3200"),
])
def test_bad_options_are_refused(program, options, says):
    program.refuses("bench", "jam", *options, code=BAD_USAGE, says=says)
