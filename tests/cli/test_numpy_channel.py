# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same loss through a channel written with numpy alone as through `securevoice channel`."""

import numpy

RATE = 48000
CN0 = 36.9 # dB-Hz: about one block in ten is lost
RUNS = 4


def lost(program, air):
    done = program("rx", air, "heard.wav", "--report", "heard.json", "--key", "ours", code=None)
    assert done.returncode in (0, 4), done.stderr # 4: of a call at its limit a block may be refused
    report = program.json("heard.json")
    return report["blocks_sent_or_expected"] - report["blocks_played"], report["blocks_sent_or_expected"]


def test_loss_is_that_of_a_channel_by_numpy(spoken):
    spoken("tx", "speech.wav", "sent.cf32", "--rate", RATE, "--codec", "3200", "--key", "ours")
    sent = numpy.fromfile(spoken.path("sent.cf32"), numpy.complex64)
    power = numpy.mean(numpy.abs(sent[abs(sent) > 0.05]) ** 2)
    sums = {"numpy": [0, 0], "ours": [0, 0]}
    for seed in range(RUNS):
        random = numpy.random.default_rng(seed)
        n = numpy.arange(len(sent))
        turned = sent * numpy.exp(2j * numpy.pi * (300 * n / RATE + random.uniform()))
        scale = numpy.sqrt(power * RATE / 10 ** (CN0 / 10) / 2)
        noisy = turned + scale * (random.standard_normal(len(n)) + 1j * random.standard_normal(len(n)))
        noisy.astype(numpy.complex64).tofile(spoken.path("numpy.cf32"))
        spoken("channel", "sent.cf32", "ours.cf32", "--rate", RATE, "--cn0", CN0, "--offset", 300, "--seed", seed + 1, "--power", power)
        for name, total in sums.items():
            for k, count in enumerate(lost(spoken, f"{name}.cf32")):
                total[k] += count
    (a, n), (b, m) = sums.values()
    pooled = (a + b) / (n + m)
    assert 0.03 < pooled < 0.3, "the comparison says nothing there"
    # two proportions, 99.9 % confidence
    assert abs(a / n - b / m) < 3.3 * numpy.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m)), sums
