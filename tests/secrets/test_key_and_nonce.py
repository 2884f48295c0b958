# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""23: a million transmissions of the same audio under one key, where all that could make them differ is broken as far as it
can be: the random source gives constants, the clock stands at 1970, programs are started again and forked. No salt and no
key comes twice, and so no keystream.
"""

import hashlib
import os
import subprocess

import numpy
from station import FAULTS, secrecy

MANY = os.environ["SECUREVOICE_MANY"]
RECORD = numpy.dtype([("salt", "12u1"), ("k_enc", "32u1"), ("body", "33u1")])
MILLION = 1_000_000
ONES = numpy.array([bin(octet).count("1") for octet in range(256)], numpy.uint8)


def transmissions(count, faults, children=0):
    done = subprocess.run([MANY, str(count), str(children)], env=dict(os.environ, LD_PRELOAD=FAULTS, FAULTS=faults),
                          stdout=subprocess.PIPE, check=True)
    records = numpy.frombuffer(done.stdout, RECORD)
    assert len(records) == count * (children + 1)
    return records


def text_of(number):
    return hashlib.blake2b(number.to_bytes(8, "little"), digest_size=33).digest()


def all_differ(octets):
    """octets: one row each."""
    rows = numpy.ascontiguousarray(octets)
    return len(numpy.unique(rows.view(f"V{rows.shape[1]}"))) == len(rows)


def agreement(a, b):
    """Share of equal bits, as standard deviations from one half."""
    bits = 8 * a.size
    equal = bits - int(ONES[a ^ b].sum())
    return (equal - bits / 2) / (bits ** 0.5 / 2)


def test_a_million_transmissions_share_no_salt_and_no_keystream():
    broken = "random_constant,clock_1970,plain_memory,sodium_mlock" # the latter two for speed
    parts = [transmissions(700_000, broken + ",clock_stopped"),
             transmissions(20_000, broken + ",clock_stopped", children=9)]
    parts += [transmissions(1_000, broken + stopped) for stopped in ("", ",clock_stopped") for _ in range(50)]
    everything = numpy.concatenate(parts)
    assert len(everything) == MILLION
    for name in ("salt", "k_enc"):
        assert all_differ(everything[name]), name
    # The voices are known: the n-th of each process is text_of(n).
    voices = numpy.frombuffer(b"".join(map(text_of, range(700_000))), numpy.uint8).reshape(-1, 33)
    spoken = numpy.concatenate([voices[:700_000], *[voices[:20_000]] * 10, *[voices[:1_000]] * 100])
    streams = everything["body"] ^ spoken
    assert all_differ(streams)
    # Of neighbours, and of transmissions that say the same in two processes: the XOR of their bodies tells nothing of the
    # XOR of their voices.
    body = everything["body"]
    assert abs(agreement(body[1:] ^ body[:-1], spoken[1:] ^ spoken[:-1])) < 5
    assert abs(agreement(body[:20_000], body[700_000:720_000])) < 5
    assert abs(agreement(body, spoken)) < 5


def test_the_keys_looked_at_are_those_that_encrypt():
    """By the independent reader's cipher; else the million would prove nothing."""
    for number, record in enumerate(transmissions(20, "none")):
        stream = secrecy.chacha20(record["k_enc"].tobytes(), b"secv" + bytes(8), 33)
        assert bytes(a ^ b for a, b in zip(stream, record["body"].tobytes())) == text_of(number)
