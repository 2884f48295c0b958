# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two builds are the same to the last block, or it is seen that they are not."""

import pathlib
import re
import shlex
import subprocess

from conftest import PROGRAM

TOOL = pathlib.Path(__file__).parents[1] / "tools/compare_builds.py"
BENCH = pathlib.Path(PROGRAM).with_name("securevoice-bench")


def compared(new):
    done = subprocess.run([TOOL, BENCH, new, "--only", "700C --cn0 32,", "--seconds", "15"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          timeout=240, check=False)
    assert not done.stderr, done.stderr
    return done.returncode, done.stdout


def test_a_build_is_the_same_as_itself():
    code, said = compared(BENCH)
    assert code == 0 and said.endswith("1 of 1 are the same\n")
    assert re.search(r"^ +32\.00 +1 +0 +188 +\d+ ", said, re.MULTILINE), said # a call was measured


def test_one_that_loses_other_blocks_is_not(tmp_path):
    other = tmp_path / "other"
    other.write_text(f"#!/bin/sh\n# half a decibel less\nexec {shlex.quote(str(BENCH))} $(echo \"$@\" | sed 's/32,/31.5,/')\n")
    other.chmod(0o755)
    code, said = compared(other)
    assert code == 1 and "DIFFERENT" in said and said.endswith("0 of 1 are the same\n")


def test_a_build_that_fails_is_told():
    done = subprocess.run([TOOL, BENCH, "false", "--only", "700C --cn0 32,", "--seconds", "1"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, timeout=240, check=False)
    assert done.returncode == 1 and done.stderr.startswith("false sensitivity")
