# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Short forms of tests/tools/radio_loss.py: one dB above the limit for 1 % loss, a call survives what a radio and its neighbours do."""

import os
import re
import subprocess
import sys

import pytest
from conftest import SOURCE


@pytest.mark.parametrize("what", [("dongle",), ("spike",), ("carrier", "--apart", "12500", "--stronger", "50"),
                                  ("call", "--apart", "12500", "--stronger", "50"), ("call", "--apart", "-6250", "--stronger", "30")])
def test_little_is_lost(bench, what):
    """187 blocks; at 38.4 dB-Hz about one in a thousand is lost without the neighbour, so 6 lost ones are a dB or more."""
    bench.environment["PATH"] = f"{bench.parts.program.parent}{os.pathsep}{bench.environment['PATH']}"
    done = subprocess.run([sys.executable, SOURCE / "tests/tools/radio_loss.py", *what, "--cn0", "38.4", "--calls", "1"], env=bench.environment,
                          capture_output=True, text=True, timeout=120, check=True)
    ideal, got = map(float, re.findall(r"([0-9.]+) %", done.stdout))
    assert ideal <= 1.1 and got <= 3.2, done.stdout
