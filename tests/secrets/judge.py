# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a listener without the key gets out of a call of known speech."""

import subprocess

import numpy
from station import RATE, independent_reader, secrecy


def c2enc(codec, samples):
    """The frames of Codec2's own encoder, as bits, one row a block."""
    octets = subprocess.run(["c2enc", codec.name, "-", "-"], input=numpy.asarray(samples, "<i2").tobytes(), stdout=subprocess.PIPE,
                            stderr=subprocess.DEVNULL, check=True).stdout
    frames = numpy.frombuffer(octets, numpy.uint8).reshape(-1, codec.frames, -(-codec.frame_bits // 8))
    return numpy.unpackbits(frames, axis=2)[:, :, :codec.frame_bits].reshape(len(frames), -1)


def deviation(a, b):
    """Of the number of equal bits from one half of all, in standard deviations."""
    return (numpy.count_nonzero(a == b) - a.size / 2) / (a.size ** 0.5 / 2)


def assert_nobody_understands(iq, speech, key=None, codec="3200", blocks=None, rate=RATE):
    """The call is there and heard well, and nothing in it can be read without the key: no check of a clear block fits, and the
    bits that are sent agree with those of the speech by chance only: within five sigma, for the block spoken, its neighbours and
    the inverse. With the key it is this speech, and every block is secure."""
    stranger = independent_reader.read_call(iq, rate)
    assert stranger and stranger.header.check_fits() and stranger.codec.name == codec
    assert {block.kind for block in stranger.blocks} == {"unreadable"} and stranger.start_time is None
    assert blocks is None or len(stranger.blocks) == blocks + 2 # two with END follow
    voice = c2enc(stranger.codec, speech)
    body = numpy.array([secrecy.unpack(block.body, 8 + stranger.codec.voice_bits)[8:] for block in stranger.blocks])
    count = min(len(voice), len(body))
    assert count >= 10
    for shift in (-1, 0, 1):
        said, sent = voice[max(0, -shift):count - max(0, shift)], body[max(0, shift):count + min(0, shift)]
        assert abs(deviation(said, sent)) < 5
    if key is not None:
        call = independent_reader.read_call(iq, rate, key)
        assert {block.kind for block in call.blocks} == {"secure"}
        heard = numpy.array([numpy.unpackbits(numpy.frombuffer(block.voice, numpy.uint8).reshape(call.codec.frames, -1),
                                              axis=1)[:, :call.codec.frame_bits].ravel() for block in call.blocks])
        assert (heard[:count - 1] == voice[:count - 1]).all() # the last one may be filled with silence
