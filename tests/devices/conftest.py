# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Devices: fixtures."""

import os
import pathlib
import sys
import time

import pytest

SOURCE = pathlib.Path(__file__).parents[2]
sys.path.insert(0, str(SOURCE / "tests/flowgraph"))
from flowgraph_bench import Bench, Parts, read_recording, write_wav # pylint: disable=wrong-import-position


@pytest.fixture(name="bench")
def make_bench(tmp_path):
    """With speech.wav, four seconds long."""
    bench = Bench(tmp_path, tmp_path, Parts(*(pathlib.Path(os.environ["SECUREVOICE_" + name])
                                              for name in ("BIN", "MODULES", "GRC", "EXAMPLES"))))
    bench.environment["PATH"] = f"{SOURCE / 'apps'}:{os.environ['PATH']}"
    write_wav(bench.path("speech.wav"), read_recording()[:32000])
    return bench


@pytest.fixture(name="call")
def make_call(bench):
    """With call.cf32 from the station `sender`; the memory of the station `other` began before: start times are told in steps of 4 s."""
    bench.path("silence.cf32").write_bytes(bytes(8 * 4800))
    bench.command_line("rx", "silence.cf32", "silence.wav", "--key", "ours", "--live", "--state", "other", code=3)
    time.sleep(4 - time.time() % 4 + 0.1)
    bench.command_line("tx", "speech.wav", "call.cf32", "--key", "ours", "--state", "sender")
    return bench
