# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
import math

import numpy
from conftest import NOTHING_HEARD, read_wav


def bits(octets):
    return numpy.unpackbits(numpy.frombuffer(octets, numpy.uint8))


def overhear(program, *options):
    program("eavesdrop", "air.cf32", "overheard.wav", *options, "--frames-out", "overheard.c2", "--report", "overheard.json")
    call, = program.json("overheard.json")["calls"]
    return call, program.octets("overheard.c2")


def test_bits_of_a_secure_call_agree_with_the_speech_by_chance_only(spoken):
    spoken("tx", "speech.wav", "sent.cf32", "--key", "ours", "--tail-seconds", 4, "--frames-out", "sent.c2")
    spoken("channel", "sent.cf32", "air.cf32", "--rate", 48000, "--cn0", 50)
    call, overheard = overhear(spoken)
    sent = spoken.octets("sent.c2")
    assert call["first_block"] == 0 and call["codec"] == "3200" and call["clear_blocks"] == 0
    # Two blocks that repeat the end, and the closing word, follow the last one that was spoken.
    assert 0 <= len(overheard) - len(sent) <= 4 * 32
    # A fair coin for each bit: five standard deviations.
    agreeing = (bits(overheard[:len(sent)]) == bits(sent)).mean()
    assert abs(agreeing - 0.5) < 5 * 0.5 / math.sqrt(8 * len(sent))
    assert len(read_wav(spoken.path("overheard.wav"))) == len(overheard) // 32 * 640


def test_clear_blocks_are_overheard_and_secure_ones_are_not(spoken):
    spoken("tx", "speech.wav", "sent.cf32", "--key", "ours", "--switch", "3.95=clear,8=secure", "--frames-out", "sent.c2")
    spoken("channel", "sent.cf32", "air.cf32", "--rate", 48000, "--cn0", 50)
    call, overheard = overhear(spoken)
    sent = spoken.octets("sent.c2")
    clear = slice(50 * 32, 100 * 32)
    assert call["clear_blocks"] == 50 and overheard[clear] == sent[clear]
    for secure in (slice(0, clear.start), slice(clear.stop, len(sent))):
        agreeing = (bits(overheard[secure]) == bits(sent[secure])).mean()
        assert abs(agreeing - 0.5) < 5 * 0.5 / math.sqrt(8 * len(sent[secure]))


def test_a_plain_modem_is_overheard_where_it_is_named(spoken):
    spoken("tx", "speech.wav", "air.cf32", "--key", "ours", "--profile", "gmsk", "--switch", "3.95=clear,8=secure", "--frames-out", "sent.c2")
    spoken.refuses("eavesdrop", "air.cf32", "overheard.wav", code=NOTHING_HEARD, says="no signal")
    call, overheard = overhear(spoken, "--profile", "gmsk")
    clear = slice(50 * 32, 100 * 32)
    assert call["clear_blocks"] == 50 and overheard[clear] == spoken.octets("sent.c2")[clear]


def test_silence_has_nothing_to_overhear(program):
    numpy.zeros(48000, numpy.complex64).tofile(program.path("zeros.cf32"))
    program.refuses("eavesdrop", "zeros.cf32", "overheard.wav", code=NOTHING_HEARD, says="no signal")
    assert len(read_wav(program.path("overheard.wav"))) == 0
