# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Streams have back-pressure: a long file needs no more memory than a short one."""

import numpy
import pytest

from flowgraph_bench import BLOCK, read_wav, write_wav

LIMIT_MB = 300
CALL = """
import importlib, resource
module = importlib.import_module(sys.argv[1])
options = dict(zip(sys.argv[2::2], sys.argv[3::2]))
top = getattr(module, sys.argv[1])(**options)
top.run()
result = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3 # kB on Linux
"""


@pytest.mark.parametrize("example, options", [
    ("loopback_channel", dict(wav_in="speech.wav", wav_out="heard.wav", key="ours")),
    ("file_transmitter", dict(wav_in="speech.wav", iq_out="call.cf32", key="ours"))])
def test_ten_minutes(bench, recording, example, options):
    bench.compile(example)
    arguments = [part for pair in options.items() for part in pair]
    used = {}
    for blocks in (750, 7500): # one minute, ten minutes
        write_wav(bench.path("speech.wav"), numpy.resize(recording, blocks * BLOCK))
        used[blocks] = bench.python(CALL, example, *arguments)
        if example == "loopback_channel":
            assert len(read_wav(bench.path("heard.wav"))) == (blocks + 1) * BLOCK
        else:
            assert bench.path("call.cf32").stat().st_size > blocks * 3840 * 8
    assert used[7500] < LIMIT_MB
    assert used[7500] - used[750] < 10
